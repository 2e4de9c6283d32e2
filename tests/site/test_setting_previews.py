"""A setting says what it decides, and what a change of it would do before it is saved."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from opportunities.core.models import AutoApproval, ExchangeRate, PayFloor, ReservedWord, Site
from opportunities.site.previews import MEASURES
from tests.factories import (
    ExchangeRateFactory,
    OpportunityFactory,
    PayFloorFactory,
    RoleInvitationFactory,
    SiteFactory,
    employer_with_owner,
)

pytestmark = pytest.mark.django_db

SETTINGS = {
    "currency": "GBP", "response_days_micro": "5", "response_days_internship": "15",
    "grace_days": "5", "confirm_days": "30", "offer_days": "5", "review_hours": "24",
    "invitations_per_role": "20", "profiles_per_day": "200",
}  # fmt: skip
"""The form of the site's settings as it is first shown."""


def address(model, row=None):
    name = f"admin:core_{model._meta.model_name}"
    return reverse(f"{name}_change", args=[row.pk]) if row else reverse(f"{name}_add")


def preview(client, model, fields, row=None):
    """Return what the page says of a change, as one line of words."""
    answer = client.post(address(model, row), {**fields, "_preview": "Preview"})
    assert answer.status_code == 200
    part = answer.text.partition('id="preview"')[2].partition("Nothing is saved yet.")[0]
    return " ".join(unescape(re.sub("<[^>]+>", " ", part)).split())


def of_site(client, **changed):
    return preview(client, Site, SETTINGS | changed, SiteFactory())


@pytest.mark.parametrize("model", MEASURES, ids=lambda model: model.__name__)
def test_every_setting_is_explained(client, administrator, model):
    page = client.get(address(model))
    fields = page.context["adminform"].form.fields

    shown = [name for name in fields if name != "country"]
    unexplained = {name for name in shown if not fields[name].help_text}
    assert unexplained <= {"currency"}  # of a floor or a rate it is what it is called
    assert "Preview" in page.text


class TestASettingOfTheSite:
    def test_what_is_waiting_too_long_is_counted(self, client, administrator):
        for hours, title in ((5, "Weave a fence"), (1, "Mend a gate")):
            OpportunityFactory(
                in_review=True, title=title, submitted_at=timezone.now() - timedelta(hours=hours)
            )

        said = of_site(client, review_hours="3")

        assert "Hours for review 24 3" in said
        assert "1 roles in the queue are late at once: Weave a fence" in said
        assert "Mend a gate" not in said

    def test_roles_that_nobody_confirmed_are_counted(self, client, administrator):
        for days in (20, 5):
            OpportunityFactory(
                open=True, title=f"Role of {days}",
                confirmed_at=timezone.now() - timedelta(days=days),
            )  # fmt: skip

        assert "1 open roles close today, since nobody confirmed them in time: Role of 20" in (
            of_site(client, confirm_days="10")
        )

    def test_only_roles_without_a_promise_of_their_own_follow(self, client, administrator):
        OpportunityFactory(open=True, title="Follows", response_days=None)
        OpportunityFactory(open=True, title="Keeps its own", response_days=3)

        said = of_site(client, response_days_micro="8")

        assert "1 open roles promise an answer within other days than before: Follows" in said
        assert "Keeps its own" not in said

    def test_roles_that_have_used_their_invitations_are_counted(self, client, administrator):
        role = OpportunityFactory(open=True, title="Weave a fence")
        RoleInvitationFactory.create_batch(2, opportunity=role)

        assert "1 open roles can invite nobody more: Weave a fence" in (
            of_site(client, invitations_per_role="2")
        )
        assert "invite" not in of_site(client, invitations_per_role="3")

    def test_owners_without_a_second_factor_are_named(self, client, administrator):
        _, person = employer_with_owner()

        said = of_site(client, owners_need_second_factor="on")

        assert "people are asked to set up a second factor before they go on" in said
        assert person.email in said

    def test_another_currency_leaves_pay_without_a_rate(self, client, administrator):
        OpportunityFactory(open=True, title="Weave a fence")

        said = of_site(client, currency="EUR")

        assert "roles pay in a currency that can no longer be compared with others" in said

    def test_what_touches_nothing_says_so(self, client, administrator):
        assert "it counts from then on" in of_site(client, offer_days="7")
        assert "Nothing: all is as it was." in of_site(client)


class TestNothingIsSaved:
    def test_by_a_preview_and_all_of_it_by_saving(self, client, administrator):
        site = SiteFactory()
        of_site(client, review_hours="3")
        site.refresh_from_db()
        assert site.review_hours == 24

        client.post(address(Site, site), SETTINGS | {"review_hours": "3"})

        site.refresh_from_db()
        assert site.review_hours == 3

    def test_a_fault_is_said_instead(self, client, administrator):
        answer = client.post(
            address(Site, SiteFactory()), SETTINGS | {"review_hours": "-1", "_preview": "Preview"}
        )

        assert 'id="preview"' not in answer.text
        assert "Enter 0 or more." in answer.text

    @pytest.mark.parametrize("model", [Site, AutoApproval], ids=["site", "auto_approval"])
    def test_the_one_row_is_made_after_any_number_of_previews(self, client, administrator, model):
        fields = SETTINGS if model is Site else {"is_on": "on", "clean_roles": "2"}
        for _ in range(2):
            preview(client, model, fields)
        assert not model.objects.exists()

        client.post(address(model), fields)

        assert model.objects.get().pk == 1


class TestWhatChecksReadFirst:
    @pytest.fixture
    def role(self):
        return OpportunityFactory(
            open=True, title="Weave a fence", country="GB", place="", mode="remote",
            pay_kind="hourly", pay_amount_minor=1400, pay_currency="GBP",
        )  # fmt: skip

    def test_a_floor_stops_what_pays_less(self, client, administrator, role):
        floor = PayFloorFactory()
        fields = {"country": "GB", "currency": "GBP"}

        assert "Weave a fence" not in preview(client, PayFloor, fields | {"hourly": "14"}, floor)
        assert "1 roles would be stopped for their pay (rules 3.1 and 3.2)" in preview(
            client, PayFloor, fields | {"hourly": "14.01"}, floor
        )

    def test_a_rate_makes_pay_comparable(self, client, administrator, role):
        SiteFactory(currency="EUR")

        said = preview(client, ExchangeRate, {"currency": "GBP", "rate": "1.15"})

        assert "1 roles pay in a currency that can be compared with others from then on" in said

    def test_a_rate_can_stop_what_pays_too_little_by_it(self, client, administrator, role):
        SiteFactory(currency="EUR")
        PayFloorFactory(country="GB", currency="EUR", hourly_minor=1300)
        rate = ExchangeRateFactory(currency="GBP", rate="1.15")

        assert "1 roles would be stopped for their pay" in preview(
            client, ExchangeRate, {"currency": "GBP", "rate": "0.90"}, rate
        )

    @pytest.mark.parametrize(
        ("stops", "said"),
        [
            ("on", "1 roles would be stopped for a reserved word"),
            ("", "1 roles would be marked for a moderator to look at"),
        ],
    )
    def test_a_reserved_word_finds_the_roles_that_say_it(
        self, client, administrator, role, stops, said
    ):
        fields = {"text": "fence", "rule": "2.1"} | ({"stops": stops} if stops else {})

        assert said in preview(client, ReservedWord, fields)
        assert "fence" not in preview(client, ReservedWord, fields | {"text": "hurdle"})[30:]
