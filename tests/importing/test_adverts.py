"""Adverts are read surely: a labelled corpus, the words behind each fact, what stays unread.

No database: the vocabulary is that of the file.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from textwrap import wrap

import pytest

from opportunities.importing.adverts.proposing import propose_format
from opportunities.importing.adverts.read import MAX_ADVERT, named_kind, read_advert
from opportunities.skills.loading import OWN_SKILLS
from opportunities.skills.vocabulary.files import read_vocabulary
from opportunities.skills.vocabulary.words import normalize
from tests.importing.adverts import NAMES as FILES
from tests.importing.adverts import TODAY, facts_of, samples

OVERALL = 0.97
EACH = 0.95
RECALL = {
    "seen": 0.99, "held_out": 0.99, "fresh": 0.99, "last": 0.98, "newest": 0.97, "wild": 0.98,
    "blind": 0.98, "unseen": 0.94, "street": 0.93, "noticed": 0.94, "everyday": 0.94,
}  # fmt: skip


def _vocabulary() -> dict[str, str]:
    names: dict[str, str] = {}
    for skill in read_vocabulary(OWN_SKILLS).skills:
        for name in (skill.label, *skill.aliases):
            names.setdefault(normalize(name), skill.id)
    return names


NAMES = _vocabulary()


def slugs(names: Iterable[str]) -> dict[str, str]:
    return {name: NAMES[normalize(name)] for name in names if normalize(name) in NAMES}


def read(text, **told):
    return read_advert(text, **{"today": TODAY, "skills": slugs} | told)


def values(text, **told):
    return read(text, **told).values


class TestTheCorpus:
    def test_has_many_adverts_in_three_languages_and_a_third_held_out(self):
        seen, later = (
            samples("seen"),
            [sample for name in tuple(RECALL)[1:] for sample in samples(name)],
        )
        languages = Counter(sample.language for sample in (*seen, *later))

        assert RECALL.keys() == {*FILES}
        assert len(seen) + len(later) >= 120
        assert len(later) * 3 >= len(seen) + len(later)
        assert languages["en"] > languages["de"] >= 8
        assert languages["fr"] >= 8

    @pytest.mark.parametrize("name", RECALL)
    def test_precision_and_recall(self, name):
        right, wrong, missed = Counter(), Counter(), Counter()
        for sample in samples(name):
            got = facts_of(read(sample.text).values)
            right.update(field for field, _ in got & sample.facts)
            wrong.update(field for field, _ in got - sample.facts)
            missed.update(field for field, _ in sample.facts - got)
        told = {field: (right[field], wrong[field], missed[field]) for field in right | wrong}

        assert right.total() / (right.total() + wrong.total()) >= OVERALL, told
        for field in right | wrong:
            assert right[field] / (right[field] + wrong[field]) >= EACH, (field, told[field])
        assert right.total() / (right.total() + missed.total()) >= RECALL[name], missed

    @pytest.mark.parametrize("name", RECALL)
    def test_every_fact_stands_where_it_says(self, name):
        for sample in samples(name):
            advert = read(sample.text)
            assert advert.language == sample.language
            for found in advert.fields:
                assert found.spans, found
                for span in found.spans:
                    assert 0 <= span.start < span.end <= len(advert.text)
                    assert advert.words(span)
            assert "".join(words for words, _, _ in advert.pieces()) == advert.text


class TestOneSentence:
    def test_becomes_a_draft(self):
        advert = read("two weeks, 20 hours, tidy our CRM, 300 pounds")

        assert advert.values == {
            "title": "Tidy our CRM", "weeks": 2.0, "hours_total": 20.0,
            "pay_kind": "fixed_fee", "pay_amount": 300, "pay_currency": "GBP",
        }  # fmt: skip
        assert [advert.words(span) for span in advert.find("weeks").spans] == ["two weeks"]
        assert advert.unread == []

    def test_an_amount_beside_hours_a_week_may_be_either_and_is_left(self):
        advert = read("four weeks, 10 hours a week, sort our archive, £100")

        assert "pay_amount" not in advert.values
        assert [(one.name, advert.words(one.span)) for one in advert.unread] == [("pay", "£100")]


class TestTimes:
    @pytest.mark.parametrize(
        ("text", "hours", "weeks"),
        [
            ("It's about 12 hours of work within 2 weeks.", 12, 2),
            ("We think it takes 12 hours within two weeks.", 12, 2),
            ("12 Stunden innerhalb von 2 Wochen.", 12, 2),
            ("Contract: 3 months", None, 13),
            ("Du arbeitest acht Wochen in unserer Werkstatt.", None, 8),
            ("You'll work six weeks with our gardeners.", None, 6),
            ("Duration: 5 half-days of 4 hours", 20, None),
            ("Duration: 5 half-days", None, None),
            ("Takes 12 hours. We reply within 2 weeks.", 12, None),
            ("Takes 12 hours and we reply within 2 weeks.", 12, None),
        ],
    )
    def test_hours_within_weeks_contracts_and_half_days(self, text, hours, weeks):
        told = values(f"Survey intern\n\n{text}")

        assert (told.get("hours_total"), told.get("weeks")) == (hours, weeks)

    @pytest.mark.parametrize(
        "text",
        ["6 weeks of 20 hours", "6 Wochen zu 20 Stunden", "6 semaines de 20 heures",
         "Duration: 6 weeks x 20 hours"],
    )  # fmt: skip
    def test_weeks_of_some_hours_are_hours_a_week(self, text):
        told = values(f"Survey intern\n\n{text}")

        assert (told["weeks"], told["hours_per_week"]) == (6, 20)

    @pytest.mark.parametrize(
        ("text", "first"),
        [
            ("Dates: 11\u201315 January 2027", date(2027, 1, 11)),
            ("You work with us from 3 May to 25 June 2027.", date(2027, 5, 3)),
            ("From December 14 to January 8, 2027.", date(2026, 12, 14)),
            ("Wann? 2. bis 20. August 2027", date(2027, 8, 2)),
            ("Le stage a lieu du 3 mai au 25 juin 2027.", date(2027, 5, 3)),
            ("From 5 July until the end of August 2027.", date(2027, 7, 5)),
            ("Vom 20. Dezember bis Ende Februar 2027.", date(2026, 12, 20)),
            ("Start: KW 3 2027", date(2027, 1, 18)),
            ("Dates: Mon 14 June 2027 to Fri 20 Aug 2027 (10 weeks)", date(2027, 6, 14)),
            ("Period: March\u2013August 2027 (6 months)", date(2027, 3, 1)),
            ("Period: November to March 2027", date(2026, 11, 1)),
            ("Start: January 2027, for a year at first", date(2027, 1, 1)),
            ("Zum 1. Februar 2027 suchen wir Hilfe.", date(2027, 2, 1)),
            ("Interviews from 3 to 5 May 2027.", None),
            ("Interview date: w/c 15 February 2027", None),
            ("We are closed from 24 December to 3 January 2027.", None),
            ("Applications are open from 3 to 5 May 2027.", None),
            ("Start: KW 54 2027", None),
            ("Start: KW 3", None),
        ],
    )
    def test_a_period_or_a_calendar_week_tells_the_first_day(self, text, first):
        assert values(f"Survey intern\n\n{text}").get("start_earliest") == first

    @pytest.mark.parametrize(
        ("text", "field", "value"),
        [
            ("Where? Leeds, on site", "place", "Leeds"),
            ("How long? 6 weeks", "weeks", 6),
            ("Umfang ca. 30 Stunden in 3 Wochen", "hours_total", 30),
            ("Salary £24,000 per annum", "pay_amount", 2000),
        ],
    )
    def test_labels_are_questions_too_and_stand_without_a_sign(self, text, field, value):
        assert values(f"Survey intern\n\n{text}")[field] == value


class TestShortWords:
    """How British adverts write it: "£12ph", "30ish hours a week", "c. 30 hours"."""

    @pytest.mark.parametrize(
        ("text", "kind", "amount"),
        [
            ("We pay £12.60ph plus tips", "hourly", 12.6),
            ("£12p/h", "hourly", 12),
            ("Pay: £12 p.h.", "hourly", 12),
            ("£480 pw", "stipend_month", 2080),
            ("£2,100pcm", "stipend_month", 2100),
            ("circa £24k pa", "stipend_month", 2000),
            ("£480 a week all in, meals included.", "stipend_month", 2080),
        ],
    )
    def test_of_pay_stand_right_behind_the_amount(self, text, kind, amount):
        told = values(f"Survey intern\n\n{text}")

        assert (told["pay_kind"], float(told["pay_amount"])) == (kind, amount)

    @pytest.mark.parametrize(
        ("text", "hours"),
        [
            ("It's 30ish hours a week.", 30),
            ("Hours: 30ish hours a week", 30),
            ("20-30ish hours a week", 30),
            ("c. 30 hours a week", 30),
            ("c.30 hrs pw", 30),
            ("c30 hrs p/w", 30),
            ("35 hrs pw", 35),
            ("37.5hpw", 37.5),
            ("Hours: 21 hours per week (three days)", 21),
            ("Hours: 21 hours a week over 3 days", 21),
        ],
    )
    def test_of_time_are_hours_a_week_and_no_week(self, text, hours):
        told = values(f"Survey intern\n\n{text}")

        assert {name: told.get(name) for name in ("hours_per_week", "hours_total", "weeks")} == {
            "hours_per_week": hours, "hours_total": None, "weeks": None,
        }  # fmt: skip

    def test_of_hours_without_a_term_are_asked_about(self):
        advert = read("Survey intern\n\nHours: c. 30 hours")

        assert "hours_total" not in advert.values
        assert [advert.words(one.span) for one in advert.unread] == ["c. 30 hours"]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Salary: £27,000 pro rata", "£27,000"),
            ("We pay £27,000 pro rata, 21 hours a week.", "£27,000"),
            ("Salary: £25,584 - £27,269 per annum, pro rata", "£25,584 - £27,269 per annum"),
            ("circa £24k FTE", "circa £24k"),
            ("Salary: £24,000 per annum (FTE)", "£24,000 per annum"),
            ("Salary: £24,000 a year full-time equivalent", "£24,000 a year"),
            ("Salary: FTE £24,000 per annum", "£24,000 per annum"),
            ("Salary: £24k (pro rata for part time)", "£24k"),
            ("Vergütung: 48.000 € p.a. anteilig", "48.000 € p.a."),
        ],
    )
    def test_of_full_time_pay_leave_what_is_paid_to_be_asked(self, text, words):
        advert = read(f"Survey intern\n\n{text}")

        assert not {"pay_kind", "pay_amount"} & advert.values.keys()
        assert [(advert.words(one.span), one.why) for one in advert.unread] == [
            (words, "pro_rata")
        ]  # fmt: skip

    def test_what_is_paid_is_read_beside_what_full_time_would_be(self):
        told = values("Survey intern\n\nSalary: £14,400 per annum (£24,000 FTE)")

        assert (told["pay_kind"], told["pay_amount"]) == ("stipend_month", 1200)


class TestPayByTheDay:
    @pytest.mark.parametrize(
        ("text", "kind", "amount"),
        [
            ("We pay £120 a day for ten days.", "fixed_fee", 1200),
            ("Pay: £120 per day for 3 days", "fixed_fee", 360),
            ("120 € am Tag für 10 Tage.", "fixed_fee", 1200),
            ("120 € par jour pendant dix jours.", "fixed_fee", 1200),
            ("We pay £120 per day (8 hours).", "hourly", 15),
        ],
    )
    def test_is_read_where_days_or_hours_stand_beside_it(self, text, kind, amount):
        told = values(f"Survey assistant\n\n{text}")

        assert (told["pay_kind"], told["pay_amount"]) == (kind, amount)
        assert "weeks" not in told

    @pytest.mark.parametrize(
        "text", ["We pay £120 a day.", "Day rate: £120", "Tagessatz: 120 €", "Pay: £120/day"]
    )
    def test_alone_is_asked_about(self, text):
        advert = read(f"Survey assistant\n\n{text}")

        assert not advert.values.keys() & {"pay_kind", "pay_amount"}
        assert [(one.name, one.why) for one in advert.unread] == [("pay", "by_the_day")]

    def test_leaves_many_days_beside_it_open(self):
        advert = read("Survey assistant, 10 days, £120/day, Leeds")

        assert "weeks" not in advert.values
        assert ("duration", "10 days") in [
            (one.name, advert.words(one.span)) for one in advert.unread
        ]


class TestPlaces:
    @pytest.mark.parametrize(
        "text",
        [
            "Praktikum Grafik\n\nMünchen, vor Ort\n6 Wochen, 20 Stunden pro Woche",
            "Praktikum Grafik, München, vor Ort, 6 Wochen, 20 Stunden pro Woche",
            "Praktikum Grafik in München, vor Ort. Es dauert 6 Wochen.",
            "Survey intern\n\nMünchen, on site\n6 weeks",
            "Survey intern\n\nOn-site | München\n6 weeks",
        ],
    )
    def test_a_town_beside_on_site_needs_no_label(self, text):
        told = values(text)

        assert (told["mode"], told["place"]) == ("onsite", "München")
        assert told.get("title") in {"Praktikum Grafik", "Survey intern", None}

    @pytest.mark.parametrize(
        ("title", "place"),
        [
            ("Praktikum Marketing in Köln (m/w/d)", "Köln"),
            ("Data intern in Frankfurt am Main", "Frankfurt am Main"),
            ("Stage en gestion de projet à Lyon", "Lyon"),
            ("Summer intern in Finance", None),
            ("Intern in Leeds museum archives", None),
        ],
    )
    def test_a_title_ends_with_its_town(self, title, place):
        assert values(f"{title}\n\n6 weeks, 20 hours a week").get("place") == place

    @pytest.mark.parametrize("title", ["🚀 Growth intern @ Tallyho", "** Growth intern 🌱"])
    def test_a_title_has_no_ornaments(self, title):
        assert values(f"{title}\n\n6 weeks, 20 hours a week")["title"] == "Growth intern"

    @pytest.mark.parametrize(
        ("line", "place"),
        [
            ("Marketing Intern - Bristol, hybrid", "Bristol"),
            ("Data intern (Leeds)", "Leeds"),
            ("Data intern - Research", None),
        ],
    )
    def test_a_town_stands_behind_a_title(self, line, place):
        assert values(f"{line}\n\n6 weeks, 20 hours a week").get("place") == place

    def test_any_other_word_beside_on_site_is_no_town(self):
        assert "place" not in values("Survey intern\n\nMarketing, on site\n6 weeks")

    @pytest.mark.parametrize(
        "text",
        [
            "Survey intern, remote or in Leeds, 20 hours over two weeks, £300 fixed",
            "Survey intern\n\nIt lasts 6 weeks, remote or in Leeds.",
            "Survey intern\n\nLocation: remote or in Leeds",
            "Survey intern, Leeds or remote\n\n6 weeks, 20 hours a week",
        ],
    )
    def test_a_choice_of_ways_is_asked_about_once(self, text):
        advert = read(text)

        assert "mode" not in advert.values
        assert [one.name for one in advert.unread] == ["mode"]


class TestSkills:
    @pytest.mark.parametrize(
        "words",
        [
            "Skills: basic SQL; good knowledge of Python",
            "Kenntnisse: Grundlagen in SQL; sehr gute Python-Kenntnisse",
            "Kenntnisse: SQL-Grundkenntnisse; fundierte Erfahrung mit Python",
            "Kenntnisse: Sicherer Umgang mit SQL; Beherrschung von Python",
            "Du bringst sehr gute Kenntnisse in SQL mit. Ideal sind Grundlagen in Python.",
            "Du verfügst über Grundkenntnisse in SQL und Python.",
        ],
    )
    def test_a_skill_is_known_beside_how_well_it_is_mastered(self, words):
        found = values(f"Praktikum Analyse\n\n{words}")["skills"]

        assert {entry["name"] for entry in found} >= {"sql", "python"}


class TestNothingIsGuessed:
    @pytest.mark.parametrize(
        "text",
        [
            "We reply within 2 weeks.",
            "In the last 6 months we grew.",
            "You have one month's notice.",
            "We are 3 months old.",
            "A 20-minute call every 2 weeks with your mentor.",
            "After 4 weeks we look back together.",
            "Answer within 48 hours.",
        ],
    )
    def test_a_time_that_is_not_the_duration(self, text):
        told = values(f"Intern wanted\n\n{text}")

        assert not told.keys() & {"weeks", "hours_total", "hours_per_week"}

    @pytest.mark.parametrize(
        "text",
        [
            "We raised £2m last year.",
            "Our turnover is £40,000 per month.",
            "We pay your travel up to £10 a day.",
            "Sell vouchers worth £20.",
            "Chase unpaid invoices.",
            "We do not offer unpaid internships.",
            "Rooms cost about £700 a month.",
            "Pay: competitive",
            "Stipend: up to £500 per month",
            "We pay £12 per hour. Later we pay £14 per hour.",
        ],
    )
    def test_money_that_is_not_the_pay(self, text):
        assert "pay_kind" not in values(f"Finance intern\n\n{text}")

    @pytest.mark.parametrize(
        "text",
        ["Location: Leeds/Remote", "Remote or on site", "Remote possible",
         "Map with remote sensing.",
         "Fix a hybrid car.", "Work from home is possible.", "Mostly from home",
         "Gearbeitet wird überwiegend von zu Hause."],
    )  # fmt: skip
    def test_a_way_of_working_that_is_open(self, text):
        assert "mode" not in values(f"Survey intern\n\n{text}")

    @pytest.mark.parametrize(
        ("text", "why"),
        [("Apply by 12 January", "no_year"), ("Deadline: 03/04/2027", "unclear"),
         ("Deadline: Monday 12 January 2027", "contradicts")],
    )  # fmt: skip
    def test_a_day_without_its_year_or_order(self, text, why):
        advert = read(f"Survey intern\n\n{text}")

        assert "apply_by" not in advert.values
        assert [(one.name, one.why) for one in advert.unread] == [("apply_by", why)]

    def test_the_day_of_an_answer_is_no_deadline(self):
        assert "apply_by" not in values("Survey intern\n\nWe reply to everybody by 5 May 2027.")

    def test_a_weekday_tells_the_year(self):
        assert values("Survey intern\n\nApply by Friday 15 January")["apply_by"] == date(
            2027, 1, 15
        )
        assert "apply_by" not in values("Survey intern\n\nApply by Monday 15 January")

    def test_two_durations_that_contradict(self):
        advert = read("Duration: 6 weeks\n\nThe internship lasts 3 months.")

        assert "weeks" not in advert.values
        assert {one.why for one in advert.unread} == {"contradicts"}

    def test_a_skill_that_the_vocabulary_lacks(self):
        advert = read("Skills: Python, Underwater basket weaving")

        assert [entry["name"] for entry in advert.values["skills"]] == ["python"]
        assert [(one.why, advert.words(one.span)) for one in advert.unread] == [
            ("unknown_skill", "Underwater basket weaving")
        ]

    @pytest.mark.parametrize("text", ["No CV needed.", "Send a CV or a link.", "Pas de CV."])
    def test_steps_that_are_not_asked(self, text):
        assert "steps" not in values(f"Survey intern\n\nTo apply, write to us. {text}")


class TestRightToWork:
    @pytest.mark.parametrize(
        ("text", "country"),
        [
            ("You must have the right to work in the UK.", "GB"),
            ("Must have permission to work in the U.S.; we cannot sponsor visas.", "US"),
            ("Du brauchst eine Arbeitserlaubnis für die Schweiz.", "CH"),
            ("Autorisation de travailler en France nécessaire.", "FR"),
            ("You do not need the right to work in the UK.", None),
            ("We can sponsor the work permit for the Netherlands.", None),
            ("Right to work in Germany is not required.", None),
        ],
    )
    def test_is_needed_where_the_words_say_so(self, text, country):
        assert values(f"Survey intern\n\n{text}").get("work_rights") == country

    @pytest.mark.parametrize(
        "words", ["right to work in the EU", "right to work in Ireland or the UK"]
    )
    def test_several_countries_are_asked_about(self, words):
        advert = read(f"Survey intern\n\nYou need the {words}.")

        assert "work_rights" not in advert.values
        assert [one.name for one in advert.unread] == ["work_rights"]


class TestFormats:
    @pytest.mark.parametrize(
        ("text", "format", "words"),
        [
            ("two weeks, 20 hours, tidy our CRM, 300 pounds", "micro_internship", "20 hours"),
            ("Duration: 12 weeks\nHours: 35 hours per week", "internship", "420 hours"),
            ("Duration: 3 weeks\nHours: 40 hours per week", "short_burst_internship", "120 hours"),
            ("Remote micro-coop\nDuration: 3 weeks\nHours: 20 hours per week",
             "remote_micro_coop", "calls it"),
            ("Micro-internship\nDuration: 12 weeks\nHours: 35 hours per week", "internship", "but"),
            ("Duration: 12 weeks", "internship", "12 weeks"),
            ("Help our shop", "", "does not state"),
        ],
    )  # fmt: skip
    def test_are_proposed_with_the_reason(self, text, format, words):  # noqa: A002
        advert = read(text)
        found = propose_format(advert.values, named_kind(advert))

        assert found.format == format
        assert words in found.reason


class TestTheDescription:
    def test_keeps_all_but_title_and_labelled_facts(self):
        advert = read("Survey analyst\n\nDuration: 6 weeks\nPay: see below\n\nClean our data.")

        assert advert.description == "Pay: see below\n\nClean our data."

    @pytest.mark.parametrize("label", ["Stunden pro Woche", "Heures par semaine", "Hours per week"])
    def test_a_label_of_hours_a_week_takes_a_bare_number(self, label):
        advert = read(f"Survey analyst\n\nDuration: 12 weeks\n{label}: 20\n\nClean our data.")

        assert advert.values["hours_per_week"] == 20
        assert advert.description == "Clean our data."

    def test_a_fact_in_the_midst_of_a_line_takes_its_full_stop_along(self):
        advert = read("Survey analyst\n\nPay: £14.50 per hour. Bring a laptop. Duration: 6 weeks.")

        assert advert.values["weeks"] == 6
        assert advert.description == "Bring a laptop."


HOSTILE = [
    "1" * MAX_ADVERT, "1," * 10_000, "1 000 " * 3_000, "£" * MAX_ADVERT, "£1 " * 6_000,
    "a: " * 6_000, "Pay: £1\n" * 2_500, "1 week, " * 2_500, "apply by " * 2_000, " " * MAX_ADVERT,
    "- " * 10_000, "\n" * MAX_ADVERT, "A" * MAX_ADVERT, "Aa " * 6_000, "CV or " * 3_000,
    "looking for a " * 1_400, "from 1 June 2027 " * 1_100, "remote or " * 2_000, "| " * 10_000,
    "experience with " * 1_200, "in our A" * 2_500, "mentored by A B " * 1_200, ". " * 10_000,
    "2 hours a week mentor " * 900, "no no no not " * 1_500, "Skills: " + "a, " * 6_000,
]  # fmt: skip


class TestHostileTexts:
    @pytest.mark.parametrize("text", HOSTILE, ids=[text[:12] for text in HOSTILE])
    def test_are_read_within_bounds(self, text):
        advert = read(text)

        assert "".join(words for words, _, _ in advert.pieces()) == advert.text
        assert len(advert.unread) <= 500


class TestBrokenLines:
    @pytest.mark.parametrize("width", [60, 72, 80])
    def test_mails_and_pdfs_break_lines_and_are_read_all_the_same(self, width):
        right = wrong = missed = 0
        for name in RECALL:
            for sample in samples(name):
                lines = (
                    line if line.startswith("-") else "\n".join(wrap(line, width))
                    for line in sample.text.split("\n")
                )
                got = facts_of(read("\n".join(lines)).values)
                right += len(got & sample.facts)
                wrong += len(got - sample.facts)
                missed += len(sample.facts - got)

        assert right / (right + wrong) >= OVERALL
        assert right / (right + missed) >= 0.98
