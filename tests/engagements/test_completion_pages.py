"""The record of completed work through the pages: either side begins, the other one signs."""

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opportunities.core.lifecycle import ApplicationStatus
from opportunities.engagements import credentials
from opportunities.engagements.models import Completion
from tests.factories import (
    ApplicationFactory,
    CompletionFactory,
    CompletionSkillFactory,
    MembershipFactory,
    OpportunitySkillFactory,
    ReviewFactory,
)

pytestmark = pytest.mark.django_db

NAMES = {
    "candidate": {"page": "application", "work": "write-work", "review": "review", "sign": "sign"},
    "employer": {
        "page": "employer-application", "work": "applicant-work", "review": "applicant-review",
        "sign": "applicant-sign", "revoke": "revoke-credential",
    },
}  # fmt: skip


class Side:
    """One side of an application, at its pages."""

    def __init__(self, side, user, application):
        self.side, self.application = side, application
        self.client = Client()
        self.client.force_login(user)

    def address(self, page):
        return reverse(f"opportunities:{NAMES[self.side][page]}", args=[self.application.public_id])

    def page(self):
        return self.client.get(self.address("page"))

    def send(self, page, **given):
        return self.client.post(self.address(page), given, follow=True)


@pytest.fixture
def sides():
    return sides_of(ApplicationFactory(accepted=True))


def sides_of(application):
    """Return both sides of an application, by name."""
    member = MembershipFactory(employer=application.opportunity.employer).user
    people = {"candidate": application.profile.user, "employer": member}
    return {name: Side(name, user, application) for name, user in people.items()}


def test_what_waits_for_the_first_day_is_offered_from_that_day_on():
    application = ApplicationFactory(
        accepted=True, opportunity__start_earliest=date(2099, 1, 8), opportunity__start_latest=None
    )
    role, sides = application.opportunity, sides_of(application)

    for side in sides.values():
        shown = side.page()
        assert "The work begins on 8 January 2099 at the earliest." in shown.text
        assert shown.context["work_form"] is None
        assert "Put on record" not in shown.text

    for start in (None, role.today(at=timezone.now())):
        role.start_earliest = start
        role.save()
        for name, side in sides.items():
            shown = side.page()
            assert "at the earliest" not in shown.text
            assert shown_in(shown)["ended_on"] == timezone.localdate()
            assert ("Put on record" in shown.text) == (name == "employer")


class TestRevoking:
    @pytest.fixture
    def signed(self):
        done = CompletionFactory(signed=True, application__name="Ana Baker")
        return done, sides_of(done.application)

    def test_says_what_it_means_asks_why_and_tells_the_candidate(self, signed):
        done, sides = signed
        page = sides["employer"].page().text
        there = reverse("opportunities:revoke-credential", args=[done.application.public_id])
        assert f'href="{there}"' in page
        assert there not in sides["candidate"].page().text

        asked = sides["employer"].client.get(there).text
        for said in ("Ana Baker", "It cannot be undone.", "They are not told why."):
            assert said in asked
        refused = sides["employer"].send("revoke", reason=" ")
        assert refused.status_code == 422
        done.refresh_from_db()
        assert done.revoked_at is None

        sides["employer"].send("revoke", reason="Somebody else did <it>.")

        done.refresh_from_db()
        assert done.revoked_because == "Somebody else did <it>."
        for side in sides.values():
            assert "Somebody else did &lt;it&gt;." in side.page().text
            assert there not in side.page().text
        assert "Tell a moderator if that is wrong" in sides["candidate"].page().text
        notice = done.application.profile.user.notices.get(kind="credential_revoked")
        assert "Somebody else did <it>." in notice.body

    def test_whoever_checks_it_is_told_that_and_not_why(self, signed, client):
        done, sides = signed
        token = credentials.issue(done)
        sides["employer"].send("revoke", reason="Somebody else did it.")

        checked = client.post("/credentials/verify/", {"jwt": token}).text

        assert "<b>Revoked.</b>" in checked
        assert "Somebody else did it." not in checked
        shown = sides["candidate"].client.get(f"/credentials/{done.public_id}/").text
        assert "Revoked on" in shown
        assert "Somebody else did it." not in shown

    def test_is_asked_once_and_only_of_signed_work(self, signed):
        _, sides = signed
        sides["employer"].send("revoke", reason="Not done.")
        again = sides["employer"].client.get(sides["employer"].address("revoke"))
        assert again.url == sides["employer"].address("page")

        begun = CompletionFactory(application=ApplicationFactory(accepted=True))
        employer = sides_of(begun.application)["employer"]
        assert employer.client.get(employer.address("revoke")).status_code == 404


@pytest.mark.parametrize(("hours", "proposes"), [(24, True), (40, False)])
def test_no_days_are_proposed_between_which_the_agreed_hours_do_not_fit(hours, proposes):
    application = ApplicationFactory(
        accepted=True, opportunity__hours_total=hours, opportunity__start_earliest=None
    )
    side = sides_of(application)["candidate"]

    proposed = {name: value for name, value in shown_in(side.page()).items() if value is not None}
    today = str(timezone.localdate())

    assert ("started_on" in proposed, "ended_on" in proposed) == (proposes, proposes)
    days = {} if proposes else {"started_on": today, "ended_on": today, "hours": 24}
    side.send("work", **proposed | {"summary": "Four clear pages."} | days)
    assert Completion.objects.filter(application=application).exists()


def typed(**given):
    days = {"started_on": "2026-11-02", "ended_on": "2026-11-13"}
    return {"hours": "21.5", "summary": "Four clear pages.", **days, **given}


def shown_in(response):
    """Return what the fields of the work hold, by name."""
    form = response.context["work_form"]
    return {field.name: field.value() for field in form}


OTHER = {"candidate": "employer", "employer": "candidate"}


@pytest.mark.parametrize("first", ["candidate", "employer"])
class TestBothStarts:
    def test_one_writes_it_down_the_other_signs_and_both_tell_how_it_went(self, sides, first):
        application = sides[first].application
        used = OpportunitySkillFactory(opportunity=application.opportunity)
        begins, ends = sides[first], sides[OTHER[first]]
        assert "Write down what was done" in begins.page().text

        written = begins.send(
            "work",
            **typed(paid="420", title_0="The report", url_0="https://example.org/report"),
            **{f"level_{used.skill_id}": "3"},
        )
        assert "Sign: this is what was done" not in written.text
        read = ends.page().text
        for said in ("Four clear pages.", "The report", "£420", f"{used.skill.name}: sure"):
            assert said in read
        ends.send("sign")

        application.refresh_from_db()
        done = application.completion
        assert (application.status, done.is_signed) == (ApplicationStatus.COMPLETED, True)
        assert (done.hours, done.paid_minor, done.paid_currency) == (21.5, 42_000, "GBP")
        begins.send("review", stars="5", text="Clear from the first day.")
        assert "Clear from the first day." not in ends.page().text
        assert "Clear from the first day." in ends.send("review", stars="4", text="").text

    def test_the_other_corrects_what_was_written_and_loses_none_of_it(self, sides, first):
        begins, corrects = sides[first], sides[OTHER[first]]
        used = OpportunitySkillFactory(opportunity=begins.application.opportunity)
        results = {f"title_{row}": f"Result number {row}" for row in range(5)}
        begins.send("work", **typed(paid="420", converted="on"), **results)

        held = shown_in(corrects.page())
        assert held["title_4"] == "Result number 4"
        kept = {name: value for name, value in held.items() if value not in {None, "", False}}
        corrects.send("work", **kept | {"hours": "18", f"level_{used.skill_id}": "2"})

        [done] = Completion.objects.all()
        assert (done.hours, done.paid_minor, done.converted) == (18, 42_000, True)
        assert [result["title"] for result in done.deliverables] == list(results.values())
        assert done.skills.get().level == 2
        mine, others = done.candidate_signed_at, done.employer_signed_at
        assert (mine is None, others is None) == (first == "candidate", first == "employer")
        assert "Sign: this is what was done" in begins.page().text

    def test_what_was_written_anew_since_the_page_came_is_not_signed(self, sides, first):
        begins, ends = sides[first], sides[OTHER[first]]
        begins.send("work", **typed())
        [read] = re.findall(r'name="read_of" value="([^"]+)"', ends.page().text)
        begins.send("work", **typed(hours="200"))

        text = ends.send("sign", read_of=read).text

        assert "It has been rewritten meanwhile." in text
        assert not Completion.objects.get().is_signed

    def test_what_does_not_pass_is_said_at_its_field_and_nothing_typed_is_lost(self, sides, first):
        response = sides[first].send(
            "work",
            **typed(hours="0.1", title_0="The report", url_1="http://example.org/no-title"),
        )

        form = response.context["work_form"]
        assert response.status_code == 422
        assert set(form.errors) == {"hours", "title_1", "url_1"}
        assert "Hours lie between" in form.errors["hours"][0]
        assert "begins with https" in form.errors["url_1"][0]
        assert shown_in(response)["summary"] == "Four clear pages."
        assert "<title>Error: " in response.text
        assert not Completion.objects.exists()

    def test_an_amount_finer_than_its_currency_is_said_at_its_field(self, sides, first):
        response = sides[first].send("work", **typed(paid="1.234"))

        assert set(response.context["work_form"].errors) == {"paid"}

    def test_feedback_without_stars_is_asked_again(self, sides, first):
        application = sides[first].application
        CompletionFactory(application=application, signed=True)

        response = sides[first].send("review", text="It went well.")

        assert response.status_code == 422
        assert set(response.context["review_form"].errors) == {"stars"}
        assert "It went well." in response.text


@pytest.mark.parametrize("side", ["candidate", "employer"])
class TestRefusals:
    @pytest.mark.parametrize("status", ["submitted", "offered", "completed", "withdrawn"])
    def test_work_is_written_down_only_where_the_place_is_taken(self, side, status):
        traits = {} if status == "submitted" else {status: True}
        here = sides_of(ApplicationFactory(**traits))[side]
        assert "Write down what was done" not in here.page().text

        response = here.send("work", **typed())

        assert "Cannot complete this application" in response.text
        assert not Completion.objects.exists()

    def test_nothing_written_is_nothing_to_sign(self, sides, side):
        assert "Nothing has been written down yet." in sides[side].send("sign").text

    def test_feedback_is_given_once_and_needs_signed_work(self, sides, side):
        here = sides[side]
        assert here.send("review", stars="5").status_code == 404
        done = CompletionFactory(application=here.application)
        assert "when both sides have signed" in here.send("review", stars="5").text
        done.candidate_signed_at = done.employer_signed_at = done.proposed_at
        done.save()
        ReviewFactory(completion=done, by_employer=side == "employer")

        assert "You have given your feedback." in here.send("review", stars="1").text
        assert done.reviews.get().stars == 4

    def test_somebody_elses_work_does_not_exist(self, sides, side):
        stranger = sides_of(ApplicationFactory(accepted=True))[side]
        stranger.application = sides[side].application

        for page in ("work", "review", "sign"):
            assert stranger.send(page, **typed(stars="5")).status_code == 404


@pytest.mark.parametrize("side", ["candidate", "employer"])
def test_every_field_of_the_work_has_a_label_and_an_id_of_its_own(sides, side):
    here = sides[side]
    CompletionSkillFactory(completion=CompletionFactory(application=here.application))
    OpportunitySkillFactory(opportunity=here.application.opportunity)

    text = here.page().text

    ids = re.findall(r'\sid="([^"]+)"', text)
    assert sorted(set(ids)) == sorted(ids)
    for name, field in here.page().context["work_form"].fields.items():
        assert f'for="work_{name}"' in text, field.label


class TestWhereTheWorkIs:
    @pytest.fixture
    def page(self, client):
        completion = CompletionFactory(signed=True, is_public=True)
        client.force_login(completion.application.profile.user)

        def read(**changed):
            for name, value in changed.items():
                setattr(completion, name, value)
            completion.save()
            there = f"/applications/{completion.application.public_id}/"
            return completion, client.get(there).text

        return read

    def test_its_days_its_credential_and_the_checker_are_there(self, page):
        completion, text = page(started_on=date(2026, 11, 2), ended_on=date(2026, 11, 13))

        assert "2 Nov 2026 \u2013 13 Nov 2026" in text
        assert f'href="/credentials/{completion.public_id}/"' in text
        assert 'href="/credentials/verify/"' in text

    @pytest.mark.parametrize(
        ("candidate", "said"), [(20, "on 20 November 2026."), (21, "on 20 November 2026 and 21")]
    )
    def test_its_credential_names_a_day_on_which_both_signed_once(
        self, client, page, candidate, said
    ):
        completion, _ = page(
            employer_signed_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
            candidate_signed_at=datetime(2026, 11, candidate, 9, tzinfo=UTC),
        )

        text = client.get(f"/credentials/{completion.public_id}/").text

        assert f"Signed by both sides {said}" in text

    def test_the_credential_of_a_days_work_names_the_day_once(self, client, page):
        completion, _ = page(started_on=date(2026, 11, 13), ended_on=date(2026, 11, 13))

        text = client.get(f"/credentials/{completion.public_id}/").text

        assert "20 hours on 13 November 2026." in text

    def test_a_credential_names_its_holder_to_themselves_alone_and_says_why(self, page, client):
        completion, _ = page()
        completion.application.name = "Ana Baker"
        completion.application.save()
        there = f"/credentials/{completion.public_id}/"

        own, others = client.get(there).text, type(client)().get(there).text

        assert "This is your work, <b>Ana Baker</b>: only you see your name here." in own
        assert "Ana Baker" not in others
        assert "to protect their privacy" in others
        assert "fingerprint of their email address" in own
        assert "fingerprint of their email address" in others

    def test_the_public_page_is_linked_or_it_says_where_to_switch_it_on(self, page):
        completion, text = page()
        profile = completion.application.profile
        there = f'href="/people/{profile.public_id}/"'
        assert there not in text
        assert "Your public page is not shown to anybody yet" in text

        profile.portfolio_is_public = True
        profile.save()

        assert there in page()[1]

    def test_what_was_revoked_is_shown_nowhere(self, page):
        _, text = page(revoked_at=datetime(2026, 11, 20, tzinfo=UTC))

        assert "It was revoked on 20 November 2026 and no longer stands." in text
        assert "portfolio" not in text.partition("no longer stands")[2].partition("</section>")[0]
