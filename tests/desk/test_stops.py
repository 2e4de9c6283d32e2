"""A stop is a stop: overruled by name and for a reason, on record, and some by nobody."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from opportunities.core.errors import Invalid
from opportunities.employers.models import Employer
from opportunities.messaging.models import Notice
from opportunities.moderation.models import Decision
from opportunities.roles.models import Opportunity
from opportunities.roles.publishing import submitting
from tests.desk import deciding
from tests.desk.minute import let_the_minute_pass
from tests.factories import (
    DecisionFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

GENDER = "Waiters wanted. We look for female candidates only, to serve our guests at the tables."
WHY = "The guests are girls in a shelter."
GIFT_CARD = "You pay a registration fee of £35 in gift cards before you start the work."
PASSPORT = "We need your passport and your date of birth with the application, please."
STOP = {
    "name": "excluding_wording", "rule": "2.2", "detail": "It chooses by gender.",
}  # fmt: skip
KEY = "excluding_wording:2.2"


@pytest.fixture
def moderator(client):
    person = UserFactory(moderator=True, admin=True, name="Mona Derate")
    client.force_login(person)
    return person


def submitted(description):
    member = MembershipFactory(employer=EmployerFactory(verified=True))
    role = OpportunityFactory(employer=member.employer, description=description)
    submitting.submit(opportunity_id=role.pk, actor=member.user, at=timezone.now())
    role.refresh_from_db()
    assert role.status == "in_review"
    return role


def approve(role, moderator, **given):
    return deciding.approve(opportunity_id=role.pk, moderator=moderator, at=timezone.now(), **given)


def page(role):
    return reverse("opportunities:review-role", args=[role.public_id])


class TestOverruling:
    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({}, "overrule"),
            ({"overrule_reason": WHY}, "overrule"),
            ({"reason": WHY}, "overrule"),
            ({"overrule": [KEY]}, "overrule_reason"),
            ({"overrule": [KEY], "overrule_reason": "It is fine"}, "overrule_reason"),
            ({"overrule": [KEY], "overrule_reason": " "}, "overrule_reason"),
            ({"overrule": [KEY], "reason": WHY}, "overrule_reason"),
            ({"overrule": ["excluding_wording:2.1"], "overrule_reason": WHY}, "overrule"),
            ({"overrule": [KEY, "money_asked:4.1"], "overrule_reason": WHY}, "overrule"),
        ],
    )
    def test_without_the_name_and_a_reason_nothing_opens(self, moderator, given, field):
        role = submitted(GENDER)

        with pytest.raises(Invalid) as refusal:
            approve(role, moderator, **given)

        assert {fault.field for fault in refusal.value.faults} == {field}
        role.refresh_from_db()
        assert role.status == "in_review"
        assert not Decision.objects.exists()

    @pytest.mark.parametrize("reason", ["", " ", "It is fine"])
    def test_a_reason_that_says_too_little_is_told_how_much_is_asked(self, moderator, reason):
        with pytest.raises(Invalid, match="at least 4 words"):
            approve(submitted(GENDER), moderator, overrule=[KEY], overrule_reason=reason)

    def test_with_both_the_role_opens_and_the_record_keeps_them(self, moderator):
        role = submitted(GENDER)

        approve(role, moderator, overrule=[KEY], overrule_reason=f" {WHY} ", reason="Welcome.")

        role.refresh_from_db()
        decision = Decision.objects.get()
        assert role.status == "open"
        assert decision.overruled == [STOP]
        assert (decision.overrule_reason, decision.reason) == (WHY, "Welcome.")

    def test_every_stop_is_named_not_one_of_two(self, moderator):
        role = submitted(f"{GENDER} Write to jo@example.org to apply.")
        keys = [KEY, "off_site_contact:4.3"]

        for some in ([keys[0]], [keys[1]]):
            with pytest.raises(Invalid):
                approve(role, moderator, overrule=some, overrule_reason=WHY)
        approve(role, moderator, overrule=keys, overrule_reason=WHY)

        assert [stop["rule"] for stop in Decision.objects.get().overruled] == ["2.2", "4.3"]

    def test_all_that_stands_in_the_way_is_told_at_once_and_the_stop_first(self, moderator):
        role = submitted(f"{GENDER} Write to jo@example.org to apply.")
        Employer.objects.update(verified_at=None, verified_by="")
        Opportunity.objects.update(weeks=None)

        with pytest.raises(Invalid) as refusal:
            approve(role, moderator, overrule=[KEY], overrule_reason="Fine")

        assert [(fault.field, fault.code) for fault in refusal.value.faults] == [
            ("overrule", "rule-4.3"),
            ("overrule_reason", "required"),
            ("employer_checked", "rule-1.1"),
            ("weeks", "required"),
        ]
        assert not Decision.objects.exists()

    def test_the_employer_is_not_told_why(self, moderator):
        role = submitted(GENDER)
        Notice.objects.all().delete()

        approve(role, moderator, overrule=[KEY], overrule_reason=WHY)

        assert [WHY in notice.body for notice in Notice.objects.all()] == [False]

    def test_a_role_without_stops_opens_as_before_and_overrules_nothing(self, moderator):
        role = submitted("You count the boats in the harbor and draw what you find, by month.")

        approve(role, moderator, overrule_reason=WHY)

        decision = Decision.objects.get()
        assert (decision.overruled, decision.overrule_reason) == ([], "")

    @pytest.mark.parametrize(
        ("text", "keys", "rules"),
        [
            (GIFT_CARD, ["money_asked:4.1"], {"rule-4.1"}),
            (PASSPORT, ["data_asked:4.2"], {"rule-4.2"}),
            (f"{GENDER} {GIFT_CARD}", [KEY, "money_asked:4.1"], {"rule-4.1"}),
        ],
    )
    def test_money_and_identity_are_overruled_by_nobody(self, moderator, text, keys, rules):
        role = submitted(text)

        with pytest.raises(Invalid) as refusal:
            approve(role, moderator, overrule=keys, overrule_reason=WHY)

        assert {fault.code for fault in refusal.value.faults} == rules
        assert "Nobody can overrule this" in refusal.value.faults[0].detail
        role.refresh_from_db()
        assert role.status == "in_review"

    def test_a_stop_that_came_up_after_it_was_handed_in_counts_as_well(self, client, moderator):
        role = submitted("You count the boats in the harbor and draw what you find, by month.")
        role.description = GENDER
        role.save(update_fields=["description"])
        assert "Overrule:" not in client.get(page(role)).text

        response = client.post(page(role), {"outcome": "approve", "message": ""})

        assert response.status_code == 422
        assert f'name="overrule" value="{KEY}">' in response.text

    @pytest.mark.parametrize("half", [{"overruled": [STOP]}, {"overrule_reason": WHY}])
    def test_the_database_keeps_no_half_of_it(self, half):
        with pytest.raises(IntegrityError), transaction.atomic():
            DecisionFactory(**half)


class TestPage:
    def test_says_what_stops_in_words_and_asks_for_the_name_and_why(self, client, moderator):
        text = client.get(page(submitted(GENDER))).text

        assert f'<input type="checkbox" name="overrule" value="{KEY}"><span>' in text
        assert "Overrule: It chooses by gender. (rule 2.2)" in text
        assert 'name="overrule_reason"' in text

    def test_offers_nobody_to_overrule_what_nobody_can(self, client, moderator):
        text = client.get(page(submitted(GIFT_CARD))).text

        assert 'name="overrule"' not in text
        assert 'name="overrule_reason"' not in text
        assert "Nobody can overrule this (rule 4.1)." in text
        assert "You cannot choose “Publish”. A check says stop, and nobody can overrule it." in text
        assert "overrule it below" not in text
        assert 'value="approve"' not in text
        assert 'value="reject" data-key="3">' in text

    def test_does_not_offer_to_publish_what_no_open_role_may_leave_out(self, client, moderator):
        role = submitted("You count the boats in the harbor and draw what you find, by month.")
        Opportunity.objects.filter(pk=role.pk).update(hours_total=None, weeks=None)

        text = client.get(page(role)).text

        assert 'value="approve"' not in text
        assert "It lacks what an open role states: Hours in all, Over how many weeks." in text

    def test_does_not_offer_to_publish_for_an_employer_that_may_not_post(self, client, moderator):
        role = submitted("You count the boats in the harbor and draw what you find, by month.")
        Employer.objects.filter(pk=role.employer_id).update(status="suspended")

        text = client.get(page(role)).text

        assert 'value="approve"' not in text
        assert f"“Publish”. {role.employer.name} may not post at present." in text

    def test_asks_nothing_where_nothing_stops(self, client, moderator):
        role = submitted("You count the boats in the harbor and draw what you find, by month.")

        assert "overrule" not in client.get(page(role)).text

    def test_an_unnamed_stop_is_asked_again_with_everything_typed(self, client, moderator):
        role = submitted(f"{GENDER} Write to jo@example.org to apply.")

        response = client.post(
            page(role),
            {
                "outcome": "approve", "message": "Welcome.", "overrule": [KEY],
                "overrule_reason": WHY,
            },
        )  # fmt: skip

        assert response.status_code == 422
        assert 'value="approve" data-key="1" checked>' in response.text
        assert f'name="overrule" value="{KEY}" checked>' in response.text
        assert f">{WHY}</textarea>" in response.text
        assert "Welcome.</textarea>" in response.text
        assert 'name="overrule" value="off_site_contact:4.3">' in response.text

    def test_a_second_moderator_reads_what_was_overruled_and_why(self, client, moderator):
        role = submitted(GENDER)
        client.post(
            page(role),
            {"outcome": "approve", "message": "", "overrule": [KEY], "overrule_reason": WHY},
        )
        let_the_minute_pass()
        client.force_login(UserFactory(moderator=True))

        for address in (page(role), "/moderate/log/"):
            text = client.get(address).text

            assert "Stop overruled" in text
            assert "It chooses by gender. (rule 2.2)" in text
            assert f"Why: {WHY}" in text


class TestApi:
    @pytest.fixture
    def caller(self, moderator):
        caller = APIClient()
        caller.force_authenticate(moderator)
        return caller

    def approve(self, caller, role, body):
        return caller.post(f"/api/v1/moderation/items/{role.public_id}/approve", body)

    def test_takes_the_names_and_the_reason_and_shows_them_in_the_record(self, caller):
        role = submitted(GENDER)
        refused = self.approve(caller, role, {"reason": WHY})
        body = {"overrule": [KEY], "overrule_reason": WHY}

        answer = self.approve(caller, role, body)

        assert refused.status_code == 422
        assert [fault["pointer"] for fault in refused.json()["errors"]] == ["#/overrule"]
        assert answer.status_code == 200
        for shown in (
            answer.json()["decisions"][0],
            caller.get("/api/v1/moderation/decisions").json()["data"][0],
        ):
            assert (shown["overruled"], shown["overrule_reason"]) == ([STOP], WHY)

    def test_opens_no_scam_whatever_is_said(self, caller):
        role = submitted(GIFT_CARD)

        answer = self.approve(
            caller, role, {"overrule": ["money_asked:4.1"], "overrule_reason": WHY}
        )

        assert answer.status_code == 422
        role.refresh_from_db()
        assert role.status == "in_review"
