"""What becomes of an introduction: page, badge, notice, email; and what stops it."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.core import mail
from django.utils import translation

from matching import limits
from matching.introductions import preferences, retention, telling
from matching.models import Dismissal, Introduction, IntroductionRhythm
from matching.recommending import introduced
from opportunities.accounts import languages as accounts
from opportunities.accounts.time_zones import choose as choose_zone
from opportunities.candidates.models import BlockedEmployer
from opportunities.core.errors import Invalid
from opportunities.core.lifecycle import RoleStatus
from opportunities.core.retention import REASONS_DAYS
from opportunities.messaging import delivery, notices
from opportunities.messaging.models import Delivery, Notice, NoticePreference, NoticeRhythm
from opportunities.roles.models import Opportunity
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    NoticePreferenceFactory,
    OpportunityFactory,
)
from tests.matching.markets import market_at

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
"""A Wednesday."""
MORNING = datetime(2026, 11, 26, 7, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 7, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_ten():
    with market_at(NOW):
        yield


def candidate(**facts):
    return CandidateProfileFactory(at=NOW, **facts)


def introduce(profile, *, at=NOW, **role):
    role = OpportunityFactory(open=True, at=at, **role)
    return Introduction.objects.create(candidate=profile, role=role, score=1, at=at)


def told(at):
    """Explain and tell what is due, and send what is to be sent."""
    telling.explain_new(at=at)
    telling.tell_due(at=at)
    delivery.deliver(at=at)
    return list(mail.outbox)


def said_in(language, at=NOW):
    """Return the reasons of the only introduction as they are told in a language."""
    row = Introduction.objects.get()
    with translation.override(language):
        [match] = introduced.shown_of(row.candidate, [row], at=at)
        return [reason.sentence for reason in match.reasons]


def choose(profile, rhythm, at_once_from=None):
    preferences.choose(profile=profile, rhythm=rhythm, at_once_from=at_once_from, at=NOW)


class TestExplaining:
    def test_writes_the_number_and_the_true_reasons(self):
        profile = candidate()
        row = introduce(profile, hours_per_week=10)

        assert telling.explain_new(at=NOW) == 1
        assert telling.explain_new(at=NOW) == 0

        row.refresh_from_db()
        (shown,) = introduced.shown_of(profile, [row], at=NOW)
        assert row.score == shown.number > 1
        assert row.reasons == [reason.sentence for reason in shown.reasons] != []
        assert row.explained_at == NOW

    def test_counts_what_waits_on_the_account(self):
        profile = candidate()
        introduce(profile)
        introduce(profile)

        telling.explain_new(at=NOW)

        profile.user.refresh_from_db()
        assert profile.user.news == 2


class TestLanguage:
    """Reasons are those of the moment, in the language of whoever reads them."""

    @pytest.fixture
    def profile(self):
        profile = candidate(user__language="de")
        introduce(profile, hours_per_week=10)
        telling.explain_new(at=NOW)
        return profile

    def test_a_page_says_them_in_the_language_of_now(self, client, profile):
        client.force_login(profile.user)
        german, english = said_in("de"), said_in("en-gb")
        assert len(german) == len(english) > 1
        assert not set(german) & set(english)

        for language, told, untold in (("de", german, english), ("en-gb", english, german)):
            accounts.choose(person=profile.user, language=language)
            page = unescape(client.get("/matches/new/").text)
            assert all(reason in page for reason in told)
            assert not any(reason in page for reason in untold)

    def test_a_program_reads_english(self, client, profile):
        client.force_login(profile.user)

        answer = client.get("/api/v1/introductions", headers={"Accept-Language": "de"})

        assert answer.json()["data"][0]["reasons"] == said_in("en-gb")

    def test_a_row_of_an_earlier_version_is_shown_as_it_was_written(self, client, profile):
        client.force_login(profile.user)
        Introduction.objects.update(reasons=["So stand es hier."], translations={})

        page = client.get("/matches/new/", headers={"Accept-Language": "en"}).text

        assert "So stand es hier." in page

    def test_none_is_left_once_they_are_old(self, profile):
        assert retention.empty_reasons(NOW + timedelta(days=REASONS_DAYS + 1)) == 1

        row = Introduction.objects.get()
        assert (row.reasons, row.translations) == ([], {})


class TestRhythm:
    @pytest.mark.parametrize(
        ("rhythm", "due"),
        [
            (None, MORNING),
            (IntroductionRhythm.DAILY, MORNING),
            (IntroductionRhythm.WEEKLY, MONDAY),
            (IntroductionRhythm.NEVER, None),
        ],
    )
    def test_says_when_a_match_is_told(self, rhythm, due):
        profile = candidate()
        if rhythm:
            choose(profile, rhythm)
        row = introduce(profile)

        telling.explain_new(at=NOW)

        row.refresh_from_db()
        assert row.due_at == due

    def test_at_once_tells_from_the_score_on_and_the_rest_in_the_morning(self):
        profile = candidate()
        row = introduce(profile)
        telling.explain_new(at=NOW)
        row.refresh_from_db()

        choose(profile, IntroductionRhythm.AT_ONCE, row.score)
        row.refresh_from_db()
        assert row.due_at == NOW
        choose(profile, IntroductionRhythm.AT_ONCE, row.score + 1)
        row.refresh_from_db()
        assert row.due_at == MORNING

    def test_mornings_are_those_of_the_persons_own_time_zone(self):
        profile = candidate()
        choose_zone(person=profile.user, time_zone="America/New_York")
        row = introduce(profile)

        telling.explain_new(at=NOW)

        row.refresh_from_db()
        assert row.due_at == datetime(2026, 11, 25, 12, tzinfo=UTC)

    @pytest.mark.parametrize("score", ["-1", "101", "many", "1e1"])
    def test_refuses_a_score_that_is_none(self, score):
        with pytest.raises(Invalid) as refused:
            choose(candidate(), IntroductionRhythm.AT_ONCE, score)

        assert [fault.field for fault in refused.value.faults] == ["at_once_from"]


class TestTelling:
    def test_one_notice_and_one_mail_tell_of_all_that_is_due_once(self):
        profile = candidate()
        rows = [introduce(profile), introduce(profile)]

        assert told(NOW) == []
        (message,) = told(MORNING)
        assert len(told(MORNING)) == 1
        assert len(told(MORNING + timedelta(days=1))) == 1

        assert message.to == [profile.user.email]
        assert message.subject == "Foothold: 2 new matches for you"
        for row in rows:
            row.refresh_from_db()
            assert row.role.title in message.body
            assert f"/matches/new/{row.role.public_id}/" in message.body
            assert any(reason in message.body for reason in row.reasons)
            assert row.told_at == MORNING
            assert row.due_at is None
        notice = Notice.objects.get(recipient=profile.user)
        assert {row.notice_id for row in rows} == {notice.pk}
        assert notice.url == "/matches/new/"

    def test_who_erased_their_profile_meanwhile_is_told_nothing(self):
        profile = candidate()
        introduce(profile)
        assert told(NOW) == []
        type(profile).objects.filter(pk=profile.pk).update(erased_at=NOW)

        assert told(MORNING) == []
        assert not Introduction.objects.filter(due_at__isnull=False).exists()

    def test_who_said_never_gets_neither_notice_nor_mail(self):
        profile = candidate()
        choose(profile, IntroductionRhythm.NEVER)
        introduce(profile)

        assert told(MONDAY) == []
        assert not Notice.objects.exists()

    def test_who_wants_only_decisions_gets_the_notice_alone(self):
        profile = candidate()
        notices.choose_rhythm(reader=profile.user, rhythm=NoticeRhythm.OFF)
        introduce(profile)

        telling.explain_new(at=NOW)
        assert told(MORNING) == []
        assert Notice.objects.filter(recipient=profile.user).exists()

    def test_a_guest_has_no_address(self):
        row = introduce(candidate(anonymous=True))

        assert told(MORNING) == []
        row.refresh_from_db()
        assert row.explained_at == NOW + (MORNING - NOW)
        assert row.due_at is None

    @pytest.mark.parametrize("moment", ["before the notice", "before the email"])
    @pytest.mark.parametrize(
        "passed", ["closed", "hidden", "seen", "opened", "dismissed", "applied", "blocked"]
    )
    def test_leaves_out_what_has_passed_by_then(self, passed, moment):
        profile = candidate()
        stays, goes = introduce(profile), introduce(profile, title="A role that goes")
        telling.explain_new(at=NOW)
        if moment == "before the email":
            telling.tell_due(at=MORNING)

        role = Opportunity.objects.filter(pk=goes.role_id)
        match passed:
            case "closed":
                role.update(status=RoleStatus.CLOSED, closed_at=NOW)
            case "hidden":
                role.update(hidden_at=NOW)
            case "seen":
                Introduction.objects.filter(pk=goes.pk).update(seen_at=NOW)
            case "opened":
                introduced.open_new(profile_id=profile.pk, role_id=goes.role_id, at=NOW)
            case "dismissed":
                Dismissal.objects.create(
                    profile=profile, opportunity=goes.role, reason="pay", at=NOW
                )
            case "applied":
                ApplicationFactory(opportunity=goes.role, profile=profile)
            case "blocked":
                BlockedEmployer.objects.create(
                    profile=profile, employer=goes.role.employer, blocked_at=NOW
                )
        (message,) = told(MORNING)

        assert stays.role.title in message.body
        assert "A role that goes" not in message.body
        assert "A role that goes" not in message.alternatives[0].content
        assert "A role that goes" not in Notice.objects.get().body

    def test_nothing_is_sent_where_all_has_passed(self):
        profile = candidate()
        row = introduce(profile)
        telling.explain_new(at=NOW)
        telling.tell_due(at=MORNING)
        Opportunity.objects.filter(pk=row.role_id).update(status=RoleStatus.CLOSED, closed_at=NOW)

        assert told(MORNING) == []
        assert not Notice.objects.exists()
        assert not Delivery.objects.exists()

    def test_is_told_again_by_nobody_whose_worker_was_killed(self, monkeypatch):
        introduce(candidate())
        telling.explain_new(at=NOW)

        def killed(**_):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(telling, "notify", killed)
            with pytest.raises(KeyboardInterrupt):
                telling.tell_due(at=MORNING)
        assert not Notice.objects.exists()

        assert len(told(MORNING)) == 1
        assert len(told(MORNING)) == 1


class TestQuietHours:
    def test_hold_the_mail_back_and_not_the_notice(self):
        profile = candidate()
        choose_zone(person=profile.user, time_zone="Asia/Tokyo")
        NoticePreferenceFactory(user=profile.user, quiet_from=18, quiet_until=8)
        choose(profile, IntroductionRhythm.AT_ONCE, 0)
        introduce(profile)

        assert told(NOW) == []
        assert Notice.objects.filter(recipient=profile.user).exists()
        assert told(datetime(2026, 11, 25, 22, 59, tzinfo=UTC)) == []
        assert len(told(datetime(2026, 11, 25, 23, 0, tzinfo=UTC))) == 1


class TestStopping:
    def test_one_click_stops_this_mail_and_no_other(self, client):
        profile = candidate()
        introduce(profile)
        introduce(profile)
        telling.explain_new(at=NOW)
        (message,) = told(MORNING)
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = message.extra_headers["List-Unsubscribe"].strip("<>")
        path = address.removeprefix("https://testserver")
        assert path in message.body

        assert "email about new matches" in client.get(path).text
        client.post(path, {"List-Unsubscribe": "One-Click"})

        assert preferences.is_stopped(profile.user)
        assert not NoticePreference.objects.filter(rhythm=NoticeRhythm.OFF).exists()
        introduce(profile)
        assert len(told(MONDAY)) == 1

    def test_what_was_written_and_not_sent_is_not_sent(self):
        profile = candidate()
        introduce(profile)
        telling.explain_new(at=NOW)
        telling.tell_due(at=MORNING)

        preferences.stop(profile.user)

        assert told(MORNING) == []


class TestPage:
    def test_shows_what_is_new_with_its_reasons_and_counts_it_down(self, client):
        profile = candidate()
        client.force_login(profile.user)
        row = introduce(profile, hours_per_week=10)
        telling.explain_new(at=NOW)
        assert "1 new" in client.get("/opportunities/").text

        page = client.get("/matches/").text

        assert "New for you" in page
        new = page.split('aria-labelledby="new-h"')[1].split("</section>")[0]
        assert row.role.title in new
        row.refresh_from_db()
        assert any(reason.split(".")[0] in new for reason in row.reasons)
        assert row.seen_at == NOW
        assert "1 new" not in page
        assert "1 new" not in client.get("/opportunities/").text
        assert "New for you" in client.get("/matches/").text

    def test_a_match_that_was_introduced_meanwhile_stands_there_at_once(self, client):
        profile = candidate()
        client.force_login(profile.user)
        OpportunityFactory(open=True, at=NOW)
        assert "New for you" not in client.get("/matches/").text
        assert "New for you" not in client.get("/matches/").text

        introduce(profile)

        assert "New for you" in client.get("/matches/").text

    def test_what_was_not_seen_yet_comes_first(self, client):
        profile = candidate()
        client.force_login(profile.user)
        for _ in range(limits.NAMED_AT_ONCE):
            introduce(profile)
        Introduction.objects.update(score=90)
        telling.explain_new(at=NOW)
        client.get("/matches/")
        late = introduce(profile)
        telling.explain_new(at=NOW)

        new = (
            client.get("/matches/").text.split('aria-labelledby="new-h"')[1].split("</section>")[0]
        )

        assert late.role.title in new
        profile.user.refresh_from_db()
        assert profile.user.news == 0

    def test_the_mark_goes_when_what_it_counted_has_closed(self, client):
        profile = candidate()
        client.force_login(profile.user)
        row = introduce(profile)
        telling.explain_new(at=NOW)
        Opportunity.objects.filter(pk=row.role_id).update(status=RoleStatus.CLOSED, closed_at=NOW)

        client.get("/matches/")

        assert "1 new" not in client.get("/opportunities/").text

    def test_a_match_leaves_a_day_after_it_was_seen(self, client):
        profile = candidate()
        client.force_login(profile.user)
        introduce(profile)
        client.get("/matches/")

        with time_machine.travel(NOW + timedelta(hours=25), tick=False):
            assert "New for you" not in client.get("/matches/").text

    def test_a_match_that_is_opened_leaves_and_leads_to_its_role(self, client):
        profile = candidate()
        client.force_login(profile.user)
        row = introduce(profile)

        answer = client.get(f"/matches/new/{row.role.public_id}/")

        assert answer.url == f"/opportunities/{row.role.slug}-{row.role.public_id}/"
        row.refresh_from_db()
        assert row.opened_at == NOW
        assert "New for you" not in client.get("/matches/").text

    def test_lists_all_and_keeps_the_rhythm(self, client):
        profile = candidate()
        client.force_login(profile.user)
        row = introduce(profile)
        telling.explain_new(at=NOW)

        assert row.role.title in client.get("/matches/new/").text
        client.post("/matches/new/rhythm/", {"rhythm": "weekly", "at_once_from": "70"})

        kept = profile.introduction_preference
        assert (kept.rhythm, kept.at_once_from) == ("weekly", 70)
        told_off = client.post(
            "/matches/new/rhythm/", {"rhythm": "hourly", "at_once_from": "70"}, follow=True
        )
        assert "rhythm is one of" in told_off.text

    def test_asks_whoever_comes_from_a_mail_to_sign_in(self, client):
        assert client.get("/matches/new/").url == "/accounts/login/?next=/matches/new/"


class TestGuest:
    def test_finds_on_the_page_what_opened_since(self, client):
        OpportunityFactory(open=True, at=NOW - timedelta(days=2), title="Older than the guest")
        for step in ("aim", "time", "start-date", "place", "pay", "field"):
            client.post(f"/start/{step}/", {"skip": "1"})
        assert client.post("/keep/", {"action": "make"}).status_code == 200
        client.get("/matches/")
        assert not Introduction.objects.exists()

        with time_machine.travel(NOW + timedelta(hours=1), tick=False):
            OpportunityFactory(open=True, at=NOW + timedelta(minutes=30), title="Opened since")
            page = client.get("/matches/").text
            assert "New for you" in page
            new = page.split('aria-labelledby="new-h"')[1].split("</section>")[0]
            assert "Opened since" in new
            assert "Older than the guest" not in new
            telling.explain_new(at=NOW + timedelta(hours=1))
        assert Introduction.objects.count() == 1
        assert told(MONDAY) == []

    def test_a_guests_reasons_are_in_the_language_of_their_browser(self, client):
        for step in ("aim", "time", "start-date", "place", "pay", "field"):
            client.post(f"/start/{step}/", {"skip": "1"})
        client.post("/keep/", {"action": "make"})
        client.get("/matches/")
        german = {"Accept-Language": "de"}

        with time_machine.travel(NOW + timedelta(hours=1), tick=False):
            OpportunityFactory(open=True, at=NOW + timedelta(minutes=30), title="Opened since")
            client.get("/matches/", headers=german)
            page = unescape(client.get("/matches/new/", headers=german).text)
            reasons = said_in("de", at=NOW + timedelta(hours=1))

        assert reasons
        assert all(reason in page for reason in reasons)


class TestApi:
    def test_lists_what_was_introduced_to_the_reader_alone(self, client):
        profile = candidate()
        client.force_login(profile.user)
        row = introduce(profile)
        introduce(candidate())
        telling.explain_new(at=NOW)
        row.refresh_from_db()

        (found,) = client.get("/api/v1/introductions").json()["data"]

        assert found["opportunity"]["id"] == row.role.public_id
        assert found["match"] == row.score
        assert found["reasons"] == row.reasons

    def test_is_paged(self, client):
        profile = candidate()
        client.force_login(profile.user)
        rows = [introduce(profile) for _ in range(3)]

        first = client.get("/api/v1/introductions?limit=2").json()
        rest = client.get(first["page"]["next"]).json()

        ids = [one["opportunity"]["id"] for one in first["data"] + rest["data"]]
        assert ids == [row.role.public_id for row in reversed(rows)]

    def test_keeps_the_rhythm(self, client):
        profile = candidate()
        client.force_login(profile.user)
        answer = client.put(
            "/api/v1/introductions/rhythm",
            {"rhythm": "at_once", "at_once_from": 75},
            content_type="application/json",
        )

        assert answer.json() == {"rhythm": "at_once", "at_once_from": 75}
        assert client.get("/api/v1/introductions/rhythm").json() == answer.json()
        bad = client.put(
            "/api/v1/introductions/rhythm",
            {"rhythm": "at_once", "at_once_from": 175},
            content_type="application/json",
        )
        assert bad.status_code in {400, 422}
