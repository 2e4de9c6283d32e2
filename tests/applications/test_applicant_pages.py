import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from matching.shortlists import queries
from matching.store import live
from opportunities.applications.models import RoleInvitation
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    CandidateProfileFactory,
    CandidateSkillFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    ResumeFactory,
)
from tests.matching.markets import publish

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


@pytest.fixture
def role(member):
    return OpportunityFactory(employer=member.employer, open=True)


def board(role):
    return reverse("matching:applicants", args=[role.public_id])


def page(application):
    return reverse("opportunities:employer-application", args=[application.public_id])


def decide(client, application, action, **given):
    address = reverse("opportunities:applicant-decide", args=[application.public_id, action])
    response = client.post(address, given)
    application.refresh_from_db()
    return response


def do(client, application, action, **given):
    address = reverse("opportunities:applicant-act", args=[application.public_id, action])
    response = client.post(address, given, follow=True)
    application.refresh_from_db()
    return response


def local(days):
    return (timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


class TestOffering:
    def test_no_button_offers_a_place_that_is_held(self, client, role):
        first, second = (ApplicationFactory(opportunity=role) for _ in range(2))
        assert "0 of 1 place held." in client.get(page(first)).text

        decide(client, first, "offer")

        text = client.get(page(second)).text
        assert "Every place is held by an open offer or an acceptance." in text
        assert "Make the offer" not in text
        again = decide(client, second, "offer", message="Welcome to all of us.")
        assert again.status_code == 422
        assert "Welcome to all of us." in again.text


class TestBoard:
    def test_ranks_by_suit_with_reasons_that_add_up(self, client, role):
        used = OpportunitySkillFactory(opportunity=role, level=2, importance=3)
        weak = ApplicationFactory(opportunity=role, name="Weak Start")
        strong = ApplicationFactory(opportunity=role, name="Strong Start")
        CandidateSkillFactory(profile=strong.profile, skill=used.skill, level=4)

        response = client.get(board(role))

        rows = response.context["rows"]
        assert [row["application"].pk for row in rows] == [strong.pk, weak.pk]
        for row in rows:
            assert sum(part.points for part in row["suit"].parts) == row["suit"].score
        assert f"{used.skill.name}: expert" in response.text
        assert f"{used.skill.name}: not stated" in response.text

    def test_a_blind_review_hides_the_name_until_the_shortlist(self, client, member):
        role = OpportunityFactory(employer=member.employer, open=True, blind_review=True)
        application = ApplicationFactory(opportunity=role)
        AnswerFactory(application=application, text="I am Ada and I count.")
        assert "Ada" not in client.get(board(role)).text
        assert "Ada" not in client.get(page(application)).text

        do(client, application, "shortlist")

        assert "Ada Example" in client.get(board(role)).text

    def test_groups_are_links_with_counts(self, client, role):
        ApplicationFactory(opportunity=role)
        ApplicationFactory(opportunity=role, rejected=True)

        new = client.get(board(role) + "?group=new").context
        ended = client.get(board(role) + "?group=ended").context

        assert len(new["rows"]) == len(ended["rows"]) == 1
        assert [count for _, _, count, _ in new["groups"]] == [2, 1, 0, 0, 1]

    def test_many_are_shortlisted_or_told_at_once(self, client, role):
        first, second = ApplicationFactory.create_batch(2, opportunity=role)
        address = reverse("opportunities:bulk", args=[role.public_id])

        client.post(address, {"application": [first.public_id], "action": "shortlist"})
        client.post(
            address,
            {
                "application": [first.public_id, second.public_id],
                "action": "reject",
                "reason": "filled",
                "message": "Thank you for your time.",
            },
        )

        for application in (first, second):
            application.refresh_from_db()
            assert (application.status, application.rejection_reason) == ("rejected", "filled")

    def test_nobody_is_told_a_reason_that_nobody_chose(self, client, role):
        application = ApplicationFactory(opportunity=role)
        address = reverse("opportunities:bulk", args=[role.public_id])
        assert '<select id="reason" name="reason"><option value="">' in client.get(board(role)).text

        sent = {"application": [application.public_id], "action": "reject", "reason": ""}
        told = client.post(address, sent, follow=True).text
        alone = decide(client, application, "reject", reason="")

        application.refresh_from_db()
        assert application.status == "submitted"
        assert "Choose a reason, or “No reason given”." in told
        assert "Choose a reason, or “No reason given”." in alone.text

    def test_a_refusal_keeps_who_was_marked_and_stands_at_what_lacks(self, client, role):
        marked, other = ApplicationFactory.create_batch(2, opportunity=role)
        address = reverse("opportunities:bulk", args=[role.public_id])
        form = {"box": "message", "message": "Thank you both.", "application": ""}

        no_mark = client.post(address, form | {"action": "reject", "reason": "filled"}).text
        form |= {"application": ["", marked.public_id], "reason": ""}
        no_reason = client.post(address, form | {"action": "reject"}).text

        assert '<option value="filled" selected>' in no_mark
        assert re.search(r'id="marks-error">.*Mark somebody first\.', no_mark)
        assert re.search(r'id="reason-error">.*Choose a reason, or', no_reason)
        assert 'aria-invalid="true" aria-describedby="reason-error"' in no_reason
        assert f'value="{marked.public_id}" checked' in no_reason
        assert f'value="{other.public_id}" checked' not in no_reason
        for page in (no_mark, no_reason):
            assert "Thank you both.</textarea>" in page
            assert 'id="message-error"' not in page

    def test_who_decides_on_a_later_page_stays_there(self, client, role):
        ApplicationFactory(opportunity=role, shortlisted=True)
        ApplicationFactory.create_batch(21, opportunity=role)
        page = client.get(board(role), {"group": "new", "offset": 20}).text
        [address] = re.findall(r'<form [^>]*id="bulk"[^>]*action="([^"]+)"', page)
        [marked] = re.findall(r'name="application" value="(app_\w+)"', page)
        form = {"box": "message", "message": "", "application": ["", marked], "action": "reject"}

        refused = client.post(unescape(address), form | {"reason": ""})
        [address] = re.findall(r'<form [^>]*id="bulk"[^>]*action="([^"]+)"', refused.text)
        done = client.post(unescape(address), form | {"reason": "filled"}, follow=True)

        assert f'value="{marked}" checked' in refused.text
        assert "21 to 21 of 21 shown" in refused.text
        assert done.request["QUERY_STRING"] == "group=new&offset=20"
        assert "New 20</a>" in done.text
        assert done.text.count('name="application" value="app_') == 20
        assert "1 to 20 of 20 shown" in done.text

    @pytest.mark.parametrize(
        ("group", "offered"), [("", True), ("new", True), ("shortlist", False)]
    )
    def test_the_shortlist_is_offered_where_somebody_is_not_on_it(
        self, client, role, group, offered
    ):
        ApplicationFactory(opportunity=role, shortlisted=True)
        ApplicationFactory(opportunity=role)

        page = client.get(board(role), {"group": group}).text

        assert ('name="action" value="shortlist"' in page) is offered
        assert 'name="action" value="reject"' in page

    def test_the_group_and_the_button_of_the_shortlist_are_told_apart_in_german(self, client, role):
        ApplicationFactory(opportunity=role)

        text = client.get(board(role), headers={"Accept-Language": "de"}).text

        assert 'value="shortlist">In die engere Auswahl</button>' in text
        assert ">Engere Auswahl 0</a>" in text

    def test_who_withdrew_is_counted_apart(self, client, role):
        ApplicationFactory.create_batch(2, opportunity=role)
        ApplicationFactory(opportunity=role, withdrawn=True)

        text = client.get(board(role)).text

        assert "2 applicants." in text
        assert "1 more has withdrawn." in text

    def test_an_application_to_somebody_else_is_left_alone_in_bulk(self, client, role):
        other = ApplicationFactory()
        address = reverse("opportunities:bulk", args=[role.public_id])

        client.post(address, {"application": [other.public_id], "action": "shortlist"})

        other.refresh_from_db()
        assert other.status == "submitted"

    def test_runs_a_fixed_number_of_queries(self, client, role, django_assert_num_queries):
        used = OpportunitySkillFactory(opportunity=role)

        def apply(count):
            for _ in range(count):
                application = ApplicationFactory(opportunity=role)
                CandidateSkillFactory(profile=application.profile, skill=used.skill)

        apply(2)
        client.get(board(role))  # what a process learns once
        with CaptureQueriesContext(connection) as few:
            client.get(board(role))
        apply(7)

        with django_assert_num_queries(len(few)):
            client.get(board(role))

        assert len(few) <= 34

    @pytest.mark.parametrize("query", ["?group=best", "?offset=-1", "?offset=9e9"])
    def test_an_address_that_nobody_links_to_does_not_exist(self, client, role, query):
        assert client.get(board(role) + query).status_code == 404


class TestDecisions:
    def test_times_are_proposed(self, client, role):
        application = ApplicationFactory(opportunity=role)

        decide(client, application, "interview", starts_0=local(3), minutes=30, where="By phone")

        assert application.status == "interviewing"
        assert application.slots.get().where == "By phone"
        assert "30 min, <bdi>By phone</bdi>" in client.get(page(application)).text
        assert "By phone" not in client.get(page(application)).context["failed"]

    def test_what_is_wrong_with_a_time_stands_at_its_box(self, client, role):
        application = ApplicationFactory(opportunity=role)
        times = {"starts_0": local(3), "starts_2": local(-3)}

        refused = decide(client, application, "interview", minutes=5, **times)

        assert refused.context["interview_form"].errors == {
            "starts_2": ["A proposed time lies within the next 60 days."],
            "minutes": ["A talk takes 10 to 480 minutes."],
        }

    def test_an_offer_lapses_at_the_stated_date(self, client, role):
        application = ApplicationFactory(opportunity=role)

        decide(client, application, "offer", lapses_at=local(4), message="Welcome.")

        assert application.status == "offered"
        assert application.offer_lapses_at.strftime("%Y-%m-%dT%H:%M") == local(4)

    def test_that_an_offer_cannot_be_taken_back_is_said_before_and_after(self, client, role):
        application = ApplicationFactory(opportunity=role)

        assert "you cannot take it back." in client.get(page(application)).text

        decide(client, application, "offer", lapses_at=local(4), message="Welcome.")

        assert "You cannot take it back." in client.get(page(application)).text

    def test_an_offer_too_short_is_asked_again_and_kept_in_the_form(self, client, role):
        application = ApplicationFactory(opportunity=role)

        response = decide(client, application, "offer", lapses_at=local(0.1), message="Quick!")

        assert response.status_code == 422
        assert "at least a day" in response.text
        assert "Quick!" in response.text
        assert application.status == "submitted"

    def test_a_rejection_names_its_reason(self, client, role):
        application = ApplicationFactory(opportunity=role)

        decide(client, application, "reject", reason="availability", message="")

        assert (application.status, application.rejection_reason) == ("rejected", "availability")

    def test_a_decision_that_does_not_apply_is_refused_in_words(self, client, role):
        application = ApplicationFactory(opportunity=role, withdrawn=True)

        response = decide(client, application, "reject", reason="availability")

        assert response.status_code == 422
        assert application.status == "withdrawn"

    def test_notes_and_messages_are_kept(self, client, role):
        application = ApplicationFactory(opportunity=role)

        do(client, application, "note", text="Writes clearly.")
        text = do(client, application, "message", text="When could you begin?").text

        assert "Writes clearly." in text
        assert "When could you begin?" in text

    def test_nothing_is_to_be_written_once_an_application_has_ended(self, client, role):
        ended = ApplicationFactory(opportunity=role, withdrawn=True)
        for person, address in (
            (None, page(ended)),
            (ended.profile.user, reverse("opportunities:application", args=[ended.public_id])),
        ):
            if person:
                client.force_login(person)

            text = client.get(address).text

            assert "This application has ended, and messages with it." in text
            assert "message/" not in text

    def test_words_that_come_too_late_are_given_back(self, client, role):
        ended = ApplicationFactory(opportunity=role, withdrawn=True)

        text = do(client, ended, "message", text="When could you begin?").text

        assert "This application has ended." in text
        assert "When could you begin?" in text

    def test_a_resume_is_an_attachment_that_no_browser_runs(self, client, role):
        resume = ResumeFactory(name="cv.pdf")
        resume.file.save("test-cv.pdf", ContentFile(b"%PDF-1.7 %%EOF"))
        application = ApplicationFactory(
            opportunity=role, profile=resume.profile, resume=resume, shortlisted=True
        )

        response = client.get(reverse("opportunities:resume", args=[application.public_id]))
        b"".join(response.streaming_content)
        resume.file.delete()

        assert response.headers["Content-Disposition"] == 'attachment; filename="cv.pdf"'
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]

    def test_a_blind_applicants_resume_does_not_exist_yet(self, client, member):
        role = OpportunityFactory(employer=member.employer, open=True, blind_review=True)
        resume = ResumeFactory()
        application = ApplicationFactory(opportunity=role, profile=resume.profile, resume=resume)

        address = reverse("opportunities:resume", args=[application.public_id])
        assert client.get(address).status_code == 404

    def test_an_application_to_somebody_else_does_not_exist(self, client, member):
        application = ApplicationFactory()

        assert client.get(page(application)).status_code == 404
        assert decide(client, application, "reject", reason="filled").status_code == 404
        assert do(client, application, "shortlist").status_code == 404


@pytest.mark.parametrize("is_open", [True, False])
def test_only_an_open_role_without_applicants_is_told_to_invite(client, member, is_open):
    role = OpportunityFactory(employer=member.employer, **({"open": True} if is_open else {}))

    shown = client.get(board(role)).text

    assert "Nobody has applied yet." in shown
    assert ("You may invite candidates who fit." in shown) is is_open


class TestCandidates:
    def test_are_shown_under_a_name_of_this_employer_and_invited(self, client, role):
        profile = CandidateProfileFactory(pseudonym=True)
        CandidateProfileFactory()
        publish()
        address = reverse("matching:candidates", args=[role.public_id])

        response = client.get(address)

        [one] = response.context["rows"]
        assert f'<summary aria-describedby="c-{one.handle}">' in response.text
        assert f'id="c-{one.handle}"' in response.text
        assert profile.user.name not in response.text
        assert profile.headline not in response.text
        assert sum(part.points for part in one.suit.parts) == one.suit.score
        client.post(
            reverse("matching:invite", args=[role.public_id]),
            {"handle": one.handle, "message": "Have a look."},
        )
        assert RoleInvitation.objects.get().profile == profile
        assert "1 of 20" in client.get(address).text

    def test_before_the_first_ranking_says_so(self, client, role):
        assert (
            "after the next ranking"
            in client.get(reverse("matching:candidates", args=[role.public_id])).text
        )
