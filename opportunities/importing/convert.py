"""Turn one record into the typed facts of a role, or say what is wrong with it.

A number out of its range, a text too long or a script make a bad row. Words that cannot be read
surely leave their field unstated and are kept in ``unparsed``.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opportunities.core.iso_names import languages
from opportunities.core.pay import CURRENCIES, PayKind, to_minor
from opportunities.core.validation import Address, Choice, Code, Flag, Number, Text, Words
from opportunities.importing.boards import board_of
from opportunities.importing.columns import Naming, Renamed
from opportunities.importing.parsing.choices import (
    NAMED,
    field_of_work,
    format_named,
    is_shadowing,
    schedule,
    truth,
)
from opportunities.importing.parsing.dates import Order, last_day, parse_date, parse_start
from opportunities.importing.parsing.durations import Duration, parse_duration
from opportunities.importing.parsing.languages import translations
from opportunities.importing.parsing.payments import Payment, parse_payment
from opportunities.importing.parsing.places import Place, country_code, parse_place, says_mode
from opportunities.importing.parts import read_part, read_words
from opportunities.importing.postings import is_posting, read_posting
from opportunities.importing.rows import BadRow, Record
from opportunities.importing.values import Reader
from opportunities.places.areas import LONGEST, MOST_PLACES
from opportunities.roles.drafts import durations
from opportunities.roles.fields import PARTS, PLAIN, RoleField
from opportunities.roles.formats import DURATIONS, FORMATS, FormatName, zone
from opportunities.roles.models.listings import EVIDENCE_OFFERED, STEPS, Mode

_PAY_KINDS: Final = {kind.value: kind.value for kind in PayKind} | NAMED["pay_kinds"]
_NOT_STATED: Final = frozenset(("", "undisclosed", "not disclosed", "unknown", "n/a"))
_MEANINGS: Final[Mapping[str, Callable[[str], Any]]] = {
    "field": field_of_work,
    "schedule": schedule,
    "work_rights": country_code,
    "language": lambda words: languages().read(words),
}
"""What the words of a board mean for a field of fixed words; another field takes them literally."""
_NAMES_OF_WORDS: Final = {
    "steps": {step: step for step in STEPS} | NAMED["steps"],
    "evidence": {item: item for item in EVIDENCE_OFFERED} | NAMED["evidence"],
}


@dataclass(slots=True)
class Role:
    """A role as a file states it: columns of the table, its parts, and the words not read."""

    line: int
    public_id: str
    source: str
    external_id: str
    employer: str
    org: str
    board: str
    """Whose board its address leads to, where nothing else names the employer."""
    values: dict[str, Any]
    parts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Its skills, deliverables and questions; a skill by the name that the file gives it."""
    unparsed: dict[str, str] = field(default_factory=dict)
    digest: str = ""
    closed: str = ""
    """Why it is not live where it comes from; empty if it is."""
    bad: list[BadRow] = field(default_factory=list)
    """What is wrong with it; of a role that is not live that matters to nobody."""
    unread: list[str] = field(default_factory=list)
    """The columns of its row that nobody reads."""

    @property
    def number(self) -> str:
        """How it is known: at its source, else by our id."""
        return self.external_id or self.public_id

    @property
    def key(self) -> tuple[str, str]:
        return self.source, self.external_id

    @property
    def whose(self) -> str:
        """The employer by the first name that the row has for it."""
        return self.employer or self.org or self.board


def convert(record: Record, naming: Naming, *, currency: str, today: date | None = None) -> Role:
    """Return the role of a record, with what is wrong with it and the columns nobody reads.

    ``currency`` is that of amounts which name none; ``today`` tells which year is meant by the
    week of 18 January. A mapping that names columns is followed; else a board is known by its
    shape.
    """
    told = _under_our_names(record, naming)
    read = Reader(record.line, told.values)
    for name, words in told.kept.items():
        read.keep(name, words)
    role = _role(read, naming, currency, today)
    role.bad, role.unread = [] if role.closed else read.bad, told.unread
    return role


def number_of(record: Record, naming: Naming) -> str:
    """Return the number that a row states, whatever is wrong with it."""
    read = Reader(record.line, _under_our_names(record, naming).values)
    public_id, _source, external_id = _identity(read, naming)
    return external_id or public_id


def _under_our_names(record: Record, naming: Naming) -> Renamed:
    """Return what a row says under our names: by the shape of its board, else by its columns."""
    values = record.values
    shape = None if naming.columns else board_of(values)[1]
    if is_posting(values):
        shape = read_posting
    if shape:
        return Renamed({**naming.constants, **shape(values)}, [], {})
    return naming.rename(values, record.dates)


def _role(read: Reader, naming: Naming, currency: str, today: date | None) -> Role:
    facts: dict[str, Any] = {"title": read.text("title", required=True)}
    if facts["title"] and not any(map(str.isalpha, facts["title"])):
        read.fault("title", _("is no title: it has no letter."), "no_title")
    facts |= {row.name: _value(read, row) for row in PLAIN if not row.read_with}
    _place(read, facts)
    _duration(read, facts)
    _dates(read, facts, naming, today)
    _pay(read, facts, currency)
    _format(read, facts)
    identity = _identity(read, naming)
    closed = _closed(read)
    return Role(
        read.line,
        *identity,
        employer=read.text("employer", longest=140),
        org=read.text("org", longest=120),
        board=read.text("board", longest=120),
        values=facts,
        parts={name: read_part(read, name) for name in PARTS},
        unparsed=read.kept_words(),
        digest=_digest(read.values, currency, naming),
        closed=closed,
    )


def _closed(read: Reader) -> str:
    """Say why a role is not live where it comes from, or nothing."""
    for name, closing in (("active", False), ("visible", False), ("closed", True)):
        if read.choice(name, truth) is closing:
            return _said_there(name, str(closing).lower())
    words = read.text("status", longest=80).casefold().replace("_", " ")
    meaning = NAMED["statuses"].get(words, "")
    if words and not meaning:
        read.keep("status", words)
    return _said_there("status", words) if meaning == "closed" else ""


def _said_there(field: str, value: str) -> str:
    return gettext_noop("its source says %(field)s: %(value)s") % {"field": field, "value": value}


_READERS: Final[Mapping[type, Callable[[Reader, str, Any], Any]]] = {
    Text: lambda read, name, kind: read.text(name, one_line=not kind.lines),
    Number: lambda read, name, kind: read.number(name, whole=kind.whole),
    Words: lambda read, name, kind: read_words(read, name, _NAMES_OF_WORDS[name], most=kind.most),
    Flag: lambda read, name, _: bool(read.choice(name, truth)),
    Address: lambda read, name, _: read.address(name),
    Choice: lambda read, name, kind: read.choice(
        name, _MEANINGS.get(name, {word: word for word in kind.words}.get)
    ),
    Code: lambda read, name, _: read.choice(name, _MEANINGS[name]),
}
"""What reads a field from a file by its kind."""


def _from_home(words: str) -> str:
    """Return the way of working that a column about remote work tells; a no leaves it open."""
    told = truth(words)
    if told is None:
        return _place_of(words).mode or ""
    return Mode.REMOTE if told else "no"


def _value(read: Reader, row: RoleField) -> Any:
    """Read one field; what a file leaves out takes the field's own empty value."""
    found = _READERS[type(row.kind)](read, row.name, row.kind)
    return getattr(row.kind, "empty", found) if found in (None, "") else found


def _read_as[Found](
    words: str, parse: Callable[[str], Found], is_read: Callable[[Found], object]
) -> Found:
    """Parse words that are English, else German or French if only one of these says something."""
    found = parse(words)
    if is_read(found):
        return found
    others = [other for text in translations(words) if is_read(other := parse(text))]
    return others[0] if others and all(other == others[0] for other in others) else found


def _place_of(words: str) -> Place:
    """Parse words of a place; a way of working is found in German and French as well."""
    if says_mode(words):
        return parse_place(words)
    return parse_place(next((text for text in translations(words) if says_mode(text)), words))


def _date_of(words: str, order: Order) -> date | None:
    return _read_as(words, lambda text: parse_date(text, order=order), bool)


def _duration_of(words: str) -> Duration:
    return _read_as(words, parse_duration, lambda found: found.whole)


def _identity(read: Reader, naming: Naming) -> tuple[str, str, str]:
    """Return how the role is known: our id, or its source's name and its number there."""
    public_id = ""
    given = read.text("id", longest=200)
    external_id = read.text("external_id", longest=200)
    if given.startswith("opp_") and len(given) == 30 and given[4:].isalnum():
        public_id = given
    else:
        external_id = external_id or given
    source = read.text("source", longest=60) or naming.source
    if not external_id and not public_id:
        external_id = _address(read)
    if not external_id and not public_id:
        # Without an id the words are the identity: the same row again is the same role.
        words = [str(read.values.get(name, "")) for name in ("title", "org", "employer", "place",
                 "location", "description")]  # fmt: skip
        external_id = (
            "row-" + hashlib.sha256("\n".join(words).encode(errors="replace")).hexdigest()[:32]
        )
    if not external_id:
        source = ""
    return public_id, source, external_id


def _address(read: Reader) -> str:
    """Return the address or the slug by which a role without a number is known."""
    for name in ("url", "slug"):
        words = read.text(name, longest=2000)
        if words and len(words) <= 200:
            return words
        if words:
            return "url-" + hashlib.sha256(words.encode()).hexdigest()
    return ""


def _digest(values: Mapping[str, Any], currency: str, naming: Naming) -> str:
    text = json.dumps([values, currency, naming.dates], sort_keys=True, default=str)
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _place(read: Reader, facts: dict[str, Any]) -> None:
    facts["place"] = read.text("place")
    facts["country"] = read.choice("country", country_code)
    stated = read.text("mode", longest=80)
    mode = stated.casefold() if stated.casefold() in Mode.values else None
    if stated and not mode:
        told_by = _place_of(stated)
        mode = told_by.mode
        if mode is None or told_by.name:
            read.keep("mode", stated)
            mode = None
    told = read.choice("remote", _from_home)
    if mode is None and told in Mode.values:
        mode = told
    words = read.places("location")
    places = [_place_of(each) for each in words]
    modes = {place.mode for place in places}
    is_clear = len(modes) == 1 and all(place.name for place in places)
    together = _names_of(places) if is_clear else ""
    if len(places) > 1 and not together:
        read.keep("places", "; ".join(words))
        if len(modes) > 1:  # "Leeds; remote" leaves open how the work is done: somebody has to say
            countries = {place.country for place in places}
            there = (place for place in places if place.mode == Mode.ONSITE)
            facts["mode"] = str(mode) if mode else None
            facts["place"] = facts["place"] or _names_of(there)
            facts["country"] = facts["country"] or (countries.pop() if len(countries) == 1 else "")
            return
    if places or (facts["place"] and mode is None):
        found = places[0] if places else _place_of(facts["place"])
        if (found.mode is None and mode is None) or (places and found == Place()):
            read.keep("location", "".join(words[:1]))
        mode = mode or found.mode
        facts["country"] = facts["country"] or found.country
        if places:
            facts["place"] = facts["place"] or together or found.name
        elif found.mode and not found.name:
            facts["place"] = ""
    facts["mode"] = str(mode) if mode else None


def _names_of(places: Iterable[Place]) -> str:
    """Return the names of several places as one role has them, or nothing where they are many."""
    names = list(dict.fromkeys(place.name for place in places if place.name))
    told = "; ".join(names)
    return told if len(told) <= LONGEST and len(names) <= MOST_PLACES else ""


def _duration(read: Reader, facts: dict[str, Any]) -> None:
    """Read the three numbers, then the words; two of the three give the third."""
    for name in DURATIONS:
        facts[name] = read.number(name, words=partial(_under_heading, name))
    for name in ("duration", "commitment"):
        words = read.text(name, longest=300)
        if not words:
            continue
        found = _duration_of(words)
        if name == "commitment" and _FIGURES.fullmatch(words):
            found = _hours_of(words, facts["weeks"])
        if not found.whole:
            read.keep(name, words)
        for part in DURATIONS:
            value = getattr(found, part)
            if value is not None and facts[part] is None:
                facts[part] = read.in_range(part, value, told=name)
    facts.update(durations(facts))


def _hours_of(figures: str, weeks: float | None) -> Duration:
    """Return what figures under "Hours" mean: each week, or in all where no week has so many.

    Within a few weeks both are likely, so that somebody has to say.
    """
    a_week = parse_duration(f"{figures} hours a week")
    if (a_week.hours_per_week or 0) > MOST_A_WEEK:
        return parse_duration(f"{figures} hours")
    is_open = weeks is not None and 1 < weeks <= FEW_WEEKS
    return Duration(whole=False) if is_open else a_week


MOST_A_WEEK: Final = 48
"""Hours that a week of work may have; more are those of the whole role."""
FEW_WEEKS: Final = 4
_FIGURES: Final = re.compile(r"\d+(?:\.\d+)?(?:\s*[-\u2013]\s*\d+(?:\.\d+)?)?")
"""Hours in figures alone, as a column of them has."""


def _under_heading(name: str, words: str) -> tuple[float | None, bool]:
    """Return the number that words under its own heading say, and whether they say no more."""
    found = _duration_of(words)
    value = getattr(found, name)
    if value is None and name == "hours_per_week":
        # Under this heading "20 hours" are hours a week.
        value = found.hours_total
    return value, found.whole


def _dates(read: Reader, facts: dict[str, Any], naming: Naming, today: date | None) -> None:
    for name in ("start_earliest", "start_latest"):
        facts[name] = read.date(name, lambda words: _date_of(words, naming.dates))
    facts["apply_by"] = read.date(
        "apply_by", lambda words: last_day(words, facts["country"]) or _date_of(words, naming.dates)
    )
    words = read.text("start", longest=120)
    if words:
        found = _read_as(
            words,
            lambda text: parse_start(text, order=naming.dates, today=today),
            lambda start: start.earliest,
        )
        if found.earliest is None:
            read.keep("start", words)
        facts["start_earliest"] = facts["start_earliest"] or found.earliest
        facts["start_latest"] = facts["start_latest"] or found.latest
    first, last = facts["start_earliest"], facts["start_latest"]
    if first and last and last < first:
        reason = _("%(last)s is before start_earliest, %(first)s.")
        read.fault("start_latest", reason, "before_earliest", last=last, first=first)


def _pay(read: Reader, facts: dict[str, Any], currency: str) -> None:
    facts |= {"pay_kind": None, "pay_amount_minor": None, "pay_max_minor": None, "pay_currency": ""}
    code = read.text("pay_currency", longest=12).upper() or currency
    if code not in CURRENCIES:
        read.keep("pay_currency", code)
        return
    found, told = _payment(read, code, facts["country"])
    if found.kind is None or not _is_for_this_time(read, facts, found, told):
        return
    facts["pay_kind"] = str(found.kind)
    if found.amount is None:
        return
    facts["pay_currency"] = found.currency
    for name, value in (("pay_amount", found.amount), ("pay_max", found.most)):
        if value is None:
            continue
        try:
            minor = to_minor(value, found.currency)
        except ValueError as error:
            read.fault(told or name, str(error), "too_many_decimals")
            continue
        facts[f"{name}_minor"] = read.in_range(f"{name}_minor", minor, told=told or name)
    if found.most is not None and found.most < found.amount:
        read.fault("pay_max", _("is below pay_amount."), "below_lower_end")


def _is_for_this_time(read: Reader, facts: dict[str, Any], found: Payment, told: str) -> bool:
    """Say whether pay "for 4 weeks" is for the time of the role, which it may be the first to say.

    An amount for another time states no pay; its words are kept.
    """
    if found.weeks is not None and facts["weeks"] is None:
        facts["weeks"] = read.in_range("weeks", found.weeks, told=told)
        facts.update(durations(facts))
    agrees = found.weeks is None or abs((facts["weeks"] or 0) - found.weeks) <= 0.1 * found.weeks
    if not agrees:
        read.keep(told, read.values[told])
    return agrees


def _payment(read: Reader, currency: str, country: str) -> tuple[Payment, str]:
    """Return what the typed fields say of pay, else what the words say and where they stand."""
    stated = read.text("pay_kind", longest=80).casefold()
    kind = _PAY_KINDS.get(stated, "")
    if not kind and stated not in _NOT_STATED:
        read.keep("pay_kind", stated)
    if kind == PayKind.UNPAID:
        return Payment(kind), ""
    amount, most = read.amount("pay_amount"), read.amount("pay_max")
    if amount is not None and kind:
        return Payment(kind, amount, most, currency), ""
    name = "pay" if "pay" in read.values else "pay_amount"
    words = read.text(name, longest=300)
    if not words:
        return Payment(kind or None), ""
    found = _read_as(
        words,
        lambda text: parse_payment(text, currency=currency, country=country, kind=kind),
        lambda payment: payment.kind,
    )
    if not found.whole:
        read.keep(name, words)
    return found, name


def _format(read: Reader, facts: dict[str, Any]) -> None:
    """Read the format; a row without one takes the plain format that its duration shows."""
    name = ""
    for column in ("format", "kind"):
        words = read.text(column, longest=80)
        found = format_named(words) if words else ""
        if is_shadowing(words) and Mode.REMOTE in {facts["mode"], parse_place(words).mode}:
            found = str(FormatName.VIRTUAL_JOB_SHADOWING)
        if words and not found and not name:
            read.keep(column, words)
        name = name or found
    name = name or _plain_format(facts)
    facts["format"] = name
    facts["kind"] = str(FORMATS[name].family)


def _plain_format(facts: Mapping[str, Any]) -> str:
    hours, weeks = facts["hours_total"], facts["weeks"]
    if hours is not None and weeks is not None:
        return {"A": "micro_internship", "B": "short_burst_internship"}.get(
            zone(hours, weeks), "internship"
        )
    title = (facts["title"] or "").casefold()
    if "micro" in title:
        return "micro_internship"
    if weeks is not None and weeks > 4:
        return "internship"
    if (hours is not None and hours <= 80) or (weeks is not None and weeks <= 2):
        return "micro_internship"
    return "internship"
