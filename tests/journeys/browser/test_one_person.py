"""A guest in one browser, by link in a second, and then an account: one person with one profile."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from opportunities.accounts.models import User
from opportunities.candidates.models import CandidateProfile
from tests.factories import CandidateProfileFactory, UserFactory
from tests.journeys.browser.test_secret_link import answer_six_questions
from tests.journeys.browser.test_walks import SCRIPT
from tests.journeys.signing_up import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def save_first(page):
    title = page.locator("article[data-card] h3").first.inner_text()
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("button", name="Saved").first).to_be_visible()
    return title


def weigh_pay(page):
    page.goto("/matches/")
    page.get_by_text("What counts most").click()
    page.get_by_label("Pay", exact=True).fill("4")
    button = page.get_by_role("button", name="Update the list")
    if button.count():
        button.click()
    expect(page.get_by_text("The list follows your weights.")).to_be_attached()


def make_link(page):
    page.goto("/keep/")
    page.get_by_role("button", name="Make a secret link").click()
    return page.locator("#link").inner_text()


def type_the_code(page, email):
    [letter] = [sent for sent in mail.outbox if email in sent.to]
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", letter.body, re.MULTILINE)[1]
    page.locator("input[name=code]").fill(code)
    page.locator("main button[type=submit]").first.click()


def finds_it_all(page, title):
    page.goto("/saved/")
    expect(page.get_by_role("link", name=title)).to_be_visible()
    page.goto("/me/profile/")
    expect(page.get_by_label("Hours a week")).to_have_value("40")
    page.goto("/matches/")
    expect(page.get_by_label("Pay", exact=True)).to_have_value("4")


@SCRIPT
def test_what_a_guest_has_follows_the_link_and_the_sign_up_on_the_way_to_apply(
    market, visit, script
):
    page = visit(script=script)
    answer_six_questions(page)
    title = save_first(page)
    weigh_pay(page)
    link = make_link(page)

    second = visit(script=script)
    second.goto(link)
    second.get_by_role("button", name="Open it here").click()
    expect(second.get_by_role("heading", name="Your matches")).to_be_visible()
    role = market.roles[1]
    second.goto(f"/opportunities/{role.slug}-{role.public_id}/")
    second.get_by_role("link", name="Apply", exact=True).click()
    second.locator("main a[href*='/accounts/signup/']").first.click()
    expect(second.get_by_text("moves into the account")).to_be_visible()
    mail.outbox.clear()
    second.locator("input[name=email]").fill("new@example.org")
    second.locator("input[name=password1]").fill(PASSWORD)
    second.locator("main button[type=submit]").first.click()
    type_the_code(second, "new@example.org")

    expect(second.get_by_role("heading", name="Apply")).to_be_visible()
    second.get_by_label("Your name").fill("Ana Baker")
    second.get_by_role("button", name="Check your answers").click()
    second.get_by_role("button", name="Send application").click()
    expect(second.get_by_role("heading", name="What happened when")).to_be_visible()
    finds_it_all(second, title)
    assert not CandidateProfile.objects.filter(user=None).exists()
    second.goto("/matches/")
    applied = second.locator("article", has_text=role.title)
    expect(applied.get_by_role("link", name=re.compile("^Applied"))).to_be_visible()
    expect(applied.get_by_role("link", name=re.compile("^Apply ?:"))).to_have_count(0)


@SCRIPT
def test_signing_in_to_an_older_account_joins_both_and_asks_where_they_differ(
    market, visit, script
):
    user = UserFactory(confirmed=True)
    user.set_password(PASSWORD)
    user.save()
    own = CandidateProfileFactory(user=user, goal=0.9, hours_per_week=10)
    page = visit(script=script)
    answer_six_questions(page)
    title = save_first(page)
    weigh_pay(page)

    page.goto("/accounts/login/?next=/matches/")
    page.locator("input[name=login]").fill(user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("link", name="Choose which answers to keep").click()
    hours = page.get_by_role("group", name="Hours a week")
    hours.get_by_label("Given before signing in").check()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Your choice is saved.")).to_be_visible()
    finds_it_all(page, title)
    own.refresh_from_db()
    assert own.goal == 0.9
    assert User.objects.get(pk=user.pk).profile == own
    assert CandidateProfile.objects.filter(user=None).count() == 0


@SCRIPT
def test_saving_and_dismissing_leave_nobody_elsewhere_in_the_list(market, visit, script):
    page = visit(script=script)
    answer_six_questions(page)
    cards = page.locator("article[data-card]")
    title = cards.nth(1).locator("h3").inner_text()
    address = page.url

    cards.nth(1).get_by_role("button", name="Save").click()
    card = page.locator("article", has_text=title)
    expect(card.get_by_role("button", name="Saved")).to_be_visible()
    expect(page.get_by_text("It is kept for this browser")).to_be_visible()
    assert page.url.split("#")[0] == address
    if not script:
        assert page.url.endswith(card.get_attribute("id"))
    card.get_by_role("button", name="Saved").click()
    expect(card.get_by_role("button", name=re.compile(f"^Save ?: {title}$"))).to_be_visible()

    card.get_by_role("link", name="Not for me").click()
    page.get_by_label("The pay").check()
    page.get_by_role("button", name="Hide it").click()
    expect(page.get_by_text("will not be shown to you again")).to_be_visible()
    assert page.url.split("#")[0] == address
    if script:
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("is in your list again")).to_be_visible()
    else:
        assert "#match-" in page.url
    page.goto("/matches/")
    expect(page.locator("article h3", has_text=title)).to_have_count(1 if script else 0)
