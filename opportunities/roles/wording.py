"""The facts of a role in words: one phrasing for pages, feeds, mails and search engines.

Every function returns a main phrase and a note beneath it; a fact that is not stated is said to
be not stated.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from math import ceil
from typing import Final, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import (
    get_language_info,
    gettext_lazy,
    ngettext,
    ngettext_lazy,
    pgettext,
)
from django.utils.translation import gettext as _

from opportunities.core import clock, languages, pay
from opportunities.core.data import read_beside
from opportunities.core.iso_names import countries
from opportunities.core.languages import Translatable, money
from opportunities.core.pay import PayKind
from opportunities.roles import formats
from opportunities.roles.formats import Kind
from opportunities.roles.models import Mode, Opportunity, Schedule


def _step(once: Translatable, several: tuple[str, str]) -> tuple[Translatable, Translatable]:
    one, more = several
    return once, ngettext_lazy(one, more, "number")


_SAID: Final = read_beside(__file__)
STEP_WORDS: Final = {step: _step(**said) for step, said in _SAID["steps"].items()}
"""What each step of applying is called once, and several times with their ``number``."""

LEVEL_WORDS: Final[tuple[Translatable, ...]] = _SAID["levels"]
"""How well a skill is known, by its level from 0 to 4."""

EVIDENCE_WORDS: Final[Mapping[str, Translatable]] = _SAID["evidence"]
MODE_WORDS: Final[Mapping[str, Translatable]] = _SAID["modes"]
"""Where the work is done, inside a sentence."""

SCALES: Final[Mapping[str, Mapping[float, Translatable]]] = {
    name: {float(number): said for number, said in scale.items()}
    for name, scale in _SAID["scales"].items()
}
"""The words that a page offers for the numbers of a field."""
NOT_STATED: Final[Translatable] = gettext_lazy("Not stated")

COUNTED: Final[Mapping[str, tuple[str, str]]] = _SAID["counted"]
"""The nouns that ``quantity`` counts, by their English: one of them, and several."""


class Phrase(NamedTuple):
    """A fact in words: the main phrase and a note beneath it."""

    main: str
    note: str = ""


def quantity(number: float, noun: str) -> str:
    """Write a number with its noun, one of ``COUNTED``: 1 week, 2.5 weeks, 20 hours."""
    rounded = round(number, 1)
    form = 1 if rounded == 1 else max(ceil(rounded), 2) if rounded else 0
    one, several = COUNTED[noun]
    return ngettext(one, several, form) % {"number": languages.number(rounded)}


def day(when: date) -> str:
    """Write a date that lies near with its weekday: Mon 7 Dec."""
    return languages.day(when, "D j M")


def pay_phrase(role: Opportunity) -> Phrase:
    """Say what is paid, and what that is an hour (rule 3.3)."""
    if role.pay_kind is None:
        return Phrase(str(NOT_STATED))
    if role.pay_kind == PayKind.UNPAID:
        return Phrase(_("Unpaid"), _("credit is given") if role.credit else _("observing only"))
    if role.pay_amount_minor is None:
        return Phrase(str(NOT_STATED))
    amount = money(role.pay_amount_minor, role.pay_currency)
    if role.pay_max_minor is not None and role.pay_max_minor > role.pay_amount_minor:
        highest = money(role.pay_max_minor, role.pay_currency)
        amount = _("%(low)s to %(high)s") % {"low": amount, "high": highest}
    hours, weeks = role.hours_total, role.weeks
    if role.pay_kind == PayKind.HOURLY:
        total = ""
        if hours:
            earned = round(pay.income(role.pay_kind, role.pay_amount_minor, hours=hours, weeks=0))
            total = _("%(amount)s in all") % {"amount": money(earned, role.pay_currency)}
        return Phrase(_("%(amount)s an hour") % {"amount": amount}, total)
    hourly = pay.hourly_minor(role.pay_kind, role.pay_amount_minor, hours=hours, weeks=weeks)
    note = ""
    if hourly is not None:
        note = _("about %(amount)s an hour") % {"amount": money(hourly, role.pay_currency)}
    is_fee = role.pay_kind == PayKind.FIXED_FEE
    paid = _("%(amount)s fixed") if is_fee else _("%(amount)s a month")
    return Phrase(paid % {"amount": amount}, note)


def work_phrase(role: Opportunity) -> Phrase:
    """Say how much work over how long."""
    span = quantity(role.weeks, "week") if role.weeks else ""
    if role.kind == Kind.INTERNSHIP and role.hours_per_week:
        weekly = _("%(hours)s a week") % {"hours": quantity(role.hours_per_week, "hour")}
        return Phrase(weekly, _("for %(span)s") % {"span": span} if span else "")
    if role.hours_total:
        note = _("over %(span)s") % {"span": span} if span else ""
        return Phrase(quantity(role.hours_total, "hour"), note)
    return Phrase(span or str(NOT_STATED))


def start_phrase(role: Opportunity) -> Phrase:
    """Say when the work may begin and, where that is known, end."""
    first, last = role.start_earliest, role.start_latest
    if first is None:
        if last is None:
            return Phrase(_("Any time"), pgettext("of a start", "your choice"))
        return Phrase(_("By %(day)s") % {"day": day(last)})
    if last and last > first:
        latest = _("%(day)s at the latest") % {"day": day(last)}
        return Phrase(_("From %(day)s") % {"day": day(first)}, latest)
    end = first + timedelta(days=round(role.weeks * 7) - 1) if role.weeks else None
    ends = _("ends %(day)s") % {"day": day(end)} if end and end > first else ""
    return Phrase(day(first), ends)


def steps_phrase(role: Opportunity) -> str:
    """Say how one applies: CV, letter, 2 interviews."""
    if role.steps is None:
        return _("Selection steps not stated")
    words = []
    for step, count in Counter(role.steps).items():
        once, several = STEP_WORDS[step]
        words.append(str(once) if count == 1 else several % {"number": count})
    return capfirst(", ".join(words) or _("one click"))


def apply_phrase(role: Opportunity) -> Phrase:
    """Say the last day to apply; whose day that is, and what applying takes."""
    if role.apply_by is None:
        return Phrase(str(NOT_STATED), steps_phrase(role))
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
    country = country_beside(role.place, role.country)
    where = ", ".join(part for part in (said_place(role), country) if part)
    if role.km_away is not None and role.place:
        where = f"{said_place(role)}, {away_phrase(role.km_away)}"
    if role.mode == Mode.REMOTE:
        return str(Mode.REMOTE.label)
    if role.mode is None:
        return where or str(NOT_STATED)
    return f"{where or _('Place not stated')}, {MODE_WORDS[role.mode]}"


def said_place(role: Opportunity) -> str:
    """Name the place, or the places of which one may choose."""
    return languages.listed(role.place.split("; "), alternatives=True)


def country_beside(place: str, country: str) -> str:
    """Name a country beside a place, unless that ends with it: "Leeds, UK"."""
    _, is_parted, last = place.rpartition(", ")
    return "" if is_parted and countries().read(last) == country else countries().name(country)


def away_phrase(km: int) -> str:
    """Say how far it is."""
    return _("%(km)s km from you") % {"km": languages.number(km)} if km else _("where you are")


def where_phrase(role: Opportunity) -> Phrase:
    """Say where the work is done as exactly as the role states it."""
    parts = (said_place(role), role.region, country_beside(role.place, role.country))
    where = ", ".join(dict.fromkeys(filter(None, parts)))
    if role.km_away is not None and where:
        where = f"{where}, {away_phrase(role.km_away)}"
    if role.mode is None:
        return Phrase(where or str(NOT_STATED))
    if not where and role.mode != Mode.REMOTE:
        where = _("Place not stated")
    return Phrase(str(Mode(role.mode).label), where)


def hours_phrase(role: Opportunity) -> Phrase:
    """Say who chooses the hours, and how many there are in a week and in all."""
    counts = []
    if role.hours_per_week:
        counts.append(_("%(hours)s a week") % {"hours": quantity(role.hours_per_week, "hour")})
    if role.hours_total:
        counts.append(_("%(amount)s in all") % {"amount": quantity(role.hours_total, "hour")})
    return Phrase(schedule_phrase(role), ", ".join(counts))


def language_phrase(role: Opportunity) -> Phrase:
    """Name the language of the work."""
    try:
        return Phrase(str(get_language_info(role.language.lower())["name_translated"]))
    except KeyError:
        return Phrase(role.language)


def task_areas_phrase(role: Opportunity) -> Phrase:
    """Say how broad the work is."""
    if role.task_areas is None:
        return Phrase(str(NOT_STATED))
    focused = role.task_areas == 1
    return Phrase(_("One focused task") if focused else quantity(role.task_areas, "area"))


def hands_on_phrase(role: Opportunity) -> Phrase:
    """Say how much of the time is spent doing rather than watching."""
    if role.hands_on is None:
        return Phrase(str(NOT_STATED))
    if role.hands_on == 0:
        return Phrase(_("Watching only"))
    return Phrase(_("%(share)s of the hours") % {"share": languages.percent(role.hands_on)})


def holistic_phrase(role: Opportunity) -> Phrase:
    """Say what the employer chooses by."""
    if role.holistic is None:
        return Phrase(str(NOT_STATED))
    whole = round(role.holistic * 100)
    if whole in {0, 100}:
        return Phrase(_("The whole person") if whole else _("Skill at the task"))
    return Phrase(
        _("%(share)s skill at the task") % {"share": languages.percent(1 - whole / 100)},
        _("%(share)s the whole person") % {"share": languages.percent(whole / 100)},
    )


def pay_days_phrase(role: Opportunity) -> Phrase:
    """Say how soon after the work is accepted it is paid; unpaid work never is."""
    if role.pay_kind == PayKind.UNPAID and role.pay_days is None:
        return Phrase("")
    if role.pay_days is None:
        return Phrase(str(NOT_STATED))
    return Phrase(quantity(role.pay_days, "day"), _("from accepting the work"))


def evidence_phrase(role: Opportunity) -> Phrase:
    """Say what one can show afterwards, and how many pieces may be published."""
    if role.evidence is None and role.public_works is None:
        return Phrase(str(NOT_STATED))
    count = role.public_works or 0
    items = [*(role.evidence or []), *(["public_work"] if count else [])]
    named = ", ".join(str(EVIDENCE_WORDS[item]) for item in items) or _("nothing is offered")
    several = ngettext("%(number)s piece of it", "%(number)s pieces of it", count)
    return Phrase(capfirst(named), several % {"number": count} if count > 1 else "")


def age_demand(role: Opportunity) -> str:
    """Say the least age, where the role has one."""
    return _("at least %(age)s") % {"age": role.min_age} if role.min_age else ""


def enrolment_demand(role: Opportunity) -> str:
    """Say that only students may apply, where that is so."""
    return _("for enrolled students") if role.requires_enrolment else ""


def work_rights_demand(role: Opportunity) -> str:
    """Say where the right to work is needed."""
    if not role.work_rights:
        return ""
    return _("right to work needed (%(country)s)") % {"country": countries().name(role.work_rights)}


def schedule_phrase(role: Opportunity) -> str:
    """Say who chooses the hours."""
    return str(Schedule(role.schedule).label) if role.schedule else str(NOT_STATED)


def mentoring_phrase(role: Opportunity) -> Phrase:
    """Say how much of a mentor's time there is."""
    minutes = role.mentor_minutes_per_week
    by = _("with %(name)s") % {"name": role.mentor_name} if role.mentor_name else ""
    if minutes is None:
        return Phrase(str(NOT_STATED), by)
    if minutes == 0:
        return Phrase(_("No mentor") if not by else _("No fixed time"), by)
    return Phrase(_("%(minutes)s a week") % {"minutes": quantity(minutes, "minute")}, by)


def people_phrase(role: Opportunity) -> str:
    """Say how many people one works with regularly."""
    if role.contacts is None:
        return str(NOT_STATED)
    return quantity(role.contacts, "person") if role.contacts else _("On your own")


def ideal_for(role: Opportunity) -> str:
    """Say whom the facts suit; derived each time, never typed in (product.md section 2)."""
    facts = formats.facts_of_format(vars(role))
    opening = _SAID["ideal"][formats.zone(facts.hours, facts.weeks)]
    extras = []
    if role.mentor_minutes_per_week and facts.mentor_hours >= 5:
        extras.append(_("regular time with a mentor"))
    if role.public_works:
        extras.append(_("work you can publish"))
    if role.schedule in {Schedule.FLEXIBLE, Schedule.ASYNCHRONOUS}:
        extras.append(_("hours that fit around study"))
    if not extras:
        return _("Ideal for %(what)s.") % {"what": opening}
    beside = languages.listed(extras[:2])
    return _("Ideal for %(what)s, with %(beside)s.") % {"what": opening, "beside": beside}
