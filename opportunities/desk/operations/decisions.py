"""Decide on a role or an employer: carry out what a moderator chose, as its row says."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.core.errors import Conflict, Fault, Invalid, gathered
from opportunities.core.lifecycle import LIVE, ON_MARKET, SEATED, ApplicationStatus, RoleStatus
from opportunities.core.rows import update_row
from opportunities.core.signals import announce_opportunity, employer_changed
from opportunities.desk.operations.queue import require_unclaimed
from opportunities.desk.operations.reasons import (
    read_reason,
    read_rules,
    require_moderator,
    require_moderator_of,
)
from opportunities.desk.operations.sanctions import sanction
from opportunities.desk.operations.stops import read_overrules
from opportunities.employers.locking import lock_employer
from opportunities.employers.models import Employer, EmployerStatus, VerifiedBy
from opportunities.messaging.notify import notify
from opportunities.moderation import outcomes
from opportunities.moderation.models import HeldDecision, Sanction
from opportunities.moderation.outcomes import On, Outcome, Told
from opportunities.roles.models import Opportunity
from opportunities.roles.review import (
    Ruling,
    examine,
    lock_with_employer,
    move,
    open_role,
    put_on_record,
    require_version,
    said,
    tell,
)

NEEDED: Final = ("hours_total", "weeks", "pay_kind", "mode", "apply_by")
"""What an imported role may leave out while it waits, and no open role may."""
STAMPS: Final = {RoleStatus.REMOVED: "removed_at", RoleStatus.IN_REVIEW: "submitted_at"}
"""Which moment a role keeps of having come into a state."""


@transaction.atomic
def decide(  # noqa: PLR0913  (one keyword for each thing that a moderator says)
    outcome: Outcome,
    *,
    opportunity_id: int,
    moderator: User,
    reason: str = "",
    rules: Iterable[str] = (),
    employer_checked: bool = False,
    overrule: Iterable[str] = (),
    overrule_reason: str = "",
    version: int | None = None,
    at: datetime,
) -> Opportunity:
    """Decide on a role: move it, put the decision on record, tell whom it concerns.

    Nothing opens whose employer is not verified, unless ``employer_checked`` says that the
    moderator has checked who it is (rule 1.1), and nothing against which a check says stop, unless
    ``overrule`` names each such stop (``check:rule``) and ``overrule_reason`` says why.
    All that is wrong is told at once, what says stop before the rest.
    """
    if outcome.on != On.ROLE:
        raise ValueError(f"{outcome.name} is not decided on a role.")
    role = lock_with_employer(opportunity_id)
    require_moderator(moderator, role)
    outcome.after(role.status)
    if role.status == RoleStatus.IN_REVIEW:
        require_unclaimed(role, moderator, at=at)
        HeldDecision.objects.filter(opportunity=role).delete()
    require_version(role, version)
    ruling, missing, against = Ruling(outcome, moderator, at), list[Fault](), list[Fault]()
    with gathered(missing):
        ruling = ruling._replace(rules=read_rules(rules, outcome))
    with gathered(missing):
        ruling = ruling._replace(reason=read_reason(reason, outcome))
    if outcome.opens:
        _require_active(role.employer)
        with gathered(missing):
            _require_checked(role.employer, ruling, employer_checked=employer_checked)
        with gathered(missing):
            _require_whole(role)
        with gathered(against):
            results = examine(role, poster=role.posted_by, at=at)
            ruling = read_overrules(ruling, results, named=overrule, reason=overrule_reason)
    if against or missing:
        raise Invalid(*against, *missing)
    if outcome.opens:
        open_role(role, at=at)
    else:
        was_listed = role.status in ON_MARKET
        put(role, outcome, at=at)
        if was_listed or role.status == RoleStatus.REMOVED:
            announce_opportunity(role)
    tell(put_on_record(ruling, role=role), outcome)
    if outcome.applicants_told:
        _tell_applicants(role, outcome.applicants_told, at=at)
    return role


def put(role: Opportunity, outcome: Outcome, *, at: datetime) -> None:
    """Bring a locked role into the state that an outcome leads to; nobody holds it any more."""
    stamp = STAMPS.get(outcome.after(role.status))
    changes: dict[str, Any] = {stamp: at} if stamp else {}
    move(role, outcome.name, claimed_by=None, claimed_until=None, **changes)


def verify(employer: Employer, ruling: Ruling) -> None:
    """Record that a moderator has checked who a locked employer is."""
    update_row(employer, verified_at=ruling.at, verified_by=VerifiedBy.MODERATOR)
    employer_changed.send(sender=Employer, employer_id=employer.pk)
    tell(put_on_record(ruling, employer=employer), ruling.outcome)


@transaction.atomic
def verify_employer(*, employer_id: int, moderator: User, reason: str, at: datetime) -> Employer:
    """Say that one has checked who an employer is, and how."""
    employer = lock_employer(employer_id)
    require_moderator_of(moderator, employer)
    if employer.is_verified:
        raise Conflict(_("%(employer)s is verified already.") % {"employer": employer.name})
    outcome = outcomes.VERIFY
    verify(employer, Ruling(outcome, moderator, at, outcome.cites, read_reason(reason, outcome)))
    return employer


def on_employer(outcome: Outcome, *, grave: bool = False, **call: Any) -> Employer | Sanction:
    """Carry out any outcome that is decided on an employer; a grave matter skips rungs."""
    return sanction(outcome, **call, grave=grave) if outcome.sanction else verify_employer(**call)


def _require_active(employer: Employer) -> None:
    if employer.status != EmployerStatus.ACTIVE:
        raise Conflict(_("%(employer)s may not post at present.") % {"employer": employer.name})


def _require_checked(employer: Employer, ruling: Ruling, *, employer_checked: bool) -> None:
    """Verify the employer for whom a moderator vouches, or refuse one that is not verified."""
    if employer.is_verified:
        return
    if not employer_checked:
        detail = _("The employer is not verified: check who it is and say so (rule 1.1).")
        raise Invalid(Fault("employer_checked", "rule-1.1", detail))
    outcome = outcomes.VERIFY
    verify(employer, ruling._replace(outcome=outcome, rules=outcome.cites))


def _require_whole(role: Opportunity) -> None:
    if missing := [name for name in NEEDED if getattr(role, name) is None]:
        detail = _("An open role states this: ask the employer for it.")
        raise Invalid(*(Fault(name, "required", detail) for name in missing))


def _tell_applicants(role: Opportunity, told: Told, *, at: datetime) -> None:
    """Tell those who applied to a role and still wait, or hold a place, what became of it."""
    concerned = (LIVE | SEATED) - {ApplicationStatus.COMPLETED}
    notify(
        recipients=User.objects.filter(
            profile__applications__opportunity=role,
            profile__applications__status__in=concerned,
        ),
        kind=f"role_{role.status}",
        key=f"role_{role.status}:{role.public_id}:{role.version}",
        subject=lambda: said(told.subject, role=role, employer=role.employer),
        body=lambda: said(told.body, role=role, employer=role.employer),
        at=at,
        url="/applications/",
        is_decision=True,
    )
