"""Why an applicant suits a role, in words: the parts of the suit and the skills they rest on."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching.engine import VALUE, Candidate, Explanation, Line
from matching.engine.aspects import UNSEEN
from matching.recommending.match_number import MatchNumber, number_of
from matching.recommending.reason_facts import EVEN_GOAL, MIDDLE
from opportunities.candidates.models import CandidateSkill
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import LEVEL_WORDS, quantity

MUCH, LITTLE = 0.75, 0.25
NONE_COVERED: Final = UNSEEN / VALUE
"""Value of the competence of somebody who named none of the skills asked."""


@dataclass(frozen=True, slots=True)
class PartWords:
    """How one part of the suit is told: from the best values down, and where nothing is known."""

    label: Any
    much: Any
    good: Any
    poor: Any
    little: Any
    unknown: Any

    def sentence(self, value: float) -> str:
        """Return what is said of a known value: the same value, the same words."""
        if value > MIDDLE:
            return str(self.much if value >= MUCH else self.good)
        return str(self.little if value < LITTLE else self.poor)


PART_WORDS: Final[Mapping[str, PartWords]] = {
    "competence": PartWords(
        gettext_lazy("Skills asked"),
        gettext_lazy("Has the skills asked, or nearly."),
        gettext_lazy("Has more than half of the skills asked."),
        gettext_lazy("Has half of the skills asked at most."),
        gettext_lazy("Covers little of what is asked; related skills count in part."),
        gettext_lazy("The role asks for no skills."),
    ),
    "track_record": PartWords(
        gettext_lazy("Track record"),
        gettext_lazy("Earlier work here was rated well."),
        gettext_lazy("Earlier work here was rated fairly."),
        gettext_lazy("Earlier work here was rated below the middle."),
        gettext_lazy("Earlier work here was rated low."),
        gettext_lazy("No track record yet."),
    ),
    "motivation": PartWords(
        gettext_lazy("Aim"),
        gettext_lazy("Looks for just this depth of work."),
        gettext_lazy("Looks for about this depth of work."),
        gettext_lazy("Looks for a different depth of work."),
        gettext_lazy("Looks for quite another depth of work."),
        gettext_lazy("Leans neither to quick practice nor to depth, or did not say."),
    ),
    "interest": PartWords(
        gettext_lazy("Interest"),
        gettext_lazy("Named this field."),
        gettext_lazy("Named this field."),
        gettext_lazy("Named a field next to this one."),
        gettext_lazy("Did not name this field."),
        gettext_lazy("Named no fields."),
    ),
    "growth": PartWords(
        gettext_lazy("Growth"),
        gettext_lazy("Wants to learn what it teaches."),
        gettext_lazy("Wants to learn more than half of what it teaches."),
        gettext_lazy("Wants to learn a part of what it teaches."),
        gettext_lazy("Wants to learn little of what it teaches."),
        gettext_lazy("Named no skills to learn, or it teaches none."),
    ),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the suit: its points, out of how many, and a sentence."""

    label: str
    points: int
    most: int
    text: str
    sign: Literal["+", "-", "?"]
    """For the person, against, or neither: nothing is known, or it stands in the middle."""
    note: str = ""
    """How many of the points rest on nothing that was stated, beside the number alone."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One skill of the role, and what the applicant states of it."""

    name: str
    level: str
    is_enough: bool
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Suit:
    """How well somebody suits a role, and how well it fits them."""

    score: int
    fit: int
    match: MatchNumber
    """The number that orders the role's list of candidates, with its parts."""
    parts: list[Part]
    skills: list[Chip]

    @property
    def reasons(self) -> list[Part]:
        """Return the two parts that speak most for somebody, and the one that costs most."""
        best = sorted((part for part in self.parts if part.sign == "+"), key=lambda p: -p.points)
        worst = sorted(
            (part for part in self.parts if part.sign == "-"), key=lambda p: p.points - p.most
        )
        unknown = [part for part in self.parts if part.sign == "?"]
        return [*best[:2], *worst[:1], *unknown[:1]]


def told(explanation: Explanation, person: Candidate, skills: list[Chip] | None = None) -> Suit:
    """Return the suit of one pair in words; the points of the parts add up to the score."""
    parts = [
        _part(line, is_known=is_known(line, person)) for line in explanation.parts if line.weight
    ]
    return Suit(
        score=sum(part.points for part in parts),
        fit=sum(line.whole_points for line in explanation.aspects),
        match=number_of(explanation),
        parts=parts,
        skills=skills or [],
    )


def is_known(line: Line, person: Candidate) -> bool:
    """Say whether a part rests on what the person stated or did, not on a value that stands in.

    Where a role asks for no skills, or names none to learn, the engine takes the middle.
    """
    match line.name:
        case "competence":
            return line.known
        case "track_record":
            return bool(person.ratings)
        case "interest":
            return bool(person.interests)
        case "growth":
            return bool(person.targets) and line.value != MIDDLE
        case "motivation":
            return person.goal != EVEN_GOAL
    return line.value != MIDDLE


def stated(line: Line) -> float:
    """Return what is told of a part: its value; of the skills asked, the share that is covered."""
    if line.name == "competence" and line.known:
        return (line.value - NONE_COVERED) / (1 - NONE_COVERED)
    return line.value


def _part(line: Line, *, is_known: bool) -> Part:
    words, value = PART_WORDS[line.name], stated(line)
    sign: Literal["+", "-", "?"] = "?"
    if is_known and value != MIDDLE:
        sign = "+" if value > MIDDLE else "-"
    return Part(
        label=str(words.label),
        points=line.whole_points,
        # Points are rounded so that they add up to the score, which may lift one above its weight.
        most=max(line.whole_points, round(100 * line.weight)),
        text=_sentence(line, value) if is_known else str(words.unknown),
        sign=sign,
        note=_note(line, is_known=is_known) if value < MUCH or not is_known else "",
    )


def _sentence(line: Line, value: float) -> str:
    if line.name == "competence" and value <= 0:
        return _("States none of the skills asked, nor related ones.")
    return PART_WORDS[line.name].sentence(value)


def _note(line: Line, *, is_known: bool) -> str:
    """Say which points stand for what nobody stated: docs/matching.md, the parts of the suit."""
    if not is_known:
        if not line.whole_points:
            return ""
        text = ngettext(
            "%(number)s point stands for what is not known.",
            "%(number)s points stand for what is not known.",
            line.whole_points,
        )
        return text % {"number": line.whole_points}
    # Rounding gives some of the people who state none one point more than others.
    points = min(line.whole_points, int(round(100 * line.weight * NONE_COVERED, 6)))
    if line.name != "competence" or not points:
        return ""
    text = _(
        "Everybody gets at least %(points)s of these: a skill that is not stated may still be "
        "there."
    )
    return text % {"points": quantity(points, "point")}


def of_applicants(
    role: Opportunity, explained: Mapping[int, tuple[Candidate, Explanation]]
) -> dict[int, Suit]:
    """Return the suit of each applicant, by profile, with the role's skills, in two queries."""
    asked = list(role.skills.select_related("skill").order_by("-importance", "id"))
    held: dict[int, dict[int, tuple[int, bool]]] = defaultdict(dict)
    for profile, skill, level, verified in CandidateSkill.objects.filter(
        profile__in=list(explained), skill__in=[used.skill_id for used in asked]
    ).values_list("profile_id", "skill_id", "level", "verified"):
        held[profile][skill] = (level, verified)
    found = {}
    for profile, (person, explanation) in explained.items():
        chips = []
        for used in asked:
            level, verified = held[profile].get(used.skill_id, (-1, False))
            chips.append(
                Chip(
                    name=used.skill.name,
                    level=str(LEVEL_WORDS[level]) if level >= 0 else _("not stated"),
                    is_enough=level >= used.level,
                    is_verified=verified,
                )
            )
        found[profile] = told(explanation, person, chips)
    return found
