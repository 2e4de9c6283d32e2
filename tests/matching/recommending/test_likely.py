"""A role that is likely to come: counted truly, promised by nobody, kept by no plan."""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from statistics import median_low

import pytest

from matching.models import PlannedRole
from matching.recommending import likely, paths
from matching.recommending.likely import seasons
from matching.store import live
from matching.store.profiles import read_person
from opportunities.employers.models import EmployerStatus
from opportunities.skills.models import Skill
from tests.factories import (
    CandidateProfileFactory,
    EmployerFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    SkillFactory,
    TargetSkillFactory,
)
from tests.matching.markets import market_at

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
LAST_FEBRUARY = datetime(2026, 2, 10, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_ten():
    with market_at(NOW):
        yield


@pytest.fixture
def profile():
    person = CandidateProfileFactory(goal=0.1, hours_per_week=40, interests={"data": 1})
    TargetSkillFactory(profile=person, skill=forecasting())
    return person


@pytest.fixture
def _open():
    OpportunityFactory(open=True, internship=True, at=NOW)
    OpportunityFactory(open=True, at=NOW)


def forecasting():
    return Skill.objects.filter(slug="forecasting").first() or SkillFactory(slug="forecasting")


def past(number=5, **facts):
    """Let so many short roles of different employers have opened last February."""
    given = {
        "closed": True, "at": LAST_FEBRUARY, "hours_total": 30, "weeks": 2,
        "pay_amount_minor": 90_000, "start_latest": None,
    }  # fmt: skip
    roles = [
        OpportunityFactory(**given | facts, title=f"Forecast {place}") for place in range(number)
    ]
    for role in roles:
        OpportunitySkillFactory(opportunity=role, skill=forecasting())
    return roles


def paths_of(profile):
    found = live.rank_roles(read_person(profile, at=NOW), at=NOW)
    return paths.compare_paths(found, at=NOW, profile=profile)


@pytest.mark.usefixtures("_open")
class TestBesideTheStack:
    def test_it_is_told_with_what_it_rests_on_and_where_to_be_told(self, profile, client):
        gone = past()
        client.force_login(profile.user)

        found = paths_of(profile)
        page = client.get("/paths/").text

        assert found.likely.season == likely.Season("data", date(2027, 2, 1), 40, 5, 30.0)
        assert "likely: 5 like it opened in February 2026" in page
        assert "Data and analysis: a short role of about 30 hours" in page
        assert f"would be worth {found.with_likely.score} of 100" in page
        assert f"{found.with_likely.score} with a role that is likely to come" in page
        assert "Nobody has promised it" in page
        assert all(role.public_id not in page for role in gone)
        there = "/alerts/new/?kind=micro&amp;field=data&amp;hours_total_max=40"
        assert f'href="{there}"' in page
        assert "1 role passes them now." in client.get(there.replace("&amp;", "&")).text

    def test_the_stack_is_the_same_without_it(self, profile, client):
        before = paths_of(profile)
        likely.caches["plans"].clear()
        past()
        client.force_login(profile.user)

        after = paths_of(profile)

        assert before.likely is None
        assert after.with_likely.score > after.stack.score
        assert (after.stack.worth, after.stack.key) == (before.stack.worth, before.stack.key)
        assert after.stack.likelihood == before.stack.likelihood
        client.post("/plans/new/", {"kind": "stack", "key": after.stack.key})
        kept = set(PlannedRole.objects.values_list("role__status", flat=True))
        assert kept == {"open"}
        assert "Forecast" not in client.get("/paths/stack.ics").text

    def test_it_begins_once_it_could_be_decided_and_within_the_hours(self, profile):
        past(start_earliest=None)

        found = paths_of(profile).likely

        # Opened a year later, applied to within two days, and answered in five working days.
        assert found.starts > (LAST_FEBRUARY + likely.YEAR + timedelta(days=2 + 7)).date()
        assert found.ends == found.starts + timedelta(days=13)
        profile.available_until = date(2027, 2, 1)
        profile.save()
        assert paths_of(profile).likely is None

    @pytest.mark.parametrize(
        ("offers", "limits"),
        [
            ({"mode": "onsite"}, {}),
            ({"weeks": 1}, {"hours_per_week": 20}),
            ({}, {"interests": {"law": 1}}),
        ],
    )
    def test_none_is_told_that_the_person_could_not_or_would_not_take(
        self, profile, offers, limits
    ):
        past(**offers)
        for name, value in limits.items():
            setattr(profile, name, value)
        profile.save()

        found = paths_of(profile)

        assert found.stack.legs
        assert found.likely is None

    def test_none_is_told_with_which_the_stack_is_worth_less(self, profile):
        steps = ["resume", "cover_letter", "interview", "panel_interview", "test"]
        for role in past(steps=steps, pay_amount_minor=3_000):
            role.skills.all().delete()

        assert paths_of(profile).likely is None

    def test_the_api_tells_it_of_the_stack_alone(self, profile, client):
        past()
        client.force_login(profile.user)

        told = {row["kind"]: row["likely"] for row in client.get("/api/v1/plans").json()["data"]}

        assert told["one"] is told["mix"] is None
        assert told["stack"] == {
            "field": "data",
            "hours": 30.0,
            "month": "2027-02-01",
            "opened_last_year": 5,
            "starts": paths_of(profile).likely.starts.isoformat(),
            "score": paths_of(profile).with_likely.score,
            "search": "kind=micro&field=data&hours_total_max=40",
        }


class TestCounting:
    @pytest.mark.parametrize(
        "facts",
        [
            {"number": 4},
            {"at": LAST_FEBRUARY - timedelta(days=365)},
            {"at": datetime(2026, 7, 1, tzinfo=UTC)},
            {"at": datetime(2025, 11, 30, tzinfo=UTC)},
            {"hours_total": 100},
            {"internship": True, "hours_total": 30},
            {"closed": False, "removed": True},
            {"closed": False},
            {"field": ""},
        ],
    )
    def test_few_others_and_those_of_other_times_are_no_season(self, facts):
        past(**facts)

        assert seasons(at=NOW) == []

    def test_the_habit_of_few_employers_is_no_season(self):
        two = EmployerFactory.create_batch(2, verified=True)
        for employer in two:
            past(3, employer=employer)
        assert seasons(at=NOW) == []

        third = past(1)[0].employer
        likely.caches["plans"].clear()
        assert [season.opened for season in seasons(at=NOW)] == [7]

        third.status = EmployerStatus.BLOCKED
        third.save()
        likely.caches["plans"].clear()
        assert seasons(at=NOW) == []

    def test_the_counts_are_those_of_the_roles(self):
        draw = random.Random(3)
        employers = EmployerFactory.create_batch(6, verified=True)
        rows = defaultdict(list)
        for _ in range(200):
            opened = datetime(2025, 11, 1, tzinfo=UTC) + timedelta(hours=draw.randrange(24 * 280))
            hours, field = draw.choice([5, 15, 15.5, 40, 81]), draw.choice(["data", "law"])
            role = OpportunityFactory(
                closed=True, at=opened, hours_total=hours, field=field,
                employer=draw.choice(employers),
            )  # fmt: skip
            band = next((most for most in (15, 40, 80) if hours <= most), None)
            if band and datetime(2025, 12, 1, tzinfo=UTC) <= opened < datetime(
                2026, 6, 1, tzinfo=UTC
            ):
                rows[field, date(opened.year + 1, opened.month, 1), band].append(role)

        expected = {
            (*key, len(roles), median_low(role.hours_total for role in roles))
            for key, roles in rows.items()
            if len(roles) >= 5 and len({role.employer_id for role in roles}) >= 3
        }

        found = seasons(at=NOW)
        assert len(expected) > 3
        told = {(row.field, row.month, row.most_hours, row.opened, row.hours) for row in found}
        assert told == expected
        assert [row.opened for row in found] == sorted((row.opened for row in found), reverse=True)


class TestLongPlacements:
    def test_short_roles_do_not_crowd_internships_out(self, profile, monkeypatch):
        monkeypatch.setattr(paths, "POOL", 4)
        OpportunityFactory.create_batch(6, open=True, at=NOW)
        long = OpportunityFactory(
            open=True, internship=True, at=NOW, field="law", weeks=26, hours_total=520,
            hours_per_week=20,
        )  # fmt: skip
        found = live.rank_roles(read_person(profile, at=NOW), at=NOW)
        assert found.ids[-1] == long.pk

        compared = paths.compare_paths(found, at=NOW, profile=profile)

        assert [leg.role for leg in compared.one.legs] == [long]
        assert compared.one.weeks == 26
        assert len(compared.stack.legs) > 1

    def test_the_pool_is_filled_by_the_other_family(self, profile, monkeypatch):
        monkeypatch.setattr(paths, "POOL", 4)
        roles = OpportunityFactory.create_batch(6, open=True, at=NOW)
        found = live.rank_roles(read_person(profile, at=NOW), at=NOW)

        pool = paths._pool(found, frozenset({roles[0].pk}))

        assert pool == [role for role in found.ids.tolist() if role != roles[0].pk][:4]
