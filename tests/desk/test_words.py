"""The desk speaks in words: no page of it shows the name of anything in the code."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from opportunities.employers.models import EmployerStatus
from opportunities.moderation.models import ReportReason, SanctionLevel, Verdict
from opportunities.moderation.outcomes import OUTCOMES
from opportunities.roles.checks import CHECKS
from tests.factories import (
    AppealFactory,
    DecisionFactory,
    EmployerFactory,
    FindingFactory,
    OpportunityFactory,
    ReportFactory,
    SanctionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

CODE = re.compile(r"\b\w*[a-z]_[a-z]\w*\b")


class Visible(HTMLParser):
    """Collect the text between tags and what a screen reader says of them."""

    def __init__(self, page):
        super().__init__()
        self.words = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = ("aria-label", "title", "alt", "placeholder")
        self.words += [value or "" for name, value in attrs if name in said]

    def handle_data(self, data):
        self.words.append(data)


def code_names(page):
    return sorted(set(CODE.findall(" ".join(Visible(page).words))))


@pytest.fixture
def moderator(client):
    person = UserFactory(moderator=True, name="Mona Derate")
    client.force_login(person)
    return person


def test_the_measure_sees_the_name_of_a_check_and_not_the_name_of_a_field():
    assert code_names("<p>money_asked, <b>rule 4.1</b></p>") == ["money_asked"]
    assert code_names('<p aria-label="pay_floor">x</p>') == ["pay_floor"]
    assert code_names('<input name="employer_checked" value="ask_changes">') == []


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("status", ["in_review", "open", "rejected", "removed", "paused"])
def test_a_role_is_reviewed_without_code_names(client, moderator, status, verdict):
    role = OpportunityFactory(**{status: True})
    for check in CHECKS:
        FindingFactory(
            opportunity=role, check_name=check.name, rule=check.rule, verdict=verdict,
            detail=check.clear, role_version=role.version,
        )  # fmt: skip
    for name in OUTCOMES:
        DecisionFactory(opportunity=role, action=name)
    address = reverse("opportunities:review-role", args=[role.public_id])

    shown = client.get(address)
    refused = client.post(address, {"outcome": "approve", "overrule": ["pay_floor:3.1"]})

    assert "Candidates pay nothing." in shown.text
    assert code_names(shown.text) == []
    assert refused.status_code == 422
    assert code_names(refused.text) == []


@pytest.mark.parametrize(
    "path", ["", "reports/", "appeals/", "log/", "employers/", "sanctions/"], ids=lambda path: path
)
def test_no_list_of_the_desk_shows_code_names(client, moderator, path):
    for status in EmployerStatus:
        EmployerFactory(status=status)
    for reason in ReportReason:
        ReportFactory(reason=reason)
    for level in SanctionLevel:
        SanctionFactory(in_force=True, level=level, confirmed_by=UserFactory(moderator=True))
        SanctionFactory(level=level)
    for name in OUTCOMES:
        DecisionFactory(
            action=name,
            overruled=[{"name": "near_duplicate", "rule": "5.3", "detail": "It is alike."}],
            overrule_reason="They are the same employer.",
        )
    AppealFactory.create_batch(2)

    page = client.get(f"/moderate/{path}", follow=True)

    assert page.status_code == 200
    assert len(Visible(page.text).words) > 20
    assert code_names(page.text) == []


def test_a_report_without_a_reason_is_refused_without_code_names(client):
    role = OpportunityFactory(open=True)

    refused = client.post(f"{role.path}report/", {"text": "They asked for a deposit."})

    assert refused.status_code == 422
    assert "Choose a reason." in refused.text
    assert "They asked for a deposit." in refused.text
    assert code_names(refused.text) == []
