"""Calendar files: names that stay, versions that rise, zones with their rules, words cleaned."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from opportunities.core import calendar_files
from opportunities.core.calendar_files import Entry

CHANGED = datetime(2026, 11, 20, 9, tzinfo=UTC)


def entry(**facts):
    told = {
        "name": "app_1-talk", "version": 3, "changed_at": CHANGED, "title": "Talk",
        "starts": datetime(2026, 12, 1, 14, tzinfo=UTC),
    } | facts  # fmt: skip
    return Entry(**told)


def read(*entries, zone=UTC, **options):
    content = calendar_files.write(entries, title="Dates", zone=zone, **options)
    calendar = Calendar.from_ical(content)
    return calendar, calendar.walk("VEVENT"), content.decode()


class TestTimes:
    @pytest.mark.parametrize(
        ("zone", "starts", "shown"),
        [
            ("Europe/London", datetime(2026, 12, 1, 14, tzinfo=UTC), "20261201T140000"),
            ("Europe/London", datetime(2026, 7, 1, 14, tzinfo=UTC), "20260701T150000"),
            ("Europe/London", datetime(2026, 3, 29, 1, tzinfo=UTC), "20260329T020000"),
            ("America/New_York", datetime(2026, 11, 1, 7, tzinfo=UTC), "20261101T020000"),
            ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC), "20261004T023000"),
            ("Asia/Kolkata", datetime(2026, 12, 31, 20, tzinfo=UTC), "20270101T013000"),
            ("Pacific/Apia", datetime(2026, 12, 31, 11, tzinfo=UTC), "20270101T000000"),
        ],
    )
    def test_are_by_the_readers_clock_with_the_rules_of_its_zone(self, zone, starts, shown):
        calendar, [event], text = read(entry(starts=starts), zone=ZoneInfo(zone))

        assert f"DTSTART;TZID={zone}:{shown}" in text
        assert [str(rules["tzid"]) for rules in calendar.walk("VTIMEZONE")] == [zone]
        assert event.decoded("dtstart") == starts

    def test_in_utc_need_no_rules(self):
        calendar, _, text = read(entry())

        assert "DTSTART:20261201T140000Z" in text
        assert calendar.walk("VTIMEZONE") == []

    def test_a_talk_ends_and_takes_time_and_a_moment_does_neither(self):
        half_past = datetime(2026, 12, 1, 14, 30, tzinfo=UTC)
        _, [talk, moment], _ = read(entry(ends=half_past, takes_time=True), entry(name="offer"))

        assert (talk.decoded("dtend"), str(talk["transp"])) == (half_past, "OPAQUE")
        assert ("dtend" in moment, str(moment["transp"])) == (False, "TRANSPARENT")

    @pytest.mark.parametrize(
        ("first", "last", "ends"),
        [
            (date(2026, 12, 3), None, date(2026, 12, 4)),
            (date(2026, 12, 31), None, date(2027, 1, 1)),
            (date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)),
            (date(2026, 10, 25), None, date(2026, 10, 26)),
        ],
    )
    def test_days_are_days_whoever_reads_them(self, first, last, ends):
        _, [event], text = read(entry(starts=first, ends=last), zone=ZoneInfo("Pacific/Apia"))

        assert f"DTSTART;VALUE=DATE:{first:%Y%m%d}" in text
        assert event.decoded("dtend") == ends


class TestChanges:
    def test_the_name_stays_and_the_sequence_rises(self):
        _, [before], _ = read(entry(version=3))
        _, [after], _ = read(entry(version=4, starts=date(2026, 12, 9)))

        assert before["uid"] == after["uid"]
        assert (int(before["sequence"]), int(after["sequence"])) == (3, 4)

    def test_what_is_called_off_says_so(self):
        _, [event, other], _ = read(entry(is_called_off=True), entry(name="b"))

        assert (str(event["status"]), str(other["status"])) == ("CANCELLED", "CONFIRMED")

    def test_who_follows_the_file_is_told_how_often(self):
        _, _, text = read(entry(), refreshed=timedelta(hours=12))

        assert "REFRESH-INTERVAL;VALUE=DURATION:PT12H" in text
        assert "X-PUBLISHED-TTL:PT12H" in text


class TestWords:
    @pytest.mark.parametrize(
        "title",
        [
            "Talk\r\nSTATUS:CANCELLED",
            "Talk\nEND:VEVENT\nBEGIN:VEVENT",
            "a\x00b\x07c\x1b[31m",
            "\u202eklaT\u202c",
            "Talk; with, every\\thing",
            "محادثة",
            "x" * 2000,
        ],
    )
    def test_break_out_of_no_line(self, title):
        _, events, text = read(entry(title=title, place=title, about=title))

        [event] = events
        assert str(event["status"]) == "CONFIRMED"
        assert not set(text) & {"\x00", "\x07", "\x1b", "\u202e"}
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))

    @pytest.mark.parametrize(
        ("name", "file"),
        [
            ("Survey analyst", 'attachment; filename="Survey analyst.ics"'),
            ("../../etc/passwd", 'attachment; filename="etc-passwd.ics"'),
            ('a"b\r\nSet-Cookie: x', 'attachment; filename="a-b Set-Cookie- x.ics"'),
            ("Prüfen", "attachment; filename*=utf-8''Pr%C3%BCfen.ics"),
        ],
    )
    def test_names_of_files_break_out_of_no_header(self, name, file):
        answer = calendar_files.answer(b"", name=name)

        assert answer.headers["Content-Disposition"] == file
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
