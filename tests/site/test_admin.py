"""The staff desk shows every record and changes none but the site's settings."""

from html import unescape
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client, RequestFactory
from django.urls import reverse

from opportunities import ROOMS
from opportunities.accounts.desks import HIDDEN, History
from opportunities.accounts.models import User
from opportunities.applications.models import ApplicationEvent, Message
from opportunities.core.models import AutoApproval, ExchangeRate, PayFloor, ReservedWord, Site
from opportunities.moderation.models import Decision, Finding
from opportunities.roles.models import Opportunity
from opportunities.skills.models import Skill
from tests import factories

pytestmark = pytest.mark.django_db

MAKERS = {
    maker._meta.model: maker
    for maker in vars(factories).values()
    if isinstance(maker, type) and hasattr(maker, "_meta") and maker._meta.model
}
DESKS = {
    model: desk
    for model, desk in admin.site._registry.items()
    if model in MAKERS and model._meta.app_label in ROOMS
}
RECORDS = [model for model, desk in DESKS.items() if isinstance(desk, History)]
SETTINGS = [
    AutoApproval,
    ExchangeRate,
    PayFloor,
    ReservedWord,
    Site,
    Skill,
]
HISTORY = [Decision, ApplicationEvent, Finding, Opportunity]


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", DESKS, ids=lambda model: model.__name__)
def test_every_record_can_be_listed_and_looked_at(
    client: Client, administrator: User, model: Any
) -> None:
    row = MAKERS[model]()

    assert client.get(address(model, "changelist"), follow=True).status_code == 200
    assert client.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", [Site, AutoApproval])
def test_settings_of_one_row_open_without_a_list(
    model: Any, client: Client, administrator: User
) -> None:
    client.force_login(administrator)
    listed = address(model, "changelist")
    model.objects.all().delete()
    assert client.get(listed).url == address(model, "add")

    row = model.objects.create(pk=1)

    assert client.get(listed).url == address(model, "change", row.pk)


@pytest.mark.parametrize("part", ["mina@stu", "shah"])
def test_an_account_is_found_by_part_of_its_address_or_name(
    part: str, client: Client, administrator: User
) -> None:
    factories.UserFactory(email="mina@student.example", name="Mina Shah")
    client.force_login(administrator)

    assert "mina@student.example" in client.get(f"{address(User, 'changelist')}?q={part}").text


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_no_record_is_added_or_deleted_by_hand(
    client: Client, administrator: User, model: Any
) -> None:
    row = MAKERS[model]()

    assert client.get(address(model, "add")).status_code == 403
    assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert type(row)._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_no_secret_is_shown(model: Any, rf: RequestFactory, administrator: User) -> None:
    request = rf.get("/")
    request.user = administrator

    assert not HIDDEN & set(DESKS[model].get_fields(request))


def test_only_settings_and_the_powers_of_accounts_are_edited(
    rf: RequestFactory, administrator: User
) -> None:
    request = rf.get("/")
    request.user = administrator
    edited = {model for model, desk in DESKS.items() if desk.has_change_permission(request)}

    assert edited == {User, *SETTINGS}
    desk = DESKS[User]
    assert set(desk.get_fields(request)) - set(desk.get_readonly_fields(request)) == {
        "is_active", "is_staff", "is_superuser", "groups", "user_permissions",
    }  # fmt: skip


def test_the_status_of_a_role_is_not_edited(client: Client, administrator: User) -> None:
    role = factories.OpportunityFactory(open=True)

    answer = client.post(address(Opportunity, "change", role.pk), {"status": "removed"})

    role.refresh_from_db()
    assert answer.status_code == 403
    assert role.status == "open"


def test_what_people_wrote_to_each_other_is_not_read(client: Client, administrator: User) -> None:
    message = factories.MessageFactory(text="Between the two of us.")

    page = client.get(address(Message, "change", message.pk))

    assert "Between the two of us." not in page.text


MODERATED: list[tuple[str, dict[str, Any], str]] = [
    ("OpportunityFactory", {"in_review": True}, "/moderate/roles/{row.public_id}/"),
    ("EmployerFactory", {}, "/moderate/employers/?employer={row.public_id}"),
    ("SanctionFactory", {"level": "block"}, "/moderate/employers/"),
    ("SanctionFactory", {"in_force": True}, "/moderate/sanctions/"),
    ("ReportFactory", {}, "/moderate/reports/"),
    ("AppealFactory", {}, "/moderate/appeals/"),
    ("UserFactory", {}, "/moderate/sanctions/"),
]


@pytest.mark.parametrize(("maker", "facts", "place"), MODERATED)
def test_a_record_leads_to_where_moderators_decide_and_offers_no_decision(
    client: Client, administrator: User, maker: str, facts: dict[str, Any], place: str
) -> None:
    row = getattr(factories, maker)(**facts)
    there = place.format(row=row)

    page = client.get(address(type(row), "change", row.pk)).text

    assert f'href="{there}"' in page
    assert client.get(there).status_code == 200
    assert 'name="reason"' not in client.get(address(type(row), "changelist")).text


def test_a_credential_is_revoked_with_a_reason_that_the_audit_log_keeps(
    client: Client, administrator: User
) -> None:
    work = factories.CompletionFactory(signed=True)
    form = {"_selected_action": [work.pk], "action": "revoke"}

    refused = client.post(address(type(work), "changelist"), form, follow=True)
    work.refresh_from_db()
    assert work.revoked_at is None
    assert f"Completed work #{work.pk}: Give a reason: both sides read it." in unescape(
        refused.text
    )

    client.post(address(type(work), "changelist"), form | {"reason": "It was not done."})

    work.refresh_from_db()
    assert work.revoked_at is not None
    assert "It was not done." in LogEntry.objects.get().get_change_message()
    log = client.get(address(LogEntry, "changelist")).text
    assert '<td class="field-table">Completed work</td>' in log
    assert "| completed work" not in log


def test_staff_who_do_not_moderate_see_no_buttons(client: Client, settings: Any) -> None:
    settings.DEMO = True
    client.force_login(factories.UserFactory(is_staff=True))

    assert client.get(address(Opportunity, "changelist")).status_code == 403


@pytest.mark.parametrize("model", HISTORY, ids=lambda model: model.__name__)
def test_a_list_costs_the_same_however_long_it_is(
    client: Client,
    administrator: User,
    django_assert_max_num_queries: Any,
    model: Any,
) -> None:
    MAKERS[model].create_batch(7)

    if model in DESKS:
        with django_assert_max_num_queries(12):
            client.get(address(model, "changelist"))


def test_webhook_secrets_and_repeated_answers_stay_sealed(
    client: Client, administrator: User
) -> None:
    endpoint = factories.WebhookEndpointFactory(
        secret="whsec_canary", former_secret="whsec_former_canary"
    )
    answer = factories.StoredAnswerFactory(
        body=b'{"secret": "answer canary"}', headers={"Location": "/canary"}, key="key canary"
    )
    client.force_login(administrator)

    for row in (endpoint, answer):
        for page in (address(type(row), "changelist"), address(type(row), "change", row.pk)):
            shown = client.get(page)
            assert shown.status_code == 200
            assert "canary" not in shown.text


def test_a_floor_is_written_in_the_currency_and_not_in_its_smallest_coin(
    client: Client, administrator: User
) -> None:
    floor = PayFloor.objects.create(country="GB", currency="GBP", hourly_minor=1221)
    page = address(PayFloor, "change", floor.pk)

    assert 'value="12.21"' in client.get(page).text
    assert "12.21 GBP" in client.get(address(PayFloor, "changelist")).text

    sent = {"country": "GB", "currency": "GBP"}
    refused = client.post(page, sent | {"hourly": "12.215"})
    assert "12.215 has more decimals than GBP has." in refused.text
    client.post(page, sent | {"hourly": "12.60"})
    client.post(address(PayFloor, "add"), {"country": "JP", "currency": "JPY", "hourly": "1100"})

    assert dict(PayFloor.objects.values_list("country", "hourly_minor")) == {
        "GB": 1260,
        "JP": 1100,
    }
