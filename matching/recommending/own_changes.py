"""What somebody could change about themselves, and what would follow: computed as if they had.

For the market it is counted how many more roles a change opens, for one role whether it opens it
or what its number then is.

Each change is one that a person can make: a skill learnt up to the level that roles must have, or
more hours a week; where these open nothing, another field, a lower pay or another way of working.
The text says what is replaced in the profile, and nothing else is.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, partial
from typing import Final

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching.engine import Candidate, explain_rows, gates, pack_candidates, pack_opportunities
from matching.engine import Opportunity as EngineRole
from matching.engine.skills import Vocabulary
from matching.priors import PRIORS
from matching.recommending.match_number import order_of
from matching.recommending.queries import Shown
from matching.recommending.reason_facts import field_phrase
from matching.recommending.widening import Change, counted, opening
from matching.store import State, live
from matching.store.vocabulary import names_by_code
from opportunities.core import languages
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import LEVEL_WORDS

MOST_HOURS: Final = 60
MOST_SKILLS: Final = 8
"""Skills that are tried: those of this role first, then those that most roles must have."""
MOST_CHANGES: Final = 2
MORE_HOURS: Final = {
    4: gettext_lazy("Four more hours a week"),
    8: gettext_lazy("Eight more hours a week"),
    12: gettext_lazy("Twelve more hours a week"),
}


def own_changes(
    person: Candidate, role_id: int, *, at: datetime, state: State | None = None
) -> list[Change]:
    """Return the best change of a skill and the least change of hours that open roles.

    Where there are no two of these, the best of the other changes stand in. ``state`` is the market
    where the caller has asked for it already.
    """
    state = state or live.roles(at=at)
    options = _skills(person, role_id, state)
    # Who differs in skills alone passes the same gates but one: these are counted together.
    people = [person, *(option.applied_to(person) for option in options)]
    today, *counts = live.count_open(people, at=at, state=state)
    skills = _by_gain(opening(options, counts, today=today))
    count = partial(counted, person, state=state, at=at, today=today)
    hours = next((gain for more in _hours(person) for gain in count([more])), None)
    best = [*skills[:1], *filter(None, [hours]), *skills[1:2]]
    if len(best) < MOST_CHANGES:
        fields = Opportunity.objects.filter(pk=role_id).values_list("field", flat=True)
        field = fields.first() if person.only_fields else None
        best += _by_gain(count(_limits(person, field or "")))
    return [replace(gain, text=_told(gain.text, gain.adds)) for gain in best[:MOST_CHANGES]]


def _by_gain(gains: list[Change]) -> list[Change]:
    return sorted(gains, key=lambda gain: -gain.adds)


def changes_here(
    shown: Shown, facts: EngineRole, *, vocabulary: Vocabulary
) -> list[tuple[str, Change]]:
    """Return the changes that open a role to somebody, or those that raise its number most.

    Each comes with the number that the role then has, as text; nothing where it opens the role.
    """
    person, role = shown.person, shown.role
    if shown.explanation.gates:
        return [("", change) for change in _opening(person, role, facts, vocabulary)]
    options = _skills_of(person, role) + _hours(person)[:1]
    changed = [option.applied_to(person) for option in options]
    places = np.arange(len(changed))
    explained = explain_rows(
        pack_candidates(changed, vocabulary=vocabulary),
        pack_opportunities([facts], priors=PRIORS, vocabulary=vocabulary),
        places,
        np.zeros_like(places),
        vocabulary=vocabulary,
    )
    numbers = [
        replace(shown, person=other, explanation=explanation, order=order_of(other)).number
        for other, explanation in zip(changed, explained, strict=True)
    ]
    words = _("%(change)s would make it %(after)s instead of %(before)s.")
    gains = [
        (number, option)
        for number, option in zip(numbers, options, strict=True)
        if number > shown.number
    ]
    return [
        (
            str(number),
            replace(
                option,
                text=words % {"change": option.text, "after": number, "before": shown.number},
            ),
        )
        for number, option in sorted(gains, key=lambda gain: -gain[0])[:MOST_CHANGES]
    ]


def _opening(
    person: Candidate, role: Opportunity, facts: EngineRole, vocabulary: Vocabulary
) -> list[Change]:
    """Return the single changes that open a role to somebody, of each kind the least."""
    least: dict[str, Change] = {}
    for option in _skills_of(person, role) + _hours(person) + _limits(person, role.field):
        changed = option.applied_to(person)
        if not gates(changed, facts, priors=PRIORS, vocabulary=vocabulary):
            least.setdefault(option.field, option)
    words = _("%(change)s would open this role to you.")
    return [replace(each, text=words % {"change": each.text}) for each in least.values()][
        :MOST_CHANGES
    ]


def _told(text: str, opens: int) -> str:
    words = ngettext(
        "%(change)s would open %(count)s more role.",
        "%(change)s would open %(count)s more roles.",
        opens,
    )
    return words % {"change": text, "count": languages.number(opens)}


def _hours(person: Candidate) -> list[Change]:
    return [
        Change.of("hours_per_week", person.hours_per_week + more, str(words))
        for more, words in MORE_HOURS.items()
        if person.hours_per_week + more <= MOST_HOURS
    ]


def _limits(person: Candidate, field: str) -> list[Change]:
    """Return the changes of what somebody rules out: fields, ways of working, the least pay."""
    options = []
    if person.only_fields:
        if field and field not in person.only_fields:
            words = _("Looking at %(field)s too") % {"field": field_phrase(field)}
            options.append(Change.of("only_fields", person.only_fields | {field}, words))
        options.append(Change.of("only_fields", frozenset(), _("Being open to other fields too")))
    options += [
        Change.of("modes", person.modes | {mode}, words)
        for mode, words in (
            ("remote", _("Working remotely too")),
            ("hybrid", _("Working partly on site too")),
        )
        if mode not in person.modes
    ]
    if person.rate_floor > 0:
        options += [
            Change.of("rate_floor", person.rate_floor * share, words)
            for share, words in (
                (0.9, _("A tenth less pay an hour")),
                (0.75, _("A quarter less pay an hour")),
            )
        ]
    return options


def _skills(person: Candidate, role_id: int, state: State) -> list[Change]:
    """Return the skills to learn that open roles must have: one change for each skill and level.

    First come those of this role, then those that most roles must have.
    """
    codes = frozenset(code for code, _level in state.musts)
    names = _names_of(codes, (state.version, state.seq))
    role = state.pick_roles([role_id])
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
    return [_learnt(person, slug, name, level) for slug, name, level, *_ in lacked[:MOST_SKILLS]]


def _skills_of(person: Candidate, role: Opportunity) -> list[Change]:
    """Return the skills to learn that a role asks for, one change for each."""
    return [
        _learnt(person, used.skill.slug, used.skill.name, used.level)
        for used in role.skills.all()
        if person.skills.get(used.skill.slug, 0) < used.level
    ]


@lru_cache(maxsize=1)
def _names_of(codes: frozenset[int], _commit: tuple[int, int]) -> Mapping[int, tuple[str, str]]:
    """Return the slug and the name of these skills, by their codes.

    They are read once for each commit of the market: there are ten thousand skills, and few of them
    are asked for.
    """
    every = names_by_code()
    return {code: every[code] for code in codes & every.keys()}


def _learnt(person: Candidate, slug: str, name: str, level: int) -> Change:
    """Return the change of somebody who has a skill at this level."""
    held = person.skills.get(slug)
    words = {"skill": name, "level": LEVEL_WORDS[level]}
    if held is None:
        text = _("%(skill)s at the level “%(level)s”") % words
    else:
        words["held"] = LEVEL_WORDS[held]
        text = _("%(skill)s from “%(held)s” to “%(level)s”") % words
    return Change.of("skills", {**person.skills, slug: level}, text)
