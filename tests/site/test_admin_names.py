"""The first page of the admin names everything as a person knows it."""

import re
from html import unescape

import pytest
from django.urls import reverse

from opportunities.moderation.outcomes import OUTCOMES
from tests.factories import DecisionFactory, FindingFactory, SanctionFactory, UserFactory

pytestmark = pytest.mark.django_db

GROUPS = {
    "API tokens": ["Auth tokens"],
    "Authentication and Authorization": ["Groups"],
    "Applications": [
        "Answers of applicants", "Application events", "Applications", "External applications",
        "Interview slots", "Messages", "Notes on applications", "Role invitations",
    ],
    "Candidates": [
        "Blocked employers", "Candidate profiles", "Profiles shown to employers", "Resumes",
        "Saved roles", "Saved searches", "Skills candidates want", "Skills of candidates",
    ],
    "Completed work": ["Completed work", "Reviews", "Skills shown in work"],
    "Employers": ["E-mail verifications", "Employers", "Team invitations", "Team members"],
    "Imports": [
        "Duplicate questions", "Import jobs", "Rows read", "Source readings", "Sources",
    ],
    "Matching": [
        "Dismissals", "Feedback", "Introduction preferences", "Introductions", "Matching runs",
        "Owed work", "Plans", "Roles of plans", "State of the market",
    ],
    "Moderation": [
        "Appeals", "Bands of fingerprints", "Decisions", "Decisions in their minute",
        "Findings of checks", "Fingerprints", "Reports", "Sanctions",
    ],
    "Notices and e-mail": [
        "E-mails of notices", "Letters to addresses", "Notice preferences", "Notices",
    ],
    "People and access": ["Grants of tokens", "Stored answers of the API", "Users"],
    "Roles": [
        "Clicks to employers' sites", "Deliverables", "Questions about roles",
        "Questions to applicants", "Roles", "Skills of roles",
    ],
    "Second factor": ["Authenticators"],
    "Security": ["Reports of browsers"],
    "Sign-in": ["Email addresses"],
    "Site settings": [
        "Automatic approval", "Exchange rates", "Pay floors", "Reserved words", "Sent forms",
        "Site settings",
    ],
    "Skills": ["Broader skills", "Other names of skills", "Skills"],
    "Webhooks and events": ["Events", "Webhook deliveries", "Webhook endpoints"],
}  # fmt: skip


def test_groups_and_plurals_are_those_that_people_know(client, settings):
    settings.DEMO = True  # the second factor has tests of its own
    client.force_login(UserFactory(admin=True))

    answer = client.get(reverse("admin:index"))

    shown = {
        str(app["name"]): sorted(str(model["name"]) for model in app["models"])
        for app in answer.context["app_list"]
    }
    assert shown == GROUPS
    page = re.sub(r"\s+", " ", unescape(answer.text))
    for names in GROUPS.values():
        assert all(f">{name}<" in page for name in names)


def test_no_record_of_moderation_is_named_by_a_code():
    made = [
        *(DecisionFactory(action=name) for name in OUTCOMES),
        FindingFactory(check_name="pay_floor", verdict="stop"),
        SanctionFactory(in_force=True),
    ]
    named = [str(row) for row in made]

    assert "Report answered (#" in " ".join(named)
    assert "Pay floor: Stop (#" in " ".join(named)
    assert [name for name in named if re.search(r"[a-z]_[a-z]", name) or name[0].islower()] == []
