"""What a format asks has to be stated: on submit, in the API, while writing, and at the desk."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from opportunities.core.errors import Invalid
from opportunities.desk.operations import decisions
from opportunities.moderation.outcomes import APPROVE
from opportunities.roles.models import Opportunity
from opportunities.roles.publishing import drafting, submitting
from tests.factories import SkillFactory, UserFactory, employer_with_owner
from tests.roles.test_posting import client as caller

pytestmark = pytest.mark.django_db

SKILL = [{"name": "sql"}]
MENTOR = {"mentor_name": "Ann", "mentor_minutes_per_week": 30}
SHOWN = [{"title": "A film", "publishable": True}]
HIDDEN = [{"title": "A film"}]
SPRINT = {"format": "sprint_internship", "hours_total": 160, "weeks": 4}
SHADOWING = {
    "format": "virtual_job_shadowing", "pay_kind": "unpaid", "pay_amount": None,
    "pay_currency": "", "hours_total": 8, "weeks": 1,
}  # fmt: skip

BROKEN: list[tuple[str, dict[str, Any], set[str]]] = [
    ("micro_apprenticeship", {"skills": SKILL}, {"mentor_name", "mentor_minutes_per_week"}),
    ("micro_apprenticeship", {**MENTOR, "mentor_name": "", "skills": SKILL}, {"mentor_name"}),
    ("micro_apprenticeship", MENTOR, {"skills"}),
    ("project_micro_internship", {}, {"deliverables"}),
    ("portfolio_micro_experience", {"deliverables": HIDDEN, "public_works": 2}, {"deliverables"}),
    ("sprint_internship", SPRINT, {"mentor_minutes_per_week"}),
    ("sprint_internship", {**SPRINT, **MENTOR, "hours_total": 76}, {"hours_per_week"}),
    ("sprint_internship", {**SPRINT, **MENTOR, "hours_total": 200, "weeks": 9}, {"weeks"}),
    ("virtual_job_shadowing", SHADOWING, {"hands_on"}),
    ("virtual_job_shadowing", {**SHADOWING, "hands_on": 0.6}, {"hands_on"}),
    ("virtual_job_shadowing", {**SHADOWING, "hands_on": 0, "mode": "hybrid"}, {"mode"}),
    ("gigternship", {}, {"repeatable"}),
    ("gigternship", {"repeatable": True, "pay_kind": "hourly", "pay_amount": "20"}, {"pay_kind"}),
    ("experiential_microlearning", {"skills": SKILL}, {"learning"}),
    ("remote_micro_coop", {}, {"credit_possible"}),
    ("short_burst_internship", {}, {"concentrated"}),
    ("industry_micro_placement", {"field": ""}, {"field"}),
]  # fmt: skip
KEPT: list[tuple[str, dict[str, Any]]] = [
    ("micro_apprenticeship", {**MENTOR, "skills": SKILL}),
    ("project_micro_internship", {"deliverables": HIDDEN}),
    ("portfolio_micro_experience", {"deliverables": SHOWN}),
    ("sprint_internship", {**SPRINT, **MENTOR}),
    ("virtual_job_shadowing", {**SHADOWING, "hands_on": 0.5}),
    ("gigternship", {"repeatable": True}),
    ("experiential_microlearning", {"skills": SKILL, "learning": "To read a table"}),
    ("remote_micro_coop", {"credit_possible": True}),
    ("remote_micro_coop", {"credit": True}),
    ("short_burst_internship", {"concentrated": True}),
    ("industry_micro_placement", {"field": "data"}),
    ("micro_internship", {}),
    ("internship", {"hours_total": 400, "weeks": 10}),
]


@pytest.fixture
def member() -> Any:
    SkillFactory(slug="sql", name="SQL")
    employer, owner = employer_with_owner()
    return employer, owner


def draft(member: Any, name: str, facts: dict[str, Any]) -> Opportunity:
    """Return a stored draft that lacks nothing but what its format may ask."""
    values = {
        "title": "Read letters", "description": "You sort letters by what they speak of.",
        "field": "research", "hours_total": 20, "weeks": 2, "pay_kind": "fixed_fee",
        "pay_amount": "800", "pay_currency": "GBP", "country": "GB", "place": "Leeds",
        "apply_by": (timezone.now() + timedelta(days=30)).date().isoformat(),
        "format": name, **facts,
    }  # fmt: skip
    return drafting.create_draft(
        employer_id=member[0].pk, actor=member[1], values=values, at=timezone.now()
    )


def submit(role: Opportunity, member: Any) -> Opportunity:
    return submitting.submit(opportunity_id=role.pk, actor=member[1], at=timezone.now())


@pytest.mark.parametrize(("name", "facts", "fields"), BROKEN)
def test_a_role_that_does_not_state_what_its_format_asks_is_stopped_at_the_field(
    member: Any, name: str, facts: dict[str, Any], fields: set[str]
) -> None:
    role = draft(member, name, facts)

    with pytest.raises(Invalid) as refused:
        submit(role, member)

    assert {fault.field for fault in refused.value.faults} == fields
    assert {fault.code for fault in refused.value.faults} == {"format_rule"}
    for fault in refused.value.faults:
        assert "keeps this rule: " in fault.detail
        assert fault.detail.endswith(", rule 5.2.")
    role.refresh_from_db()
    assert role.status == "draft"


@pytest.mark.parametrize(("name", "facts"), KEPT)
def test_a_role_that_states_it_is_handed_in(member: Any, name: str, facts: dict[str, Any]) -> None:
    assert submit(draft(member, name, facts), member).status == "in_review"


def test_the_api_answers_with_the_field_and_the_rule(member: Any) -> None:
    role = draft(member, "micro_apprenticeship", {**MENTOR, "mentor_name": "", "skills": SKILL})

    answer = caller(member[1]).post(f"/api/v1/opportunities/{role.public_id}/submit", {})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {
            "pointer": "#/mentor_name",
            "code": "format_rule",
            "detail": "A micro-apprenticeship keeps this rule: A mentor is named."
            " See “Mentor”, rule 5.2.",
        }
    ]


def test_it_is_said_while_the_draft_is_written(client: Any, member: Any) -> None:
    role = draft(member, "sprint_internship", SPRINT)
    client.force_login(member[1])

    page = client.get(f"/employer/roles/{role.public_id}/edit/")

    said = "A sprint internship keeps this rule: A mentor gives time every week."
    assert said in html.unescape(page.text)


def test_a_role_on_the_market_is_not_amended_until_it_states_it(member: Any) -> None:
    role = draft(member, "short_burst_internship", {"concentrated": True})
    Opportunity.objects.filter(pk=role.pk).update(
        status="open", concentrated=False, opened_at=timezone.now(), submitted_at=timezone.now(),
        confirmed_at=timezone.now(),
    )  # fmt: skip

    with pytest.raises(Invalid):
        submitting.amend(
            opportunity_id=role.pk, actor=member[1], values={"title": "B"}, at=timezone.now()
        )
    submitting.amend(
        opportunity_id=role.pk, actor=member[1], values={"title": "B", "concentrated": True},
        at=timezone.now(),
    )  # fmt: skip


def test_no_moderator_opens_an_imported_role_that_does_not_state_it(member: Any) -> None:
    role = draft(member, "short_burst_internship", {})
    submitting.submit_imported(role, actor=None, at=timezone.now())
    moderator = UserFactory(moderator=True)

    with pytest.raises(Invalid) as refused:
        decisions.decide(
            APPROVE, opportunity_id=role.pk, moderator=moderator, at=timezone.now(),
            employer_checked=True, overrule=["format_stated:5.2"],
            overrule_reason="They told me that it is so",
        )  # fmt: skip

    assert "keeps this rule: The work is done in one concentrated stretch." in str(refused.value)
