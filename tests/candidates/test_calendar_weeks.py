"""The weeks with other hours: read as matching reads them, written where they were changed."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Candidate
from matching.engine.calendars import differing_weeks
from opportunities.candidates import calendar_weeks
from opportunities.candidates.calendar_weeks import WEEK, hours_by_week, monday_of, with_weeks
from opportunities.candidates.fields import checked
from tests.factories import CandidateProfileFactory

MONDAY = date(2026, 12, 7)
NOW = datetime(2026, 12, 9, 9, tzinfo=UTC)
day = date.fromordinal
WEEKS = [MONDAY + number * WEEK for number in range(20)]


@st.composite
def calendars(draw):
    days = sorted(draw(st.sets(st.integers(0, 139), max_size=8)))
    periods = [
        {
            "from": (MONDAY + timedelta(first)).isoformat(),
            "until": (MONDAY + timedelta(last)).isoformat(),
            "hours": float(draw(st.integers(0, 40))),
        }
        for first, last in zip(days[::2], days[1::2], strict=False)
    ]
    return periods, sorted(draw(st.sets(st.sampled_from(WEEKS), max_size=4)))


def shown(periods, blocked):
    return hours_by_week(WEEKS, periods=periods, blocked=blocked, usual=20)


@given(calendars())
def test_the_boxes_say_what_matching_reads(calendar):
    periods, blocked = calendar
    person = Candidate(
        id=1,
        available_from=MONDAY.isoformat(),
        hours_per_week=20,
        weekly_hours=tuple((p["from"], p["until"], p["hours"]) for p in periods),
        blocked_weeks=frozenset(day.isoformat() for day in blocked),
    )

    read = {
        date.fromordinal(7 * week + 1): hours for week, hours in differing_weeks(person).items()
    }

    assert shown(periods, blocked) == read


@given(calendars(), st.dictionaries(st.sampled_from(WEEKS), st.sampled_from([None, 0, 4, 37.5])))
def test_changed_weeks_say_what_was_typed_and_all_others_what_they_said(calendar, changed):
    periods, blocked = calendar

    new_periods, away = with_weeks(changed, periods=periods, blocked=blocked, since=MONDAY)

    expected = shown(periods, blocked)
    for week, hours in changed.items():
        expected.pop(week, None)
        if hours is not None:
            expected[week] = hours
    assert shown(new_periods, away) == expected
    checked({"weekly_hours": new_periods, "blocked_weeks": away})


def test_a_period_that_begins_on_a_wednesday_stays_one_where_nothing_was_changed():
    period = {"from": "2026-12-09", "until": "2027-01-15", "hours": 4.0}

    periods, _ = with_weeks({date(2027, 1, 4): 0}, periods=[period], blocked=[], since=MONDAY)

    assert [(p["from"], p["until"]) for p in periods] == [
        ("2026-12-09", "2027-01-03"), ("2027-01-11", "2027-01-15"),
    ]  # fmt: skip


def test_what_is_over_is_let_go_with_the_next_change():
    over = {"from": "2026-09-07", "until": "2026-10-04", "hours": 4.0}

    periods, away = with_weeks(
        {MONDAY: 8.0}, periods=[over], blocked=[date(2026, 10, 12)], since=MONDAY
    )

    assert ([p["from"] for p in periods], away) == (["2026-12-07"], [])


def test_a_calendar_shows_a_year_and_what_differs_later():
    far = [{"from": "2028-02-01", "until": "2028-02-20", "hours": 4.0}]

    assert len(calendar_weeks.shown_weeks(MONDAY, [], [])) == 53
    assert calendar_weeks.shown_weeks(MONDAY, far, [])[-1] == monday_of(date(2028, 2, 20))


@pytest.mark.django_db
class TestStrip:
    @pytest.fixture(autouse=True)
    def _now(self):
        with time_machine.travel(NOW, tick=False):
            yield

    @pytest.fixture
    def profile(self, client):
        made = CandidateProfileFactory(
            hours_per_week=20,
            blocked_weeks=["2026-12-21"],
            weekly_hours=[{"from": "2027-01-06", "until": "2027-02-05", "hours": 4.0}],
        )
        client.force_login(made.user)
        return made

    def boxes(self, client):
        """Return the page's form as a browser sends it: a box a week, and the first Monday."""
        form = client.get("/me/profile/").context["form"]
        data = {
            field.html_name: value
            for field in form
            if field.name != "weeks" and (value := field.value()) not in (None, "", False)
        }
        boxes = [week.hours for _, month in form.months for week in month]
        return data | {"seen": form.seen, "weeks-first": form.mondays[0].isoformat()}, boxes

    def test_countries_are_named_and_kept_as_codes(self, client, profile):
        data, boxes = self.boxes(client)
        data |= {"weeks": boxes}

        sent = client.post("/me/profile/", data | {"rights": "United Kingdom, Deutschland; IE"})

        assert sent.status_code == 302
        profile.refresh_from_db()
        assert profile.rights == ["GB", "DE", "IE"]
        page = client.get("/me/profile/").text
        assert 'value="United Kingdom, Germany, Ireland"' in page
        assert 'value="20"' in page

    def test_a_country_that_nobody_knows_is_said(self, client, profile):
        data, boxes = self.boxes(client)

        page = client.post("/me/profile/", data | {"weeks": boxes, "rights": "Atlantis, GB"})

        assert "We know no country called “Atlantis”." in page.text
        assert 'value="Atlantis, GB"' in page.text

    def test_a_number_typed_into_a_box_is_the_hours_of_that_week(self, client, profile):
        data, boxes = self.boxes(client)
        assert boxes[:10] == ["", "", "0", "", "4", "4", "4", "4", "4", ""]
        boxes[1], boxes[2], boxes[6] = "7,5", "", "0"

        assert client.post("/me/profile/", data | {"weeks": boxes}).status_code == 302

        profile.refresh_from_db()
        assert profile.blocked_weeks == [date(2027, 1, 18)]
        assert [(p["from"], p["until"], p["hours"]) for p in profile.weekly_hours] == [
            ("2026-12-14", "2026-12-20", 7.5),
            ("2027-01-06", "2027-01-17", 4.0),
            ("2027-01-25", "2027-02-05", 4.0),
        ]

    def test_boxes_that_nobody_touched_change_nothing(self, client, profile):
        before = (profile.weekly_hours, ["2026-12-21"])
        data, boxes = self.boxes(client)

        client.post("/me/profile/", data | {"weeks": boxes, "headline": "Third year"})

        profile.refresh_from_db()
        assert (profile.weekly_hours, [str(day) for day in profile.blocked_weeks]) == before

    @pytest.mark.parametrize("typed", ["81", "-1", "many", "nan", "1e1"])
    def test_hours_that_cannot_be_are_asked_for_again_and_stay_in_their_box(
        self, client, profile, typed
    ):
        data, boxes = self.boxes(client)
        boxes[3] = typed

        answer = client.post("/me/profile/", data | {"weeks": boxes})

        assert answer.status_code == 422
        assert "Week of 28 December 2026" in answer.context["form"].errors["weeks"][0]
        assert [week.hours for _, month in answer.context["form"].months for week in month][
            3
        ] == typed

    def test_two_dates_fill_the_weeks_between_them_without_script(self, client, profile):
        data, boxes = self.boxes(client)
        span = {"span": "1", "span-from": "2027-03-03", "span-until": "2027-03-15"}

        page = client.post("/me/profile/", data | {"weeks": boxes} | span | {"span-hours": "6"})

        assert page.status_code == 200
        weeks = [week for _, month in page.context["form"].months for week in month]
        filled = [week.monday for week in weeks if week.hours == "6"]
        assert filled == [date(2027, 3, 1), date(2027, 3, 8), date(2027, 3, 15)]
        assert [week.hours for week in weeks][:5] == boxes[:5]
        profile.refresh_from_db()
        assert len(profile.weekly_hours) == 1

    @pytest.mark.parametrize(
        "span",
        [
            {"span-from": "2027-03-15", "span-until": "2027-03-03"},
            {"span-from": "", "span-until": "2027-03-03"},
            {"span-from": "2027-03-03", "span-until": "2027-03-15", "span-hours": "90"},
            {"span-from": "2040-03-03", "span-until": "2040-03-15"},
        ],
    )
    def test_dates_that_name_no_weeks_are_asked_for_again(self, client, profile, span):
        data, boxes = self.boxes(client)

        page = client.post("/me/profile/", data | {"weeks": boxes, "span": "1"} | span)

        assert page.status_code == 422
        assert page.context["span_fault"]
        assert span["span-until"] in page.text

    def test_what_another_window_saved_meanwhile_is_shown_in_words(self, client, profile):
        data, boxes = self.boxes(client)
        profile.blocked_weeks = []
        profile.save(update_fields=["blocked_weeks"])
        boxes[2] = "5"

        page = client.post("/me/profile/", data | {"weeks": boxes})

        assert page.status_code == 422
        assert "21 December 2026: 5 h" in page.context["form"].errors["weeks"][0]
