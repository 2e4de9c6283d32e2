"""The prepared list of roles says exactly what the serializer of a role says."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIClient

from opportunities.core.pay import PayKind
from opportunities.roles.api.catalogue import OpportunityBriefSerializer, role_context
from opportunities.roles.formats import FORMATS, FormatName
from opportunities.roles.models import Mode, Opportunity
from opportunities.roles.models.listings import EVIDENCE_OFFERED
from opportunities.roles.search import SORTS
from tests.factories import (
    DeliverableFactory,
    EmployerFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/api/v1/opportunities"
NOTHING_STATED = {
    "pay_amount_minor": None,
    "pay_max_minor": None,
    "pay_days": None,
    "hourly_minor": None,
    "start_earliest": None,
    "start_latest": None,
    "pay_currency": "",
}


def market() -> None:
    """Open roles of every format, with everything stated and with as little as may be."""
    at = timezone.now()
    for number, name in enumerate(FormatName.values):
        role = OpportunityFactory(
            open=True,
            at=at - timedelta(hours=number),
            format=name,
            kind=FORMATS[FormatName(name)].family,
            title=f"Ångström & <b>“{name}”</b> №{number}",
            place="Leeds",
            mode=Mode.HYBRID,
            mentor_name="Grace Ünal",
            steps=["resume", "interview"],
            evidence=[EVIDENCE_OFFERED[0]] if number % 2 else None,
            pay_max_minor=50_000,
            contacts=number,
            hands_on=0.5,
        )
        OpportunitySkillFactory.create_batch(3, opportunity=role, level=number % 4, must=True)
        DeliverableFactory.create_batch(2, opportunity=role, publishable=True)
    for currency in ("JPY", "KWD", "GBP"):
        OpportunityFactory(open=True, pay_currency=currency, pay_amount_minor=123_456)
    OpportunityFactory(open=True, employer=EmployerFactory(verified=False))
    OpportunityFactory(open=True, pay_kind=PayKind.UNPAID, **NOTHING_STATED)
    OpportunityFactory(open=True, opened_at=at.replace(microsecond=0))


def stock(ids: list[str]) -> bytes:
    rows = Opportunity.objects.select_related("employer").prefetch_related(
        "skills__skill", "deliverables"
    )
    found = {role.public_id: role for role in rows.filter(public_id__in=ids)}
    ordered = [found[public_id] for public_id in ids]
    context = role_context()
    return JSONRenderer().render(
        OpportunityBriefSerializer(ordered, many=True, context=context).data
    )


def test_it_says_what_the_serializer_says_byte_for_byte() -> None:
    market()

    answer = APIClient().get(LIST, {"limit": 100})
    data = answer.json()["data"]

    assert len(data) == len(FormatName.values) + 6
    assert JSONRenderer().render(data) == stock([role["id"] for role in data])


def test_it_needs_few_queries_however_many_roles(django_assert_max_num_queries: object) -> None:
    market()

    with django_assert_max_num_queries(6):  # type: ignore[operator]
        APIClient().get(LIST, {"limit": 100})


@pytest.mark.parametrize("sort", [name for name in SORTS if name != "relevance"])
def test_pages_of_every_order_meet_every_role_once(sort: str) -> None:
    market()
    client, seen = APIClient(), []
    address = f"{LIST}?limit=4&sort={sort}"

    while address:
        page = client.get(address).json()
        seen += [role["id"] for role in page["data"]]
        address = page["page"]["next"]

    assert len(seen) == len(set(seen)) == len(FormatName.values) + 6


def test_the_order_by_words_pages_too() -> None:
    market()

    first = APIClient().get(LIST, {"limit": 2, "q": "survey", "sort": "relevance"}).json()

    assert first["page"]["next"]
    assert len(APIClient().get(first["page"]["next"]).json()["data"]) == 2
