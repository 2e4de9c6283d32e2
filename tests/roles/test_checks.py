"""Each named check with words it must notice and words it must leave alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from opportunities.core.retelling import retold
from opportunities.moderation.rules import RULES
from opportunities.roles import checks, drafts
from opportunities.roles.checks import duplicates
from opportunities.roles.models import Opportunity
from opportunities.skills.models import Skill
from tests.factories import (
    DeliverableFactory,
    EmployerFactory,
    ExchangeRateFactory,
    OpportunityFactory,
    PayFloorFactory,
    ReservedWordFactory,
    SiteFactory,
)

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)

GOOD = {
    "title": "Survey analyst",
    "format": "micro_internship",
    "description": "You clean the answers of our visitor survey and write four pages on them.",
    "hours_total": 20,
    "weeks": 2,
    "pay_kind": "fixed_fee",
    "pay_amount": "400.00",
    "pay_currency": "GBP",
    "apply_by": "2027-02-01",
    "country": "GB",
}


def examine(
    employer: Any = None, poster_email: str = "", **changes: Any
) -> dict[str, checks.Result]:
    reading = drafts.read({**GOOD, **changes})
    assert reading.faults == []
    role = drafts.derive(Opportunity(**reading.columns))
    results = checks.examine(
        role, reading.parts, employer=employer, poster_email=poster_email, at=NOW
    )
    return {result.name: result for result in results}


def words(result: checks.Result, **texts: str) -> list[str]:
    return [texts[span.field][span.start : span.end] for span in result.spans]


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.name)
def test_every_check_cites_a_public_rule(check: checks.Check) -> None:
    assert check.rule in RULES


@pytest.mark.django_db
def test_a_decent_posting_of_a_verified_employer_is_clear() -> None:
    PayFloorFactory()

    results = examine(EmployerFactory(verified=True))

    assert [result.name for result in results.values() if result.verdict != "clear"] == []
    assert len(results) == len(checks.CHECKS)


STOPS = {
    "money_asked": [
        ("There is a registration fee of 20 pounds.", "registration fee"),
        ("You must pay for the course first.", "You must pay"),
        ("A refundable deposit is due on the first day.", "refundable deposit is "),
        ("Nobody starts without a deposit.", "without a deposit"),
        ("Candidates need to buy the starter kit.", "Candidates need to buy"),
        ("Ｐａｙ ｕｓ 30 pounds.", "Ｐａｙ ｕｓ"),  # noqa: RUF001
    ],
    "data_asked": [
        ("Send your bank account details with it.", "bank account details"),
        ("We need a copy of your passport.", "copy of your passport"),
        ("State your IBAN.", "IBAN"),
        ("Give your date of birth.", "your date of birth"),
    ],
    "off_site_contact": [
        ("Write to jobs@elsewhere.example for more.", "jobs@elsewhere.example"),
        ("Contact us on WhatsApp.", "Contact us on WhatsApp"),
        ("Join t.me/easyjobs now.", "t.me/easyjobs"),
        ("Apply via Tele\u200bgram today.", "Apply via Tele\u200bgram"),
    ],
    "foreign_links": [("Fill in https://forms.gle/abc first.", "https://forms.gle/abc")],
    "excluding_wording": [
        ("We seek someone aged 18-25.", "aged 18-25"),
        ("Female candidates only.", "Female candidates"),
        ("You are under 30 years.", "under 30 years"),
        ("British nationals only.", "British nationals only"),
        ("Able-bodied people with good health.", "Able-bodied"),
        ("Unmarried applicants are welcome.", "Unmarried"),
    ],
    "unpaid_work": [
        ("You are paid in exposure.", "paid in exposure"),
        ("It begins with an unpaid trial of a day.", "unpaid trial"),
        ("Pay is commission only.", "commission only"),
    ],
}
LOOKS = {
    "off_site_contact": [
        ("Call +44 20 7946 0958 to hear more.", "+44 20 7946 0958"),
        ("Call 020 794 609 to hear more.", "020 794 609"),
        ("Call +442079460958123 to hear more.", "+442079460958123"),
    ],
    "excluding_wording": [
        ("Join a young and lively team.", "young and"),
        ("A native English speaker writes best.", "native English speaker"),
        ("You help our salesmen.", "salesmen"),
    ],
    "foreign_links": [("See https://elsewhere.example/page.", "https://elsewhere.example/page.")],
    "excessive_requirements": [
        ("You have 3 years of professional experience.", "3 years of professional experience"),
        ("A proven track record counts.", "proven track record"),
        ("A PhD is required.", "PhD is required"),
    ],
    "facts_agree": [("It takes 40 hours a week.", "40 hours a week")],
}
CLEARS = {
    "money_asked": [
        "There is no registration fee.",
        "We never ask you to pay us.",
        "You write about deposit accounts and a fee schedule.",
        "The training fee is paid by us.",
        "The laptop comes without a deposit.",
    ],
    "data_asked": [
        "You test the form of a bank on a bank holiday.",
        "You never enter card data; no bank details are needed.",
        "You draw an identity for a museum.",
    ],
    "off_site_contact": [
        "You write short messages for our museum.",
        "You count 1200 rows from 2019 to 2026.",
        "The survey of 2026-11-22 has 12,000,000 cells.",
        "You design a signal for trains.",
    ],
    "foreign_links": ["You build a page with HTML and CSS."],
    "excluding_wording": [
        "Everybody is welcome, at any age.",
        "You finish in under 20 hours.",
        "You write for families with children.",
        "You describe native plants.",
    ],
    "unpaid_work": ["You are paid by the hour.", "Nothing here is unpaid."],
    "excessive_requirements": [
        "No experience is needed.",
        "One year of any experience helps.",
        "You learn from a mentor with us.",
    ],
    "facts_agree": ["It takes 10 hours a week over 2 weeks."],
}


def cases(table: dict[str, list[Any]]) -> list[Any]:
    return [
        pytest.param(name, case, id=f"{name}-{index}")
        for name, examples in table.items()
        for index, case in enumerate(examples)
    ]


@pytest.mark.django_db
class TestWords:
    @pytest.mark.parametrize(("name", "case"), cases(STOPS))
    def test_stops_and_marks_the_exact_words(self, name: str, case: tuple[str, str]) -> None:
        text, marked = case

        result = examine(description=text)[name]

        assert result.verdict == "stop"
        assert marked in words(result, description=text)
        assert not result.binding

    @pytest.mark.parametrize(("name", "case"), cases(LOOKS))
    def test_asks_to_look_and_marks_the_exact_words(self, name: str, case: tuple[str, str]) -> None:
        text, marked = case

        result = examine(description=text)[name]

        assert result.verdict == "look"
        assert marked in words(result, description=text)

    @pytest.mark.parametrize(("name", "text"), cases(CLEARS))
    def test_leaves_decent_words_alone(self, name: str, text: str) -> None:
        result = examine(description=text)[name]

        assert result.verdict == "clear", result

    def test_reads_the_parts_as_well(self) -> None:
        results = examine(questions=[{"text": "What is your date of birth?"}])

        assert results["data_asked"].spans[0].field == "questions.0.text"

    def test_an_address_at_the_verified_domain_is_fine(self) -> None:
        employer = EmployerFactory(verified=True, domain="harbour.example")
        text = "See https://www.harbour.example/team or office@harbour.example."

        results = examine(employer, description=text)

        assert results["off_site_contact"].verdict == "clear"
        assert results["foreign_links"].verdict == "clear"

    def test_an_address_at_a_domain_nobody_verified_is_not(self) -> None:
        employer = EmployerFactory(domain="harbour.example")

        results = examine(employer, description="Write to office@harbour.example.")

        assert results["off_site_contact"].verdict == "stop"

    @pytest.mark.parametrize(
        ("title", "verdict"),
        [
            ("Survey analyst", "clear"),
            ("HR and UX assistant", "clear"),
            ("EARN MONEY FROM HOME", "look"),
            ("LAB INTERN", "look"),
            ("LAB WORK", "clear"),
            ("Editor!!", "look"),
            ("Editor £20 an hour", "look"),
            ("Marketing ninja", "look"),
            ("Editor www.elsewhere.example", "stop"),
        ],
    )
    def test_the_title_is_a_job_title(self, title: str, verdict: str) -> None:
        assert examine(title=title)["job_title"].verdict == verdict

    def test_a_title_in_capitals_is_marked_whole(self) -> None:
        title = "LAB INTERN IN LEEDS"

        assert words(examine(title=title)["job_title"], title=title) == [title]

    @pytest.mark.parametrize(("title", "verdict"), [("UX INTERN", "look"), ("QA TUTOR", "clear")])
    def test_seven_capitals_may_be_a_short_word_and_eight_are_none(
        self, title: str, verdict: str
    ) -> None:
        assert examine(title=title)["job_title"].verdict == verdict

    def test_reserved_words_of_the_site_are_found_under_their_rule(self) -> None:
        ReservedWordFactory(text="Pyramid", rule="4.1", stops=True)

        result = examine(description="You build a pyramid of friends.")["reserved_words"]

        assert (result.verdict, result.rule) == ("stop", "4.1")

    def test_short_public_texts_are_stopped_as_well(self) -> None:
        assert checks.wording_stops("Write me at me@elsewhere.example")
        assert not checks.wording_stops("May I start in March?")


@pytest.mark.django_db
class TestFigures:
    @pytest.mark.parametrize(("amount", "verdict"), [("259.80", "stop"), ("260.00", "clear")])
    def test_pay_is_never_below_the_floor(self, amount: str, verdict: str) -> None:
        PayFloorFactory(country="GB", hourly_minor=1300)

        result = examine(pay_amount=amount)["pay_floor"]

        assert result.verdict == verdict
        assert bool(result.binding) == (verdict == "stop")

    def test_the_floor_of_all_other_countries_is_the_empty_one(self) -> None:
        PayFloorFactory(country="", hourly_minor=2500)

        assert examine()["pay_floor"].verdict == "stop"

    def test_pay_and_floor_are_said_in_their_own_currencies(self) -> None:
        ExchangeRateFactory(currency="EUR", rate="0.85")
        PayFloorFactory(country="DE", currency="EUR", hourly_minor=1282)
        PayFloorFactory(country="FR", currency="GBP", hourly_minor=1100)

        paid = {"pay_kind": "hourly", "pay_amount": "12.00", "pay_currency": "EUR"}
        german = examine(country="DE", **paid)["pay_floor"]
        french = examine(country="FR", **paid)["pay_floor"]

        assert retold(german.detail) == "It pays €12 an hour; the floor is €12.82."
        assert retold(french.detail) == "It pays €12 an hour; the floor is £11."

    def test_pay_without_a_known_rate_is_looked_at(self) -> None:
        PayFloorFactory()

        assert examine(pay_currency="CHF")["pay_floor"].verdict == "look"

    @pytest.mark.parametrize(
        ("changes", "credit_allowed", "verdict"),
        [
            ({}, False, "clear"),
            ({"pay_kind": None, "pay_amount": None}, False, "stop"),
            ({"pay_amount": None}, False, "stop"),
            ({"pay_kind": "unpaid", "pay_amount": None}, False, "stop"),
            ({"pay_kind": "unpaid", "pay_amount": None, "credit": True}, False, "stop"),
            ({"pay_kind": "unpaid", "pay_amount": None, "credit": True}, True, "clear"),
        ],
    )
    def test_pay_is_stated(self, changes: Any, credit_allowed: bool, verdict: str) -> None:
        SiteFactory(unpaid_with_credit_allowed=credit_allowed)

        assert examine(**changes)["pay_stated"].verdict == verdict

    @pytest.mark.parametrize(
        ("changes", "verdict"),
        [
            ({}, "clear"),
            ({"hands_on": None}, "stop"),
            ({"hands_on": 0.5}, "clear"),
            ({"hands_on": 0.6}, "stop"),
            ({"deliverables": [{"title": "A report"}]}, "stop"),
        ],
    )
    def test_shadowing_may_be_unpaid_while_it_only_observes(
        self, changes: Any, verdict: str
    ) -> None:
        facts = {
            "format": "virtual_job_shadowing", "pay_kind": "unpaid", "pay_amount": None,
            "hours_total": 8, "weeks": 1, "hands_on": 0.1,
        }  # fmt: skip

        assert examine(**{**facts, **changes})["pay_stated"].verdict == verdict

    @pytest.mark.parametrize(
        ("weekly", "verdict"), [(10, "clear"), (9, "clear"), (11, "clear"), (11.1, "stop")]
    )
    def test_hours_are_weeks_times_hours_a_week_within_a_tenth(
        self, weekly: float, verdict: str
    ) -> None:
        assert examine(hours_per_week=weekly)["facts_agree"].verdict == verdict

    @pytest.mark.parametrize(("weekly", "verdict"), [(10, "clear"), (11, "look")])
    def test_a_text_says_the_hours_of_the_facts_within_a_quarter(
        self, weekly: int, verdict: str
    ) -> None:
        text = f"It takes {weekly} hours a week."

        result = examine(hours_total=16, weeks=2, description=text)["facts_agree"]

        assert result.verdict == verdict

    @pytest.mark.parametrize(
        ("changes", "verdict"),
        [
            ({}, "clear"),
            ({"hours_total": 400, "weeks": 10}, "stop"),
            ({"hours_total": 100, "weeks": 3}, "look"),
        ],
    )
    def test_it_takes_as_long_as_its_format_does(self, changes: Any, verdict: str) -> None:
        result = examine(**changes)["format_rules"]

        assert result.verdict == verdict
        assert not result.binding

    @pytest.mark.parametrize(
        ("changes", "verdict"),
        [
            ({}, "clear"),
            ({"format": "project_micro_internship"}, "stop"),
            ({"format": "project_micro_internship", "deliverables": [{"title": "A"}]}, "clear"),
            ({"format": "micro_apprenticeship"}, "stop"),
            ({"format": "short_burst_internship"}, "stop"),
            ({"format": "short_burst_internship", "concentrated": True}, "clear"),
        ],
    )
    def test_nobody_overrules_what_a_format_asks(self, changes: Any, verdict: str) -> None:
        result = examine(**changes)["format_stated"]

        assert result.verdict == verdict
        assert bool(result.binding) == (verdict == "stop")

    def test_what_a_format_asks_is_counted(self) -> None:
        one = examine(format="short_burst_internship")["format_stated"].detail
        several = examine(format="micro_apprenticeship")["format_stated"].detail

        assert "keeps this rule:" in retold(one)
        assert "keeps these rules:" in retold(several)

    @pytest.mark.parametrize(
        ("days", "verdict"), [(0, "clear"), (-1, "stop"), (180, "clear"), (181, "look")]
    )
    def test_people_can_still_apply(self, days: int, verdict: str) -> None:
        result = examine(apply_by=NOW.date() + timedelta(days=days))["vacancy_is_current"]

        assert result.verdict == verdict

    @pytest.mark.parametrize(("days", "verdict"), [(None, "clear"), (5, "clear"), (6, "look")])
    def test_the_promise_to_answer_is_a_usual_one(self, days: int | None, verdict: str) -> None:
        assert examine(response_days=days)["answer_promised"].verdict == verdict

    @pytest.mark.parametrize(
        ("address", "verdict"),
        [
            ("", "clear"),
            ("https://jobs.harbour.example/1", "clear"),
            ("https://harbour.example.evil.example/1", "stop"),
            ("https://notharbour.example/1", "stop"),
        ],
    )
    def test_applications_stay_on_the_verified_domain(self, address: str, verdict: str) -> None:
        employer = EmployerFactory(verified=True, domain="harbour.example")

        result = examine(employer, apply_url=address)["apply_link"]

        assert result.verdict == verdict
        assert bool(result.binding) == (verdict == "stop")
        told = "It leads applicants to {}, not to the verified domain harbour.example."
        if verdict == "stop":
            assert result.detail == told.format(urlsplit(address).hostname)

    @pytest.mark.parametrize(
        ("employer", "email", "verdict"),
        [
            ({"verified": True}, "a@harbour.example", "clear"),
            ({}, "a@harbour.example", "look"),
            ({"verified": True, "domain": "gmail.com"}, "a@harbour.example", "look"),
            ({"verified": True}, "a@mailinator.com", "stop"),
            ({"verified": True, "domain": "x.mailinator.com"}, "", "stop"),
        ],
    )
    def test_the_employer_is_known(self, employer: Any, email: str, verdict: str) -> None:
        result = examine(EmployerFactory(**employer), email)["employer_known"]

        assert result.verdict == verdict

    def test_many_musts_are_excessive(self) -> None:
        for index in range(9):
            Skill.objects.create(slug=f"s{index}", name=f"S{index}")
        nine = [{"name": f"s{index}", "must": True} for index in range(9)]

        assert examine(skills=nine)["excessive_requirements"].verdict == "look"
        assert examine(skills=nine[:8])["excessive_requirements"].verdict == "clear"

    @pytest.mark.parametrize(("level", "verdict"), [(3, "clear"), (4, "look")])
    def test_the_highest_level_is_an_excessive_must(self, level: int, verdict: str) -> None:
        Skill.objects.create(slug="sql", name="SQL")
        skills = [{"name": "sql", "level": level, "must": True}]

        assert examine(skills=skills)["excessive_requirements"].verdict == verdict


LONG = (
    "You read the letters that visitors left in our museum last summer, sort them by what they"
    " speak of, count how often each theme comes up, and write four pages that tell the board"
    " which three rooms to change first and why that would help families most."
)


@pytest.mark.django_db
class TestNearDuplicates:
    def stored(self, description: str = LONG, **changes: Any) -> Opportunity:
        role = OpportunityFactory(
            title="Museum reader", summary="", description=description, **changes
        )
        DeliverableFactory(opportunity=role)
        values = drafts.values_of(role)
        duplicates.remember(role, checks.texts_of(values, {"deliverables": values["deliverables"]}))
        return role

    def result(self, employer: Any = None, description: str = LONG) -> checks.Result:
        part = {"title": "A report of four pages",
                "done_means": "Every question of the survey is answered in one table."}  # fmt: skip
        return examine(
            employer, title="Museum reader", description=description, deliverables=[part]
        )["near_duplicate"]

    @pytest.mark.parametrize("state", ["in_review", "open", "paused", "closed"])
    def test_stops_a_copy_of_another_employers_posting(self, state: str) -> None:
        self.stored(**{state: True})

        assert self.result(EmployerFactory()).verdict == "stop"

    @pytest.mark.parametrize("state", ["removed", "rejected"])
    def test_stops_a_copy_of_a_posting_that_was_taken_down_even_of_ones_own(
        self, state: str
    ) -> None:
        role = self.stored(**{state: True})

        result = self.result(role.employer)

        assert result.verdict == "stop"
        assert "taken down" in result.detail

    @pytest.mark.parametrize(
        ("state", "verdict"), [("open", "look"), ("closed", "clear"), ("changes_asked", "clear")]
    )
    def test_looks_at_ones_own_role_only_while_it_is_up(self, state: str, verdict: str) -> None:
        role = self.stored(**{state: True})

        assert self.result(role.employer).verdict == verdict

    def test_finds_a_copy_with_a_few_words_changed_and_marks_what_is_shared(self) -> None:
        self.stored(open=True)
        changed = LONG.replace("last summer", "this spring")

        result = self.result(EmployerFactory(), changed)

        assert result.verdict == "stop"
        marked = words(result, description=changed, title="Museum reader",
                       **{"deliverables.0.title": "A report of four pages",
                          "deliverables.0.done_means": "Every question of the survey is answered"
                          " in one table."})  # fmt: skip
        assert "You read the letters that visitors left in our museum" in marked
        assert not any("this spring" in text for text in marked)

    def test_a_posting_of_other_words_is_clear(self) -> None:
        self.stored(open=True)

        other = "You draw icons for a map of our harbour and hand them over as one SVG file each."

        assert self.result(EmployerFactory(), other).verdict == "clear"

    def test_of_postings_that_come_in_together_the_later_is_the_copy(self) -> None:
        texts = ({"description": LONG}, {"description": "You count swifts, and map each nest."})
        ours, theirs = EmployerFactory(), EmployerFactory()
        first, other, copy = (
            OpportunityFactory(in_review=True, employer=employer)
            for employer in (ours, ours, theirs)
        )

        found = duplicates.remember_new(
            {
                first.pk: (texts[0], ours.pk),
                other.pk: (texts[1], ours.pk),
                copy.pk: (texts[0], theirs.pk),
            }
        )

        assert [[twin.role.pk for twin in twins] for twins in found] == [
            [], [], [first.pk]
        ]  # fmt: skip

    def test_a_signature_does_not_depend_on_case_or_spacing(self) -> None:
        here = duplicates.signature({"description": LONG})
        there = duplicates.signature({"description": LONG.upper().replace(" ", "  \n")})

        assert here is not None
        assert there is not None
        assert (here == there).all()

    def test_the_likeness_of_signatures_is_that_of_the_word_triples(self) -> None:
        half = LONG[: len(LONG) * 2 // 3]
        here, there = (duplicates.signature({"description": text}) for text in (LONG, half))
        whole, part = (set(duplicates.shingles(text.lower())) for text in (LONG, half))

        share = len(whole & part) / len(whole | part)

        assert abs((here == there).mean() - share) < 0.15


def test_a_binding_stop_is_one_that_stops() -> None:
    result = checks.Result("pay_floor", "3.1", "look", "", binding="pay_amount")

    assert checks.binding_stops([result]) == []
    assert checks.binding_stops([replace(result, verdict="stop")]) != []
