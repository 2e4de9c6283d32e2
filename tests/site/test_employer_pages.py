from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matching.shortlists import queries
from matching.store import live
from opportunities.employers.models import EmailVerification, Employer, TeamInvitation
from opportunities.roles.models import Opportunity
from tests.factories import (
    ApplicationFactory,
    DecisionFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
    RolePostFactory,
    SkillAliasFactory,
    SkillFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_market():
    live.forget()
    queries.forget()
    yield
    live.forget()
    queries.forget()


@pytest.fixture
def member(client):
    member = MembershipFactory(owner=True, employer=EmployerFactory(verified=True))
    client.force_login(member.user)
    return member


def soon(days):
    return (timezone.now() + timedelta(days=days)).date().isoformat()


ANSWERS = {
    "kind": {"title": "Survey analyst", "format": "micro_internship", "field": "data"},
    "work": {
        "summary": "Turn a survey of visitors into a short report.",
        "description": "You clean the answers of our survey, count them and write four pages.",
        "deliverables.0.title": "A report of four pages",
        "deliverables.0.done_means": "Every question has a table.",
    },
    "time": {"hours_total": "20", "weeks": "2", "schedule": "flexible"},
    "pay": {"pay_kind": "fixed_fee", "pay_amount": "400", "pay_currency": "GBP", "pay_days": "14"},
    "skills": {},
    "place": {"mode": "remote", "country": "GB"},
    "questions": {
        "questions.0.text": "Which table would you make first?",
        "questions.0.minutes": "5",
        "capacity": "1",
        "response_days": "5",
    },
}


def answers(step):
    return ANSWERS[step] | ({"apply_by": soon(28)} if step == "time" else {})


class TestRoleForm:
    def test_a_visitor_drafts_every_step_without_an_account(self, client):
        assert client.get("/employer/roles/new/").url == "/employer/roles/new/kind/"
        for step, following in zip(ANSWERS, [*list(ANSWERS)[1:], "preview"], strict=True):
            assert client.get(f"/employer/roles/new/{step}/").status_code == 200
            response = client.post(f"/employer/roles/new/{step}/", answers(step))
            assert response.url == f"/employer/roles/new/{following}/"

        text = client.get("/employer/roles/new/preview/").text

        assert "Survey analyst" in text
        assert "£20" in text
        assert "A report of four pages" in text
        assert not Opportunity.objects.exists()

    def test_the_draft_of_a_visitor_comes_along_to_their_organization(self, client):
        for step in ANSWERS:
            client.post(f"/employer/roles/new/{step}/", answers(step))
        assert "login" in client.get("/employer/roles/new/keep/").url
        client.force_login(UserFactory())
        assert client.get("/employer/roles/new/keep/").url.startswith("/employer/new/")
        founded = client.post(
            "/employer/new/?next=/employer/roles/new/keep/",
            {"name": "Harbour Studio", "domain": "harbour.example"},
        )
        assert founded.url == "/employer/roles/new/keep/"

        kept = client.post(founded.url, {"employer": Employer.objects.get().slug})

        role = Opportunity.objects.get()
        assert kept.url == f"/employer/roles/{role.public_id}/edit/preview/"
        assert (role.hours_per_week, role.hourly_minor) == (10, 2000)
        assert role.questions.get().text == "Which table would you make first?"
        submitted = client.post(reverse("opportunities:role-act", args=[role.public_id, "submit"]))
        assert submitted.url == f"/employer/roles/{role.public_id}/"
        assert "A person decides within 24 hours" in client.get(submitted.url).text

    def test_a_members_draft_is_stored_after_the_first_step(self, client, member):
        response = client.post("/employer/roles/new/kind/", ANSWERS["kind"])

        role = Opportunity.objects.get(employer=member.employer)
        assert response.url == f"/employer/roles/{role.public_id}/edit/work/"

    def test_what_does_not_pass_is_said_at_its_field_and_kept_in_the_form(self, client, member):
        role = OpportunityFactory(employer=member.employer)

        response = client.post(
            f"/employer/roles/{role.public_id}/edit/time/",
            {"hours_total": "many", "weeks": "2", "hours_per_week": ""},
        )

        assert response.status_code == 422
        assert "This is a number." in response.text
        assert 'value="many"' in response.text
        assert "Error: " in response.text

    def test_restating_one_duration_lets_the_third_follow(self, client, member):
        role = OpportunityFactory(employer=member.employer)

        client.post(
            f"/employer/roles/{role.public_id}/edit/time/",
            {"hours_total": "40", "weeks": "2", "hours_per_week": "10", "schedule": "flexible"},
        )

        role.refresh_from_db()
        assert (role.hours_total, role.weeks, role.hours_per_week) == (40, 2, 20)

    def test_the_panel_tells_true_pay_and_the_rule_before_anything_is_kept(self, client, member):
        role = OpportunityFactory(employer=member.employer)
        page = f"/employer/roles/{role.public_id}/edit/pay/"
        typed = {"pay_kind": "fixed_fee", "pay_amount": "100", "pay_currency": "GBP", "look": "1"}

        part = client.post(page, typed, headers={"HX-Request": "true"}).text
        whole = client.post(page, typed).text

        assert "£5" in part
        assert "<html" not in part
        assert "£5" in whole
        role.refresh_from_db()
        assert role.pay_amount_minor == 40_000

    def test_the_skills_are_searched_added_and_dropped_without_script(self, client, member):
        skill = SkillFactory(slug="javascript", name="JavaScript")
        SkillAliasFactory(skill=skill, text="js", normalized="js")
        role = OpportunityFactory(employer=member.employer)
        page = f"/employer/roles/{role.public_id}/edit/skills/"

        found = client.post(page, {"skills-find": "js", "skills-search": "1"}).text
        assert "Add JavaScript" in found
        added = client.post(page, {"skills-add": "javascript"}).text
        assert 'name="skills-level-javascript"' in added
        assert not role.skills.exists()
        client.post(
            page,
            {
                "skills": "javascript",
                "skills-level-javascript": "2",
                "skills-importance-javascript": "3",
                "skills-must-javascript": "1",
            },
        )

        kept = role.skills.get()
        assert (kept.skill, kept.level, kept.importance, kept.must) == (skill, 2, 3, True)
        assert "Remove" in client.get(page).text

    def test_a_material_change_is_announced_before_and_reviewed_after(self, client, member):
        role = OpportunityFactory(employer=member.employer, open=True)
        page = f"/employer/roles/{role.public_id}/edit/pay/"
        assert "is reviewed again" in client.get(page).text

        client.post(
            page,
            {"pay_kind": "fixed_fee", "pay_amount": "500", "pay_currency": "GBP", "pay_days": "14"},
        )

        role.refresh_from_db()
        assert role.status == "in_review"

    def test_an_unknown_step_does_not_exist(self, client, member):
        role = OpportunityFactory(employer=member.employer)

        assert client.get("/employer/roles/new/money/").status_code == 404
        assert client.get(f"/employer/roles/{role.public_id}/edit/money/").status_code == 404

    def test_somebody_elses_role_does_not_exist(self, client, member):
        role = OpportunityFactory(open=True)

        assert client.get(f"/employer/roles/{role.public_id}/").status_code == 404
        assert client.get(f"/employer/roles/{role.public_id}/edit/pay/").status_code == 404
        assert client.get(f"/employer/roles/{role.public_id}/applicants/").status_code == 404
        assert client.get(f"/employer/roles/{role.public_id}/candidates/").status_code == 404


class TestHome:
    def test_says_what_waits_and_what_needs_doing(self, client, member):
        role = OpportunityFactory(employer=member.employer, open=True)
        ApplicationFactory(opportunity=role, answer_due_on=timezone.now().date() - timedelta(2))
        OpportunityFactory(employer=member.employer, changes_asked=True, title="Mend me")
        RolePostFactory(opportunity=role)

        text = client.get("/employer/").text

        assert "Ada Example" in text
        assert ", late" in text
        assert "A moderator asks for changes: Mend me." in text
        assert "A question waits on" in text

    def test_keeps_the_name_of_a_blind_applicant(self, client, member):
        role = OpportunityFactory(employer=member.employer, open=True, blind_review=True)
        ApplicationFactory(opportunity=role)

        assert "Ada Example" not in client.get("/employer/").text

    def test_runs_a_fixed_number_of_queries(self, client, member, django_assert_max_num_queries):
        for _ in range(7):
            role = OpportunityFactory(employer=member.employer, open=True)
            ApplicationFactory(opportunity=role)

        with django_assert_max_num_queries(22):
            client.get("/employer/")

    def test_without_an_organization_says_how_to_begin(self, client):
        client.force_login(UserFactory())

        assert "You act for no organization yet" in client.get("/employer/").text


class TestRolePage:
    def act(self, client, role, action, **given):
        address = reverse("opportunities:role-act", args=[role.public_id, action])
        response = client.post(address, given, follow=True)
        role.refresh_from_db()
        return response

    def test_a_role_is_paused_resumed_extended_confirmed_and_closed(self, client, member):
        role = OpportunityFactory(employer=member.employer, open=True)

        self.act(client, role, "pause")
        assert role.status == "paused"
        self.act(client, role, "resume")
        assert role.status == "open"
        self.act(client, role, "extend", apply_by=soon(60))
        assert role.apply_by.isoformat() == soon(60)
        assert "stays open" in self.act(client, role, "confirm").text
        self.act(client, role, "close", outcome="filled_here")
        assert (role.status, role.outcome) == ("closed", "filled_here")
        self.act(client, role, "outcome", outcome="cancelled")
        assert role.outcome == "cancelled"

    def test_a_refusal_is_said_in_words(self, client, member):
        role = OpportunityFactory(employer=member.employer, open=True)

        assert "already" in self.act(client, role, "extend", apply_by=soon(1)).text
        assert "already" in self.act(client, role, "extend", apply_by="soon").text

    def test_what_is_missing_leads_back_to_the_preview(self, client, member):
        role = OpportunityFactory(employer=member.employer, description="")

        response = self.act(client, role, "submit")

        assert "Say what there is to do." in response.text
        assert role.status == "draft"

    def test_a_role_is_copied_and_a_draft_thrown_away(self, client, member):
        role = OpportunityFactory(employer=member.employer, open=True)

        client.post(reverse("opportunities:copy-role", args=[role.public_id]))
        copy = Opportunity.objects.exclude(pk=role.pk).get()
        assert (copy.status, copy.title) == ("draft", role.title)
        client.post(reverse("opportunities:delete-role", args=[copy.public_id]))

        assert not Opportunity.objects.filter(pk=copy.pk).exists()

    def test_a_rejection_shows_its_rule_and_can_be_appealed_once(self, client, member):
        role = OpportunityFactory(employer=member.employer, rejected=True)
        decision = DecisionFactory(opportunity=role)
        page = reverse("opportunities:manage-role", args=[role.public_id])
        text = client.get(page).text
        assert "The vacancy does not exist." in text
        assert "Appeal once" in text

        client.post(reverse("opportunities:appeal", args=[decision.pk]), {"text": "It does exist."})

        assert decision.appeal.author == member.user
        assert "somebody else will look at it" in client.get(page).text

    def test_a_question_is_answered_in_public(self, client, member):
        role = OpportunityFactory(employer=member.employer, open=True)
        post = RolePostFactory(opportunity=role)

        client.post(
            reverse("opportunities:answer-question", args=[role.public_id, post.pk]),
            {"text": "Yes, gladly."},
        )

        address = reverse("opportunities:role", args=[role.slug, role.public_id])
        assert "Yes, gladly." in client.get(address).text

    def test_the_funnel_counts_and_compares_with_roles_like_it(self, client, member):
        role = OpportunityFactory(employer=member.employer, open=True)
        ApplicationFactory(opportunity=role, shortlisted=True)
        ApplicationFactory(opportunity=role)
        for _ in range(3):
            ApplicationFactory(opportunity=OpportunityFactory(open=True), shortlisted=True)

        text = client.get(reverse("opportunities:manage-role", args=[role.public_id])).text

        assert "applied 2, shortlisted 1" in text
        assert '<td class="num">50%</td><td class="num">100%</td>' in text


class TestOrganization:
    def test_is_verified_by_the_link_that_was_mailed(self, client):
        client.force_login(UserFactory())
        client.post("/employer/new/", {"name": "Harbour", "domain": "harbour.example"})
        employer = Employer.objects.get()
        page = reverse("opportunities:employer-profile", args=[employer.slug])
        client.post(
            reverse("opportunities:ask-verification", args=[employer.slug]),
            {"email": "office@harbour.example"},
        )
        assert "office@harbour.example" in client.get(page).text
        assert EmailVerification.objects.filter(employer=employer).exists()

    def test_a_wrong_domain_is_said_at_its_field(self, client):
        client.force_login(UserFactory())

        response = client.post("/employer/new/", {"name": "Harbour", "domain": "gmail.com"})

        assert response.status_code == 422
        assert "Anybody can have an address" in response.text
        assert not Employer.objects.exists()

    def test_another_name_is_verified_anew(self, client, member):
        page = reverse("opportunities:employer-profile", args=[member.employer.slug])

        client.post(page, {"name": "Another Name", "domain": member.employer.domain})

        member.employer.refresh_from_db()
        assert (member.employer.name, member.employer.is_verified) == ("Another Name", False)

    def test_a_link_of_nobody_does_not_exist(self, client, member):
        assert "Verify your organization" in client.get("/employer/verify/abc/").text
        assert client.post("/employer/verify/abc/").status_code == 404
        assert client.post("/employer/join/abc/").status_code == 404


class TestTeam:
    def test_an_owner_invites_and_takes_back(self, client, member):
        address = reverse("opportunities:team-act", args=[member.employer.slug, "invite"])
        client.post(address, {"email": "new@example.org", "role": "member"})
        invitation = TeamInvitation.objects.get()
        assert "new@example.org" in client.get(f"/employer/team/{member.employer.slug}/").text

        client.post(
            reverse("opportunities:team-act", args=[member.employer.slug, "revoke"]),
            {"row": invitation.pk},
        )

        assert not TeamInvitation.objects.exists()

    def test_the_last_owner_stays(self, client, member):
        address = reverse("opportunities:team-act", args=[member.employer.slug, "remove"])

        client.post(address, {"row": member.pk})

        assert "The last owner stays" in client.get("/employer/team/", follow=True).text

    def test_roles_change_by_an_owner_alone(self, client, member):
        other = MembershipFactory(employer=member.employer)
        address = reverse("opportunities:team-act", args=[member.employer.slug, "role"])

        client.post(address, {"row": other.pk, "role": "owner"})
        other.refresh_from_db()
        assert other.role == "owner"
        client.force_login(MembershipFactory(employer=member.employer).user)
        client.post(address, {"row": other.pk, "role": "member"})

        other.refresh_from_db()
        assert other.role == "owner"

    @pytest.mark.parametrize("row", ["", "x", "²", "9" * 30, "-1"])
    def test_a_row_that_is_none_does_not_exist(self, client, member, row):
        address = reverse("opportunities:team-act", args=[member.employer.slug, "remove"])

        assert client.post(address, {"row": row}).status_code == 404
