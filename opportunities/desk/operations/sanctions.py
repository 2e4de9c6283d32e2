"""The published ladder of sanctions, the same for employers and for people: ``rules.LADDER``.

A rung follows the one below it, unless the matter is grave. A block is proposed by one moderator
and stands only when another confirms it.
"""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from django.db import models, transaction
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.accounts.permissions import FOREVER
from opportunities.candidates.models import CandidateProfile, Visibility
from opportunities.core.claims import each_row
from opportunities.core.errors import Conflict, NotAllowed, WrongState
from opportunities.core.lifecycle import ON_MARKET, RoleStatus
from opportunities.core.rows import require_row, update_row
from opportunities.core.signals import announce_opportunity, announce_profile, employer_changed
from opportunities.desk.operations.reasons import read_reason
from opportunities.desk.permissions import require_moderator_at_all, require_moderator_of
from opportunities.employers.locking import lock_employer
from opportunities.employers.models import Employer, EmployerStatus, Membership
from opportunities.moderation import outcomes
from opportunities.moderation.models import Sanction, SanctionLevel
from opportunities.moderation.outcomes import Need, Outcome
from opportunities.moderation.rules import LADDER, SUSPENSION_DAYS
from opportunities.roles.models import Opportunity
from opportunities.roles.models.listings import ClosedBecause
from opportunities.roles.review import Ruling, move, put_on_record, tell

BELOW: Final = {upper.level: lower.level for lower, upper in pairwise(LADDER)}


class Side(NamedTuple):
    """Whom a sanction concerns: an employer, or an account."""

    employer: Employer | None = None
    account: User | None = None


@transaction.atomic
def sanction(
    outcome: Outcome,
    *,
    employer_id: int | None = None,
    account_id: int | None = None,
    moderator: User,
    reason: str,
    grave: bool = False,
    at: datetime,
) -> Sanction:
    """Put an employer or a person on a rung; one that needs a second moderator waits for them."""
    require_moderator_at_all(moderator)
    side = _lock_side(employer_id, account_id)
    _require_distance(moderator, side)
    _require_rung_below(side, outcome.sanction, grave=grave)
    if (
        outcome.confirmed_as
        and _of(side).filter(level=outcome.sanction, lifted_at__isnull=True).exists()
    ):
        raise Conflict(_("A block is proposed or in force already."))
    return _impose(side, Ruling(outcome, moderator, at, reason=read_reason(reason, outcome)))


@transaction.atomic
def sanction_by_rule(
    outcome: Outcome,
    *,
    employer_id: int | None = None,
    account_id: int | None = None,
    rule: str,
    reason: str,
    beside: str = "",
    at: datetime,
) -> Sanction:
    """Put an employer or a person on a rung because a published rule says so, without a moderator.

    The rule itself says which rung; it never takes one that needs a second moderator. ``beside``
    is what this case needs said.
    """
    if outcome.confirmed_as:
        raise ValueError(f"No rule decides {outcome.name} alone.")
    side = _lock_side(employer_id, account_id)
    return _impose(side, Ruling(outcome, None, at, (rule,), reason), beside=beside)


@transaction.atomic
def settle_sanction(
    outcome: Outcome, *, sanction_id: int, moderator: User, reason: str = "", at: datetime
) -> Sanction:
    """Confirm or refuse a proposed block, take one's own back, or lift what is in force.

    Roles that a block closed stay closed when it is lifted.
    """
    sanction, side = _lock_sanction(sanction_id, moderator)
    is_lifting, is_in_force = outcome == outcomes.LIFT, sanction.in_force_at is not None
    if sanction.lifted_at is not None or is_lifting != is_in_force:
        raise WrongState(
            _("The sanction is not in force.")
            if is_lifting
            else _("There is no proposal to decide.")
        )
    if outcome == outcomes.BLOCK and sanction.proposed_by_id == moderator.pk:
        raise NotAllowed(_("You proposed this block; another moderator confirms it."))
    words = sanction.reason if outcome.reason == Need.NO else read_reason(reason, outcome)
    if outcome == outcomes.BLOCK:
        update_row(sanction, confirmed_by=moderator, in_force_at=at)
        _block(side, at=at)
    elif is_lifting:
        end_sanction(sanction, at=at)
    else:
        update_row(sanction, lifted_at=at)
    _record(side, sanction, Ruling(outcome, moderator, at, reason=words))
    return sanction


def end_sanction(sanction: Sanction, *, at: datetime) -> None:
    """Mark a locked sanction as lifted and give back what it took."""
    update_row(sanction, lifted_at=at)
    _apply(Side(sanction.employer, sanction.account), at=at)


def end_suspensions(*, at: datetime) -> int:
    """Show the roles of employers whose suspension has run out; return how many employers."""
    due = Employer.objects.filter(status=EmployerStatus.SUSPENDED, suspended_until__lte=at)
    return each_row(due, lambda employer: _apply(Side(employer), at=at))


def blocks_proposed(*, moderator: User) -> "models.QuerySet[Sanction]":
    """Return the blocks that this moderator may refuse, or take back, oldest first."""
    require_moderator_at_all(moderator)
    return (
        Sanction.objects.filter(
            level=SanctionLevel.BLOCK, in_force_at__isnull=True, lifted_at__isnull=True
        )
        .exclude(employer__in=moderator.memberships.values("employer"))
        .order_by("proposed_at", "id")
    )


def blocks_waiting(*, moderator: User) -> "models.QuerySet[Sanction]":
    """Return the blocks that somebody else proposed and that this moderator may confirm."""
    return blocks_proposed(moderator=moderator).exclude(proposed_by=moderator)


def sanctions_in_force(*, moderator: User, at: datetime) -> "models.QuerySet[Sanction]":
    """Return what is in force on either side and what this moderator may lift."""
    require_moderator_at_all(moderator)
    own = moderator.memberships.values("employer")
    return (
        Sanction.objects.filter(in_force_at__lte=at, lifted_at__isnull=True)
        .filter(models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=at))
        .exclude(employer__in=own)
        .exclude(account=moderator)
        .exclude(account__in=Membership.objects.filter(employer__in=own).values("user"))
    )


def _lock_side(employer_id: int | None, account_id: int | None) -> Side:
    if employer_id is not None and account_id is None:
        return Side(employer=lock_employer(employer_id))
    if account_id is not None and employer_id is None:
        rows = User.objects.select_for_update(no_key=True).filter(pk=account_id)
        return Side(account=require_row(rows, _("There is no such account.")))
    raise ValueError("A sanction concerns an employer or an account, and one of them.")


def _require_distance(moderator: User, side: Side) -> None:
    """Refuse whoever is on the same side as those whom the sanction concerns."""
    if side.employer is not None:
        require_moderator_of(moderator, side.employer)
    elif side.account is not None:
        shared = moderator.memberships.filter(employer__memberships__user=side.account)
        if side.account.pk == moderator.pk or shared.exists():
            raise NotAllowed(_("You are too close to this person; another moderator decides."))


def _lock_sanction(sanction_id: int, moderator: User) -> tuple[Sanction, Side]:
    require_moderator_at_all(moderator)
    rows = Sanction.objects.filter(pk=sanction_id)
    found = require_row(rows, _("There is no such sanction."))
    side = _lock_side(found.employer_id, found.account_id)
    _require_distance(moderator, side)
    sanction = Sanction.objects.select_for_update(no_key=True).get(pk=sanction_id)
    sanction.employer, sanction.account = side
    return sanction, side


def _of(side: Side) -> "models.QuerySet[Sanction]":
    return Sanction.objects.filter(employer=side.employer, account=side.account)


def _require_rung_below(side: Side, level: str, *, grave: bool) -> None:
    below = BELOW.get(level)
    if grave or below is None:
        return
    in_force = _of(side).filter(level=below, in_force_at__isnull=False, lifted_at__isnull=True)
    if not in_force.exists():
        raise Conflict(
            _("A warning has to come first, unless the matter is grave.")
            if below == SanctionLevel.WARNING
            else _("A suspension has to come first, unless the matter is grave.")
        )


def _impose(side: Side, ruling: Ruling, *, beside: str = "") -> Sanction:
    outcome, at = ruling.outcome, ruling.at
    waits = bool(outcome.confirmed_as)
    ends = outcome.sanction == SanctionLevel.SUSPENSION
    sanction = Sanction.objects.create(
        employer=side.employer,
        account=side.account,
        level=outcome.sanction,
        reason=ruling.reason,
        proposed_by=ruling.moderator,
        proposed_at=at,
        in_force_at=None if waits else at,
        ends_at=at + timedelta(days=SUSPENSION_DAYS) if ends else None,
    )
    if not waits and outcome.sanction != SanctionLevel.WARNING:
        _apply(side, at=at)
    _record(side, sanction, ruling, beside=beside)
    return sanction


def _apply(side: Side, *, at: datetime) -> None:
    """Bring the locked side into the state that its sanctions in force imply."""
    in_force = _of(side).filter(in_force_at__isnull=False, lifted_at__isnull=True)
    is_blocked = in_force.filter(level=SanctionLevel.BLOCK).exists()
    until: datetime | None = in_force.filter(
        level=SanctionLevel.SUSPENSION, ends_at__gt=at
    ).aggregate(last=models.Max("ends_at"))["last"]
    if side.account is not None:
        update_row(side.account, suspended_until=FOREVER if is_blocked else until)
    if side.employer is not None:
        employer = side.employer
        before = employer.status
        if is_blocked:
            update_row(employer, status=EmployerStatus.BLOCKED, suspended_until=None)
        else:
            status = EmployerStatus.SUSPENDED if until else EmployerStatus.ACTIVE
            update_row(employer, status=status, suspended_until=until)
        employer_changed.send(sender=Employer, employer_id=employer.pk)
        if employer.status != before:
            for role in employer.opportunities.filter(status__in=ON_MARKET).order_by("id"):
                announce_opportunity(role)


def _block(side: Side, *, at: datetime) -> None:
    """Let a block that stands take its effect: roles close, the account only reads."""
    _apply(side, at=at)
    if side.employer is not None:
        _close_roles(side.employer, at=at)
    if side.account is not None:
        _hide_profile(side.account, at=at)


def _close_roles(employer: Employer, *, at: datetime) -> None:
    """Close what a blocked employer has on the market, and take back what waits for review."""
    roles = Opportunity.objects.select_for_update(of=("self",), no_key=True).filter(
        employer=employer, status__in=[*ON_MARKET, RoleStatus.IN_REVIEW]
    )
    for role in roles.order_by("id"):
        if role.status == RoleStatus.IN_REVIEW:
            move(role, "withdraw", claimed_by=None, claimed_until=None)
        else:
            move(role, "close", closed_at=at, closed_because=ClosedBecause.SANCTION)
            announce_opportunity(role)


def _hide_profile(account: User, *, at: datetime) -> None:
    profile = CandidateProfile.objects.select_for_update(no_key=True).filter(user=account).first()
    if profile is not None and profile.visibility != Visibility.HIDDEN:
        hidden = {"visibility": Visibility.HIDDEN, "changed_at": at}
        update_row(profile, **hidden, version=profile.version + 1)
        announce_profile(profile)


def _record(side: Side, sanction: Sanction, ruling: Ruling, *, beside: str = "") -> None:
    """Put a decision about a sanction on record, and tell whom it concerns."""
    decision = put_on_record(
        ruling, employer=side.employer, account=side.account, sanction=sanction
    )
    tell(decision, ruling.outcome, beside=beside)
