"""Links of letters work in a real browser, and tell no page after them what they held."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from opportunities.employers import operations as employing
from opportunities.messaging import delivery
from opportunities.messaging.models import Letter
from tests.factories import employer_with_owner
from tests.journeys.browser.test_walks import SCRIPT

pytestmark = pytest.mark.django_db(transaction=True)


def path_in(letter):
    return re.search(r"/employer/(?:verify|join)/\S+", letter.body)[0]


def followed(page, path, button):
    """Follow a link and press the button; return what later requests said of where they came from.

    The address itself is asked, and answered by the press of its button.
    """
    told = []
    page.on("request", lambda sent: told.append((sent.url, sent.headers.get("referer", ""))))
    page.goto(path)
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()
    return [referrer for _, referrer in told]


@SCRIPT
def test_a_letter_verifies_an_organization(market, visit, script):
    employer, owner = employer_with_owner(verified=False)
    employing.ask_verification(
        employer_id=employer.pk, actor=owner, email=f"me@{employer.domain}", at=timezone.now()
    )
    path = path_in(Letter.objects.get())
    page = visit(script=script, user=owner)

    told = followed(page, path, "Verify")

    expect(page.get_by_text("The organization is verified")).to_be_visible()
    assert not [referrer for referrer in told if path.split("/")[3] in referrer]


@SCRIPT
def test_a_letter_invites_to_a_team(market, visit, script):
    employer, owner = employer_with_owner()
    invited = market.candidate.email
    market.candidate.emailaddress_set.update_or_create(email=invited, defaults={"verified": True})
    employing.invite(
        employer_id=employer.pk, actor=owner, email=invited, role="member", at=timezone.now()
    )
    path = path_in(Letter.objects.get())
    page = visit(script=script, user=market.candidate)

    told = followed(page, path, "Join")

    expect(page.get_by_text("You are in the team")).to_be_visible()
    assert not [referrer for referrer in told if path.split("/")[3] in referrer]


@SCRIPT
def test_a_mail_is_stopped_by_its_link(market, visit, script):
    path = delivery.unsubscribe_path(market.candidate)
    token = path.split("/")[3]
    page = visit(script=script)

    told = followed(page, path, "Stop this email")

    expect(page.get_by_role("heading", name="You get no more mail of this kind")).to_be_visible()
    assert not [referrer for referrer in told if token in referrer]
