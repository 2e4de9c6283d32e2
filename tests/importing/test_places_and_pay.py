"""Several places, no place, salaries and last days of JobPosting. No database."""

from datetime import date

import pytest

from opportunities.importing.columns import Naming
from opportunities.importing.convert import convert
from opportunities.importing.rows import Record
from tests.importing.reading import TODAY, facts, place, posting, read_one


class TestSeveralPlaces:
    @pytest.mark.parametrize(
        ("values", "all_of_them"),
        [
            (posting(jobLocation=[place("Leeds"), place("York")]), "Leeds, GB; York, GB"),
            (posting(jobLocation=[place("Ulm", "DE"), "Bern"]), "Ulm, DE; Bern"),
            ({"title": "x", "org": "A", "locations": ["Leeds", "York"]}, "Leeds; York"),
            ({"title": "x", "org": "A", "location": "Leeds; York | Bath"}, "Leeds; York; Bath"),
            ({"title": "x", "org": "A", "location": [{"city": "Leeds", "country": "GB"},
              {"name": "York"}]}, "Leeds, GB; York"),
            ({"title": "x", "org": "A", "city": "Leeds", "where": "York"}, "Leeds; York"),
            ({"title": "x", "org": "A", "location": "Ulm or Bonn"}, "Ulm; Bonn"),
        ],
    )  # fmt: skip
    def test_all_of_them_are_its_places(self, values, all_of_them):
        role = read_one(values)

        assert role.values["place"] == all_of_them
        assert role.unparsed == {}

    @pytest.mark.parametrize(
        ("places", "first"),
        [
            ([f"Llan{n:02}, Wales, United Kingdom" for n in range(9)], "Llan00"),
            ([f"P{n:02}" for n in range(11)], "P00"),
        ],
    )
    def test_what_is_no_list_of_places_is_kept_for_somebody_to_read(self, places, first):
        role = read_one({"title": "x", "org": "A", "locations": places})

        assert role.values["place"].startswith(first)
        assert role.unparsed["places"] == "; ".join(places)

    def test_more_places_than_are_read_are_said(self):
        record = Record(1, {"title": "x", "org": "A", "locations": [f"P{n}" for n in range(61)]})

        bad = convert(record, Naming(source="t"), currency="GBP", today=TODAY).bad

        assert [row.reason for row in bad] == ["names 61 places; at most 60 of 300 characters."]

    @pytest.mark.parametrize(
        ("places", "named", "country"),
        [
            (["Leeds", "Remote"], "Leeds", ""),
            (["Remote", "Leeds", "York"], "Leeds; York", ""),
            (["Leeds", "York (hybrid)"], "Leeds", ""),
            (["Hull, UK", "Remote in UK"], "Hull, UK", "GB"),
            (["Remote - Spain", "Lisbon, Portugal"], "Lisbon, Portugal", ""),
        ],
    )
    def test_a_choice_of_ways_to_work_states_none(self, places, named, country):
        role = read_one({"title": "x", "org": "A", "locations": places})

        assert facts(role, "mode", "place", "country") == (None, named, country)
        assert role.unparsed["places"] == "; ".join(places)

    def test_a_stated_way_of_working_holds_for_a_choice_of_places(self):
        role = read_one({"title": "x", "org": "A", "locations": ["Leeds", "Remote"],
                         "mode": "hybrid"})  # fmt: skip

        assert facts(role, "mode", "place") == ("hybrid", "Leeds")

    def test_the_same_place_twice_is_one(self):
        role = read_one({"title": "x", "org": "A", "locations": ["Leeds", "Leeds"]})

        assert (role.values["place"], role.unparsed) == ("Leeds", {})


class TestNoPlace:
    @pytest.mark.parametrize(
        "values",
        [
            {"title": "x", "org": "A"},
            {"title": "x", "org": "A", "country": "GB"},
            {"title": "x", "org": "A", "remote": "no"},
            posting(),
            posting(jobLocation=[]),
        ],
    )
    def test_stays_unstated(self, values):
        assert read_one(values).values["mode"] is None

    @pytest.mark.parametrize(
        "values",
        [
            {"title": "x", "org": "A", "remote": "yes"},
            posting(jobLocationType="Telecommute"),
            posting(jobLocationType=["TELECOMMUTE"]),
        ],
    )
    def test_remote_is_remote_only_where_it_is_said(self, values):
        assert read_one(values).values["mode"] == "remote"


def salary(value, unit="HOUR"):
    return {"currency": "EUR", "value": {"unitText": unit, **value}}


class TestSalaries:
    @pytest.mark.parametrize(
        "base",
        [
            [salary({"value": 14})],
            [salary({"value": 14}), salary({"value": 14})],
            [{"currency": "EUR", "value": 14, "unitText": "HOUR"}],
            salary({"minValue": 14, "maxValue": 14}),
        ],
    )
    def test_a_list_of_one_amount_is_that_amount(self, base):
        role = read_one(posting(baseSalary=base))

        assert facts(role, "pay_kind", "pay_amount_minor") == ("hourly", 1_400)
        assert role.unparsed == {}

    def test_several_amounts_are_not_sure_and_all_are_kept(self):
        role = read_one(posting(baseSalary=[salary({"value": 14}), salary({"value": 16})]))

        assert role.values["pay_kind"] is None
        assert role.unparsed == {"pay": "EUR 14 per hour; EUR 16 per hour"}

    @pytest.mark.parametrize(
        "base",
        [
            0,
            "0",
            [0],
            salary({"value": 0}),
            salary({"minValue": 0, "maxValue": "0.00"}, "MONTH"),
        ],
        ids=["number", "text", "list", "amount", "range"],
    )
    def test_0_says_that_pay_is_not_disclosed(self, base):
        role = read_one(posting(baseSalary=base))

        assert (role.values["pay_kind"], role.unparsed) == (None, {})

    def test_a_range_from_0_tells_only_its_upper_end(self):
        role = read_one(posting(baseSalary=salary({"minValue": 0, "maxValue": 20})))

        assert role.values["pay_kind"] is None
        assert "20" in role.unparsed["pay"]

    def test_0_in_a_column_of_pay_is_unpaid(self):
        assert read_one({"title": "x", "org": "A", "pay": "0"}).values["pay_kind"] == "unpaid"


class TestLastDay:
    @pytest.mark.parametrize(
        ("moment", "country", "day"),
        [
            ("2027-01-31", "GB", date(2027, 1, 31)),
            ("2027-01-31T00:00:00+00:00", "US", date(2027, 1, 31)),
            ("2027-02-01T07:59:59Z", "US", date(2027, 1, 31)),
            ("2027-02-01T04:59:59Z", "CA", date(2027, 1, 31)),
            ("2027-01-31T23:59:59-08:00", "US", date(2027, 1, 31)),
            ("2027-01-31T22:59:59Z", "DE", date(2027, 1, 31)),
            ("2027-01-31T23:59:59Z", "IN", date(2027, 1, 31)),
            ("2027-02-01T07:59:59Z", "", date(2027, 2, 1)),
        ],
    )
    def test_a_moment_is_the_day_that_it_is_where_the_work_is(self, moment, country, day):
        role = read_one(posting(validThrough=moment, jobLocation=place("Anywhere", country)))

        assert role.values["apply_by"] == day
