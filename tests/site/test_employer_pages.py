import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matching.shortlists import queries
from matching.shortlists.funnel import funnel_of
from matching.store import live
from opportunities.core.limiting import Limit
from opportunities.core.models import PayFloor
from opportunities.employers.models import EmailVerification, Employer, Membership, TeamInvitation
from opportunities.roles.models import Opportunity
from opportunities.roles.views import drafting
from tests.factories import (
    ApplicationFactory,
    DecisionFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
    RolePostFactory,
    SavedRoleFactory,
    SkillAliasFactory,
    SkillFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_market():
    live.forget()
    queries.counted_pool.cache_clear()
    yield
    live.forget()
    queries.counted_pool.cache_clear()


@pytest.fixture
def member(client):
    member = MembershipFactory(owner=True, employer=EmployerFactory(verified=True))
    client.force_login(member.user)
    return member


def soon(days):
    return (timezone.now() + timedelta(days=days)).date().isoformat()


def folds(page, address):
    """Return the closed folds of a page that hold a form for this address."""
    closed = re.findall(r"<details[^>]*(?<!open)>.*?</details>", page, re.DOTALL)
    return [fold for fold in closed if re.search(rf'<form [^>]*action="[^"]*{address}"', fold)]


ROLE = {
    "title": "Survey analyst",
    "format": "micro_internship",
    "field": "data",
    "summary": "Turn a survey of visitors into a short report.",
    "description": "You clean the answers of our survey, count them and write four pages.",
    "deliverables.0.title": "A report of four pages",
    "deliverables.0.done_means": "Every question has a table.",
    "hours_total": "20",
    "weeks": "2",
    "schedule": "flexible",
    "pay_kind": "fixed_fee",
    "pay_amount": "400",
    "pay_currency": "pounds",
    "pay_days": "14",
    "mode": "remote",
    "country": "Great Britain",
    "questions.0.text": "Which table would you make first?",
    "questions.0.minutes": "5",
    "capacity": "1",
    "response_days": "5",
}
NEW = "/employer/roles/new/"


def answers(**more):
    return ROLE | {"apply_by": soon(28)} | more


def edit(role):
    return f"/employer/roles/{role.public_id}/edit/"


class TestRoleForm:
    def test_a_visitor_drafts_the_whole_role_without_an_account(self, client):
        assert client.get(NEW).status_code == 200
        assert client.post(NEW, answers(act="save")).url == NEW

        text = client.get(NEW).text

        assert "Survey analyst" in text
        assert "£20" in text
        assert "A report of four pages" in text
        assert 'value="United Kingdom"' in text
        assert not Opportunity.objects.exists()

    def test_the_draft_of_a_visitor_comes_along_to_their_organization(self, client):
        client.post(NEW, answers(act="save"))
        assert "login" in client.get("/employer/roles/new/keep/").url
        client.force_login(UserFactory())
        assert client.get("/employer/roles/new/keep/").url == NEW
        assert "Survey analyst" in client.get(NEW).text

        founding = {"organization": "Harbour Studio", "domain": "harbour.example", "act": "send"}
        sent = client.post(NEW, answers(**founding))

        role = Opportunity.objects.get()
        assert sent.url == f"/employer/roles/{role.public_id}/"
        assert (role.hours_per_week, role.hourly_minor) == (10, 2000)
        assert (role.pay_currency, role.country, role.employer.country) == ("GBP", "GB", "GB")
        assert role.questions.get().text == "Which table would you make first?"
        assert not role.employer.is_verified
        assert "A person decides within 24 hours" in client.get(sent.url).text
        assert "role_draft" not in client.session

    def test_a_members_draft_is_stored_as_soon_as_it_is_saved(self, client, member):
        begun = {"title": "Survey analyst", "format": "micro_internship", "field": "data"}

        response = client.post(NEW, begun)

        role = Opportunity.objects.get(employer=member.employer)
        assert response.url == edit(role)

    def test_a_member_sends_the_first_page_to_review(self, client, member):
        response = client.post(NEW, answers(act="send"))

        role = Opportunity.objects.get(employer=member.employer)
        assert response.url == f"/employer/roles/{role.public_id}/"
        assert role.status == "in_review"

    def test_the_same_form_sent_twice_makes_one_role(self, client, member):
        twice = answers(act="send", csrfmiddlewaretoken="one-drawing")

        client.post(NEW, twice)
        client.post(NEW, twice)

        assert Opportunity.objects.count() == 1

    def test_a_member_of_several_organizations_says_which(self, client, member):
        other = MembershipFactory(user=member.user, employer=EmployerFactory(name="Tide Works"))
        assert "Which organization posts it?" in client.get(NEW).text

        client.post(NEW, answers(act="send", employer=other.employer.slug))

        assert Opportunity.objects.get().employer == other.employer

    def test_what_is_missing_is_said_at_its_field_only_when_it_is_sent(self, client, member):
        begun = {"title": "Survey analyst", "format": "micro_internship", "description": "",
                 "pay_kind": "fixed_fee", "pay_amount": ""}  # fmt: skip

        assert "is needed" not in client.get(NEW).text
        asked = client.post(NEW, begun | {"act": "send"})

        assert asked.status_code == 422
        for name, said in (
            ("description", "Say what there is to do."),
            ("pay_amount", "Say what it pays."),
            ("apply_by", "Say by which day people apply."),
        ):
            assert f'<a class="c-bad" href="#id_{name}">' in asked.text
            assert said in asked.text
        assert not Opportunity.objects.exists()

    def test_nothing_that_is_asked_for_review_is_called_optional(self, client):
        page = client.get(NEW).text

        for name in ("title", "description", "hours_total", "weeks", "apply_by", "pay_amount",
                     "pay_currency", "country", "organization", "work_email"):  # fmt: skip
            label = re.search(rf'<label for="id_{name}">.*?</label>', page)
            assert label, name
            assert "optional" not in label[0], name

    def test_numbers_from_0_to_1_have_words(self, client, member):
        role = OpportunityFactory(employer=member.employer, hands_on=0.8, holistic=0.25)

        page = client.get(edit(role)).text

        assert '<option value="0">Watching only</option>' in page
        assert '<option value="0.8" selected>As stated: 0.8</option>' in page
        assert '<option value="0.25" selected>Mostly skill at the task</option>' in page
        client.post(edit(role), {"hands_on": "0.5"})
        role.refresh_from_db()
        assert (role.hands_on, role.holistic) == (0.5, 0.25)

    @pytest.mark.parametrize(
        ("typed", "code"),
        [("UK", "GB"), ("Great Britain", "GB"), ("Deutschland", "DE"), ("the Netherlands", "NL")],
    )
    def test_a_country_is_read_as_people_call_it(self, client, member, typed, code):
        role = OpportunityFactory(employer=member.employer)

        assert client.post(edit(role), {"country": typed}).status_code == 302

        role.refresh_from_db()
        assert role.country == code

    def test_a_name_that_nothing_has_or_several_have_is_asked_back(self, client, member):
        role = OpportunityFactory(employer=member.employer, pay_currency="GBP", country="GB")

        unknown = client.post(edit(role), {"country": "Atlantis"})
        several = client.post(edit(role), {"pay_currency": "$"})
        told = client.post(edit(role), {"pay_currency": "$", "country": "Canada"})

        assert (unknown.status_code, several.status_code, told.status_code) == (422, 422, 302)
        assert "We know no country called “Atlantis”." in unknown.text
        assert 'value="Atlantis"' in unknown.text
        assert "Which one? US Dollar, Canadian Dollar" in several.text
        role.refresh_from_db()
        assert role.pay_currency == "CAD"

    def test_a_visitor_says_in_which_country_since_its_floor_holds(self, client):
        asked = client.post(NEW, answers(act="send", country="", organization="Harbour Studio",
                                         work_email="ada@harbour.example"))  # fmt: skip

        assert asked.status_code == 422
        assert "Say in which country: its pay floor applies." in asked.text

    def test_the_floor_beside_the_form_is_that_of_the_country(self, client, member):
        PayFloor.objects.update_or_create(
            country="DE", defaults={"currency": "GBP", "hourly_minor": 1100}
        )

        page = client.post(NEW, answers(country="Deutschland", act="look")).text

        assert "<dt>Floor, Germany</dt><dd>£11 an hour</dd>" in page

    def test_what_does_not_pass_is_said_at_its_field_and_kept_in_the_form(self, client, member):
        role = OpportunityFactory(employer=member.employer)

        response = client.post(
            edit(role), {"hours_total": "many", "weeks": "2", "hours_per_week": ""}
        )

        assert response.status_code == 422
        assert "This must be a number." in response.text
        assert 'value="many"' in response.text
        assert "Error: " in response.text

    def test_a_fault_in_a_fold_opens_it(self, client, member):
        role = OpportunityFactory(employer=member.employer)

        asked = client.post(edit(role), {"questions.0.minutes": "many", "min_age": "old"}).text

        assert re.search(r'<details class="card" id="section-questions" open>', asked)
        assert re.search(r'<details class="stack rule" open>.*?id="id_min_age"', asked, re.DOTALL)

    def test_one_more_row_is_drawn_and_what_was_typed_stays(self, client):
        typed = {"title": "Half", "deliverables.0.title": "A report", "add": "deliverables"}

        page = client.post(NEW, typed)

        assert page.status_code == 200
        assert 'value="A report"' in page.text
        assert 'name="deliverables.2.title"' in page.text
        assert 'name="deliverables.3.title"' not in page.text

    def test_restating_one_duration_lets_the_third_follow(self, client, member):
        role = OpportunityFactory(employer=member.employer)

        client.post(
            edit(role),
            {"hours_total": "40", "weeks": "2", "hours_per_week": "10", "schedule": "flexible"},
        )

        role.refresh_from_db()
        assert (role.hours_total, role.weeks, role.hours_per_week) == (40, 2, 20)

    def test_the_help_tells_true_pay_and_the_rule_before_anything_is_kept(self, client, member):
        role = OpportunityFactory(employer=member.employer)
        typed = {"pay_kind": "fixed_fee", "pay_amount": "100", "pay_currency": "GBP"}

        part = client.post("/employer/roles/help/", typed | {"role": role.public_id}).text
        whole = client.post(edit(role), typed | {"act": "look"}).text

        assert "£5" in part
        assert "<html" not in part
        assert "£5" in whole
        role.refresh_from_db()
        assert role.pay_amount_minor == 40_000

    def test_the_help_rests_when_it_is_asked_too_often_and_the_words_stay(
        self, client, member, monkeypatch
    ):
        monkeypatch.setattr(drafting, "LOOKS", Limit("test_of_help", 1, 60, "The help rests."))
        typed = {"title": "Half a role", "act": "look"}

        answers = [client.post("/employer/roles/help/", typed).status_code for _ in range(2)]
        page = client.post(NEW, typed)

        assert answers == [200, 204]
        assert "The help rests." in page.text
        assert 'value="Half a role"' in page.text

    def test_the_help_of_a_stored_role_is_its_members_alone(self, client, member):
        other = OpportunityFactory()

        answer = client.post("/employer/roles/help/", {"role": other.public_id})

        assert answer.status_code == 404

    def test_the_skills_are_searched_added_and_dropped_without_script(self, client, member):
        skill = SkillFactory(slug="javascript", name="JavaScript")
        SkillAliasFactory(skill=skill, text="js", normalized="js")
        role = OpportunityFactory(employer=member.employer)
        page = edit(role)

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
        note = client.get(edit(role)).text.partition("People see changes of these at once: ")[2]
        at_once = note.partition(". Any other change is reviewed again first.")[0].split(", ")
        assert {"Last day to apply", "Places"} <= set(at_once)
        assert not {"Title", "Amount"} & set(at_once)

        client.post(
            edit(role),
            {"pay_kind": "fixed_fee", "pay_amount": "500", "pay_currency": "GBP", "pay_days": "14"},
        )

        role.refresh_from_db()
        assert role.status == "in_review"

    def test_a_stored_draft_is_sent_from_its_page(self, client, member):
        role = OpportunityFactory(employer=member.employer)

        sent = client.post(edit(role), answers(act="send"))

        assert sent.url == f"/employer/roles/{role.public_id}/"
        role.refresh_from_db()
        assert (role.status, role.title) == ("in_review", "Survey analyst")

    def test_an_unknown_page_of_the_form_does_not_exist(self, client, member):
        role = OpportunityFactory(employer=member.employer)

        assert client.get(f"{NEW}money/").status_code == 404
        assert client.get(f"{edit(role)}money/").status_code == 404
        assert client.get(f"{NEW}?open=money").status_code == 200

    def test_somebody_elses_role_does_not_exist(self, client, member):
        role = OpportunityFactory(open=True)

        assert client.get(f"/employer/roles/{role.public_id}/").status_code == 404
        assert client.get(edit(role)).status_code == 404
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
        assert "waits for your answer" in text

    def test_the_last_day_of_a_role_stands_on_a_line_that_no_phone_cuts(self, client, member):
        role = OpportunityFactory(employer=member.employer, open=True)
        ApplicationFactory(opportunity=role)

        card = client.get("/employer/").text.split("data-card")[1].split("</article>")[0]

        head, below = card.split("</header>")
        assert "pply by" not in head
        assert "Apply by " in below
        assert "1 applicant waits" in below
        german = client.get("/employer/", headers={"Accept-Language": "de"}).text
        assert "Bewerbungsschluss" in german.split("data-card")[1]

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
        assert "it is confirmed" in self.act(client, role, "confirm").text
        self.act(client, role, "close", outcome="filled_here")
        assert (role.status, role.outcome) == ("closed", "filled_here")
        self.act(client, role, "outcome", outcome="cancelled")
        assert role.outcome == "cancelled"

    def test_closing_for_good_asks_before_it_acts(self, client, member):
        role = OpportunityFactory(employer=member.employer, open=True)
        page = client.get(reverse("opportunities:manage-role", args=[role.public_id])).text

        [fold] = folds(page, "/close/")

        assert "Close it for good</summary>" in fold
        assert "cannot be opened again" in fold
        assert '<option value="filled_here">' in fold
        assert page.count("/close/") == 1

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
        page = client.get(reverse("opportunities:manage-role", args=[copy.public_id])).text
        [fold] = folds(page, "/delete/")
        assert "You cannot take this back." in fold
        client.post(reverse("opportunities:delete-role", args=[copy.public_id]))

        assert not Opportunity.objects.filter(pk=copy.pk).exists()
        there = reverse("opportunities:manage-role", args=[copy.public_id])
        for button in (f"{there}act/submit/", f"{there}copy/",
                       f"{there}delete/", edit(copy)):  # fmt: skip
            again = client.post(button, follow=True)
            assert again.redirect_chain == [("/employer/", 302)]
            assert "This draft was deleted already." in again.text
        written = {"description": "Count the birds of the delta.", "seen": '{"title": ["A b"]}'}
        kept = client.post(edit(copy), written)
        assert kept.status_code == 404
        assert "Count the birds of the delta." in kept.text
        assert "copy what you want to keep" in kept.text
        assert "A b" not in kept.text

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
        for _ in range(2):
            SavedRoleFactory(opportunity=role)  # from a list
        for _ in range(3):
            ApplicationFactory(opportunity=OpportunityFactory(open=True), shortlisted=True)

        text = client.get(reverse("opportunities:manage-role", args=[role.public_id])).text

        assert "Saw it 4, Opened it 2, Saved it 2, Applied 2, Shortlisted 1" in text
        applied = '<td>50% of those who applied</td><td class="num">100%</td>'
        assert applied in text

    def test_a_share_is_of_those_who_came_so_far_and_nobody_needs_to_save(self, client, member):
        role = OpportunityFactory(employer=member.employer, open=True)
        ApplicationFactory(opportunity=role, offered=True)
        SavedRoleFactory.create_batch(3, opportunity=role)

        steps = funnel_of(role, at=timezone.now()).steps

        assert [(step.count, step.share) for step in steps] == [
            (4, ""),
            (1, "25% of those who saw it"),
            (3, "75% of those who saw it"),
            (1, "100% of those who opened it"),
            (0, "0% of those who applied"),
            (1, "100% of those who applied"),
            (0, "0% of those offered a place"),
        ]


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

    def test_a_place_of_several_is_asked_back_with_those(self, client):
        client.force_login(UserFactory())
        told = {"name": "Harbour", "domain": "harbour.example", "place": "Richmond"}
        taken = "Richmond, Virginia, United States"

        asked = client.post("/employer/new/", told)
        chosen = client.post("/employer/new/", told | {"place-which-richmond": taken})

        assert asked.status_code == 422
        assert "There are several places called “Richmond”. Choose the one you mean." in asked.text
        assert f'name="place-which-richmond" value="{taken}"' in asked.text
        assert chosen.status_code == 302
        assert Employer.objects.get().place == taken

    def test_a_wrong_domain_is_said_at_its_field(self, client):
        client.force_login(UserFactory())

        response = client.post("/employer/new/", {"name": "Harbour", "domain": "gmail.com"})

        assert response.status_code == 422
        assert "Anybody can have an address" in response.text
        assert not Employer.objects.exists()

    def test_all_that_is_wrong_is_said_at_once(self, client, member):
        wrong = {"name": "", "domain": "gmail.com", "website": "ftp://x", "country": "Atlantis"}
        pages = [
            "/employer/new/",
            reverse("opportunities:employer-profile", args=[member.employer.slug]),
        ]

        for page in pages:
            faults = client.post(page, {**wrong, "about": "a" * 4001}).context["form"].errors
            assert set(faults) == {"name", "domain", "website", "country", "about"}

    def test_the_name_alone_is_asked_for(self, client, member):
        labels = re.findall(r"<label [^>]*><b>(.*?)</label>", client.get("/employer/new/").text)

        assert [label for label in labels if "optional" not in label] == ["Name</b>"]

    def test_another_name_is_verified_anew(self, client, member):
        page = reverse("opportunities:employer-profile", args=[member.employer.slug])

        client.post(page, {"name": "Another Name", "domain": member.employer.domain})

        member.employer.refresh_from_db()
        assert (member.employer.name, member.employer.is_verified) == ("Another Name", False)

    def test_an_address_that_proves_nothing_stands_there_again_with_why(self, client):
        employer = EmployerFactory(domain="mill.example")
        client.force_login(MembershipFactory(owner=True, employer=employer).user)
        page = reverse("opportunities:employer-profile", args=[employer.slug])
        assert 'name="box" value="verify"' in client.get(page).text
        sent = {"email": "ada@other.example", "box": "verify"}

        asking = reverse("opportunities:ask-verification", args=[employer.slug])
        refused = client.post(asking, sent)

        assert refused.status_code == 422
        assert 'value="ada@other.example" aria-invalid="true"' in refused.text
        assert "The address ends with @mill.example." in refused.text

    def test_a_link_of_nobody_does_not_exist(self, client, member):
        assert "Verify your organization" in client.get("/employer/verify/abc/").text
        assert client.post("/employer/verify/abc/").status_code == 404
        assert client.post("/employer/join/abc/").status_code == 404

    def test_an_invitation_that_was_taken_back_says_what_to_do_now(self, client, member):
        assert client.get("/employer/join/abc/").status_code == 404
        gone = client.post("/employer/join/abc/").text

        assert "This link no longer works" in gone
        assert "a newer email replaced it" in gone
        assert "Ask for a new one" in client.post("/employer/verify/abc/").text


@pytest.mark.parametrize("page", ["/employers/", "/rules/"])
def test_the_floors_stand_by_the_names_of_countries_and_all_others_come_last(client, page):
    PayFloor.objects.create(country="", currency="GBP", hourly_minor=800)
    PayFloor.objects.create(country="GB", currency="GBP", hourly_minor=1221)
    PayFloor.objects.create(country="DE", currency="EUR", hourly_minor=1282)

    text = client.get(page).text

    places = [text.index(amount) for amount in ("€12.82", "£12.21", "£8")]
    assert places == sorted(places)
    assert "United Kingdom" in text


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

    def test_an_address_that_is_refused_comes_back(self, client, member):
        address = reverse("opportunities:team-act", args=[member.employer.slug, "invite"])

        refused = client.post(address, {"email": "ada at", "role": "owner", "box": "invite"})

        assert refused.status_code == 422
        assert "This is not an email address." in refused.text
        assert 'value="ada at"' in refused.text
        assert '<option value="owner" selected>' in refused.text

    def test_the_only_owner_is_offered_no_way_out(self, client, member):
        page = f"/employer/team/{member.employer.slug}/"
        assert "Make a member" not in (alone := client.get(page).text)
        assert "Leave" not in alone

        MembershipFactory(employer=member.employer, owner=True)

        assert "Make a member" in (together := client.get(page).text)
        assert "Leave" in together

    def test_leaving_and_removing_ask_before_they_act(self, client, member):
        other = MembershipFactory(employer=member.employer, owner=True)
        page = client.get(f"/employer/team/{member.employer.slug}/").text

        leave, remove = folds(page, "/remove/")

        assert "Only an owner can invite you back." in leave
        assert f'name="row" value="{member.pk}"' in leave
        assert f'Remove<span class="vh">: {other.user.email}</span></summary>' in remove
        assert "You can invite them back." in remove
        assert page.count("/remove/") == 2

    def test_an_owner_is_asked_before_giving_up_being_one(self, client, member):
        other = MembershipFactory(employer=member.employer, owner=True)
        page = client.get(f"/employer/team/{member.employer.slug}/").text

        own, others = folds(page, "/role/")

        assert "Only another owner can make you an owner again." in own
        assert "Become a member</summary>" in own
        assert f'name="row" value="{member.pk}"' in own
        assert 'name="role" value="member"' in own
        named = f'Make a member<span class="vh">: {other.user.email}</span>'
        assert f"{named}</summary>" in others
        assert "You can make them an owner again.</p>" in others
        assert 'name="role" value="member"' in others

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

    @pytest.mark.parametrize("action", ["remove", "role", "revoke"])
    def test_who_is_gone_already_is_said_to_be(self, client, member, action):
        other = MembershipFactory()
        address = reverse("opportunities:team-act", args=[member.employer.slug, action])

        answer = client.post(address, {"row": other.pk, "role": "owner"}, follow=True)

        assert "That was removed already." in answer.text
        assert Membership.objects.filter(pk=other.pk, role=other.role).exists()

    @pytest.mark.parametrize("row", ["", "x", "²", "9" * 30, "-1"])
    def test_a_row_that_is_none_does_not_exist(self, client, member, row):
        address = reverse("opportunities:team-act", args=[member.employer.slug, "remove"])

        assert client.post(address, {"row": row}).status_code == 404
