"""The facts of a role in words: one phrasing for pages, feeds, mails and search engines.

Every function returns a main phrase and a note beneath it; a fact that is not stated is said to
be not stated.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from django.utils.dateformat import format as format_date
from django.utils.translation import get_language_info

from opportunities.core import clock, pay
from opportunities.core.pay import PayKind
from opportunities.roles import formats
from opportunities.roles.formats import Kind
from opportunities.roles.models import Mode, Opportunity, Schedule

SYMBOLS: Final[Mapping[str, str]] = {
    "GBP": "£", "USD": "$", "EUR": "€", "INR": "₹", "JPY": "¥", "NGN": "₦", "KRW": "₩",
}  # fmt: skip

STEP_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "profile": ("profile", "profiles"),
    "resume": ("CV", "CVs"),
    "reference_check": ("reference check", "reference checks"),
    "questions": ("short questions", "sets of questions"),
    "portfolio": ("portfolio", "portfolios"),
    "phone_screen": ("phone call", "phone calls"),
    "cover_letter": ("letter", "letters"),
    "interview": ("interview", "interviews"),
    "test": ("test", "tests"),
    "panel_interview": ("panel interview", "panel interviews"),
    "work_sample": ("work sample", "work samples"),
}
LEVEL_WORDS: Final = ("aware", "basics", "some practice", "sure", "expert")
"""How well a skill is known, by its level from 0 to 4."""

EVIDENCE_WORDS: Final[Mapping[str, str]] = {
    "reference": "a reference",
    "certificate": "a certificate",
    "evaluation": "a written evaluation",
    "public_work": "work you may publish",
}
NOT_STATED: Final = "Not stated"


class Phrase(NamedTuple):
    """A fact in words: the main phrase and a note beneath it."""

    main: str
    note: str = ""


def money(minor: int | Decimal, currency: str) -> str:
    """Write an amount with its sign and no needless zeros: £420, £15.20, 300 CHF."""
    places = pay.EXPONENT.get(currency, 2)
    major = Decimal(minor).scaleb(-places)
    whole = major == major.to_integral_value()
    number = f"{major:,.0f}" if whole else f"{major:,.{places}f}"
    symbol = SYMBOLS.get(currency)
    return f"{symbol}{number}" if symbol else f"{number} {currency}"


def quantity(number: float, singular: str, plural: str | None = None) -> str:
    """Write a number with its noun: 1 week, 2.5 weeks, 20 hours."""
    shown = f"{number:,.1f}".removesuffix(".0")
    return f"{shown} {singular if shown == '1' else plural or singular + 's'}"


def day(when: date) -> str:
    """Write a date that lies near with its weekday: Mon 7 Dec."""
    return format_date(when, "D j M")


def pay_phrase(role: Opportunity) -> Phrase:
    """Say what is paid, and what that is an hour (rule 3.3)."""
    if role.pay_kind is None:
        return Phrase(NOT_STATED)
    if role.pay_kind == PayKind.UNPAID:
        return Phrase("Unpaid", "credit is given" if role.credit else "observing only")
    if role.pay_amount_minor is None:
        return Phrase(NOT_STATED)
    amount = money(role.pay_amount_minor, role.pay_currency)
    if role.pay_max_minor is not None and role.pay_max_minor > role.pay_amount_minor:
        amount += f" to {money(role.pay_max_minor, role.pay_currency)}"
    hours, weeks = role.hours_total, role.weeks
    if role.pay_kind == PayKind.HOURLY:
        total = ""
        if hours:
            earned = round(pay.income(role.pay_kind, role.pay_amount_minor, hours=hours, weeks=0))
            total = f"{money(earned, role.pay_currency)} in all"
        return Phrase(f"{amount} an hour", total)
    hourly = pay.hourly_minor(role.pay_kind, role.pay_amount_minor, hours=hours, weeks=weeks)
    note = f"about {money(hourly, role.pay_currency)} an hour" if hourly is not None else ""
    unit = "fixed" if role.pay_kind == PayKind.FIXED_FEE else "a month"
    return Phrase(f"{amount} {unit}", note)


def work_phrase(role: Opportunity) -> Phrase:
    """Say how much work over how long."""
    span = quantity(role.weeks, "week") if role.weeks else ""
    if role.kind == Kind.INTERNSHIP and role.hours_per_week:
        return Phrase(
            f"{quantity(role.hours_per_week, 'hour')} a week", f"for {span}" if span else ""
        )
    if role.hours_total:
        return Phrase(quantity(role.hours_total, "hour"), f"over {span}" if span else "")
    return Phrase(span or NOT_STATED)


def start_phrase(role: Opportunity) -> Phrase:
    """Say when the work may begin and, where that is known, end."""
    if role.start_earliest is None and role.start_latest is None:
        return Phrase("Any time", "your choice")
    first = role.start_earliest or role.start_latest
    if first is None:
        return Phrase("Any time")
    if role.start_latest and role.start_earliest and role.start_latest > role.start_earliest:
        return Phrase(f"From {day(role.start_earliest)}", f"or up to {day(role.start_latest)}")
    if role.start_earliest is None:
        return Phrase(f"By {day(first)}")
    end = first + timedelta(days=round(role.weeks * 7) - 1) if role.weeks else None
    return Phrase(day(first), f"ends {day(end)}" if end and end > first else "")


def steps_phrase(role: Opportunity) -> str:
    """Say how one applies: CV, letter, 2 interviews."""
    if role.steps is None:
        return "How to apply is not stated"
    words = []
    for step, count in Counter(role.steps).items():
        singular, plural = STEP_WORDS[step]
        words.append(singular if count == 1 else f"{count} {plural}")
    sentence = ", ".join(words) or "one click"
    return sentence[0].upper() + sentence[1:]


def apply_phrase(role: Opportunity) -> Phrase:
    """Say the last day to apply; whose day that is, and what applying takes."""
    if role.apply_by is None:
        return Phrase(NOT_STATED, steps_phrase(role))
    return Phrase(day(role.apply_by), f"{clock.time_of(role.zone)} · {steps_phrase(role)}")


def last_day(role: Opportunity) -> str:
    """Say the last day to apply and whose day it is: Thu 3 Dec, London time."""
    return clock.day_said(role.apply_by, role.zone) if role.apply_by else ""


def closing(role: Opportunity) -> str:
    """Say when the last day is over by the reader's clock, where that is another than the role's.

    Fri 4 Dec, 05:00 GMT.
    """
    if role.closes_at is None or not clock.differ(role.closes_at, role.zone, clock.here()):
        return ""
    return clock.said(role.closes_at, pattern="D j M, H:i")


def place_phrase(role: Opportunity) -> str:
    """Say where the work is done, and how far that is where the page knows from whom."""
    where = ", ".join(part for part in (said_place(role), role.country) if part)
    if role.km_away is not None and role.place:
        where = f"{said_place(role)}, {away_phrase(role.km_away)}"
    if role.mode == Mode.REMOTE:
        return "Remote"
    if role.mode is None:
        return where or NOT_STATED
    return f"{where or 'Place not stated'}, {Mode(role.mode).label.lower()}"


def said_place(role: Opportunity) -> str:
    """Name the place, or the places of which one may choose."""
    *others, last = role.place.split("; ")
    return f"{', '.join(others)} or {last}" if others else last


def away_phrase(km: int) -> str:
    """Say how far it is."""
    return f"{km} km from you" if km else "where you are"


def where_phrase(role: Opportunity) -> Phrase:
    """Say where the work is done as exactly as the role states it."""
    parts = (said_place(role), role.region, role.country)
    where = ", ".join(dict.fromkeys(filter(None, parts)))
    if role.km_away is not None and where:
        where = f"{where}, {away_phrase(role.km_away)}"
    if role.mode is None:
        return Phrase(where or NOT_STATED)
    if not where and role.mode != Mode.REMOTE:
        where = "Place not stated"
    return Phrase(str(Mode(role.mode).label), where)


def hours_phrase(role: Opportunity) -> Phrase:
    """Say who chooses the hours, and how many there are in a week and in all."""
    counts = []
    if role.hours_per_week:
        counts.append(f"{quantity(role.hours_per_week, 'hour')} a week")
    if role.hours_total:
        counts.append(f"{quantity(role.hours_total, 'hour')} in all")
    return Phrase(schedule_phrase(role), ", ".join(counts))


def language_phrase(role: Opportunity) -> Phrase:
    """Name the language of the work."""
    try:
        return Phrase(str(get_language_info(role.language.lower())["name"]))
    except KeyError:
        return Phrase(role.language)


def task_areas_phrase(role: Opportunity) -> Phrase:
    """Say how broad the work is."""
    if role.task_areas is None:
        return Phrase(NOT_STATED)
    return Phrase("One focused task" if role.task_areas == 1 else f"{role.task_areas} areas")


def hands_on_phrase(role: Opportunity) -> Phrase:
    """Say how much of the time is spent doing rather than watching."""
    if role.hands_on is None:
        return Phrase(NOT_STATED)
    if role.hands_on == 0:
        return Phrase("Watching only")
    return Phrase(f"{round(role.hands_on * 100)} % of the hours")


def holistic_phrase(role: Opportunity) -> Phrase:
    """Say what the employer chooses by."""
    if role.holistic is None:
        return Phrase(NOT_STATED)
    whole = round(role.holistic * 100)
    if whole in {0, 100}:
        return Phrase("The whole person" if whole else "Skill at the task")
    return Phrase(f"{100 - whole} % skill at the task", f"{whole} % the whole person")


def pay_days_phrase(role: Opportunity) -> Phrase:
    """Say how soon after the work is accepted it is paid; unpaid work never is."""
    if role.pay_kind == PayKind.UNPAID and role.pay_days is None:
        return Phrase("")
    if role.pay_days is None:
        return Phrase(NOT_STATED)
    return Phrase(quantity(role.pay_days, "day"), "from accepting the work")


def credit_phrase(role: Opportunity) -> Phrase:
    """Say that academic credit is given, where it is."""
    return Phrase("Academic credit" if role.credit else "")


def credit_possible_phrase(role: Opportunity) -> Phrase:
    """Say that a school can count the work, where it can."""
    return Phrase("Possible", "if your school agrees") if role.credit_possible else Phrase("")


def pace_phrase(role: Opportunity) -> Phrase:
    """Say that the work is done in one stretch, where it is."""
    return Phrase("One concentrated stretch") if role.concentrated else Phrase("")


def again_phrase(role: Opportunity) -> Phrase:
    """Say that more such work follows for the same person, where it does."""
    return Phrase("You may come back for more") if role.repeatable else Phrase("")


def blind_phrase(role: Opportunity) -> Phrase:
    """Say that applications are read without name and school, where they are."""
    return (
        Phrase("Name and school hidden", "until you are shortlisted")
        if role.blind_review
        else (Phrase(""))
    )


def capacity_phrase(role: Opportunity) -> Phrase:
    """Say how many places there are."""
    return Phrase(str(role.capacity))


def contacts_phrase(role: Opportunity) -> Phrase:
    """Say how many people one works with regularly, as a fact of the page."""
    return Phrase(people_phrase(role))


def evidence_lines(role: Opportunity) -> Phrase:
    """Say what one can show afterwards, and how many pieces may be published."""
    count = role.public_works or 0
    return Phrase(evidence_phrase(role), f"{count} pieces of it" if count > 1 else "")


def age_demand(role: Opportunity) -> str:
    """Say the least age, where the role has one."""
    return f"at least {role.min_age}" if role.min_age else ""


def enrolment_demand(role: Opportunity) -> str:
    """Say that only students may apply, where that is so."""
    return "for enrolled students" if role.requires_enrolment else ""


def work_rights_demand(role: Opportunity) -> str:
    """Say where the right to work is needed."""
    return f"right to work in {role.work_rights} needed" if role.work_rights else ""


def schedule_phrase(role: Opportunity) -> str:
    """Say who chooses the hours."""
    return str(Schedule(role.schedule).label) if role.schedule else NOT_STATED


def mentoring_phrase(role: Opportunity) -> Phrase:
    """Say how much of a mentor's time there is."""
    minutes = role.mentor_minutes_per_week
    by = f"with {role.mentor_name}" if role.mentor_name else ""
    if minutes is None:
        return Phrase(NOT_STATED, by)
    if minutes == 0:
        return Phrase("No mentor" if not by else "No fixed time", by)
    return Phrase(f"{quantity(minutes, 'minute')} a week", by)


def people_phrase(role: Opportunity) -> str:
    """Say how many people one works with regularly."""
    if role.contacts is None:
        return NOT_STATED
    return quantity(role.contacts, "person", "people") if role.contacts else "On your own"


def evidence_phrase(role: Opportunity) -> str:
    """Say what one can show afterwards."""
    if role.evidence is None and role.public_works is None:
        return NOT_STATED
    items = [EVIDENCE_WORDS[item] for item in role.evidence or []]
    if role.public_works:
        items.append(EVIDENCE_WORDS["public_work"])
    sentence = ", ".join(items) or "nothing is offered"
    return sentence[0].upper() + sentence[1:]


def ideal_for(role: Opportunity) -> str:
    """Say whom the facts suit; derived each time, never typed in (product.md section 2)."""
    facts = formats.facts_of_format(
        role.format,
        hours_total=role.hours_total,
        weeks=role.weeks,
        hours_per_week=role.hours_per_week,
        mentor_minutes_per_week=role.mentor_minutes_per_week,
    )
    found = formats.zone(facts.hours, facts.weeks)
    opening = {
        "A": "a quick test of a skill and something to show for it",
        "B": "a few weeks of full attention to one thing",
        "C": "finding out in depth whether this work is for you",
        "D": "a small task with plenty of time around it",
    }[found]
    extras = []
    if facts.mentor_hours >= 5:
        extras.append("regular time with a mentor")
    if role.public_works:
        extras.append("work you can publish")
    if role.schedule in {Schedule.FLEXIBLE, Schedule.ASYNCHRONOUS}:
        extras.append("hours that fit around study")
    return f"Ideal for {opening}" + (f", with {' and '.join(extras[:2])}." if extras else ".")
