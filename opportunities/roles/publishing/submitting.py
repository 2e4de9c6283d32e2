"""Submit a draft for review, take it back, amend a role that is on the market."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opportunities.accounts.models import User
from opportunities.core.errors import Conflict, Invalid
from opportunities.core.lifecycle import RoleStatus, role_after
from opportunities.core.signals import announce_opportunity
from opportunities.moderation import outcomes
from opportunities.roles import checks, drafts, fields
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
    tell,
)

MATERIAL: Final[Mapping[str, bool]] = {row.name: row.is_material for row in fields.FIELDS.values()}
"""Whether a change of the field sends an open or paused role back to review."""


ON_MARKET: Final = frozenset({RoleStatus.OPEN, RoleStatus.PAUSED})


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
    if faults := drafts.submission_faults(drafts.values_of(role), today=role.today(at=at)):
        raise Invalid(*faults)
    drafts.derive(role)
    role.posted_by = actor
    derived = (*fields.DURATIONS, "kind", "hourly_minor", *drafts.WHERE, "posted_by")
    hand_in(role, examine(role, poster=actor, at=at), beside=derived, at=at)
    return role


@transaction.atomic
def take_back(role: Opportunity) -> None:
    """Take a locked role off the market, so that an import may write what it states now."""
    if role.status in ON_MARKET:
        move(role, "review_again", claimed_by=None, claimed_until=None)
        announce_opportunity(role)
    if role.status == RoleStatus.IN_REVIEW:
        move(role, "withdraw", claimed_by=None, claimed_until=None)


@transaction.atomic(savepoint=False)
def submit_imported(
    role: Opportunity,
    *,
    actor: User | None,
    standards: checks.Standards | None = None,
    parts: drafts.Parts | None = None,
    at: datetime,
) -> Opportunity:
    """Hand in a role that is locked with its employer and says what a file states.

    All is as when a person submits it, but that missing facts and stops do not refuse it: a
    moderator sees them and asks for changes. Without an ``actor`` an operator imports, and nothing
    opens by rule.
    """
    require_posting(role.employer)
    if actor is not None:
        _require_outcomes(role)
    results = examine(role, poster=actor, refuses=False, standards=standards, parts=parts, at=at)
    hand_in(role, results, may_open=actor is not None, at=at)
    return role


def hand_in(
    role: Opportunity,
    results: Iterable[checks.Result],
    *,
    beside: Iterable[str] = (),
    may_open: bool = True,
    at: datetime,
) -> None:
    """Bring a role before the moderators, or open it at once where the site's rule allows.

    Fields named in ``beside`` were changed already and are saved with it. What an import could
    not read, or does not say, is for a person to look at.
    """
    results = list(results)
    was_listed = role.status in ON_MARKET
    move(
        role,
        "review_again" if was_listed else "submit",
        submitted_at=at,
        claimed_by=None,
        claimed_until=None,
        **{name: getattr(role, name) for name in beside},
    )
    keep_findings(role, results, at=at)
    may_open = may_open and not role.unparsed and opens_by_rule(role, results)
    if may_open and _is_complete(role, at=at):
        _open_by_rule(role, at=at)
    elif was_listed:
        announce_opportunity(role)


def _is_complete(role: Opportunity, *, at: datetime) -> bool:
    return not drafts.submission_faults(drafts.values_of(role), today=role.today(at=at))


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
    drafts.settle_place(role)  # what only follows is no change of theirs
    before = drafts.values_of(role)
    wanted = merged(role, values)
    if faults := drafts.submission_faults(wanted, today=role.today(at=at)):
        raise Invalid(*faults)
    write(role, wanted, at=at)
    after = drafts.values_of(role)
    changed = _changed(before, after)
    if not changed:
        return role
    results = examine(role, poster=actor, at=at)
    if any(MATERIAL[name] for name in changed):
        hand_in(role, results, at=at)
    else:
        keep_findings(role, results, at=at)
        announce_opportunity(role)
    return role


@transaction.atomic(savepoint=False)
def amend_imported(
    role: Opportunity,
    *,
    before: Mapping[str, Any],
    is_clear: bool,
    actor: User | None,
    standards: checks.Standards | None = None,
    at: datetime,
) -> Opportunity:
    """Take a change of a locked role on the market that its source made and an import wrote.

    As when a person amends it, what matters is reviewed first; so is a change that left words
    unread (it is not ``is_clear``) or a fact missing.
    """
    require_posting(role.employer)
    results = examine(role, poster=actor, refuses=False, standards=standards, at=at)
    changed = _changed(before, drafts.values_of(role))
    matters = any(MATERIAL[name] for name in changed)
    if matters or not is_clear or not _is_complete(role, at=at):
        hand_in(role, results, may_open=actor is not None, at=at)
    else:
        keep_findings(role, results, at=at)
        announce_opportunity(role)
    return role


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [name for name in before if before[name] != after[name]]


def _open_by_rule(role: Opportunity, *, at: datetime) -> None:
    open_role(role, at=at)
    reason = gettext_noop(
        "Every check is clear, the employer is verified and its last roles were in order."
    )
    ruling = Ruling(outcomes.AUTO_APPROVE, None, at, reason=reason)
    tell(put_on_record(ruling, role=role), ruling.outcome)


def _require_outcomes(role: Opportunity) -> None:
    """Refuse an employer that has not said what became of a role it closed (living postings)."""
    owed = (
        Opportunity.objects.filter(employer=role.employer_id, status=RoleStatus.CLOSED, outcome="")
        .exclude(closed_because=ClosedBecause.SANCTION)
        .order_by("closed_at", "id")
        .first()
    )
    if owed is not None:
        raise Conflict(
            _("First say what became of “%(role)s” (%(id)s).")
            % {"role": owed.title, "id": owed.public_id}
        )
