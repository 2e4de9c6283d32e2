"""Submit a draft for review, take it back, amend a role that is on the market."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from opportunities.accounts.models import User
from opportunities.core.errors import Conflict, Invalid
from opportunities.core.signals import announce_opportunity
from opportunities.moderation.models import DecisionAction
from opportunities.roles import drafts, fields
from opportunities.roles.lifecycle import RoleStatus, role_after
from opportunities.roles.models import Opportunity
from opportunities.roles.models.listings import ClosedBecause
from opportunities.roles.publishing.drafting import merged
from opportunities.roles.publishing.rows import own_role, require_posting, write
from opportunities.roles.review import (
    Ruling,
    examine,
    keep_findings,
    move,
    open_role,
    opens_by_rule,
    put_on_record,
    require_version,
    tell_employer,
)

MATERIAL: Final[Mapping[str, bool]] = {row.name: row.is_material for row in fields.FIELDS.values()}
"""Whether a change of the field sends an open or paused role back to review."""


@transaction.atomic
def submit(
    *, opportunity_id: int, actor: User, version: int | None = None, at: datetime
) -> Opportunity:
    """Hand a draft to the moderators, or open it at once where the site's rule allows.

    Raises ``Invalid`` for what is missing and for stops that nobody can overrule, ``Conflict``
    while the employer owes the outcome of a closed role.
    """
    role = own_role(opportunity_id, actor, at=at)
    role_after(role.status, "submit")
    require_version(role, version)
    require_posting(role.employer)
    _require_outcomes(role)
    if faults := drafts.submission_faults(drafts.values_of(role), at=at):
        raise Invalid(*faults)
    drafts.derive(role)
    results = examine(role, poster=actor, at=at)
    move(
        role,
        "submit",
        submitted_at=at,
        posted_by=actor,
        **{name: getattr(role, name) for name in (*fields.DURATIONS, "kind", "hourly_minor")},
    )
    keep_findings(role, results, at=at)
    if opens_by_rule(role, results):
        _open_by_rule(role, at=at)
    return role


@transaction.atomic
def withdraw(*, opportunity_id: int, actor: User, at: datetime) -> Opportunity:
    """Take a role back from review; it is a draft again."""
    role = own_role(opportunity_id, actor, at=at)
    move(role, "withdraw", claimed_by=None, claimed_until=None)
    return role


@transaction.atomic
def amend(
    *,
    opportunity_id: int,
    actor: User,
    values: Mapping[str, Any],
    version: int | None = None,
    at: datetime,
) -> Opportunity:
    """Change a role on the market; a change that matters (``MATERIAL``) is reviewed first."""
    role = own_role(opportunity_id, actor, at=at)
    role_after(role.status, "review_again")
    require_version(role, version)
    require_posting(role.employer)
    before = drafts.values_of(role)
    wanted = merged(role, values)
    if faults := drafts.submission_faults(wanted, at=at):
        raise Invalid(*faults)
    write(role, wanted, at=at)
    after = drafts.values_of(role)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return role
    results = examine(role, poster=actor, at=at)
    if any(MATERIAL[name] for name in changed):
        move(role, "review_again", submitted_at=at, claimed_by=None, claimed_until=None)
        keep_findings(role, results, at=at)
        if opens_by_rule(role, results):
            _open_by_rule(role, at=at)
            return role
    else:
        keep_findings(role, results, at=at)
    announce_opportunity(role)
    return role


def _open_by_rule(role: Opportunity, *, at: datetime) -> None:
    open_role(role, at=at)
    reason = "Every check is clear, the employer is verified and its last roles were in order."
    ruling = Ruling(DecisionAction.AUTO_APPROVE, None, at, reason=reason)
    tell_employer(
        put_on_record(ruling, role=role),
        subject=f"Open: {role.title}",
        body=f"{role.title} is on the site. People can apply until {role.apply_by:%d %B %Y}.",
    )


def _require_outcomes(role: Opportunity) -> None:
    """Refuse an employer that has not said what became of a role it closed (living postings)."""
    owed = (
        Opportunity.objects.filter(employer=role.employer_id, status=RoleStatus.CLOSED, outcome="")
        .exclude(closed_because=ClosedBecause.SANCTION)
        .order_by("closed_at", "id")
        .first()
    )
    if owed is not None:
        raise Conflict(f"First say what became of “{owed.title}” ({owed.public_id}).")
