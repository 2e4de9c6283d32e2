"""Draft a short letter for an application from what the profile says, and nothing else."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from opportunities.accounts.models import User
from opportunities.candidates.models import CandidateProfile
from opportunities.core.text import clean_line
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import day, quantity

NAMED: Final = 4
"""Skills that a letter names at most."""


def letter_for(role: Opportunity, profile: CandidateProfile, writer: User, *, starts: date) -> str:
    """Return a letter that says what the profile bears out; its writer adds why they want it."""
    asked = [used.skill.slug for used in role.skills.all()]
    names = {used.skill.slug: used.skill.name for used in role.skills.all()}
    held = {row.skill.slug for row in profile.skills.select_related("skill") if row.level > 0}
    wanted = {row.skill.slug for row in profile.targets.select_related("skill")} - held
    brought = [names[slug] for slug in asked if slug in held][:NAMED]
    learnt = [names[slug] for slug in asked if slug in wanted][:NAMED]
    hours = profile.hours_per_week
    said = [f"I would like to take part in “{clean_line(role.title)}”."]
    said.append(f"I can begin on {day(starts)} and have {quantity(hours, 'hour')} a week.")
    if brought:
        said.append(f"Of the skills that you ask for I bring {_listed(brought)}.")
    if learnt:
        said.append(f"I want to learn {_listed(learnt)} with you.")
    greeting = f"Dear team of {clean_line(role.employer.name)},"
    name = clean_line(writer.name)
    return "\n\n".join([greeting, " ".join(said), *([name] if name else [])])


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
