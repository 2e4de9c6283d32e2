"""Every sentence of an explanation is true and good English, over thousands of random pairs."""

import html
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cache

import pytest
import time_machine

from matching.engine import EVIDENCE, Candidate
from matching.engine.records import RATE_REFERENCE
from matching.recommending import queries, reasons
from matching.recommending.aspect_words import PHRASES
from matching.recommending.reasons import ASPECT_WORDS
from matching.shortlists import reasons as shortlist_reasons
from matching.store import live, read_profiles
from opportunities.candidates.models import CandidateProfile
from opportunities.core import pay
from opportunities.roles.models import Opportunity
from tests.demo.market import AT, demo_market
from tests.matching.markets import build_market, publish

CODE_NAME = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
BAD_ENGLISH = {
    "two spaces": re.compile(r"  "),
    "two full stops": re.compile(r"\.\s*\."),
    "space before a stop": re.compile(r"\s[.,;:]"),
    "a sentence that begins small": re.compile(r"(?:^|[.!?] )[a-z]"),
    "one with a plural": re.compile(
        r"(?<![\d.,])1 (?:weeks|hours|areas|people|minutes|days|points)\b"
    ),
    "many with a singular": re.compile(
        r"(?<![\d.,])(?:0|[2-9]|\d\d+) (?:week|hour|area|person|minute|day|point|skill)\b"
    ),
    "a before a vowel": re.compile(r"\ba [aeio]\w"),
    "an before a consonant": re.compile(r"\ban (?!hour)[^aeiou\W]"),
    "a code name": CODE_NAME,
    "an unfilled brace": re.compile(r"[{}]"),
    "None": re.compile(r"\bNone\b|\bnan\b"),
}


@cache
def faults_of(text: str) -> list[str]:
    """Name the faults of its English; most texts are said of many pairs."""
    return [name for name, pattern in BAD_ENGLISH.items() if pattern.search(text)]


def said(person: Candidate) -> list[Candidate]:
    """Return somebody as they are and with wishes taken away or turned round."""
    silent = replace(
        person, interests={}, targets={}, skills={}, goal=0.5, scope_wish=None,
        rate_target=RATE_REFERENCE, income_need=None, evidence_wanted=EVIDENCE,
    )  # fmt: skip
    return [
        person,
        silent,
        replace(person, scope_wish=0.9, rate_target=35.0, income_need=900.0, credit="wanted"),
        replace(person, evidence_wanted=("reference",), explore=0.9, available_from="2026-12-20"),
        replace(silent, importance=dict.fromkeys(ASPECT_WORDS, 4.0)),
    ]


def shown_pairs(number: int) -> list[queries.Shown]:
    draw = build_market(number, roles=40, candidates=20, at=AT)
    for role in Opportunity.objects.order_by("pk"):
        role.hands_on = draw.choice([None, 0, 0.3, 0.9])
        role.weeks = draw.choice([0.15, 0.5, 1, 1.5, 4, 12, 30])
        role.hours_total = draw.choice([8, 20, 40, 120, 400])
        role.public_works = draw.choice([None, 0, 1, 3])
        role.credit = draw.random() < 0.3
        role.steps = draw.choice([None, ["profile"], ["cover_letter", "test", "work_sample"]])
        role.contacts = draw.choice([None, 0, 1, 2, 8])
        role.task_areas = draw.choice([None, 1, 2, 3, 5])
        role.hourly_minor = pay.hourly_minor(
            role.pay_kind, role.pay_amount_minor, hours=role.hours_total, weeks=role.weeks
        )
        role.save()
    publish()
    ids = list(Opportunity.objects.order_by("pk").values_list("pk", flat=True))
    state = live.roles(at=AT)
    return [
        row
        for facts in read_profiles(
            CandidateProfile.objects.filter(user__email__startswith="market-").values_list(
                "pk", flat=True
            ),
            at=AT,
        ).values()
        for person in said(facts.candidate)
        for row in queries.show(state, person, ids, late=())
    ]


@pytest.fixture
def _fresh(settings):
    settings.API_QUOTA_FACTOR = 1000  # one address asks for many pages at once
    live.forget()
    with time_machine.travel(AT, tick=False):
        yield
    live.forget()


def quotes_a_wish_that_was_not_given(text: str, person: Candidate) -> bool:
    given = {
        "You hoped for": person.rate_target not in {0, RATE_REFERENCE},
        "You need": person.income_need is not None,
        "you asked for": person.scope_wish is not None or person.evidence_wanted != EVIDENCE,
        "you named": bool(person.interests),
        "asked for something new": bool(person.interests) and person.explore > 0.5,
        "you want": bool(person.targets),
        "your aim": person.goal != 0.5,
        "That suits": person.goal != 0.5,
    }
    return any(words in text and not is_given for words, is_given in given.items())


@dataclass(frozen=True)
class Skills:
    """What the skills of somebody and those that a role asks for have in common."""

    asked: set[str]
    held: set[str]
    """Those that they have and do not want."""
    practised: set[str]
    """The names of those asked for that they want."""
    share: float
    """Of those that they have or want, how many the role asks for."""


def skills_of(row: queries.Shown) -> Skills:
    person = row.person
    names = {used.skill.slug: used.skill.name for used in row.role.skills.all()}
    has = {slug for slug, level in person.skills.items() if level}
    named = has | set(person.targets)
    return Skills(
        asked=set(names),
        held=has - set(person.targets),
        practised={name for slug, name in names.items() if slug in person.targets},
        share=len(named & set(names)) / len(named) if named else 0.0,
    )


def is_false(text: str, row: queries.Shown, skills: Skills) -> bool:
    """Hold what is said against the role's own columns."""
    role, person = row.role, row.person
    lasts = re.search(r"lasts ([\d.]+|one) weeks?", text)
    rated = None if role.hourly_minor is None else role.hourly_minor / 100
    practises = re.match(r"Practises (?:only )?(.+?)(?:\.| of what)", text)
    named = set(re.split(r", | and ", practises[1])) if practises else set()
    return any(
        (
            lasts and role.weeks and abs(float(lasts[1].replace("one", "1")) - role.weeks) > 0.06,
            "Unpaid" in text and role.pay_kind != "unpaid",
            "You hoped for" in text and rated is not None and rated >= person.rate_target,
            "No mentor" in text and bool(role.mentor_minutes_per_week),
            "on your own" in text and bool(role.contacts),
            "One focused task" in text and role.task_areas != 1,
            "Nothing to show" in text and bool(role.evidence or role.public_works),
            "Academic credit" in text and not role.credit,
            "most of it doing" in text and (role.hands_on or 0) <= 0.5,
            "watch" in text and (role.hands_on or 0) >= 0.5,
            "a field you named" in text
            and "next to" not in text
            and person.interests.get(role.field) != 1,
            "not among the fields you named" in text and role.field in person.interests,
            "not among" in text and ("but it uses" in text) != (skills.share > 0),
            not named <= skills.practised,
            re.search("(none|Not one) of (the|your) skills", text) and skills.share > 0,
            "all the skills you want" in text and not set(person.targets) <= skills.asked,
            "all the skills you said" in text and not skills.held <= skills.asked,
        )
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize("number", range(2))
def test_no_reason_contradicts_its_value_or_quotes_a_wish_that_nobody_gave(number):
    rows = shown_pairs(number)
    codes: Counter[str] = Counter()
    for row in rows:
        lines = {line.name: line for line in row.explanation.aspects}
        names_pay = row.person.rate_floor > 0 or row.person.rate_target != RATE_REFERENCE
        assert names_pay == any(each.label == "Pay an hour" for each in row.wants_and_offers)
        skills = skills_of(row)
        told = reasons.reasons(row.explanation, row.role, row.person, most=12, trade_offs=12)
        assert told[:1] == row.reasons[:1]
        for reason in told:
            codes[reason.code] += 1
            text, line = reason.sentence, lines[reason.code.rsplit("_", 1)[0]]
            assert not faults_of(text), (faults_of(text), text)
            assert text.endswith(".")
            assert reason.headline.endswith(".")
            assert not quotes_a_wish_that_was_not_given(text, row.person), text
            assert not is_false(text, row, skills), (text, row.role.pk)
            assert line.known is (reason.sign != "?")
            is_half_used = line.name == "skills" and skills.share >= 0.5
            if reason.sign == "+":
                assert line.value > 0.5 or is_half_used, text
            elif reason.sign == "-":
                assert line.value < 0.5, text
                assert not is_half_used, text
        gains = [lines[r.code.removesuffix("_good")] for r in told if r.sign == "+"]
        assert gains == sorted(gains, key=lambda line: -line.points)

    assert len(rows) == 40 * 20 * 5
    for aspect in set(ASPECT_WORDS) - {"trajectory"}:
        assert codes[f"{aspect}_good"], aspect
        assert codes[f"{aspect}_poor"], aspect


def test_every_text_of_the_table_names_phrases_that_there_are():
    for words in ASPECT_WORDS.values():
        for row in (*words.good, *words.poor):
            for text in (row.headline, row.text):
                named = [] if callable(text) else re.findall(r"%\((\w+)\)s", str(text))
                assert set(named) <= PHRASES.keys(), text


@pytest.mark.django_db
@pytest.mark.usefixtures("_fresh")
def test_no_default_of_an_applicant_is_praised_and_the_same_value_has_the_same_words():
    words: dict[tuple[str, int, bool], set[str]] = defaultdict(set)
    signs: Counter[str] = Counter()
    for row in shown_pairs(5):
        for stars in ((), (5, 4), (1, 2)):
            person = replace(row.person, ratings=stars)
            suit = shortlist_reasons.told(row.explanation, person)
            assert sum(part.points for part in suit.parts) == suit.score
            for line, part in zip(
                [line for line in row.explanation.parts if line.weight], suit.parts, strict=True
            ):
                signs[part.sign] += 1
                known = shortlist_reasons.is_known(line, person)
                words[line.name, round(line.value * 2**20), known].add(part.text)
                value = line.value
                if line.name == "competence" and known:
                    value = (value - 3 / 8) / (5 / 8)  # of the skills asked, the share covered
                if part.sign == "+":
                    assert value > 0.5
                elif part.sign == "-":
                    assert value < 0.5
                assert not faults_of(part.text), part.text
                if line.name == "track_record" and not stars:
                    assert (part.text, part.sign) == ("No track record yet.", "?")
                if line.name == "interest" and not person.interests:
                    assert part.sign == "?"
                if line.name == "growth" and not person.targets:
                    assert part.sign == "?"
            assert [part.sign for part in suit.reasons] == sorted(
                (part.sign for part in suit.reasons), key="+-?".index
            )

    assert min(signs[sign] for sign in "+-?") > 100
    assert all(len(texts) == 1 for texts in words.values())


def words_of(page: str) -> str:
    """Return what a person reads of a page: no tags, scripts, addresses or attributes."""
    body = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", page)
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


@pytest.mark.django_db
@pytest.mark.usefixtures("_fresh")
def test_no_page_of_the_demo_market_shows_a_code_name_or_an_unfilled_brace(client):
    demo_market()
    publish()
    candidate = CandidateProfile.objects.get(user__email="candidate@example.org")
    client.force_login(candidate.user)
    pages = [f"/matches/?offset={offset}" for offset in range(0, 40, 10)]
    pages += ["/matches/?sort=fit", "/matches/?view=one", "/how-matching-works/", "/paths/"]
    ids = re.findall(r'data-card id="match-(\w+)"', "".join(client.get(a).text for a in pages[:4]))
    pages += [f"/matches/{public_id}/why/" for public_id in ids]
    pages += ["/compare/?" + "&".join(f"ids={each}" for each in ids[n : n + 3]) for n in (0, 3, 6)]
    assert len(ids) >= 30
    read = {address: client.get(address) for address in pages}
    role = (
        Opportunity.objects.filter(applications__isnull=False, employer__memberships__isnull=False)
        .order_by("pk")
        .distinct()
    )
    for each in role[:8]:
        client.force_login(each.employer.memberships.order_by("pk")[0].user)
        for name in ("applicants", "candidates"):
            address = f"/employer/roles/{each.public_id}/{name}/"
            read[address] = client.get(address)

    for address, response in read.items():
        assert response.status_code == 200, address
        text = words_of(response.text)
        assert len(text) > 300, address
        assert not CODE_NAME.findall(text), (address, CODE_NAME.findall(text))
        assert not re.search(r"[{}]", text), address
    assert any("Nobody here" not in r.text for a, r in read.items() if a.endswith("applicants/"))
