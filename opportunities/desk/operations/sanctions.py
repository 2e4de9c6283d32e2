"""The published ladder of sanctions, the same for employers and for people: ``rules.LADDER``.

A rung follows the one below it, unless the matter is grave. A block is proposed by one moderator
and stands only when another confirms it.
"""

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from django.db import models, transaction

from opportunities.accounts.models import User
from opportunities.candidates.models import CandidateProfile, Visibility
from opportunities.core.errors import Conflict, NotAllowed, NotFound, WrongState
from opportunities.core.signals import announce_opportunity, announce_profile, employer_changed
from opportunities.desk.operations.reasons import (
    read_text,
    require_moderator_at_all,
    require_moderator_of,
)
from opportunities.employers.locking import lock_employer
from opportunities.employers.models import Employer, EmployerStatus, Membership
from opportunities.messaging.notify import notify
from opportunities.moderation.models import Decision, DecisionAction, Sanction, SanctionLevel
from opportunities.moderation.rules import SUSPENSION_DAYS
from opportunities.roles.lifecycle import RoleStatus
from opportunities.roles.models import Opportunity
from opportunities.roles.models.listings import ClosedBecause
from opportunities.roles.review import Ruling, move, put_on_record, tell_employer

FOREVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
BELOW: Final = {
    SanctionLevel.SUSPENSION: SanctionLevel.WARNING,
    SanctionLevel.BLOCK: SanctionLevel.SUSPENSION,
}
ON_MARKET: Final = (RoleStatus.OPEN, RoleStatus.PAUSED)


class Side(NamedTuple):
    """Whom a sanction concerns: an employer, or an account."""

    employer: Employer | None = None
    account: User | None = None


@transaction.atomic
def warn(
    *,
    employer_id: int | None = None,
    account_id: int | None = None,
    moderator: User,
    reason: str,
    at: datetime,
) -> Sanction:
    """Warn an employer or a person: the first rung."""
    side = _lock_side(employer_id, account_id, moderator)
    sanction = _impose(side, SanctionLevel.WARNING, moderator, reason, at=at)
    _announce(side, sanction, DecisionAction.WARN, moderator, at=at)
    return sanction


@transaction.atomic
def suspend(
    *,
    employer_id: int | None = None,
    account_id: int | None = None,
    moderator: User,
    reason: str,
    grave: bool = False,
    at: datetime,
) -> Sanction:
    """Suspend an employer or a person for 30 days; an employer's roles are not shown meanwhile."""
    side = _lock_side(employer_id, account_id, moderator)
    _require_rung_below(side, SanctionLevel.SUSPENSION, grave=grave)
    sanction = _impose(side, SanctionLevel.SUSPENSION, moderator, reason, at=at)
    _apply(side, at=at)
    _announce(side, sanction, DecisionAction.SUSPEND, moderator, at=at)
    return sanction


@transaction.atomic
def propose_block(
    *,
    employer_id: int | None = None,
    account_id: int | None = None,
    moderator: User,
    reason: str,
    grave: bool = False,
    at: datetime,
) -> Sanction:
    """Propose to block an employer or a person; nothing changes until another one confirms."""
    side = _lock_side(employer_id, account_id, moderator)
    _require_rung_below(side, SanctionLevel.BLOCK, grave=grave)
    if _of(side).filter(level=SanctionLevel.BLOCK, lifted_at__isnull=True).exists():
        raise Conflict("A block is proposed or in force already.")
    sanction = Sanction.objects.create(
        employer=side.employer,
        account=side.account,
        level=SanctionLevel.BLOCK,
        reason=read_text("reason", reason),
        proposed_by=moderator,
        proposed_at=at,
    )
    _put_on_record(side, sanction, DecisionAction.PROPOSE_BLOCK, moderator, at=at)
    return sanction


@transaction.atomic
def confirm_block(*, sanction_id: int, moderator: User, at: datetime) -> Sanction:
    """Put a block that somebody else proposed in force: roles close, the account only reads."""
    sanction, side = _lock_sanction(sanction_id, moderator)
    _require_proposed(sanction)
    if sanction.proposed_by_id == moderator.pk:
        raise NotAllowed("You proposed this block; another moderator confirms it.")
    sanction.confirmed_by = moderator
    sanction.in_force_at = at
    sanction.save(update_fields=["confirmed_by", "in_force_at"])
    _apply(side, at=at)
    if side.employer is not None:
        _close_roles(side.employer, at=at)
    if side.account is not None:
        _hide_profile(side.account, at=at)
    _announce(side, sanction, DecisionAction.BLOCK, moderator, at=at)
    return sanction


@transaction.atomic
def refuse_block(*, sanction_id: int, moderator: User, reason: str, at: datetime) -> Sanction:
    """Refuse a proposed block, or take one's own proposal back."""
    sanction, side = _lock_sanction(sanction_id, moderator)
    _require_proposed(sanction)
    words = read_text("reason", reason)
    sanction.lifted_at = at
    sanction.save(update_fields=["lifted_at"])
    ruling = Ruling(DecisionAction.REFUSE_BLOCK, moderator, at, reason=words)
    put_on_record(ruling, employer=side.employer, account=side.account, sanction=sanction)
    return sanction


@transaction.atomic
def lift(*, sanction_id: int, moderator: User, reason: str, at: datetime) -> Sanction:
    """End a sanction early; roles that a block closed stay closed."""
    sanction, side = _lock_sanction(sanction_id, moderator)
    if sanction.in_force_at is None or sanction.lifted_at is not None:
        raise WrongState("The sanction is not in force.")
    words = read_text("reason", reason)
    end_sanction(sanction, at=at)
    ruling = Ruling(DecisionAction.LIFT, moderator, at, reason=words)
    decision = put_on_record(
        ruling, employer=side.employer, account=side.account, sanction=sanction
    )
    _tell(side, decision, "A sanction was lifted", "It no longer applies.")
    return sanction


def end_sanction(sanction: Sanction, *, at: datetime) -> None:
    """Mark a locked sanction as lifted and give back what it took."""
    sanction.lifted_at = at
    sanction.save(update_fields=["lifted_at"])
    _apply(Side(sanction.employer, sanction.account), at=at)


def end_suspensions(*, at: datetime) -> int:
    """Show the roles of employers whose suspension has run out; return how many employers."""
    due = Employer.objects.filter(status=EmployerStatus.SUSPENDED, suspended_until__lte=at)
    ended = 0
    for employer_id in due.order_by("id").values_list("pk", flat=True):
        with transaction.atomic():
            employer = lock_employer(employer_id)
            if employer.status == EmployerStatus.SUSPENDED:
                _apply(Side(employer), at=at)
                ended += employer.status == EmployerStatus.ACTIVE
    return ended


def blocks_waiting(*, moderator: User) -> "models.QuerySet[Sanction]":
    """Return the proposed blocks that this moderator may confirm, oldest first."""
    require_moderator_at_all(moderator)
    return (
        Sanction.objects.filter(
            level=SanctionLevel.BLOCK, in_force_at__isnull=True, lifted_at__isnull=True
        )
        .exclude(proposed_by=moderator)
        .exclude(employer__in=moderator.memberships.values("employer"))
        .order_by("proposed_at", "id")
    )


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


def _lock_side(employer_id: int | None, account_id: int | None, moderator: User) -> Side:
    if (employer_id is None) == (account_id is None):
        raise ValueError("A sanction concerns an employer or an account, and one of them.")
    require_moderator_at_all(moderator)
    if employer_id is not None:
        employer = lock_employer(employer_id)
        require_moderator_of(moderator, employer)
        return Side(employer=employer)
    accounts = User.objects.select_for_update(no_key=True)
    account = accounts.filter(pk=account_id).first() if account_id is not None else None
    if account is None:
        raise NotFound("There is no such account.")
    shared = moderator.memberships.filter(employer__memberships__user=account)
    if account.pk == moderator.pk or shared.exists():
        raise NotAllowed("You are too close to this person; another moderator decides.")
    return Side(account=account)


def _lock_sanction(sanction_id: int, moderator: User) -> tuple[Sanction, Side]:
    require_moderator_at_all(moderator)
    found = Sanction.objects.filter(pk=sanction_id).first()
    if found is None:
        raise NotFound("There is no such sanction.")
    side = _lock_side(found.employer_id, found.account_id, moderator)
    sanction = Sanction.objects.select_for_update(no_key=True).get(pk=sanction_id)
    sanction.employer, sanction.account = side
    return sanction, side


def _of(side: Side) -> "models.QuerySet[Sanction]":
    return Sanction.objects.filter(employer=side.employer, account=side.account)


def _require_rung_below(side: Side, level: SanctionLevel, *, grave: bool) -> None:
    below = _of(side).filter(level=BELOW[level], in_force_at__isnull=False, lifted_at__isnull=True)
    if not grave and not below.exists():
        raise Conflict(
            f"The ladder goes by rungs: a {SanctionLevel(BELOW[level]).value} comes first, unless"
            " the matter is grave."
        )


def _require_proposed(sanction: Sanction) -> None:
    if (
        sanction.level != SanctionLevel.BLOCK
        or sanction.in_force_at is not None
        or sanction.lifted_at is not None
    ):
        raise WrongState("There is no proposal to decide.")


def _impose(
    side: Side, level: SanctionLevel, moderator: User, reason: str, *, at: datetime
) -> Sanction:
    return Sanction.objects.create(
        employer=side.employer,
        account=side.account,
        level=level,
        reason=read_text("reason", reason),
        proposed_by=moderator,
        proposed_at=at,
        in_force_at=at,
        ends_at=at + timedelta(days=SUSPENSION_DAYS) if level == SanctionLevel.SUSPENSION else None,
    )


def _apply(side: Side, *, at: datetime) -> None:
    """Bring the locked side into the state that its sanctions in force imply."""
    in_force = _of(side).filter(in_force_at__isnull=False, lifted_at__isnull=True)
    is_blocked = in_force.filter(level=SanctionLevel.BLOCK).exists()
    until: datetime | None = in_force.filter(
        level=SanctionLevel.SUSPENSION, ends_at__gt=at
    ).aggregate(last=models.Max("ends_at"))["last"]
    if side.account is not None:
        side.account.suspended_until = FOREVER if is_blocked else until
        side.account.save(update_fields=["suspended_until"])
    if side.employer is not None:
        employer = side.employer
        before = employer.status
        employer.suspended_until = None if is_blocked else until
        employer.status = (
            EmployerStatus.BLOCKED
            if is_blocked
            else EmployerStatus.SUSPENDED
            if until
            else EmployerStatus.ACTIVE
        )
        employer.save(update_fields=["status", "suspended_until"])
        employer_changed.send(sender=Employer, employer_id=employer.pk)
        if employer.status != before:
            for role in employer.opportunities.filter(status__in=ON_MARKET).order_by("id"):
                announce_opportunity(role)


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
        profile.visibility = Visibility.HIDDEN
        profile.changed_at = at
        profile.version += 1
        profile.save(update_fields=["visibility", "changed_at", "version"])
        announce_profile(profile)


def _put_on_record(
    side: Side, sanction: Sanction, action: DecisionAction, moderator: User, *, at: datetime
) -> Decision:
    ruling = Ruling(action, moderator, at, reason=sanction.reason)
    return put_on_record(ruling, employer=side.employer, account=side.account, sanction=sanction)


WORDS: Final = {
    DecisionAction.WARN: ("A warning", "Moderators warn you. Nothing else changes."),
    DecisionAction.SUSPEND: ("Suspended for 30 days", "Moderators suspended you for 30 days."),
    DecisionAction.BLOCK: ("Blocked", "Two moderators decided to block you."),
}


def _announce(
    side: Side, sanction: Sanction, action: DecisionAction, moderator: User, *, at: datetime
) -> None:
    subject, body = WORDS[action]
    decision = _put_on_record(side, sanction, action, moderator, at=at)
    _tell(side, decision, subject, f"{body} You may appeal once; somebody else decides.")


def _tell(side: Side, decision: Decision, subject: str, body: str) -> None:
    if side.employer is not None:
        tell_employer(decision, subject=f"{side.employer.name}: {subject.lower()}", body=body)
    elif side.account is not None:
        notify(
            recipients=[side.account],
            kind=f"decision_{decision.action}",
            key=f"decision_{decision.action}:{decision.pk}",
            subject=subject,
            body=f"{body}\n\n{decision.reason}",
            at=decision.decided_at,
            is_decision=True,
        )
