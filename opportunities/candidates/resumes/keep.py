"""Keep what a JSON Resume says in its owner's profile."""

from datetime import datetime

from django.db import transaction

from opportunities.accounts.models import User
from opportunities.candidates import profiles
from opportunities.candidates.fields import MAX_SKILLS
from opportunities.candidates.models import CandidateProfile
from opportunities.candidates.profiles import Keeper
from opportunities.candidates.resumes.read import Preview, preview


@transaction.atomic
def keep(*, keeper: Keeper, content: bytes, at: datetime) -> Preview:
    """Add what the resume says to the profile; skills are joined and no level is lowered."""
    read = preview(content)
    profile = profiles.find(keeper=keeper)
    current = profile.skills.filter(skill__is_retired=False)
    levels = dict(current.values_list("skill__slug", "level"))
    for skill in read.skills:
        if skill.slug in levels or len(levels) < MAX_SKILLS:
            levels[skill.slug] = max(skill.level, levels.get(skill.slug, 0))
    facts = dict(read.facts)
    if "interests" in facts:
        facts["interests"] = facts["interests"] | _interests(profile)
    profiles.change(keeper=keeper, facts=facts | {"skills": levels}, at=at)
    if isinstance(keeper, User) and read.name:
        User.objects.filter(pk=keeper.pk, name="").update(name=read.name)
    return read


def _interests(profile: CandidateProfile) -> dict[str, float]:
    return dict(profile.interests)
