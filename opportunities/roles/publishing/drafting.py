"""Drafts: begun, changed, copied and thrown away by the employer alone."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opportunities.accounts.models import User
from opportunities.core.errors import Fault, LimitReached
from opportunities.core.lifecycle import EDITABLE, RoleStatus
from opportunities.employers import operations as employing
from opportunities.employers.models import Employer
from opportunities.roles import checks, drafts
from opportunities.roles.formats import FORMATS
from opportunities.roles.locking import require_version
from opportunities.roles.models import Opportunity
from opportunities.roles.publishing.rows import own_role, require_state, write

MAX_DRAFTS: Final = 500
"""Drafts that an employer may keep at a time."""


class Assessment(NamedTuple):
    """What a moderator would object to in a draft, and the role that it would be."""

    faults: list[Fault]
    results: list[checks.Result]
    role: Opportunity
    """Not stored; what follows from its facts is filled in once its format is known."""
    parts: drafts.Parts
    standards: checks.Standards


def assess(
    *, values: Mapping[str, Any], employer: Employer | None, poster_email: str = "", at: datetime
) -> Assessment:
    """Say what would be objected to in a draft, stored or not, complete or not."""
    reading, standards = drafts.read(values), checks.Standards()
    role = _stated(reading.columns, employer)
    faults = drafts.submission_faults(values, today=role.today(at=at))
    results = []
    if role.format in FORMATS:
        drafts.derive(role, rates=standards.rates)
        results = checks.examine(
            role,
            reading.parts,
            employer=employer,
            poster_email=poster_email,
            standards=standards,
            at=at,
        )
    return Assessment(faults, results, role, reading.parts, standards)


def today_of(values: Mapping[str, Any], employer: Employer | None, *, at: datetime) -> date:
    """Return which day it is where a role would be that says this."""
    return _stated(drafts.read(values).columns, employer).today(at=at)


def _stated(columns: Mapping[str, Any], employer: Employer | None) -> Opportunity:
    """Return a role that says this, not stored, with the zone of its place."""
    role = Opportunity(**{"employer": employer} if employer else {}, **columns)
    role.time_zone = role.time_zone_stated()
    return role


@transaction.atomic
def create_draft(
    *, employer_id: int, actor: User, values: Mapping[str, Any], at: datetime
) -> Opportunity:
    """Begin a draft from what has been answered so far; a title and a format suffice."""
    employer = employing.own(employer_id, actor, at=at)
    kept = Opportunity.objects.filter(employer=employer, status=RoleStatus.DRAFT).count()
    if kept >= MAX_DRAFTS:
        raise LimitReached(
            ngettext(
                "%(employer)s keeps %(number)s draft; delete some first.",
                "%(employer)s keeps %(number)s drafts; delete some first.",
                kept,
            )
            % {"employer": employer.name, "number": kept}
        )
    role = Opportunity(employer=employer, posted_by=actor)
    write(role, values, at=at)
    return role


@transaction.atomic
def update_draft(
    *,
    opportunity_id: int,
    actor: User,
    values: Mapping[str, Any],
    version: int | None = None,
    at: datetime,
) -> Opportunity:
    """Change some answers of a draft; of the three durations the one not restated follows."""
    role = own_role(opportunity_id, actor, at=at)
    require_state(role, EDITABLE, _("A role that is %(state)s is amended, not edited."))
    require_version(role, version)
    write(role, drafts.restated(drafts.values_of(role), values), at=at)
    return role


@transaction.atomic
def delete_draft(*, opportunity_id: int, actor: User, at: datetime) -> None:
    """Throw a draft away; a role that was ever submitted stays on record."""
    role = own_role(opportunity_id, actor, at=at)
    new = [RoleStatus.DRAFT] if role.submitted_at is None else []
    require_state(role, new, _("Only a draft that was never submitted can be deleted."))
    role.delete()


@transaction.atomic
def copy(*, opportunity_id: int, actor: User, at: datetime) -> Opportunity:
    """Begin a draft that says what another role of the employer says, without its dates."""
    role = own_role(opportunity_id, actor, at=at)
    values = drafts.values_of(role)
    for name in ("start_earliest", "start_latest", "apply_by"):
        values[name] = None
    return create_draft(employer_id=role.employer_id, actor=actor, values=values, at=at)
