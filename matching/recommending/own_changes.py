"""What somebody could change about themselves, and how many more roles that opens: counted.

Each change is one that a person can make: a skill learnt up to the level that roles must have, or
more hours a week; where these open nothing, another field, a lower pay or another way of working.
The text says what is replaced in the profile, and nothing else is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching.engine import Candidate
from matching.recommending.reason_facts import field_phrase
from matching.store import State, live
from matching.store.vocabulary import names_by_code
from opportunities.core import languages
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import LEVEL_WORDS

MORE_HOURS: Final = (4, 8, 12)
MOST_HOURS: Final = 60
MOST_SKILLS: Final = 8
"""Skills that are tried: those of this role first, then those that most roles must have."""
MOST_CHANGES: Final = 2
NUMBERS: Final = {
    4: gettext_lazy("Four more hours a week"),
    8: gettext_lazy("Eight more hours a week"),
    12: gettext_lazy("Twelve more hours a week"),
}


_known_names: WeakKeyDictionary[State, Mapping[int, tuple[str, str]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class OwnChange:
    """One change of a profile, what it is called, and how many more roles it opens."""

    field: str
    value: Any
    text: str
    opens: int

    def applied_to(self, person: Candidate) -> Candidate:
        """Return the person after the change."""
        changes: dict[str, Any] = {self.field: self.value}
        return replace(person, **changes)


def own_changes(
    person: Candidate, role_id: int, *, at: datetime, state: State | None = None
) -> list[OwnChange]:
    """Return the best change of a skill and the least change of hours that open roles.

    Where there are no two of these, the best of the other changes stand in. ``state`` is the market
    where the caller has asked for it already.
    """
    state = state or live.roles(at=at)
    options = _skills(person, role_id, state) + _hours(person) + _limits(person, role_id)
    variants = [person, *(option.applied_to(person) for option in options)]
    today, *counts = live.count_open(variants, at=at, state=state)
    gains = [
        replace(option, opens=count - today, text=_told(option.text, count - today))
        for option, count in zip(options, counts, strict=True)
        if count > today
    ]
    skills = [gain for gain in gains if gain.field == "skills"]
    hours = [gain for gain in gains if gain.field == "hours_per_week"]
    best = sorted(skills, key=lambda gain: -gain.opens)
    others = sorted(
        (gain for gain in gains if gain.field not in {"skills", "hours_per_week"}),
        key=lambda gain: -gain.opens,
    )
    return [*best[:1], *hours[:1], *best[1:2], *others][:MOST_CHANGES]


def _told(text: str, opens: int) -> str:
    words = ngettext(
        "%(change)s would open %(count)s more role.",
        "%(change)s would open %(count)s more roles.",
        opens,
    )
    return words % {"change": text, "count": languages.number(opens)}


def _hours(person: Candidate) -> list[OwnChange]:
    return [
        OwnChange(
            "hours_per_week",
            person.hours_per_week + more,
            str(NUMBERS[more]),
            0,
        )
        for more in MORE_HOURS
        if person.hours_per_week + more <= MOST_HOURS
    ]


def _limits(person: Candidate, role_id: int) -> list[OwnChange]:
    """Return the changes of what somebody rules out: fields, ways of working, the least pay."""
    options: list[tuple[str, Any, str]] = []
    if person.only_fields:
        field = Opportunity.objects.values_list("field", flat=True).filter(pk=role_id).first()
        if field and field not in person.only_fields:
            wider = person.only_fields | {field}
            options.append(
                (
                    "only_fields",
                    wider,
                    _("Looking at %(field)s too") % {"field": field_phrase(field)},
                )
            )
        options.append(("only_fields", frozenset(), _("Being open to other fields too")))
    options += [
        ("modes", person.modes | {mode}, words)
        for mode, words in (
            ("remote", _("Working remotely too")),
            ("hybrid", _("Working partly on site too")),
        )
        if mode not in person.modes
    ]
    if person.rate_floor > 0:
        options += [
            ("rate_floor", person.rate_floor * share, words)
            for share, words in (
                (0.9, _("A tenth less pay an hour")),
                (0.75, _("A quarter less pay an hour")),
            )
        ]
    return [OwnChange(name, value, text, 0) for name, value, text in options]


def _skills(person: Candidate, role_id: int, state: State) -> list[OwnChange]:
    """Return the skills to learn that open roles must have: one change for each skill and level.

    First come those of this role, then those that most roles must have.
    """
    names, role = _names_of_musts(state), state.pick_roles([role_id])
    asked = (role.skill[role.skill_must], role.skill_level[role.skill_must])
    here = set(zip(*(column.tolist() for column in asked), strict=True))
    known = [
        (*names[code], level, (code, level) not in here, -roles)
        for (code, level), roles in state.musts.items()
        if code in names
    ]
    lacked = sorted(
        (row for row in known if person.skills.get(row[0], 0) < row[2]),
        key=lambda row: (*row[3:], row[0], row[2]),
    )
    return [
        OwnChange(
            "skills",
            {**person.skills, slug: level},
            _learnt(name, person.skills.get(slug), level),
            0,
        )
        for slug, name, level, *_ in lacked[:MOST_SKILLS]
    ]


def _names_of_musts(state: State) -> Mapping[int, tuple[str, str]]:
    """Return the slug and the name of each skill that open roles must have, by its code.

    They are read once for each commit of the market: there are ten thousand skills, and few of them
    are asked for.
    """
    known = _known_names.get(state)
    if known is None:
        every = names_by_code()
        codes = {code for code, _ in state.musts}
        known = _known_names[state] = {code: every[code] for code in codes & every.keys()}
    return known


def _learnt(name: str, held: int | None, level: int) -> str:
    words = {"skill": name, "level": LEVEL_WORDS[level]}
    if held is None:
        return _("%(skill)s at the level “%(level)s”") % words
    return _("%(skill)s from “%(held)s” to “%(level)s”") % {**words, "held": LEVEL_WORDS[held]}
