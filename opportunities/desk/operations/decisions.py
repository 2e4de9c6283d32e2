"""Decide on a role: approve, ask for changes, reject, remove."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from opportunities.accounts.models import User
from opportunities.core.errors import Conflict, Fault, Invalid
from opportunities.core.signals import announce_opportunity, employer_changed
from opportunities.desk.operations.queue import require_unclaimed
from opportunities.desk.operations.reasons import read_rules, read_text, require_moderator
from opportunities.employers.models import Employer, EmployerStatus, VerifiedBy
from opportunities.messaging.notify import notify
from opportunities.moderation.models import DecisionAction
from opportunities.roles.lifecycle import LIVE, SEATED, ApplicationStatus, RoleStatus, role_after
from opportunities.roles.models import Opportunity
from opportunities.roles.review import (
    Ruling,
    examine,
    lock_with_employer,
    move,
    open_role,
    put_on_record,
    require_version,
    tell_employer,
)


@transaction.atomic
def approve(
    *,
    opportunity_id: int,
    moderator: User,
    reason: str = "",
    employer_checked: bool = False,
    version: int | None = None,
    at: datetime,
) -> Opportunity:
    """Open a role in review.

    Raises ``Invalid`` for a stop that nobody can overrule, and where the employer is not verified
    unless ``employer_checked`` says that the moderator has checked who it is (rule 1.1).
    """
    role = _reviewed(opportunity_id, "approve", moderator, version=version, at=at)
    note = read_text("reason", reason, required=False)
    if role.employer.status != EmployerStatus.ACTIVE:
        raise Conflict(f"{role.employer.name} may not post at present.")
    if not role.employer.is_verified:
        if not employer_checked:
            detail = "The employer is not verified: check who it is and say so (rule 1.1)."
            raise Invalid(Fault("employer_checked", "rule-1.1", detail))
        verify(role.employer, Ruling(DecisionAction.VERIFY, moderator, at, ("1.1",), note))
    examine(role, poster=role.posted_by, at=at)
    open_role(role, at=at)
    tell_employer(
        put_on_record(Ruling(DecisionAction.APPROVE, moderator, at, reason=note), role=role),
        subject=f"Open: {role.title}",
        body=f"{role.title} is on the site. People can apply until {role.apply_by:%d %B %Y}.",
    )
    return role


@transaction.atomic
def ask_changes(
    *,
    opportunity_id: int,
    moderator: User,
    reason: str,
    rules: Iterable[str] = (),
    version: int | None = None,
    at: datetime,
) -> Opportunity:
    """Give a role back to its employer, saying what to change before it is submitted again."""
    role = _reviewed(opportunity_id, "ask_changes", moderator, version=version, at=at)
    ruling = Ruling(
        DecisionAction.ASK_CHANGES,
        moderator,
        at,
        read_rules(rules, required=False),
        read_text("reason", reason),
    )
    move(role, "ask_changes", claimed_by=None, claimed_until=None)
    tell_employer(
        put_on_record(ruling, role=role),
        subject=f"Please change: {role.title}",
        body=f"{role.title} can open after some changes. Make them and submit it again.",
    )
    return role


@transaction.atomic
def reject(
    *,
    opportunity_id: int,
    moderator: User,
    rules: Iterable[str],
    reason: str,
    version: int | None = None,
    at: datetime,
) -> Opportunity:
    """Refuse a role in review for good, naming the rules that it does not keep."""
    role = _reviewed(opportunity_id, "reject", moderator, version=version, at=at)
    ruling = Ruling(
        DecisionAction.REJECT,
        moderator,
        at,
        read_rules(rules, required=True),
        read_text("reason", reason),
    )
    move(role, "reject", claimed_by=None, claimed_until=None)
    tell_employer(
        put_on_record(ruling, role=role),
        subject=f"Not accepted: {role.title}",
        body=f"{role.title} was not accepted. You may appeal once; somebody else decides.",
    )
    return role


@transaction.atomic
def remove(
    *,
    opportunity_id: int,
    moderator: User,
    rules: Iterable[str],
    reason: str,
    version: int | None = None,
    at: datetime,
) -> Opportunity:
    """Take down a role that breaks the rules, and warn everybody who has applied to it."""
    role = _reviewed(opportunity_id, "remove", moderator, version=version, at=at)
    ruling = Ruling(
        DecisionAction.REMOVE,
        moderator,
        at,
        read_rules(rules, required=True),
        read_text("reason", reason),
    )
    move(role, "remove", removed_at=at, claimed_by=None, claimed_until=None)
    announce_opportunity(role)
    tell_employer(
        put_on_record(ruling, role=role),
        subject=f"Taken down: {role.title}",
        body=f"{role.title} was taken down. You may appeal once; somebody else decides.",
    )
    _warn_applicants(role, at=at)
    return role


def verify(employer: Employer, ruling: Ruling) -> None:
    """Record that a moderator has checked who a locked employer is."""
    employer.verified_at = ruling.at
    employer.verified_by = VerifiedBy.MODERATOR
    employer.save(update_fields=["verified_at", "verified_by"])
    employer_changed.send(sender=Employer, employer_id=employer.pk)
    tell_employer(
        put_on_record(ruling, employer=employer),
        subject=f"{employer.name} is verified",
        body="A moderator has checked who you are. Your roles show it.",
    )


def _reviewed(
    opportunity_id: int, action: str, moderator: User, *, version: int | None, at: datetime
) -> Opportunity:
    """Lock the role and return it if this moderator may take this action on it now."""
    role = lock_with_employer(opportunity_id)
    require_moderator(moderator, role)
    role_after(role.status, action)
    if role.status == RoleStatus.IN_REVIEW:
        require_unclaimed(role, moderator, at=at)
    require_version(role, version)
    return role


def _warn_applicants(role: Opportunity, *, at: datetime) -> None:
    concerned = (LIVE | SEATED) - {ApplicationStatus.COMPLETED}
    notify(
        recipients=User.objects.filter(
            profile__applications__opportunity=role,
            profile__applications__status__in=concerned,
        ),
        kind="role_removed",
        key=f"role_removed:{role.public_id}:{role.version}",
        subject=f"Taken down: {role.title}",
        body=f"Moderators took down {role.title} of {role.employer.name}, to which you applied,"
        " because it does not keep the rules of this site. Send it no money and no papers.",
        at=at,
        url="/applications/",
        is_decision=True,
    )
