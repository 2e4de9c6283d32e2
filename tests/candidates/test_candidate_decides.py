"""What candidates decide on their pages: invitations, files, appeals about their account."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories as make
from tests.desk import deciding

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidate(client: Client):
    profile = make.CandidateProfileFactory()
    client.force_login(profile.user)
    return profile


class TestInvitations:
    def test_are_listed_until_declined(self, client, candidate):
        role = make.OpportunityFactory(open=True, title="Map the harbor")
        invitation = make.RoleInvitationFactory(opportunity=role, profile=candidate)
        page = reverse("opportunities:applications")
        assert "Invited:" in client.get(page).text

        client.post(reverse("opportunities:decline-invitation", args=[invitation.pk]))

        invitation.refresh_from_db()
        assert invitation.declined_at is not None
        assert "Invited:" not in client.get(page).text

    def test_of_somebody_else_do_not_exist(self, client, candidate):
        invitation = make.RoleInvitationFactory()

        answer = client.post(reverse("opportunities:decline-invitation", args=[invitation.pk]))

        assert answer.status_code == 404
        assert "Invited:" not in client.get(reverse("opportunities:applications")).text

    def test_to_a_role_that_one_applied_to_or_that_closed_are_over(self, client, candidate):
        applied = make.ApplicationFactory(profile=candidate).opportunity
        closed = make.OpportunityFactory(closed=True)
        for role in (applied, closed):
            make.RoleInvitationFactory(opportunity=role, profile=candidate)

        assert "Invited:" not in client.get(reverse("opportunities:applications")).text


def test_a_resume_is_deleted_by_its_owner_alone(client, candidate):
    own, other = make.ResumeFactory(profile=candidate), make.ResumeFactory()
    for resume in (own, other):
        resume.file.save("resume.pdf", ContentFile(b"%PDF-1.7 nothing"))
    page = client.get(reverse("opportunities:me")).text
    assert reverse("opportunities:delete-resume", args=[own.pk]) in page

    said = [
        client.post(reverse("opportunities:delete-resume", args=[row]), follow=True).text
        for row in (own.pk, own.pk, other.pk)
    ]

    assert "The file is gone." in said[0]
    assert all("This file was gone already." in text for text in said[1:])
    assert not candidate.resumes.exists()
    assert type(other).objects.filter(pk=other.pk).exists()


class TestAppeal:
    def warned(self, account):
        deciding.warn(
            account_id=account.pk,
            employer_id=None,
            moderator=make.UserFactory(moderator=True),
            reason="Did not appear twice.",
            at=timezone.now(),
        )

    def test_is_made_once_where_the_decision_is_read(self, client, candidate):
        self.warned(candidate.user)
        page = client.get(reverse("opportunities:me"))
        (entry,) = page.context["decisions"]
        assert "Did not appear twice." in page.text
        address = reverse("opportunities:appeal", args=[entry["decision"].pk])

        answer = client.post(address, {"text": "I was in hospital both times."})

        assert answer["Location"] == reverse("opportunities:me")
        assert "waits for somebody else" in client.get(reverse("opportunities:me")).text

    def test_about_somebody_elses_account_does_not_exist(self, client, candidate):
        other = make.CandidateProfileFactory().user
        self.warned(other)
        client.force_login(other)
        (entry,) = client.get(reverse("opportunities:me")).context["decisions"]

        client.force_login(candidate.user)
        address = reverse("opportunities:appeal", args=[entry["decision"].pk])

        assert client.post(address, {"text": "Let me go."}).status_code == 404


def test_what_an_employer_really_paid_is_on_its_page(client):
    completion = make.CompletionFactory(
        signed=True, hours=20, paid_minor=30_000, paid_currency="GBP"
    )
    employer = completion.application.opportunity.employer

    page = client.get(reverse("opportunities:employer", args=[employer.slug])).text

    assert "It really paid £15" in page
    assert "over 1 piece of completed work" in page
