import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.core import mail
from icalendar import Calendar

from matching.models import CandidatePlan, Dismissal, PlanKind, PlannedRole
from matching.plans import keeping, reminding, showing
from matching.recommending import paths as paths_module
from matching.recommending.decision_days import timeline
from matching.recommending.odds import Chance
from matching.recommending.paths import compare_paths
from matching.store import live
from matching.store.profiles import read_person
from opportunities.accounts.models import Draft
from opportunities.candidates import alerts, joining
from opportunities.candidates.models import BlockedEmployer, CandidateProfile, SavedRole
from opportunities.core.errors import LimitReached, NotFound, WrongState
from opportunities.core.models import Site
from opportunities.messaging import delivery
from opportunities.messaging.models import Notice
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    CandidateSkillFactory,
    ExternalApplicationFactory,
    NoticePreferenceFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    PlannedRoleFactory,
    SavedRoleFactory,
    UserFactory,
)
from tests.matching.markets import market_at

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_ten():
    with market_at(NOW):
        yield


@pytest.fixture
def profile():
    return CandidateProfileFactory(goal=0.1, hours_per_week=40, interests={}, user__name="Ada Key")


def fill(**facts):
    """Fill the market with two internships and five short roles of different employers."""
    OpportunityFactory.create_batch(2, open=True, internship=True, at=NOW, **facts)
    return [
        OpportunityFactory(open=True, at=NOW, title=f"Short {number}", **facts)
        for number in range(5)
    ]


def paths_of(profile, **given):
    found = live.rank_roles(read_person(profile, at=NOW), at=NOW)
    return compare_paths(found, at=NOW, profile=profile, **given)


def take_on(profile, kind="stack"):
    path = getattr(paths_of(profile), kind)
    return keeping.plan_this(owner=profile.user, path=path, at=NOW)


def worth_today(plan, at=NOW):
    return showing.worth_now(showing.show(plan, at=at), at=at)


def press(client, kind="stack"):
    path = getattr(client.get("/paths/").context["found"], kind)
    return client.post("/plans/new/", {"kind": kind, "key": path.key})


class TestPaths:
    def test_no_work_begins_before_a_decision_may_be_expected(self, profile):
        fill()

        found = paths_of(profile)

        legs = [leg for path in (found.one, found.stack, found.mix) for leg in path.legs]
        assert len(legs) > 4
        for leg in legs:
            for step in filter(None, (leg, leg.fallback)):
                assert step.starts > step.timeline.decided >= step.timeline.answered > NOW.date()
                assert step.apply_until >= NOW.date()
                on_time = timeline(step.role, Site(), applied=step.apply_until)
                assert on_time.begins <= step.starts
            if leg.fallback:
                assert leg.fallback.starts > leg.timeline.decided

    def test_a_role_that_is_decided_too_late_is_in_no_plan(self, profile):
        quick = fill(response_days=2)
        OpportunityFactory(open=True, at=NOW, title="Late", response_days=60)

        titles = {leg.role.title for leg in paths_of(profile).stack.legs}

        assert titles <= {role.title for role in quick}

    def test_what_was_hidden_or_has_ended_is_in_no_plan(self, profile):
        roles = fill()
        Dismissal.objects.create(profile=profile, opportunity=roles[0], reason="pay", at=NOW)
        ApplicationFactory(profile=profile, opportunity=roles[1], at=NOW, rejected=True)

        found = paths_of(profile, hidden=frozenset({roles[0].pk}))

        used = {leg.role.pk for leg in found.stack.legs}
        used |= {leg.fallback.role.pk for leg in found.stack.legs if leg.fallback}
        assert used
        assert used.isdisjoint({roles[0].pk, roles[1].pk})

    def test_an_application_that_waits_keeps_its_own_days(self, profile):
        roles = fill()
        for role in roles:
            ApplicationFactory(profile=profile, opportunity=role, at=NOW)

        legs = paths_of(profile).stack.legs

        assert legs
        assert all(leg.timeline.is_sent and leg.apply_until is None for leg in legs)

    def test_a_place_that_is_held_keeps_its_weeks(self, profile):
        fill(start_latest=None)
        free = paths_of(profile)
        first = min(leg.starts for leg in free.stack.legs)
        held = ApplicationFactory(
            profile=profile, at=NOW, accepted=True, opportunity__title="Held",
            opportunity__start_earliest=first, opportunity__hours_per_week=40,
            opportunity__weeks=4, opportunity__hours_total=160,
        )  # fmt: skip
        last = first + timedelta(days=27)

        found = paths_of(profile)

        legs = [leg for path in (found.one, found.stack, found.mix) for leg in path.legs]
        assert legs
        assert all(leg.starts > last or leg.ends < first for leg in legs)
        assert [(work.title, work.starts, work.ends) for work in found.held] == [
            ("Held", first, last)
        ]

        held.status, held.ended_at = "completed", NOW
        held.save()
        assert paths_of(profile).stack.key == free.stack.key

    def test_the_hours_that_it_leaves_are_free(self, profile):
        fill(hours_per_week=10, weeks=2, hours_total=20)
        ApplicationFactory(
            profile=profile, at=NOW, accepted=True, opportunity__hours_per_week=25,
            opportunity__weeks=26, opportunity__hours_total=650,
        )  # fmt: skip

        legs = paths_of(profile).stack.legs

        assert len(legs) > 1
        assert all(before.ends < after.starts for before, after in pairwise(legs))

    def test_the_page_says_what_is_already_theirs(self, profile, client):
        fill()
        ApplicationFactory(
            profile=profile, at=NOW, accepted=True, opportunity__title="Map checking",
            opportunity__hours_per_week=10, opportunity__weeks=3, opportunity__hours_total=30,
        )  # fmt: skip
        client.force_login(profile.user)

        page = client.get("/paths/").text

        assert "Already yours: Map checking, 10 hours a week from" in page

    def test_the_plan_says_how_likely_it_is(self, profile, monkeypatch):
        fill()
        monkeypatch.setattr(paths_module, "chances_of", self.chances(0.2, 0.4))

        found = paths_of(profile).stack

        spares = [leg.fallback is not None for leg in found.legs]
        low = high = none = 1.0
        for has_spare in spares:
            low *= 1 - 0.8 * (0.8 if has_spare else 1)
            high *= 1 - 0.6 * (0.6 if has_spare else 1)
            none *= 0.8 * (0.8 if has_spare else 1)
        assert found.likelihood.low == pytest.approx(low)
        assert found.likelihood.high == pytest.approx(high)
        assert found.likelihood.any_low == pytest.approx(1 - none)
        assert f"all {len(spares)}" in found.likelihood.sentence

    @pytest.mark.parametrize(
        ("all_of_them", "any_of_them", "expected", "numbers"),
        [
            ((0.004, 0.03), (0.9, 0.99), "probably get some of these, hardly ever all 6", "at most 3%"),  # noqa: E501
            ((0.004, 0.03), (0.2, 0.4), "get some of these or none, hardly ever all 6", "at most 3%"),  # noqa: E501
            ((0.2, 0.4), (0.9, 0.99), "probably get some of these, and perhaps all 6", "20 to 40%"),
            ((0.05, 0.2), (0.3, 0.6), "may get some of these, all 6 or none", "5 to 20%"),
            ((0.6, 0.8), (0.9, 0.99), "probably get all 6 of these", "60 to 80%"),
        ],
    )  # fmt: skip
    def test_what_to_expect_is_said_before_the_numbers(
        self, all_of_them, any_of_them, expected, numbers
    ):
        sentence = paths_module.Likelihood(
            low=all_of_them[0],
            high=all_of_them[1],
            any_low=any_of_them[0],
            any_high=any_of_them[1],
            unknown=0,
            count=6,
        ).sentence

        words, _, rest = sentence.partition(". ")
        assert words.endswith(expected)
        assert rest.endswith(f"all of them in {numbers}.")

    def test_too_few_answers_are_said_to_be_too_few(self, profile, client):
        fill()
        client.force_login(profile.user)

        found = paths_of(profile).stack

        assert found.likelihood.low is None
        assert found.likelihood.unknown == len(found.legs)
        assert "Too few people had an answer" in client.get("/paths/").text

    @staticmethod
    def chances(low, high):
        return lambda roles, at: {
            role.pk: Chance(low, high, role.capacity, None, None, counted_at=at) for role in roles
        }


class TestKeeping:
    def test_planning_saves_every_role_and_fallback(self, profile):
        fill()

        plan = take_on(profile)

        rows = list(plan.planned_roles.all())
        saved = set(profile.saved_roles.values_list("opportunity", flat=True))
        assert saved == {row.role_id for row in rows}
        assert plan.kind == PlanKind.STACK
        assert {row.stands_in_for is None for row in rows} == {True, False}

    def test_planning_twice_makes_one(self, profile):
        fill()

        assert take_on(profile) == take_on(profile)
        assert CandidatePlan.objects.count() == 1
        assert SavedRole.objects.filter(profile=profile).count() == len(
            {leg.role.pk for leg in paths_of(profile).stack.legs}
            | {leg.fallback.role.pk for leg in paths_of(profile).stack.legs if leg.fallback}
        )

    def test_letters_are_drafted_of_what_the_profile_says(self, profile):
        fill()
        path = paths_of(profile).one
        asked = OpportunitySkillFactory(opportunity=path.legs[0].role, skill__name="Oil painting")
        OpportunitySkillFactory(opportunity=path.legs[0].role, skill__name="Welding")
        CandidateSkillFactory(profile=profile, skill=asked.skill, level=3)

        plan = keeping.plan_this(owner=profile.user, path=path, at=NOW)

        draft = Draft.objects.get(writer=profile.user, page__contains=path.legs[0].role.public_id)
        role = plan.planned_roles.get(stands_in_for=None).role
        assert draft.page == f"/opportunities/{role.slug}-{role.public_id}/apply/"
        assert (draft.name, draft.box) == ("cover_letter", "id_cover_letter")
        assert role.employer.name in draft.text
        assert "Oil painting" in draft.text
        assert "Welding" not in draft.text
        assert "40 hours a week" in draft.text
        assert "Ada Key" in draft.text

    def test_a_letter_that_somebody_has_begun_is_left_alone(self, profile):
        fill()
        role = paths_of(profile).one.legs[0].role
        page = f"/opportunities/{role.slug}-{role.public_id}/apply/"
        Draft.objects.create(
            writer=profile.user, page=page, form=page, name="cover_letter",
            box="id_cover_letter", text="My own words", changed_at=NOW,
        )  # fmt: skip

        plan = take_on(profile, "one")
        keeping.prepare(owner=profile.user, plan_id=plan.public_id, at=NOW)
        keeping.drop(owner=profile.user, plan_id=plan.public_id)

        assert [draft.text for draft in Draft.objects.all()] == ["My own words"]

    def test_undoing_takes_back_what_the_plan_did_and_nothing_else(self, profile):
        roles = fill()
        for role in roles[:2]:
            SavedRoleFactory(profile=profile, opportunity=role, at=NOW - timedelta(days=1))
        before = set(profile.saved_roles.values_list("opportunity", flat=True))

        plan = take_on(profile, "mix")
        keeping.drop(owner=profile.user, plan_id=plan.public_id)

        assert set(profile.saved_roles.values_list("opportunity", flat=True)) == before
        assert not Draft.objects.exists()
        assert not CandidatePlan.objects.exists()
        assert not PlannedRole.objects.exists()

    def test_undoing_hands_what_another_plan_needs_on_to_it(self, profile):
        fill()
        one = take_on(profile, "one")
        row = one.planned_roles.exclude(letter="").first()
        profile.saved_roles.exclude(opportunity=row.role).delete()
        other = PlannedRoleFactory(
            plan__profile=profile, plan__made_at=NOW + timedelta(days=1), role=row.role
        )

        keeping.drop(owner=profile.user, plan_id=one.public_id)

        assert profile.saved_roles.get().opportunity == row.role
        assert [draft.text for draft in Draft.objects.all()] == [row.letter]

        keeping.drop(owner=profile.user, plan_id=other.plan.public_id)

        assert not profile.saved_roles.exists()
        assert not Draft.objects.exists()

    def test_undoing_leaves_a_changed_letter(self, profile):
        fill()
        one = take_on(profile, "one")
        changed = Draft.objects.first()
        Draft.objects.filter(pk=changed.pk).update(text="Changed")

        keeping.drop(owner=profile.user, plan_id=one.public_id)

        assert [draft.text for draft in Draft.objects.all()] == ["Changed"]

    def test_somebody_elses_plan_does_not_exist(self, profile):
        other = PlannedRoleFactory().plan

        with pytest.raises(NotFound):
            keeping.own_plan(profile.user, other.public_id)
        with pytest.raises(NotFound):
            keeping.drop(owner=profile.user, plan_id=other.public_id)

    def test_nothing_to_plan_and_too_many_plans_are_refused(self, profile, monkeypatch):
        with pytest.raises(WrongState):
            take_on(profile)
        fill()
        live.forget()
        monkeypatch.setattr(keeping, "MOST_PLANS", 1)
        take_on(profile, "one")

        with pytest.raises(LimitReached):
            take_on(profile, "stack")

    def test_a_guests_plan_goes_along_into_the_account(self):
        guest = CandidateProfileFactory(anonymous=True)
        row = PlannedRoleFactory(plan__profile=guest)
        own = CandidateProfileFactory()

        joining.join(guest=joining.Link(guest.secret_digest), user=own.user, at=NOW)

        assert CandidatePlan.objects.get().profile == own
        assert not CandidateProfile.objects.filter(pk=guest.pk).exists()
        assert PlannedRole.objects.get() == row


class TestPage:
    def test_one_press_plans_without_script_and_leads_to_the_plan(self, profile, client):
        fill()
        client.force_login(profile.user)

        response = press(client)
        page = client.get(response.url)

        plan = CandidatePlan.objects.get(profile=profile)
        assert response.url == f"/plans/{plan.public_id}/"
        for row in plan.planned_roles.all():
            assert row.role.title in page.text
        assert "decision expected by" in page.text
        assert "Undo this plan" in page.text
        assert response.url in client.get("/plans/").text

    def test_the_button_on_the_page_says_which_plan_was_seen(self, profile, client):
        fill()
        client.force_login(profile.user)

        text = client.get("/paths/").text
        forms = re.findall(
            r'name="kind" value="(\w+)"><input type="hidden" name="key" value="(\w+)"', text
        )

        assert {kind for kind, _ in forms} >= {"one", "stack"}
        kind, key = forms[0]
        assert client.post("/plans/new/", {"kind": kind, "key": key}).url.startswith("/plans/plan_")

    def test_a_plan_that_has_changed_since_is_shown_first(self, profile, client):
        fill()
        client.force_login(profile.user)

        response = client.post("/plans/new/", {"kind": "stack", "key": "another"}, follow=True)

        assert not CandidatePlan.objects.exists()
        assert "Roles have changed since you looked" in response.text

    def test_pressing_twice_makes_one_and_undoing_twice_is_no_fault(self, profile, client):
        fill()
        client.force_login(profile.user)

        there = press(client).url
        assert press(client).url == there
        assert client.post(f"{there}drop/", follow=True).status_code == 200
        assert not CandidatePlan.objects.exists()
        again = client.post(f"{there}drop/", follow=True)
        assert again.redirect_chain == [("/plans/", 302)]
        assert "This plan was gone already." in again.text

    def test_a_guest_plans_saves_and_takes_the_calendar(self, client):
        fill()
        client.post("/start/time/", {"answer": "40"})

        there = press(client).url
        page = client.get(there)

        assert "Create an account" in page.text
        assert f"next={there}" in page.text
        assert SavedRole.objects.filter(profile__user=None).count() >= 2
        assert Calendar.from_ical(client.get(there[:-1] + ".ics").content).walk("VEVENT")
        assert not Draft.objects.exists()
        assert client.post(f"{there}letters/").status_code == 302  # to the sign-in
        assert client.post(f"{there}drop/").url == "/plans/"
        assert not SavedRole.objects.exists()

    def test_a_plan_is_nobody_elses(self, client):
        row = PlannedRoleFactory()
        client.force_login(UserFactory())

        for end in ("/", ".ics", "/letters/"):
            send = client.get if end in {"/", ".ics"} else client.post
            assert send(f"/plans/{row.plan.public_id}{end}").status_code == 404
        told = client.post(f"/plans/{row.plan.public_id}/drop/", follow=True).text
        assert "This plan was gone already." in told
        assert CandidatePlan.objects.get() == row.plan

    def test_the_letter_stands_in_the_application_without_script(self, profile, client):
        fill()
        client.force_login(profile.user)
        page = client.get(press(client, "one").url)

        role = PlannedRole.objects.get(stands_in_for=None).role
        there = f"/opportunities/{role.slug}-{role.public_id}/apply/"

        assert there in page.text
        assert "A letter is drafted" in page.text
        assert f"Dear team of {role.employer.name}" in client.get(there).text

    def test_letters_can_be_drafted_later(self, profile, client):
        fill()
        client.force_login(profile.user)
        there = press(client, "one").url
        letters = Draft.objects.count()
        Draft.objects.all().delete()
        PlannedRole.objects.update(letter="")

        assert "Draft the letters" in client.get(there).text
        client.post(f"{there}letters/")

        assert Draft.objects.count() == letters > 0
        assert "Draft the letters" not in client.get(there).text

    def test_the_page_says_where_each_role_stands(self, profile, client):
        fill()
        plan = take_on(profile)
        legs = plan.planned_roles.filter(stands_in_for=None)
        first, second = legs.order_by("starts", "role_id")[:2]
        ApplicationFactory(profile=profile, opportunity=first.role, at=NOW, accepted=True)
        second.role.apply_by = NOW.date() - timedelta(days=1)
        second.role.save()
        client.force_login(profile.user)

        text = client.get(f"/plans/{plan.public_id}/").text

        assert "The place is yours." in text
        assert "No longer open." in text
        kept = showing.show(plan, at=NOW)
        assert [leg.apply_until for leg in kept.legs][:2] == [None, None]
        assert all(leg.apply_until for leg in kept.legs[2:])
        assert kept.standings[0].is_sure
        assert kept.standings[1].is_lost

    def test_the_page_tells_what_was_shown_then_and_what_it_is_worth_today(self, profile, client):
        fill()
        client.force_login(profile.user)
        shown = client.get("/paths/").context["found"].stack.worth
        plan = take_on(profile)
        assert shown.low < shown.score < shown.high

        def told():
            text = client.get(f"/plans/{plan.public_id}/").text
            facts = re.findall(r"<dt>(.*?)</dt><dd>(\d+) / 100<span>likely (\d+) to (\d+)", text)
            return text, [(name, tuple(map(int, numbers))) for name, *numbers in facts]

        text, facts = told()
        assert facts == [("When you planned it", shown), ("The same roles today", shown)]
        assert "Changed by the employer" not in text

        role = plan.planned_roles.filter(stands_in_for=None).first().role
        role.changed_at, role.mentor_minutes_per_week = NOW + timedelta(days=1), 300
        role.save()
        (text, facts), today = told(), worth_today(plan)
        assert today.score > shown.score
        assert facts == [("When you planned it", shown), ("The same roles today", today)]
        assert "Changed by the employer on 26 November 2026." in text

        role.apply_by = NOW.date() - timedelta(days=1)
        role.save()
        (text, facts), left = told(), worth_today(plan)
        assert left.score < today.score
        assert facts == [("When you planned it", shown), ("What is left of it today", left)]

    def test_it_is_weighed_no_more_once_it_has_begun_or_does_not_fit(self, profile):
        fill()
        plan = take_on(profile)
        first = plan.planned_roles.order_by("starts").first().starts
        begun = datetime(first.year, first.month, first.day, 9, tzinfo=UTC)
        assert worth_today(plan) is not None
        assert worth_today(plan, at=begun - timedelta(days=3)) is not None
        assert worth_today(plan, at=begun) is None

        profile.hours_per_week = 1
        profile.save()
        assert worth_today(CandidatePlan.objects.get()) is None

    def test_work_that_is_theirs_leaves_its_own_hours_to_the_plan(self, profile):
        fill(hours_per_week=25, hours_total=50)
        plan = take_on(profile)
        before = worth_today(plan)
        leg = plan.planned_roles.filter(stands_in_for=None).first()
        ApplicationFactory(profile=profile, opportunity=leg.role, at=NOW, accepted=True)

        assert worth_today(plan) == before

    def test_the_page_asks_the_same_whatever_the_number_of_roles(
        self, profile, client, django_assert_max_num_queries
    ):
        plan = PlannedRoleFactory(plan__profile=profile).plan
        for _ in range(4):
            PlannedRoleFactory(plan=plan)
        client.force_login(profile.user)

        with django_assert_max_num_queries(26):
            client.get(f"/plans/{plan.public_id}/")


class TestCalendar:
    def test_one_file_has_work_last_days_with_alarms_and_decisions(self, profile, client):
        fill()
        plan = take_on(profile)
        client.force_login(profile.user)

        response = client.get(f"/plans/{plan.public_id}.ics")

        assert response["Content-Type"].startswith("text/calendar")
        events = {
            str(e["uid"]).split("@")[0]: e
            for e in Calendar.from_ical(response.content).walk("VEVENT")
        }
        for row in plan.planned_roles.filter(stands_in_for__isnull=False):
            assert events[f"{row.role.public_id}-apply"]["dtstart"].dt == row.apply_until
        for row in plan.planned_roles.filter(stands_in_for=None):
            work = events[f"{row.role.public_id}-work"]
            assert (work["dtstart"].dt, work["dtend"].dt) == (
                row.starts,
                row.ends + timedelta(days=1),
            )
            apply = events[f"{row.role.public_id}-apply"]
            assert apply["dtstart"].dt == row.apply_until
            assert [alarm["trigger"].dt for alarm in apply.walk("VALARM")] == [-timedelta(days=3)]
            assert events[f"{row.role.public_id}-decision"]["dtstart"].dt < row.starts


class TestReminders:
    def due(self, **facts):
        return PlannedRoleFactory(apply_until=date(2026, 12, 10), **facts)

    def at(self, day):
        return datetime(2026, 12, day, 9, tzinfo=UTC)

    def tell_of_saved(self, row, *, plans_first):
        """Save the role of a plan, and let both reminders look at it."""
        row.role.apply_by = row.apply_until
        row.role.save()
        SavedRoleFactory(profile=row.plan.profile, opportunity=row.role, at=NOW)
        both = [reminding.remind_of_plans, alerts.remind_of_deadlines]
        for tell in both if plans_first else both[::-1]:
            tell(at=self.at(8))

    def test_is_told_three_days_before_the_last_day_and_once(self):
        row = self.due()
        user = row.plan.profile.user

        assert reminding.remind_of_plans(at=self.at(6)) == 0
        assert reminding.remind_of_plans(at=self.at(7)) == 1
        assert reminding.remind_of_plans(at=self.at(7)) == 0
        notice = Notice.objects.get(recipient=user)
        assert row.role.title in notice.subject
        assert "10 December" in notice.subject or "10 Dec" in notice.subject
        assert notice.url == f"/plans/{row.plan.public_id}/"
        delivery.deliver(at=self.at(7))
        assert [letter.to for letter in mail.outbox] == [[user.email]]

    def test_is_not_told_when_it_is_too_late_or_done(self):
        self.due()
        assert reminding.remind_of_plans(at=self.at(11)) == 0
        for done in (
            lambda row: ApplicationFactory(profile=row.plan.profile, opportunity=row.role, at=NOW),
            lambda row: ExternalApplicationFactory(profile=row.plan.profile, opportunity=row.role),
            lambda row: BlockedEmployer.objects.create(
                profile=row.plan.profile, employer=row.role.employer, blocked_at=NOW
            ),
            lambda row: type(row.role).objects.filter(pk=row.role.pk).update(hidden_at=NOW),
        ):
            PlannedRole.objects.all().delete()
            done(self.due())
            assert reminding.remind_of_plans(at=self.at(8)) == 0

    def test_four_that_are_due_are_one_mail_and_saved_ones_none_besides(self):
        rows = [self.due()]
        rows += [self.due(plan=rows[0].plan) for _ in range(3)]
        for row in rows:
            row.role.apply_by = row.apply_until
            row.role.save()
            SavedRoleFactory(profile=row.plan.profile, opportunity=row.role, at=NOW)

        assert alerts.remind_of_deadlines(at=self.at(8)) == 0
        assert reminding.remind_of_plans(at=self.at(8)) == 1
        assert alerts.remind_of_deadlines(at=self.at(8)) == 0

        notice = Notice.objects.get(recipient=rows[0].plan.profile.user)
        assert notice.subject == "4 applications of your plan are due by Thu 10 Dec"
        assert all(row.role.title in notice.body for row in rows)
        delivery.deliver(at=self.at(8))
        assert len(mail.outbox) == 1

    def test_a_role_of_two_plans_is_told_once(self):
        row = self.due()
        self.due(plan__profile=row.plan.profile, role=row.role)

        assert reminding.remind_of_plans(at=self.at(8)) == 1
        assert Notice.objects.get().body.count(row.role.title) == 1
        assert reminding.remind_of_plans(at=self.at(8)) == 0

    def test_a_later_plan_that_begins_with_the_same_role_is_told_of_its_others(self):
        row = self.due()
        assert reminding.remind_of_plans(at=self.at(8)) == 1
        profile, role = row.plan.profile, row.role
        row.plan.delete()
        again = self.due(plan__profile=profile, role=role)
        other = self.due(plan=again.plan)

        assert reminding.remind_of_plans(at=self.at(8)) == 1
        assert other.role.title in Notice.objects.order_by("-pk").first().body

    def test_a_last_day_that_was_moved_forward_counts(self):
        row = self.due()
        row.role.apply_by = date(2026, 12, 5)
        row.role.save()

        assert reminding.remind_of_plans(at=self.at(1)) == 0
        assert reminding.remind_of_plans(at=self.at(2)) == 1

    def test_of_a_fallback_it_is_told_what_it_stands_in_for(self):
        row = self.due()
        spare = PlannedRoleFactory(plan=row.plan, stands_in_for=row, apply_until=date(2026, 12, 20))
        ApplicationFactory(profile=row.plan.profile, opportunity=row.role, at=NOW)

        assert reminding.remind_of_plans(at=self.at(17)) == 1
        notice = Notice.objects.get(kind=reminding.KIND)
        assert spare.role.title in notice.subject
        assert f"If {row.role.title} comes to nothing" in notice.body

    def test_a_guest_is_told_by_nobody(self):
        self.due(plan__profile=CandidateProfileFactory(anonymous=True))

        assert reminding.remind_of_plans(at=self.at(8)) == 0

    @pytest.mark.parametrize("plans_first", [True, False])
    def test_a_saved_role_of_a_plan_is_told_once(self, plans_first):
        row = self.due()

        self.tell_of_saved(row, plans_first=plans_first)

        assert Notice.objects.filter(recipient=row.plan.profile.user).count() == 1

    @pytest.mark.parametrize("plans_first", [True, False])
    def test_a_saved_role_is_mailed_to_whom_no_plan_is(self, plans_first):
        row = self.due()
        user = row.plan.profile.user
        NoticePreferenceFactory(user=user, stopped=[reminding.KIND])

        self.tell_of_saved(row, plans_first=plans_first)
        delivery.deliver(at=self.at(8))

        [letter] = mail.outbox
        assert f"You saved {row.role.title}" in letter.body


class TestApi:
    def test_lists_what_fits_now_with_chances_fallbacks_and_likelihood(self, profile, api):
        fill()

        body = api.get("/api/v1/plans").json()

        assert [row["kind"] for row in body["data"]] == ["one", "stack", "mix"]
        assert body["page"] == {"next": None, "prev": None, "limit": 25}
        for row in body["data"]:
            assert (row["id"], row["state"]) == (None, "suggested")
            assert row["low"] < row["score"] < row["high"]  # nobody has finished such a role
            assert set(row["likelihood"]) == {
                "low", "high", "at_least_one_low", "at_least_one_high", "unknown",
            }  # fmt: skip
            for leg in row["legs"]:
                assert leg["starts"] > leg["decision_expected"] >= leg["answer_due"]
                assert leg["chance"]["places"] == 1
                if leg["fallback"]:
                    assert leg["fallback"]["starts"] > leg["decision_expected"]

    def test_takes_one_on_reads_and_removes_it(self, profile, api):
        fill()
        key = api.get("/api/v1/plans?kind=stack").json()["data"][0]["key"]

        made = api.post(
            "/api/v1/plans", {"kind": "stack", "key": key}, content_type="application/json"
        )
        again = api.post("/api/v1/plans", {"kind": "stack"}, content_type="application/json")

        assert made.status_code == again.status_code == 201
        assert made.json()["id"] == again.json()["id"]
        assert made.headers["Location"] == f"/api/v1/plans/{made.json()['id']}"
        one = api.get(made.headers["Location"]).json()
        assert one == made.json()
        suggested = api.get("/api/v1/plans?kind=stack").json()["data"][0]
        assert one["state"] == "kept"
        for name in ("score", "low", "high"):
            assert one[name] == suggested[name]
        assert api.get("/api/v1/plans?kind=stack").json()["data"][0]["id"] == one["id"]
        gone = api.delete(made.headers["Location"], headers={"If-Match": "*"})
        assert gone.status_code == 204
        assert api.get(made.headers["Location"]).status_code == 404
        assert not SavedRole.objects.exists()

    def test_pages_and_filters_what_was_taken_on(self, profile, api):
        for kind in ("one", "stack", "stack"):
            PlannedRoleFactory(plan__profile=profile, plan__kind=kind)
        PlannedRoleFactory()

        first = api.get("/api/v1/plans?state=kept&limit=2").json()
        second = api.get(first["page"]["next"]).json()
        stacks = api.get("/api/v1/plans?state=kept&kind=stack").json()

        assert [len(first["data"]), len(second["data"]), len(stacks["data"])] == [2, 1, 2]
        assert second["page"]["next"] is None
        assert api.get("/api/v1/plans?limit=1").json()["page"]["limit"] == 1

    @pytest.mark.parametrize(
        ("query", "field"),
        [("state=old", "state"), ("kind=two", "kind"), ("q=x", "q"), ("limit=0", "limit"),
         ("cursor=x", "cursor"), ("state=kept&cursor=x", "cursor")],
    )  # fmt: skip
    def test_a_filter_that_is_none_is_named(self, profile, api, query, field):
        response = api.get(f"/api/v1/plans?{query}")

        assert response.status_code in {400, 422}
        assert field in response.text

    def test_a_plan_that_has_changed_is_a_conflict(self, profile, api):
        fill()

        response = api.post(
            "/api/v1/plans", {"kind": "stack", "key": "0" * 32}, content_type="application/json"
        )

        assert response.status_code == 409
        assert not CandidatePlan.objects.exists()

    def test_who_has_no_profile_has_no_plans(self, client):
        client.force_login(UserFactory())

        assert client.get("/api/v1/plans").status_code == 404

    @pytest.fixture
    def api(self, client, profile):
        client.force_login(profile.user)
        return client
