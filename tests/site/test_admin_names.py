"""The first page of the admin names everything as a person knows it."""

import re
from html import unescape

import pytest
from django.urls import reverse
from knox.models import AuthToken

from opportunities.moderation.outcomes import OUTCOMES
from opportunities.site import admin_index
from tests.factories import (
    CompletionFactory,
    DecisionFactory,
    FindingFactory,
    OpportunityFactory,
    PayFloorFactory,
    SanctionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

GROUPS = {
    "Site settings": [
        "Site settings", "Pay floors", "Exchange rates", "Automatic approval", "Reserved words",
    ],
    "People and access": ["Users", "Groups", "Email addresses", "Authenticators", "API tokens"],
    "Moderation": ["Reports", "Appeals", "Sanctions", "Findings of checks"],
    "Audit log": ["Decisions", "Changes in the admin"],
    "Employers": ["Employers", "Team members", "Team invitations", "Email verifications"],
    "Roles": [
        "Roles", "Skills of roles", "Deliverables", "Questions to applicants",
        "Questions about roles", "Clicks to employers' sites",
    ],
    "Candidates": [
        "Candidate profiles", "Skills of candidates", "Skills candidates want", "Resumes",
        "Saved roles", "Saved searches", "Blocked employers", "Profiles shown to employers",
    ],
    "Applications": [
        "Applications", "Answers of applicants", "Messages", "Interview slots",
        "Notes on applications", "Role invitations", "External applications", "Application events",
    ],
    "Completed work": ["Completed work", "Skills shown in work", "Reviews"],
    "Imports": ["Sources", "Source readings", "Rows read", "Import jobs", "Duplicate questions"],
    "Skills": ["Skills", "Other names of skills", "Broader skills"],
    "Notices and email": [
        "Notices", "Emails of notices", "Letters to addresses", "Notice preferences",
    ],
    "Matching": [
        "Matching runs", "Owed work", "Introductions", "Introduction preferences", "Feedback",
        "Dismissals", "Plans", "Roles of plans",
    ],
    "Webhooks and events": ["Webhook endpoints", "Webhook deliveries", "Events"],
    "What the machine keeps": [
        "Reports of browsers", "Grants of tokens", "Stored answers of the API",
        "Decisions in their minute", "Fingerprints", "Bands of fingerprints", "Sent forms",
        "State of the market",
    ],
}  # fmt: skip
"""What is administered, before what the machine keeps; in each group what matters most first."""


def shown(answer):
    return [
        (str(group["name"]), [str(model["name"]) for model in group["models"]])
        for group in answer.context["app_list"]
    ]


def test_groups_and_plurals_are_those_that_people_know(client, administrator):
    answer = client.get(reverse("admin:index"))

    assert shown(answer) == list(GROUPS.items())
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


def test_every_group_leads_to_a_page_of_its_own(client, administrator):
    groups = client.get(reverse("admin:index")).context["app_list"]

    for group in groups:
        (alone,) = shown(client.get(group["app_url"]))
        assert alone == (str(group["name"]), GROUPS[str(group["name"])])


def test_a_table_that_no_group_has_stands_behind_them(client, administrator, monkeypatch):
    monkeypatch.setattr(admin_index, "GROUPS", admin_index.GROUPS[1:])

    groups = shown(client.get(reverse("admin:index")))

    assert [name for name, _ in groups][-1] == "Site settings"
    assert "Pay floors" in groups[-1][1]


def test_the_audit_log_is_searched_by_who_and_what(client, administrator):
    floor = PayFloorFactory()
    fields = {"country": floor.country, "currency": floor.currency, "hourly": "9.50"}
    client.post(reverse("admin:core_payfloor_change", args=[floor.pk]), fields)
    there = reverse("admin:admin_logentry_changelist")

    found = client.get(there, {"q": "pay floor"}).text
    by_address = client.get(there, {"q": administrator.email}).text
    nothing = client.get(there, {"q": "nobody@example.org"}).text

    assert "Changed Pay an hour." in found
    assert "Changed Pay an hour." in by_address
    assert "Changed Pay an hour." not in nothing


@pytest.mark.parametrize("words", ["title", "public_id", "employer", "moderator", "reason"])
def test_decisions_are_searched_by_what_they_are_about_and_who_made_them(
    client, administrator, words
):
    DecisionFactory()
    sought = DecisionFactory(
        opportunity=OpportunityFactory(title="Weave a fence", employer__name="Hurdle & Wattle"),
        moderator=UserFactory(name="Petra Example", moderator=True),
        reason="The fence is not theirs.",
    )
    asked = {
        "title": "a fence", "public_id": sought.opportunity.public_id, "employer": "Wattle",
        "moderator": "Petra", "reason": "not theirs",
    }  # fmt: skip

    page = client.get(reverse("admin:moderation_decision_changelist"), {"q": asked[words]})

    assert list(page.context["cl"].queryset) == [sought]


def test_lists_name_people_roles_and_countries_and_not_their_numbers(client, administrator):
    moderator = UserFactory(moderator=True, email="samira@example.org")
    DecisionFactory(moderator=moderator)
    completion = CompletionFactory()
    PayFloorFactory(country="IE")

    decisions = client.get(reverse("admin:moderation_decision_changelist")).text
    completions = client.get(reverse("admin:engagements_completion_changelist")).text
    floors = client.get(reverse("admin:core_payfloor_changelist")).text

    assert decisions.count("samira@example.org") == 2  # in its row and in the filter
    assert "account #" not in decisions
    assert completion.application.opportunity.title in completions
    assert ">Ireland</a>" in floors


def test_nobody_makes_a_token_for_somebody_else(client, administrator):
    AuthToken.objects.create(user=UserFactory())

    assert client.get(reverse("admin:knox_authtoken_add")).status_code == 403
    (row,) = AuthToken.objects.all()
    assert client.post(
        reverse("admin:knox_authtoken_delete", args=[row.pk]), {"post": "yes"}
    ).status_code == 302  # fmt: skip
    assert not AuthToken.objects.exists()
