"""Read a candidate's profile from a request: the fields of the model, strictly.

Names, units and ranges are those of the engine's record, sets as lists, money in major units of the
site's currency. Whatever is not a field, or not in its range, is refused with its place.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from matching.engine import ASPECTS, Candidate
from matching.files.parse import CANDIDATE_FIELDS, BadField, read_field
from matching.store.places import with_areas
from opportunities.core.errors import Fault, Invalid
from opportunities.skills.lookup import skills_named
from opportunities.skills.models import Skill

FURTHEST: Final = timedelta(days=3660)
"""Dates lie within ten years of today."""
BOUNDS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("skills", "targets", "verified"), 200),
    **dict.fromkeys(("interests", "fields_done", "only_fields", "regions", "areas", "rights"), 60),
    "weekly_hours": 60,
    "ratings": 500,
    "blocked_weeks": 520,
    "evidence_wanted": 4,
    "modes": 3,
    "importance": len(ASPECTS),
    "top3": 3,
}
"""Most entries of every list and object."""


def read_profile(content: Any, *, at: datetime) -> Candidate:
    """Return the candidate, with skills by their slugs; raise ``Invalid`` naming every fault."""
    if not isinstance(content, Mapping):
        raise Invalid(Fault("profile", "not_an_object", "profile is an object of the fields."))
    faults: list[Fault] = []
    fields: dict[str, Any] = {}
    for name, value in content.items():
        if name not in CANDIDATE_FIELDS:
            faults.append(_fault(name, "unknown_field", "is not a field of a profile."))
        elif value is not None:
            try:
                _bounded(name, value)
                fields[name] = read_field(name, value, CANDIDATE_FIELDS)
                _near(name, fields[name], at)
            except BadField as error:
                faults.append(_fault(error.name, error.code, f"{error.reason}."))
    fields |= {"id": 0, "available_from": fields.get("available_from", at.date().isoformat())}
    until = fields.get("available_until")
    if not faults and until and until < fields["available_from"]:
        faults.append(_fault("available_until", "before_first_day", "is before available_from."))
    if faults:
        raise Invalid(*faults)
    return with_areas(with_slugs(Candidate(**fields)))


def _fault(place: str, code: str, reason: str) -> Fault:
    shown = place[:120]
    return Fault(f"profile.{shown}", code, f"{shown} {reason}")


def _bounded(name: str, value: Any) -> None:
    most = BOUNDS.get(name)
    if most is not None and isinstance(value, list | Mapping) and len(value) > most:
        raise BadField(name, f"has more than {most} entries", "too_many")


def _near(name: str, value: Any, at: datetime) -> None:
    days = []
    if name in {"available_from", "available_until"}:
        days = [value]
    elif name == "blocked_weeks":
        days = value
    elif name == "weekly_hours":
        days = [day for period in value for day in period[:2]]
    if any(abs(date.fromisoformat(day) - at.date()) > FURTHEST for day in days):
        raise BadField(name, "must lie within ten years of today", "out_of_range")


def with_slugs(candidate: Candidate) -> Candidate:
    """Return the candidate with every skill under the slug that its name stands for.

    A name that the vocabulary does not know stays, and matches nothing but itself.
    """
    names = {*candidate.skills, *candidate.targets, *candidate.verified}
    slugs = set(Skill.objects.filter(slug__in=names).values_list("slug", flat=True))
    known = skills_named(texts=names - slugs)
    slug_of = {name: known[name].slug if name in known else name for name in names}

    def highest(levels: Mapping[str, int]) -> dict[str, int]:
        merged: dict[str, int] = {}
        for name, level in levels.items():
            slug = slug_of[name]
            merged[slug] = max(level, merged.get(slug, 0))
        return merged

    return replace(
        candidate,
        skills=highest(candidate.skills),
        targets=highest(candidate.targets),
        verified=frozenset(slug_of[name] for name in candidate.verified),
    )
