"""Why an applicant suits a role, in words: the parts of the suit and the skills they rest on."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from matching.engine import Explanation
from opportunities.candidates.models import CandidateSkill
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import LEVEL_WORDS


@dataclass(frozen=True, slots=True)
class PartWords:
    """How one part of the suit is told."""

    label: str
    good: str
    fair: str
    poor: str


PART_WORDS: Final[Mapping[str, PartWords]] = {
    "competence": PartWords(
        "Skills asked", "Has the skills asked.", "Has a part of the skills asked.",
        "Has few of the skills asked.",
    ),
    "track_record": PartWords(
        "Track record", "Earlier work here was rated well.", "Little or middling earlier work.",
        "Earlier work here was rated low.",
    ),
    "motivation": PartWords(
        "Aim", "Looks for just this depth of work.", "Looks for a different depth of work.",
        "Looks for quite another depth of work.",
    ),
    "interest": PartWords(
        "Interest", "Named this field.", "Named a field next to this one.",
        "Did not name this field.",
    ),
    "growth": PartWords(
        "Growth", "Wants to learn what it teaches.", "Wants to learn a part of what it teaches.",
        "Did not name what it teaches.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the suit: its points, out of how many, and a sentence."""

    label: str
    points: int
    most: int
    text: str


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
    parts: list[Part]
    skills: list[Chip]

    @property
    def reasons(self) -> list[Part]:
        """Return the two parts that bring most, then the one that loses most."""
        told = sorted(self.parts, key=lambda part: -part.points)
        best = told[:2]
        rest = [part for part in told[2:] if part.points < part.most]
        return [*best, *sorted(rest, key=lambda part: part.points - part.most)[:1]]


def told(explanation: Explanation, skills: list[Chip] | None = None) -> Suit:
    """Return the suit of one pair in words; the points of the parts add up to the score."""
    parts = [
        Part(
            label=PART_WORDS[line.name].label,
            points=line.whole_points,
            most=round(100 * line.weight),
            text=_sentence(PART_WORDS[line.name], line.value),
        )
        for line in explanation.parts
        if line.weight > 0
    ]
    return Suit(
        score=sum(part.points for part in parts),
        fit=sum(line.whole_points for line in explanation.aspects),
        parts=parts,
        skills=skills or [],
    )


def of_applicants(role: Opportunity, explanations: Mapping[int, Explanation]) -> dict[int, Suit]:
    """Return the suit of each applicant, by profile, with the role's skills, in two queries."""
    asked = list(role.skills.select_related("skill").order_by("-importance", "id"))
    held: dict[int, dict[int, tuple[int, bool]]] = defaultdict(dict)
    for profile, skill, level, verified in CandidateSkill.objects.filter(
        profile__in=list(explanations), skill__in=[used.skill_id for used in asked]
    ).values_list("profile_id", "skill_id", "level", "verified"):
        held[profile][skill] = (level, verified)
    found = {}
    for profile, explanation in explanations.items():
        chips = []
        for used in asked:
            level, verified = held[profile].get(used.skill_id, (-1, False))
            chips.append(
                Chip(
                    name=used.skill.name,
                    level=LEVEL_WORDS[level] if level >= 0 else "not stated",
                    is_enough=level >= used.level,
                    is_verified=verified,
                )
            )
        found[profile] = told(explanation, chips)
    return found


def _sentence(words: PartWords, value: float) -> str:
    return words.good if value >= 0.7 else words.fair if value >= 0.35 else words.poor
