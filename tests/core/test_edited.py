"""Two people edit one thing: nobody's answer is set back, and who must choose sees both."""

import pytest
from django.test import Client

from tests.factories import (
    CandidateProfileFactory,
    DeliverableFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
)
from tests.journeys.test_forms_that_remember import forms_of

pytestmark = pytest.mark.django_db


class Tab:
    """A page of a form, opened once; ``send`` sends it as it was then, some answers changed."""

    def __init__(self, user, page):
        self.client, self.page = Client(), page
        self.client.force_login(user)
        self.open()

    def open(self, response=None):
        response = response or self.client.get(self.page)
        [form] = [
            one
            for one in forms_of(response, self.page, "", boxless=True)
            if "seen" in dict(one.fields)
        ]
        self.form = form

    def send(self, **changed):
        sent = {}
        for name, value in self.form.fields:
            sent.setdefault(name, []).append(value)
        sent |= {name: [value.lstrip("\n")] for name, value in self.form.boxes.items()}
        sent |= {name: [value] for name, value in changed.items()}
        sent.pop("look", None)
        response = self.client.post(self.page, sent)
        if response.status_code == 422:
            self.open(response)
        return response


@pytest.fixture
def member():
    return MembershipFactory(owner=True, employer=EmployerFactory(verified=True))


@pytest.fixture
def role(member):
    return OpportunityFactory(
        employer=member.employer, pay_kind="fixed_fee", pay_amount_minor=40000, pay_currency="GBP"
    )


def two_tabs(member, role):
    page = f"/employer/roles/{role.public_id}/edit/"
    return Tab(member.user, page), Tab(member.user, page)


def test_an_old_tab_that_changes_another_answer_leaves_the_others_pay(member, role):
    mine, theirs = two_tabs(member, role)
    assert theirs.send(pay_amount="500").status_code == 302

    assert mine.send(pay_days="20").status_code == 302

    role.refresh_from_db()
    assert (role.pay_amount_minor, role.pay_days) == (50000, 20)


def test_both_changed_one_answer_and_both_values_are_shown_until_one_is_chosen(member, role):
    mine, theirs = two_tabs(member, role)
    theirs.send(pay_amount="500")

    asked = mine.send(pay_amount="450")

    assert asked.status_code == 422
    assert "This was changed to “500” meanwhile; you wrote “450”." in asked.text
    role.refresh_from_db()
    assert role.pay_amount_minor == 50000
    assert mine.send().status_code == 302
    role.refresh_from_db()
    assert role.pay_amount_minor == 45000


def test_both_changed_it_to_the_same_and_nobody_is_asked(member, role):
    mine, theirs = two_tabs(member, role)
    theirs.send(pay_amount="500")

    assert mine.send(pay_amount="500", pay_days="20").status_code == 302


def test_a_result_that_somebody_added_stays(member, role):
    DeliverableFactory(opportunity=role, title="A chart")
    mine, theirs = two_tabs(member, role)
    theirs.send(**{"deliverables.1.title": "A table"})

    assert mine.send(summary="Chart what the harbor does in a week.").status_code == 302

    titles = set(role.deliverables.values_list("title", flat=True))
    assert titles == {"A chart", "A table"}


def test_an_organization_keeps_what_another_member_wrote(member):
    page = f"/employer/profile/{member.employer.slug}/"
    mine, theirs = Tab(member.user, page), Tab(member.user, page)
    theirs.send(about="We build small boats.\nAnd repair them.")

    assert mine.send(place="Leith").status_code == 302
    asked = mine.send(about="We build ships.")

    member.employer.refresh_from_db()
    assert member.employer.place == "Leith"
    assert member.employer.about == "We build small boats.\nAnd repair them."
    assert asked.status_code == 422
    assert "And repair them." in asked.text
    assert "We build ships." in asked.text


def test_a_profile_keeps_what_another_tab_wrote():
    profile = CandidateProfileFactory()
    mine, theirs = Tab(profile.user, "/me/profile/"), Tab(profile.user, "/me/profile/")
    theirs.send(headline="Surveyor of harbors", hours_per_week="12")

    assert mine.send(school="Leith Academy").status_code == 302
    asked = mine.send(headline="Painter of ships")

    profile.refresh_from_db()
    assert (profile.headline, profile.school) == ("Surveyor of harbors", "Leith Academy")
    assert profile.hours_per_week == 12
    assert asked.status_code == 422


@pytest.mark.parametrize("seen", ["", "not json", "[]", "null", '{"pay_amount": 5}'])
def test_a_form_that_does_not_say_what_it_was_drawn_from_is_read_as_it_is(member, role, seen):
    mine, _ = two_tabs(member, role)

    assert mine.send(seen=seen, pay_amount="500").status_code in {302, 422}
