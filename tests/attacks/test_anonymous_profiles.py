"""Somebody makes profiles by the hundred, without an account, to bend what everybody else sees."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from matching.jobs import refresh, sweep
from matching.models import (
    Feedback,
    Market,
    OwedWork,
    PackedCandidate,
    Price,
    RoleList,
    Run,
    RunInput,
    Subject,
)
from matching.recommending import evaluation
from matching.shortlists import queries as shortlists
from matching.shortlists.funnel import funnel_of
from matching.store import live, read_roles
from opportunities.applications import selecting
from opportunities.candidates import profiles
from opportunities.candidates.models import CandidateProfile, ProfileSight, Visibility
from opportunities.core.errors import NotFound
from opportunities.core.signals import announce_profile
from opportunities.privacy import retention
from opportunities.privacy.erase import erase, erase_unkept
from opportunities.roles.models import Opportunity
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    OpportunityFactory,
    SavedRoleFactory,
    UserFactory,
    employer_with_owner,
)
from tests.matching.markets import build_market, live_rankings, profile_facts, publish, work_off

pytestmark = pytest.mark.django_db

AT = timezone.now()


def crowd_of_guests(draw, count, **facts):
    """Make profiles without an account, all wanting the same, and let the workers hear of them."""
    wishes = profile_facts(draw, at=AT) | {
        "visibility": Visibility.OPEN,
        "modes": ["remote", "hybrid", "onsite"],
        "rate_floor_minor": 0,
        "blocked_weeks": [],
        "available_until": None,
        "hours_per_week": 40,
        **facts,
    }
    made = [CandidateProfileFactory(anonymous=True, **wishes) for _ in range(count)]
    for profile in made:
        announce_profile(profile)
    work_off(timezone.now())
    return made


def packed():
    """Return whose features the market holds."""
    here = PackedCandidate.objects.filter(fixed__isnull=False)
    return set(here.values_list("subject_id", flat=True))


def firsts(people):
    """Return the first match of each of these people."""
    ranked = live_rankings(at=timezone.now())
    return {person: ranked[person][0][:1] for person in people}


class TestFloodingTheMarket:
    @pytest.fixture
    def draw(self):
        draw = build_market(5, roles=30, candidates=60, at=AT)
        publish()
        return draw

    @pytest.fixture
    def people(self, draw):
        return set(CandidateProfile.objects.values_list("pk", flat=True))

    def test_a_hundred_profiles_change_nobodys_first_match(self, draw, people):
        before = live_rankings(at=timezone.now())
        first = firsts(people)

        guests = crowd_of_guests(draw, 100)
        publish()

        assert firsts(people) == first
        after = live_rankings(at=timezone.now())
        assert {person: after[person] for person in people} == before
        assert all(after[guest.pk][0] for guest in guests), "a guest is still ranked"

    def test_prices_and_duals_of_a_run_are_those_without_them(self, draw, people):
        roles = dict(Price.objects.values_list("opportunity_id", "price"))
        assert any(roles.values()), "the market is crowded enough to price something"
        alone = RunInput.objects.get(run=Market.load().run_id)

        crowd_of_guests(draw, 100)
        run = publish()

        prices = Price.objects.filter(version=run.pk).values_list("opportunity_id", "price")
        crowded = RunInput.objects.get(run=run.pk)
        assert dict(prices) == roles
        assert (crowded.dual_ids, crowded.duals) == (alone.dual_ids, alone.duals)
        assert Run.objects.get(pk=run.pk).candidate_count == len(people)

    def test_a_new_role_is_priced_without_them(self, draw):
        def priced():
            role = OpportunityFactory(open=True, at=AT, capacity=1, mode="remote")
            refresh.refresh_subjects(Subject.ROLE, [role.pk], at=timezone.now())
            return Price.objects.get(opportunity_id=role.pk, version=Market.load().run_id).price

        before = priced()
        assert before > 0
        crowd_of_guests(draw, 100)

        assert priced() == before
        assert live.everyone(Market.load()).population == 60

    def test_a_role_lists_none_of_them(self, draw):
        guests = {guest.pk for guest in crowd_of_guests(draw, 30)}
        publish()
        roles = list(RoleList.objects.values_list("pk", flat=True))
        by_run = [set(ids) for ids in RoleList.objects.values_list("ids", flat=True)]
        refresh.refresh_subjects(Subject.ROLE, roles, at=timezone.now())
        anew = [set(ids) for ids in RoleList.objects.values_list("ids", flat=True)]

        assert any(by_run)
        assert any(anew)
        assert not any(ids & guests for ids in by_run + anew)

    def test_the_number_of_people_whom_a_draft_fits_is_theirs_alone(self, draw):
        stored = Opportunity.objects.order_by("pk").first()
        role = read_roles([stored.pk], at=AT)[stored.pk].opportunity
        shortlists.counted_pool.cache_clear()
        before = shortlists.fits_now(role, at=AT)

        crowd_of_guests(draw, 50, rate_target_minor=9_900)
        shortlists.counted_pool.cache_clear()

        assert before.of == 60
        assert shortlists.fits_now(role, at=AT) == before


class TestBeingShownToEmployers:
    @pytest.fixture
    def role(self):
        employer, self.owner = employer_with_owner()
        return OpportunityFactory(open=True, employer=employer)

    @pytest.fixture
    def guest(self):
        return CandidateProfileFactory(anonymous=True, visibility=Visibility.OPEN)

    def test_a_guest_is_not_shown_even_where_an_old_list_names_them(self, role, guest):
        known = CandidateProfileFactory(visibility=Visibility.OPEN)
        refresh.refresh_subjects(Subject.CANDIDATE, [guest.pk, known.pk], at=AT)
        RoleList.objects.create(
            opportunity_id=role.pk, version=1, seq=1, ids=[guest.pk, known.pk], scores=[2, 1],
            computed_at=timezone.now(),
        )  # fmt: skip

        shown = selecting.show_profiles(
            employer_id=role.employer_id, actor=self.owner, profile_ids=[guest.pk, known.pk], at=AT
        )
        shortlists.candidates_of(role, actor=self.owner, at=timezone.now())

        assert list(shown) == [known.pk]
        assert set(ProfileSight.objects.values_list("profile_id", flat=True)) <= {known.pk}

    def test_a_guest_cannot_be_invited_by_a_handle_from_before(self, role, guest):
        ProfileSight.objects.create(
            employer=role.employer, profile=guest, handle="c0ffee", seen_on=AT.date()
        )

        with pytest.raises(NotFound):
            selecting.invite(
                opportunity_id=role.pk, candidate_handle="c0ffee", actor=self.owner, at=AT
            )

    def test_what_guests_open_and_save_moves_no_funnel(self, role, guest):
        known = CandidateProfileFactory()
        for profile in (guest, known):
            Feedback.objects.create(
                profile=profile, opportunity=role, times_shown=1, best_place=1,
                first_shown_at=AT, opened_at=AT,
            )  # fmt: skip
            SavedRoleFactory(profile=profile, opportunity=role)

        counts = [step.count for step in funnel_of(role, at=AT).steps]

        assert counts[:3] == [1, 1, 1]

    def test_who_applied_has_seen_and_opened_a_role_and_who_saved_it_has_seen_it(self, role):
        seen, applied = CandidateProfileFactory(), ApplicationFactory(opportunity=role).profile
        for profile in (seen, applied):
            Feedback.objects.create(
                profile=profile, opportunity=role, times_shown=1, best_place=1,
                first_shown_at=AT,
            )  # fmt: skip
        ApplicationFactory(opportunity=role)
        SavedRoleFactory(opportunity=role)

        counts = [step.count for step in funnel_of(role, at=AT).steps]

        assert counts[:4] == [4, 2, 1, 2]

    def test_what_guests_open_and_save_is_no_outcome_to_measure_by(self, role, guest):
        known = CandidateProfileFactory()
        for profile in (guest, known):
            Feedback.objects.create(
                profile=profile, opportunity=role, times_shown=1, best_place=1,
                first_shown_at=AT, opened_at=AT,
            )  # fmt: skip
            SavedRoleFactory(profile=profile, opportunity=role)

        outcomes = evaluation.read_outcomes()
        audited = evaluation.audit({guest.public_id: "a", known.public_id: "b"}, k=10)

        assert {outcome.profile for outcome in outcomes} == {known.pk}
        assert audited["shown"].groups.keys() == {"b"}


class TestPassingForSomebodyConfirmed:
    """A profile counts from the moment its account is confirmed, and until that ends."""

    def hear(self, profile):
        owed = OwedWork.objects.outstanding().filter(kind=Subject.CANDIDATE)
        return owed.filter(subject_id=profile.pk).exists()

    def test_an_account_that_never_confirmed_its_address_does_not_count(self):
        user = UserFactory()
        EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
        kept = profiles.create(facts={}, user=user, at=AT)
        work_off(timezone.now())

        assert packed() == set()
        assert kept.profile not in CandidateProfile.objects.counted()

    def test_confirming_the_address_counts_at_once(self):
        user = UserFactory()
        address = EmailAddress.objects.create(user=user, email=user.email, primary=True)
        profile = profiles.create(facts={}, user=user, at=AT).profile
        work_off(timezone.now())

        assert address.set_verified()
        assert self.hear(profile)
        work_off(timezone.now())

        assert packed() == {profile.pk}

    def test_a_profile_counts_once_a_confirmed_account_adopts_it(self):
        kept = profiles.create(facts={}, at=AT)
        work_off(timezone.now())
        assert packed() == set()

        profiles.adopt(secret=kept.secret, user=UserFactory(confirmed=True), at=AT)
        assert self.hear(kept.profile)
        work_off(timezone.now())

        assert packed() == {kept.profile.pk}

    def test_adopting_it_with_an_account_without_a_confirmed_address_is_not_enough(self):
        kept = profiles.create(facts={}, at=AT)

        profiles.adopt(secret=kept.secret, user=UserFactory(), at=AT)
        work_off(timezone.now())

        assert packed() == set()

    def test_taking_the_confirmed_address_away_ends_it(self):
        profile = CandidateProfileFactory()
        refresh.refresh_subjects(Subject.CANDIDATE, [profile.pk], at=AT)
        assert packed() == {profile.pk}

        EmailAddress.objects.get(user=profile.user).delete()
        assert self.hear(profile)
        work_off(timezone.now())

        assert packed() == set()

    def test_erasing_the_account_ends_it(self):
        profile = CandidateProfileFactory()
        refresh.refresh_subjects(Subject.CANDIDATE, [profile.pk], at=AT)

        erase(owner=profile.user, at=AT)
        assert self.hear(profile)
        work_off(timezone.now())

        assert packed() == set()

    def test_a_change_that_nobody_announced_is_found_by_the_sweep(self):
        gone, come = CandidateProfileFactory(), CandidateProfileFactory(user=UserFactory())
        refresh.refresh_subjects(Subject.CANDIDATE, [gone.pk, come.pk], at=AT)
        assert packed() == {gone.pk}

        EmailAddress.objects.filter(user=gone.user).update(verified=False)
        EmailAddress.objects.bulk_create(
            [EmailAddress(user=come.user, email=come.user.email, verified=True)]
        )
        sweep.reconcile(at=AT)
        work_off(timezone.now())

        assert packed() == {come.pk}

    def test_a_thousand_guests_are_no_work_for_the_sweep(self):
        for _ in range(20):
            CandidateProfileFactory(anonymous=True)

        assert sweep.reconcile(at=AT) == 0


class TestMakingThemByTheHundred:
    """What was measured: 243 made in a minute by one address."""

    @pytest.fixture(autouse=True)
    def _one_hour(self, monkeypatch):
        """Let no hour begin between two requests of a test."""
        now = timezone.now().replace(minute=10)
        monkeypatch.setattr(timezone, "now", lambda: now)

    @pytest.fixture
    def role(self):
        return OpportunityFactory(open=True, at=AT - dt.timedelta(days=1))

    def made(self):
        return CandidateProfile.objects.filter(user=None).count()

    def keep(self, **address):
        browser = Client(**address)
        browser.post("/start/time/", {"answer": "10"})
        return browser.post("/keep/", {"action": "make"})

    def save(self, role, **address):
        page = reverse("opportunities:save-role", args=[role.public_id])
        return Client(**address).post(page)

    def save_search(self, **address):
        page = reverse("opportunities:save-search")
        return Client(**address).post(page, {"query": "kind=micro", "name": "Micro"})

    def assert_says_so(self, page):
        assert page.status_code == 429
        assert 0 < int(page.headers["Retry-After"]) <= 3600
        assert "made from your network within the hour" in page.text
        assert "Create an account" in page.text

    def test_with_the_button_that_makes_a_link(self, settings):
        settings.GUEST_PROFILES_PER_ADDRESS = 5

        answers = [self.keep() for _ in range(9)]

        assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 4
        self.assert_says_so(answers[-1])
        assert self.made() == 5

    def test_with_a_new_browser_for_every_saved_role(self, settings, role):
        settings.GUEST_PROFILES_PER_ADDRESS = 5

        answers = [self.save(role) for _ in range(9)]

        assert [answer.status_code for answer in answers] == [302] * 5 + [429] * 4
        self.assert_says_so(answers[-1])
        assert self.made() == 5

    def test_with_a_new_browser_for_every_saved_search(self, settings):
        settings.GUEST_PROFILES_PER_ADDRESS = 5

        answers = [self.save_search() for _ in range(9)]

        assert [answer.status_code for answer in answers] == [302] * 5 + [429] * 4
        self.assert_says_so(answers[-1])
        assert self.made() == 5

    def test_by_changing_the_way(self, settings, role):
        settings.GUEST_PROFILES_PER_ADDRESS = 3

        statuses = [
            self.keep().status_code,
            self.save(role).status_code,
            self.save_search().status_code,
            self.keep().status_code,
            self.save(role).status_code,
            self.save_search().status_code,
        ]

        assert statuses == [200, 302, 302, 429, 429, 429]

    def test_from_many_addresses(self, settings, role):
        settings.GUEST_PROFILES_IN_ALL = 5

        answers = [self.save(role, REMOTE_ADDR=f"10.0.0.{number}") for number in range(9)]

        assert [answer.status_code for answer in answers] == [302] * 5 + [429] * 4
        assert int(answers[-1].headers["Retry-After"]) > 0
        assert self.made() == 5

    def test_by_walking_through_an_ipv6_network(self, settings, role):
        settings.GUEST_PROFILES_PER_ADDRESS = 5

        statuses = [
            self.save(role, REMOTE_ADDR=f"2001:db8:1:2::{number:x}").status_code
            for number in range(1, 9)
        ]

        assert statuses == [302] * 5 + [429] * 3

    def test_one_address_that_is_stopped_uses_up_nothing_of_the_others(self, settings, role):
        settings.GUEST_PROFILES_PER_ADDRESS, settings.GUEST_PROFILES_IN_ALL = 2, 4

        for _ in range(20):
            self.save(role)

        assert self.save(role, REMOTE_ADDR="10.0.0.1").status_code == 302

    def test_through_the_api(self):
        """It makes none: a profile without an account is a matter of pages."""
        answer = APIClient().put("/api/v1/profile", {"hours_per_week": 10})

        assert answer.status_code == 401
        assert self.made() == 0

    def test_who_has_a_profile_or_an_account_goes_on_while_guests_are_stopped(self, settings, role):
        settings.GUEST_PROFILES_IN_ALL = 1
        browser, signed_in = Client(), Client()
        save = reverse("opportunities:save-role", args=[role.public_id])
        assert browser.post(save).status_code == 302
        assert self.save(role).status_code == 429

        signed_in.force_login(UserFactory(confirmed=True))

        assert browser.post(reverse("opportunities:save-search"), {"query": ""}).status_code == 302
        assert signed_in.post(save).status_code == 302
        assert CandidateProfile.objects.exclude(user=None).count() == 1

    def test_the_next_hour_gives_it_back(self, settings, role, monkeypatch):
        settings.GUEST_PROFILES_PER_ADDRESS = 1
        assert [self.save(role).status_code for _ in range(2)] == [302, 429]

        later = timezone.now() + dt.timedelta(hours=1)
        monkeypatch.setattr(timezone, "now", lambda: later)

        assert self.save(role).status_code == 302


class TestLeavingThemBehind:
    """Nobody comes back for what was made by the hundred; who does come back keeps it."""

    def look(self, client, monkeypatch, *, days, page="/matches/"):
        moment = AT + dt.timedelta(days=days)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return client.get(page)

    @pytest.fixture
    def guest(self, client):
        client.post("/start/time/", {"answer": "10"})
        client.post("/keep/", {"action": "make"})
        return CandidateProfile.objects.get()

    def test_a_hundred_that_nobody_looked_at_are_gone_after_fourteen_days(self):
        for _ in range(100):
            CandidateProfileFactory(anonymous=True, at=AT)

        assert retention.sweep(at=AT + dt.timedelta(days=14))["unkept_profiles"] == 0
        assert retention.sweep(at=AT + dt.timedelta(days=14, seconds=1))["unkept_profiles"] == 100
        assert not CandidateProfile.objects.exists()

    def test_looking_at_matches_keeps_a_profile(self, client, guest, monkeypatch):
        assert self.look(client, monkeypatch, days=13).status_code == 200

        assert retention.sweep(at=AT + dt.timedelta(days=20))["unkept_profiles"] == 0
        assert retention.sweep(at=AT + dt.timedelta(days=28))["unkept_profiles"] == 1

    def test_looking_all_day_writes_once(self, client, guest, monkeypatch):
        def writes(days):
            with CaptureQueriesContext(connection) as asked:
                self.look(client, monkeypatch, days=days, page="/saved/")
            return sum('SET "seen_at"' in query["sql"] for query in asked)

        assert [writes(days) for days in (0.5, 2, 2.2, 2.9, 3.1)] == [0, 1, 0, 0, 1]

    def test_a_profile_somebody_looks_at_while_the_sweep_works_stays(self):
        profile = CandidateProfileFactory(anonymous=True, at=AT)
        sweeping = AT + dt.timedelta(days=15)
        since = sweeping - dt.timedelta(days=14)
        profiles.note_seen(profile, at=sweeping)

        erase_unkept(profile_id=profile.pk, unseen_since=since, at=sweeping)

        assert CandidateProfile.objects.filter(pk=profile.pk, erased_at=None).exists()

    def test_pages_say_how_long(self, client, guest):
        told = " ".join(client.get("/privacy/").text.split())

        assert "14 days after it was last looked at" in told
        assert "after 14 days in which nobody looks at it" in client.get("/keep/").text
