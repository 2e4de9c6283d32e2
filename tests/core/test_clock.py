"""Clock times and days of named zones, around every turn of the clocks that trips people."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from opportunities.core import clock
from opportunities.places import gazetteer

ROOT = Path(__file__).parents[2]
LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def wall(*parts):
    """Return what a clock shows, without its zone."""
    return utc(*parts).replace(tzinfo=None)


class TestSaying:
    @pytest.mark.parametrize(
        ("zone", "moment", "said"),
        [
            ("Europe/London", utc(2026, 12, 1, 14), "Tue 1 Dec 2026, 14:00 GMT"),
            ("Europe/London", utc(2026, 7, 1, 14), "Wed 1 Jul 2026, 15:00 BST"),
            ("America/New_York", utc(2026, 12, 1, 2), "Mon 30 Nov 2026, 21:00 EST"),
            ("Asia/Kolkata", utc(2026, 12, 1, 14), "Tue 1 Dec 2026, 19:30 IST"),
            ("UTC", utc(2026, 12, 1, 14), "Tue 1 Dec 2026, 14:00 UTC"),
            (
                "America/Sao_Paulo", utc(2026, 12, 1, 14),
                "Tue 1 Dec 2026, 11:00 UTC-3",
            ),
            (
                "Australia/Lord_Howe", utc(2026, 7, 1, 1),
                "Wed 1 Jul 2026, 11:30 UTC+10:30",
            ),
            ("Pacific/Apia", utc(2026, 12, 31, 12), "Fri 1 Jan 2027, 01:00 UTC+13"),
            ("Etc/GMT+5", utc(2026, 12, 1, 14), "Tue 1 Dec 2026, 09:00 UTC-5"),
        ],
    )  # fmt: skip
    def test_every_clock_time_carries_its_zone(self, zone, moment, said):
        assert clock.said(moment, ZoneInfo(zone)) == said

    def test_the_two_equal_hours_of_autumn_are_told_apart(self):
        first, second = utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)

        assert clock.said(first, LONDON, pattern="H:i") == "01:30 BST"
        assert clock.said(second, LONDON, pattern="H:i") == "01:30 GMT"

    def test_it_is_the_readers_clock_where_no_other_is_named(self):
        with timezone.override(NEW_YORK):
            assert clock.said(utc(2026, 12, 1, 14), pattern="H:i") == "09:00 EST"

    @pytest.mark.parametrize(
        ("other", "beside"),
        [
            ("Europe/London", ""),
            ("Europe/Lisbon", ""),
            ("America/New_York", " (09:00 New York time)"),
            ("Asia/Tokyo", " (23:00 Tokyo time)"),
            ("Australia/Sydney", " (Wed 2 Dec, 01:00 Sydney time)"),
        ],
    )
    def test_another_clock_is_said_beside_where_it_differs(self, other, beside):
        said = clock.said_beside(utc(2026, 12, 1, 14), ZoneInfo(other), LONDON)

        assert said == f"Tue 1 Dec 2026, 14:00 GMT{beside}"

    def test_kept_texts_are_said_by_each_readers_clock(self):
        kept = f"until {clock.written(utc(2026, 7, 1, 22, 59, 59))}"
        assert kept == "until 2026-07-01T22:59:59Z"

        with timezone.override(LONDON):
            assert clock.read_aloud(kept) == "until Wed 1 Jul 2026, 23:59 BST"
        assert clock.read_aloud("2 times proposed") == "2 times proposed"
        assert clock.read_aloud("on 2026-07-01 at 12:00") == "on 2026-07-01 at 12:00"


class TestDays:
    @pytest.mark.parametrize(
        ("zone", "day", "ends"),
        [
            ("Europe/London", date(2026, 12, 3), utc(2026, 12, 4)),
            ("Europe/London", date(2026, 7, 3), utc(2026, 7, 3, 23)),
            # A day of 23 hours and one of 25.
            ("Europe/London", date(2026, 3, 29), utc(2026, 3, 29, 23)),
            ("Europe/London", date(2026, 10, 25), utc(2026, 10, 26)),
            ("America/New_York", date(2026, 3, 8), utc(2026, 3, 9, 4)),
            ("America/New_York", date(2026, 11, 1), utc(2026, 11, 2, 5)),
            ("Australia/Lord_Howe", date(2026, 4, 5), utc(2026, 4, 5, 13, 30)),
            ("Australia/Lord_Howe", date(2026, 10, 4), utc(2026, 10, 4, 13)),
            ("Asia/Kolkata", date(2026, 3, 29), utc(2026, 3, 29, 18, 30)),
            ("Pacific/Apia", date(2026, 12, 31), utc(2026, 12, 31, 11)),
            ("Pacific/Kiritimati", date(2026, 2, 28), utc(2026, 2, 28, 10)),
            ("Pacific/Pago_Pago", date(2028, 2, 29), utc(2028, 3, 1, 11)),
            # Midnight itself is skipped, or a whole day at the date line.
            ("Africa/Cairo", date(2026, 4, 23), utc(2026, 4, 23, 22)),
            ("Pacific/Apia", date(2011, 12, 29), utc(2011, 12, 30, 10)),
            ("America/Havana", date(2026, 10, 31), utc(2026, 11, 1, 4)),
        ],
    )
    def test_a_day_ends_when_the_next_begins_there(self, zone, day, ends):
        there = ZoneInfo(zone)

        assert clock.end_of(day, there) == ends
        assert clock.day_in(there, at=ends - timedelta(seconds=1)) == day
        assert clock.day_in(there, at=ends) > day

    @pytest.mark.parametrize("zone", ["Europe/London", "Australia/Lord_Howe", "America/New_York"])
    def test_days_follow_each_other_without_a_gap_through_a_year(self, zone):
        there = ZoneInfo(zone)
        for number in range(366):
            day = date(2026, 1, 1) + timedelta(days=number)
            ends = clock.end_of(day, there)
            assert clock.day_in(there, at=ends - timedelta(seconds=1)) == day
            assert clock.day_in(there, at=ends) == day + timedelta(days=1)

    def test_the_last_second_is_by_the_clock_there(self):
        last = clock.last_second_of(date(2026, 7, 31), LONDON)

        assert last.isoformat() == "2026-07-31T23:59:59+01:00"

    def test_a_day_says_whose_it_is(self):
        assert clock.day_said(date(2026, 12, 3), LONDON) == "Thu 3 Dec, London time"
        assert clock.day_said(date(2026, 12, 3), ZoneInfo("UTC")) == "Thu 3 Dec, UTC"


class TestInstants:
    @pytest.mark.parametrize(
        ("zone", "typed", "meant"),
        [
            ("Europe/London", wall(2026, 12, 1, 14), utc(2026, 12, 1, 14)),
            ("Europe/London", wall(2026, 7, 1, 14), utc(2026, 7, 1, 13)),
            ("Europe/London", wall(2026, 3, 29, 0, 59), utc(2026, 3, 29, 0, 59)),
            ("Europe/London", wall(2026, 3, 29, 2, 0), utc(2026, 3, 29, 1)),
            ("Europe/London", wall(2026, 10, 25, 0, 59), utc(2026, 10, 24, 23, 59)),
            ("Europe/London", wall(2026, 10, 25, 2, 0), utc(2026, 10, 25, 2)),
            ("Australia/Lord_Howe", wall(2026, 10, 4, 2, 30), utc(2026, 10, 3, 15, 30)),
            ("Asia/Kolkata", wall(2026, 3, 29, 1, 30), utc(2026, 3, 28, 20)),
            ("Pacific/Apia", wall(2026, 12, 31, 23), utc(2026, 12, 31, 10)),
        ],
    )
    def test_a_clock_time_of_a_zone_is_one_instant(self, zone, typed, meant):
        assert clock.instant(typed, ZoneInfo(zone)) == meant

    @pytest.mark.parametrize(
        ("zone", "typed", "why"),
        [
            ("Europe/London", wall(2026, 3, 29, 1, 30), "does not exist"),
            ("Europe/London", wall(2026, 3, 29, 1, 0), "does not exist"),
            ("America/New_York", wall(2026, 3, 8, 2, 15), "does not exist"),
            ("Australia/Lord_Howe", wall(2026, 10, 4, 2, 15), "does not exist"),
            ("Pacific/Apia", wall(2011, 12, 30, 12), "does not exist"),
            ("Europe/London", wall(2026, 10, 25, 1, 0), "comes twice"),
            ("Europe/London", wall(2026, 10, 25, 1, 59), "comes twice"),
            ("America/New_York", wall(2026, 11, 1, 1, 30), "comes twice"),
            ("Australia/Lord_Howe", wall(2026, 4, 5, 1, 45), "comes twice"),
        ],
    )
    def test_one_that_is_none_or_two_is_asked_again(self, zone, typed, why):
        with pytest.raises(clock.UnclearTime, match=why) as unclear:
            clock.instant(typed, ZoneInfo(zone))

        assert clock.time_of(ZoneInfo(zone)) in str(unclear.value)


class TestNames:
    @pytest.mark.parametrize("name", ["", "Mars", "../etc/passwd", "localtime", "Factory", "gmt+1"])
    def test_what_is_no_zone_counts_as_utc(self, name):
        assert not clock.is_zone(name)
        assert clock.zone_of(name).key == "UTC"

    def test_every_zone_of_the_gazetteer_and_of_the_forms_is_known(self):
        of_cities = {row[0] for row in gazetteer._ask("SELECT DISTINCT zone FROM city")}

        assert of_cities | set(clock.COMMON) <= clock.names()


class TestEveryPlaceWhereTimesAreShown:
    """No template writes a clock time by itself: only ``clock`` names the zone."""

    def test_no_template_writes_an_hour_without_its_zone(self):
        texts = [*ROOT.glob("opportunities/**/*.html"), *ROOT.glob("opportunities/**/*.txt")]
        texts += [*ROOT.glob("matching/**/*.html"), *ROOT.glob("config/**/*.html")]
        assert len(texts) > 100
        bare = re.compile(r"""\|\s*(?:date|time):\s*["'][^"']*[HGhgiP][^"']*["']""")

        found = {
            (str(path.relative_to(ROOT)), one)
            for path in texts
            for one in bare.findall(path.read_text(encoding="utf-8"))
        }

        assert not found

    def test_no_sentence_in_the_code_writes_one_either(self):
        bare = re.compile(r"%H[:.]?%M|%I:%M|H:i")
        may = {"opportunities/core/clock.py", "opportunities/core/languages.py"}
        found = set()
        for path in [*ROOT.glob("opportunities/**/*.py"), *ROOT.glob("matching/**/*.py")]:
            name = str(path.relative_to(ROOT))
            if name in may or "/migrations/" in name or "/management/" in name:
                continue
            for line in path.read_text(encoding="utf-8").splitlines():
                if bare.search(line) and "clock.said" not in line and "T%H:%M" not in line:
                    found.add((name, line.strip()))

        assert not found


@pytest.mark.parametrize(
    ("zone", "english", "german"),
    [
        ("Europe/Lisbon", "Lisbon time", "Ortszeit Lissabon"),
        ("Europe/Vienna", "Vienna time", "Ortszeit Wien"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time", "Ortszeit Buenos Aires"),
        ("Australia/Lord_Howe", "Lord Howe Island time", "Ortszeit Lord Howe"),
    ],
)
def test_a_zone_is_named_after_its_place_in_the_language_of_the_reader(zone, english, german):
    assert clock.time_of(ZoneInfo(zone)) == english
    with translation.override("de"):
        assert clock.time_of(ZoneInfo(zone)) == german
