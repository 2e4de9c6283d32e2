"""Keep what a JSON Resume says in its owner's profile."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.candidates import profiles
from opportunities.candidates.fields import MAX_SKILLS
from opportunities.candidates.models import CandidateProfile
from opportunities.candidates.resumes.read import Preview, preview
from opportunities.core.errors import Fault, Invalid


@transaction.atomic
def keep(*, owner: User, content: bytes, at: datetime) -> Preview:
    """Add what the resume says to the profile; skills are joined and no level is lowered."""
    read = preview(content)
    profile = profiles.find(owner=owner)
    levels = _joined(profile, {skill.slug: skill.level for skill in read.skills})
    facts = dict(read.facts)
    if "interests" in facts:
        facts["interests"] = facts["interests"] | profile.interests
    profiles.change(owner=owner, facts=facts | {"skills": levels}, at=at)
    if read.name:
        User.objects.filter(pk=owner.pk, name="").update(name=read.name)
    return read


def changes(*, owner: User, content: bytes) -> Preview:
    """Return what ``keep`` would change, and nothing that the profile holds already."""
    read = preview(content)
    profile = CandidateProfile.objects.of(owner).first()
    if profile is None:
        return replace(read, name="" if owner.name else read.name)
    held = dict(profile.skills.values_list("skill__slug", "level"))
    facts = {name: said for name, said in read.facts.items() if said != getattr(profile, name)}
    if "interests" in facts:
        facts["interests"] = dict(facts["interests"].items() - profile.interests.items())
    return replace(
        read,
        name="" if owner.name else read.name,
        facts={name: said for name, said in facts.items() if said},
        skills=tuple(skill for skill in read.skills if skill.level > held.get(skill.slug, -1)),
    )


@transaction.atomic
def add(*, owner: User, chosen: Sequence[str], at: datetime) -> None:
    """Add skills, each written "slug:level"; those that are there keep a level that is no lower.

    Raises ``Invalid`` for a skill that is not known.
    """
    told: dict[str, int] = {}
    for part in chosen[:MAX_SKILLS]:
        slug, __, level = part.rpartition(":")
        if level not in {"0", "1", "2", "3", "4"}:
            detail = _("Choose among the skills that were found.")
            raise Invalid(Fault("skill", "malformed", detail))
        told[slug] = int(level)
    levels = _joined(profiles.find(owner=owner), told)
    profiles.change(owner=owner, facts={"skills": levels}, at=at)


def _joined(profile: CandidateProfile, told: Mapping[str, int]) -> dict[str, int]:
    """Return the skills of a profile with those told; no level is lowered, and none is too many."""
    kept = profile.skills.filter(skill__is_retired=False)
    levels: dict[str, int] = dict(kept.values_list("skill__slug", "level"))
    for slug, level in told.items():
        if slug in levels or len(levels) < MAX_SKILLS:
            levels[slug] = max(level, levels.get(slug, 0))
    return levels
