import html
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from opportunities.accounts.models import User
from opportunities.applications import selecting
from opportunities.applications.models import Application
from opportunities.candidates import profiles
from opportunities.candidates.models import CandidateProfile
from tests.candidates.hostile_files import PLAIN
from tests.factories import (
    ApplicationEventFactory,
    ApplicationFactory,
    CandidateProfileFactory,
    CompletionFactory,
    InterviewSlotFactory,
    MembershipFactory,
    OpportunityFactory,
    QuestionFactory,
    ResumeFactory,
    RoleInvitationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidate(client):
    profile = CandidateProfileFactory()
    client.force_login(profile.user)
    return profile.user


def address(role):
    return reverse("opportunities:apply", args=[role.slug, role.public_id])


class TestApply:
    def test_a_micro_application_takes_three_requests(self, client, candidate):
        role = OpportunityFactory(open=True)
        QuestionFactory(opportunity=role, position=0, text="Which chart would you draw?")
        assert "Which chart would you draw?" in client.get(address(role)).text

        sent = client.post(
            address(role), {"name": "Ana Baker", "answer_0": "A plain bar chart of the weeks."}
        )
        shown = client.get(sent.url)

        assert shown.status_code == 200
        assert "A plain bar chart" in shown.text
        assert Application.objects.get(opportunity=role).name == "Ana Baker"

    def test_what_applying_takes_is_said_where_the_role_states_it(self, client, candidate):
        stated = OpportunityFactory(open=True, steps=["resume"])
        unstated = OpportunityFactory(open=True, steps=None)

        assert "A quick application: CV." in client.get(address(stated)).text
        assert "application: " not in client.get(address(unstated)).text

    @pytest.mark.parametrize("is_blind", [True, False])
    def test_what_the_employer_sees_of_a_profile_is_said_before(self, client, candidate, is_blind):
        role = OpportunityFactory(open=True, blind_review=is_blind)

        text = client.get(address(role)).text

        assert "how your profile suits the role: the skills it asks for, your fields" in text
        withheld = "Your name, school, CV and link to your work follow only once you are"
        assert (withheld in text) is is_blind

    def test_the_name_is_asked_once(self, client, candidate):
        User.objects.filter(pk=candidate.pk).update(name="")

        client.post(address(OpportunityFactory(open=True)), {"name": "Ana Baker"})

        assert User.objects.get(pk=candidate.pk).name == "Ana Baker"
        assert 'value="Ana Baker"' in client.get(address(OpportunityFactory(open=True))).text

    def test_a_first_application_makes_the_profile(self, client):
        client.force_login(UserFactory())
        role = OpportunityFactory(open=True)

        response = client.post(address(role), {"name": "Ana Baker"})

        assert response.status_code == 302

    def test_what_is_missing_of_a_question_is_said_without_a_second_sign(self, client, candidate):
        role = OpportunityFactory(open=True)
        QuestionFactory(opportunity=role, position=0, text="Which chart would you draw?")

        text = client.post(address(role), {"name": ""}).text

        assert "Which chart would you draw? Please fill this in." in text
        assert "Your name: Please fill this in." in text

    def test_what_is_missing_is_said_and_what_was_typed_is_kept(self, client, candidate):
        role = OpportunityFactory(open=True, internship=True)

        response = client.post(address(role), {"name": "Ana Baker", "cover_letter": "Dear all"})

        assert response.status_code == 422
        assert "Your CV" in response.text
        assert "Dear all" in response.text
        assert not Application.objects.exists()

    def test_applying_asks_for_an_account_and_comes_back(self, client):
        role = OpportunityFactory(open=True)

        assert client.get(address(role)).url.endswith(f"next={address(role)}")

    def test_a_closed_role_says_so(self, client, candidate):
        role = OpportunityFactory(closed=True)

        assert "no longer takes applications" in client.get(address(role)).text


class TestTrack:
    def test_an_offer_is_accepted_from_its_page(self, client, candidate):
        member = MembershipFactory()
        role = OpportunityFactory(open=True, employer=member.employer)
        client.post(address(role), {"name": "Ana Baker"})
        sent = Application.objects.get()
        selecting.offer(
            application_id=sent.pk,
            actor=member.user,
            at=timezone.now(),
            lapses_at=timezone.now() + timedelta(days=3),
        )
        page = reverse("opportunities:application", args=[sent.public_id])
        offered = client.get(page).text
        assert "You have an offer" in offered
        [accept] = re.findall(
            r"<details(?:(?!</details>).)*/accept/.*?</details>", offered, re.DOTALL
        )
        assert "you can give the place back, but not accept it again" in accept
        listed = client.get("/applications/").text
        assert "Waiting for you" in listed
        track = re.findall(r"</span>(\w+) \d+ \w+</li>|<li>(\w+) \d+ \w+</li>", listed)
        assert ["".join(step) for step in track] == ["Submitted", "Offered"]

        client.post(reverse("opportunities:decide", args=[sent.public_id, "accept"]))

        sent.refresh_from_db()
        assert sent.status == "accepted"

    def test_whatever_waits_for_the_candidate_stands_on_top(self, client, candidate):
        of_theirs = {"profile": candidate.profile}
        talk = ApplicationFactory(interviewing=True, **of_theirs)
        InterviewSlotFactory(application=talk)
        agreed = ApplicationFactory(interviewing=True, **of_theirs)
        InterviewSlotFactory(application=agreed, chosen_at=timezone.now())
        InterviewSlotFactory(application=agreed, starts_at=timezone.now() + timedelta(days=4))
        over = ApplicationFactory(interviewing=True, **of_theirs)
        InterviewSlotFactory(application=over, starts_at=timezone.now() - timedelta(hours=1))
        work = ApplicationFactory(accepted=True, **of_theirs)
        CompletionFactory(application=work, employer_signed_at=timezone.now())
        own = ApplicationFactory(accepted=True, **of_theirs)
        CompletionFactory(application=own, candidate_signed_at=timezone.now())

        page = client.get("/applications/")

        assert {row.pk for row in page.context["waiting"]} == {talk.pk, work.pk}
        assert "choose a time to talk" in page.text
        assert "read what was done, and sign it" in page.text

    def test_once_a_time_is_agreed_the_others_are_gone(self, client, candidate):
        talk = ApplicationFactory(interviewing=True, profile=candidate.profile)
        for days in (-1, 2, 3):
            InterviewSlotFactory(
                application=talk, starts_at=timezone.now() + timedelta(days), minutes=20 + days
            )
        page = reverse("opportunities:application", args=[talk.public_id])
        assert [slot.minutes for slot in client.get(page).context["slots"]] == [22, 23]
        slot = talk.slots.get(minutes=23)

        client.post(reverse("opportunities:choose-slot", args=[talk.public_id, slot.pk]))

        text = client.get(page).text
        assert "23 min" in text
        assert "22 min" not in text
        assert ">Choose</button>" not in text

    def test_the_track_on_the_list_names_each_state_once(self, client, candidate):
        sent = ApplicationFactory(interviewing=True, profile=candidate.profile)
        for status in ("submitted", "interviewing", "interviewing"):
            ApplicationEventFactory(application=sent, status=status)

        track = re.findall(r"(?:</span>|<li>)(\w+) \d+ \w+</li>", client.get("/applications/").text)

        assert track == ["Submitted", "Interviewing"]

    def test_a_refusal_is_said_in_words(self, client, candidate):
        role = OpportunityFactory(open=True)
        client.post(address(role), {"name": "Ana Baker"})
        sent = Application.objects.get()

        response = client.post(
            reverse("opportunities:decide", args=[sent.public_id, "accept"]), follow=True
        )

        assert "Cannot accept" in response.text

    @pytest.mark.parametrize(
        ("state", "said"), [("interviewing", "Withdraw your application"), ("accepted", "Give the")]
    )
    def test_withdrawing_stands_last_folded_and_says_that_it_is_final(
        self, client, candidate, state, said
    ):
        sent = ApplicationFactory(profile=candidate.profile, **{state: True})
        page = client.get(reverse("opportunities:application", args=[sent.public_id])).text
        rest = page[page.index("</h2>", page.index('id="sent-h"')) :]

        fold = re.search(r"<details[^>]*><summary>([^<]+)</summary>(.*?)</details>", rest)

        assert fold
        assert said in fold[1]
        assert "you cannot take this back" in fold[2]
        assert page.count("/withdraw/") == fold[2].count("/withdraw/") == 1

    def test_somebody_elses_application_does_not_exist(self, client, candidate):
        role = OpportunityFactory(open=True)
        client.post(address(role), {"name": "Ana Baker"})
        page = reverse("opportunities:application", args=[Application.objects.get().public_id])
        client.force_login(CandidateProfileFactory().user)

        assert client.get(page).status_code == 404


class TestCheck:
    """An application is read once more before it is sent."""

    WORDS = "A plain bar chart.\nOne for each week, “quoted” & <b>bold</b>."

    def check(self, client, role, **given):
        QuestionFactory(opportunity=role, position=0, text="Which chart?")
        return client.post(
            address(role), {"name": "Ana Baker", "answer_0": self.WORDS, "check": "1"} | given
        )

    def test_shows_what_was_given_and_sends_nothing(self, client, candidate):
        response = self.check(client, OpportunityFactory(open=True))

        assert response.status_code == 200
        assert "Check your answers" in response.text
        assert "One for each week, “quoted” &amp; &lt;b&gt;bold&lt;/b&gt;." in response.text
        assert not Application.objects.exists()

    def test_what_is_missing_is_said_before(self, client, candidate):
        response = self.check(client, OpportunityFactory(open=True), answer_0="")

        assert response.status_code == 422
        assert "Error:" in response.text

    def test_a_change_brings_the_form_back_with_everything_in_it(self, client, candidate):
        role = OpportunityFactory(open=True)
        checked = carried(self.check(client, role))

        response = client.post(address(role), checked | {"change": "answer_0"})

        assert response.status_code == 200
        assert response.context["form"]["answer_0"].value().splitlines() == self.WORDS.splitlines()
        assert response.context["form"]["name"].value() == "Ana Baker"
        assert not response.context["form"].errors

    def test_what_is_sent_is_what_was_checked_and_counts_once(self, client, candidate):
        role = OpportunityFactory(open=True)
        checked = carried(self.check(client, role)) | {"send": "1"}

        responses = [client.post(address(role), checked) for _ in range(2)]

        sent = Application.objects.get()
        assert sent.answers.get().text == self.WORDS
        there = reverse("opportunities:application", args=[sent.public_id])
        assert [response.url for response in responses] == [there, there]

    def test_a_file_is_chosen_once(self, client):
        client.force_login(UserFactory())  # who has no profile yet
        role = OpportunityFactory(open=True, internship=True)
        letter = {"name": "Ana Baker", "cover_letter": "Dear all, here is my letter.", "check": "1"}

        checked = client.post(address(role), letter | {"upload": upload()})
        assert "cv.pdf" in checked.text
        client.post(address(role), carried(checked) | {"send": "1"})

        assert Application.objects.get().resume.name == "cv.pdf"

    @pytest.mark.parametrize("button", ["check", "send"])
    def test_a_file_that_cannot_be_read_makes_no_profile(self, client, button):
        client.force_login(UserFactory())
        role = OpportunityFactory(open=True, internship=True)
        letter = {"name": "Ana Baker", "cover_letter": "Dear all, here is my letter.", button: "1"}

        refused = client.post(address(role), letter | {"upload": upload(b"not a PDF")})

        assert refused.status_code == 422
        assert "This is not a PDF." in refused.text
        assert not CandidateProfile.objects.exists()

    @pytest.mark.parametrize("kept", [0, 1])
    def test_what_is_wrong_with_a_file_stands_at_its_box(self, client, candidate, kept):
        ResumeFactory.create_batch(kept, profile=candidate.profile)
        role = OpportunityFactory(open=True, internship=True)
        letter = {"name": "Ana Baker", "cover_letter": "Dear all, here is my letter.", "check": "1"}

        unread = client.post(address(role), letter | {"upload": upload(b"not a PDF")})
        unwritten = client.post(address(role), letter | {"cover_letter": "", "upload": upload()})

        assert list(unread.context["form"].errors) == ["upload"]
        assert unwritten.context["form"].errors["upload"] == [
            "Choose your CV again: a browser does not keep the file."
        ]

    def test_pressed_twice_at_once_by_a_newcomer_it_is_checked_all_the_same(
        self, client, monkeypatch
    ):
        client.force_login(UserFactory())
        role = OpportunityFactory(open=True, internship=True)
        create = profiles.create

        def second(**given):
            create(**given)
            return create(**given)

        monkeypatch.setattr(profiles, "create", second)
        letter = {"name": "Ana Baker", "cover_letter": "Dear all, here is my letter.", "check": "1"}

        response = client.post(address(role), letter | {"upload": upload()})

        assert response.status_code == 200
        assert "cv.pdf" in response.text

    def test_the_browser_may_forget_its_draft_only_once_it_is_sent(self, client, candidate):
        role = OpportunityFactory(open=True)

        checked = self.check(client, role, draft="abcdefgh1234")
        sent = client.post(address(role), carried(checked) | {"send": "1"})

        assert "sent" not in checked.cookies
        assert sent.cookies["sent"].value == "abcdefgh1234"

    def test_a_role_that_closed_meanwhile_gives_the_words_back(self, client, candidate):
        role = OpportunityFactory(open=True)
        checked = carried(self.check(client, role))
        role.apply_by = timezone.now().date() - timedelta(days=2)
        role.save()

        response = client.post(address(role), checked | {"send": "1"})

        assert response.status_code == 409
        assert "A plain bar chart." in response.text
        assert not Application.objects.exists()


def carried(response):
    """Return what the page of a check carries on in its hidden fields."""
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', response.text)
    return {name: html.unescape(value) for name, value in fields}


def upload(content=PLAIN):
    return SimpleUploadedFile("cv.pdf", content, content_type="application/pdf")


class TestInvitations:
    @pytest.fixture
    def page(self):
        def get(client, invitation):
            role = invitation.opportunity
            return client.get(f"/opportunities/{role.slug}-{role.public_id}/").text

        return get

    def test_the_page_of_the_role_says_who_invites_and_takes_both_answers(
        self, client, candidate, page
    ):
        invitation = RoleInvitationFactory.build(message="Your <maps> convinced us.")
        role = OpportunityFactory(open=True)
        invitation.opportunity = role
        assert "invites you to apply" not in page(client, invitation)

        invitation = RoleInvitationFactory(
            opportunity=role, profile=candidate.profile, message="Your <maps> convinced us."
        )

        shown = page(client, invitation)
        assert f"<bdi>{html.escape(role.employer.name)}</bdi> invites you to apply" in shown
        assert "Your &lt;maps&gt; convinced us." in shown
        invited = shown.partition("invited-h")[2].partition("</section>")[0]
        decline = reverse("opportunities:decline-invitation", args=[invitation.pk])
        assert f'href="{address(role)}"' in invited
        assert f'action="{decline}"' in invited
        assert "invites you" not in page(type(client)(), invitation)

        client.post(decline)

        assert "invites you" not in page(client, invitation)

    def test_it_is_of_this_role_and_person_until_they_have_applied(self, client, candidate, page):
        of_another = RoleInvitationFactory()
        own = RoleInvitationFactory(profile=candidate.profile)
        assert "invites you" not in page(client, of_another)
        assert "invites you" in page(client, own)

        ApplicationFactory(profile=candidate.profile, opportunity=own.opportunity)

        assert "invites you" not in page(client, own)
