"""Draft a short letter for an application from what the profile says, and nothing else."""

from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.candidates.models import CandidateProfile
from opportunities.core import languages
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
    said = [_("I would like to take part in “%(role)s”.") % {"role": clean_line(role.title)}]
    said.append(
        _("I can begin on %(day)s and have %(hours)s a week.")
        % {"day": day(starts), "hours": quantity(hours, "hour")}
    )
    if brought:
        said.append(
            _("Of the skills that you ask for I bring %(skills)s.")
            % {"skills": languages.listed(brought)}
        )
    if learnt:
        said.append(
            _("I want to learn %(skills)s with you.") % {"skills": languages.listed(learnt)}
        )
    greeting = _("Dear team of %(employer)s,") % {"employer": clean_line(role.employer.name)}
    name = clean_line(writer.name)
    return "\n\n".join([greeting, " ".join(said), *([name] if name else [])])
