"""Decide on a role or an employer: carry out what a moderator chose, as its row says.

What is decided at the desk about a role in review waits a minute. Nothing moves in that minute:
the role stays in review, so that no page, mail, event or list says what may yet be taken back;
undoing it leaves everything as it was. A decision on a role that is on the market takes effect at
once, since people may be harmed meanwhile, and so do those made over the API.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opportunities.accounts.models import User
from opportunities.core import outbox
from opportunities.core.errors import (
    Conflict,
    Fault,
    Invalid,
    NotAllowed,
    RuleBroken,
    WrongState,
    gathered,
)
from opportunities.core.lifecycle import LIVE, ON_MARKET, SEATED, ApplicationStatus, RoleStatus
from opportunities.core.retelling import inside, retold
from opportunities.core.rows import update_row
from opportunities.core.signals import announce_opportunity, employer_changed
from opportunities.desk.operations.queue import lock_for, take
from opportunities.desk.operations.reasons import Stop, read_overrules, read_reason, read_rules
from opportunities.desk.operations.sanctions import sanction
from opportunities.desk.permissions import require_moderator_of
from opportunities.employers.locking import lock_employer
from opportunities.employers.models import Employer, EmployerStatus, VerifiedBy
from opportunities.messaging.notify import notify
from opportunities.moderation import outcomes
from opportunities.moderation.models import HeldDecision, Sanction
from opportunities.moderation.outcomes import OUTCOMES, On, Outcome, Told
from opportunities.roles.fields import FIELDS
from opportunities.roles.locking import lock_role, lock_with_employer
from opportunities.roles.models import Opportunity
from opportunities.roles.review import Ruling, examine, move, open_role, put_on_record, said, tell

NEEDED: Final = ("hours_total", "weeks", "pay_kind", "mode", "apply_by")
"""What an imported role may leave out while it waits, and no open role may."""
STAMPS: Final = {RoleStatus.REMOVED: "removed_at", RoleStatus.IN_REVIEW: "submitted_at"}
"""Which moment a role keeps of having come into a state."""
MINUTE: Final = timedelta(seconds=60)
FORGOTTEN: Final = timedelta(days=1)
BATCH: Final = 50
HELD: Final = outbox.Kind(
    name="held decision",
    model=HeldDecision,
    most_attempts=5,
    lease=outbox.always(timedelta(minutes=1)),
    pause=outbox.doubling(timedelta(seconds=10), timedelta(minutes=1)),
    done="",
)
TOO_LATE: Final = gettext_noop(
    "The minute is over: the decision has taken effect, and people are being told."
)


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
    role = lock_for(moderator, opportunity_id, version=version, at=at)
    outcome.after(role.status)
    HeldDecision.objects.filter(opportunity=role).delete()
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


def what_bars(role: Opportunity, stops: Iterable[Stop]) -> str:
    """Say why no moderator can open a role, whatever they say; empty where one can."""
    if any(stop.is_final for stop in stops):
        return _("A check says stop, and nobody can overrule it.")
    try:
        _require_active(role.employer)
    except Conflict as refusal:
        return str(refusal)
    if missing := _missing(role):
        facts = ", ".join(str(FIELDS[name].label) for name in missing)
        return _("It lacks what an open role states: %(facts)s.") % {"facts": facts}
    return ""


def put(role: Opportunity, outcome: Outcome, *, at: datetime) -> None:
    """Bring a locked role into the state that an outcome leads to; nobody holds it any more."""
    stamp = STAMPS.get(outcome.after(role.status))
    changes: dict[str, Any] = {stamp: at} if stamp else {}
    move(role, outcome.name, claimed_by=None, claimed_until=None, **changes)


@transaction.atomic
def hold(
    outcome: Outcome, *, opportunity_id: int, moderator: User, at: datetime, **said: Any
) -> HeldDecision | None:
    """Decide on a role in a minute, or at once where it is not in review; None if at once.

    Whatever the decision would be refused for, it is refused for now. ``said`` is what ``decide``
    takes, as JSON keeps it.
    """
    role = lock_with_employer(opportunity_id)
    if role.status != RoleStatus.IN_REVIEW:
        decide(outcome, opportunity_id=opportunity_id, moderator=moderator, at=at, **said)
        return None
    with transaction.atomic():
        decide(outcome, opportunity_id=opportunity_id, moderator=moderator, at=at, **said)
        transaction.set_rollback(True)
    take(role, moderator, at=at)
    words = {name: value for name, value in said.items() if name != "version"}
    held, _ = HeldDecision.objects.update_or_create(
        opportunity=role,
        defaults={
            "moderator": moderator,
            "action": outcome.name,
            "said": words,
            "role_version": role.version,
            "decided_at": at,
            "due_at": at + MINUTE,
            "undone_at": None,
            "attempts": 0,
            "dead_at": None,
            "last_error": "",
        },
    )
    return held


@transaction.atomic
def undo(*, opportunity_id: int, moderator: User, at: datetime) -> Opportunity:
    """Take one's own decision back within its minute; the role is one's own to decide on again."""
    role = lock_role(opportunity_id)
    held = HeldDecision.objects.select_for_update().filter(opportunity=role).first()
    if held is None:
        raise WrongState(_(TOO_LATE))
    if held.moderator_id != moderator.pk:
        raise NotAllowed(_("Only the moderator who decided may undo it."))
    if held.due_at is None or held.decided_at + MINUTE <= at:
        raise WrongState(_("It is undone already.") if held.undone_at else _(TOO_LATE))
    update_row(held, due_at=None, undone_at=at)
    with translation.override(settings.LANGUAGE_CODE):
        said = _("It had been: %(label)s.") % {"label": inside(OUTCOMES[held.action].label)}
    put_on_record(Ruling(outcomes.UNDO, moderator, at, reason=said), role=role)
    return take(role, moderator, at=at)


def undoable(*, moderator: User, at: datetime) -> QuerySet[HeldDecision]:
    """Return the moderator's decisions that can still be undone, the latest first."""
    rows = HeldDecision.objects.filter(moderator=moderator, due_at__isnull=False)
    return rows.filter(decided_at__gt=at - MINUTE).order_by("-decided_at", "-id")


def carry_out_held(*, at: datetime) -> int:
    """Let every decision whose minute is over take effect; return how many did.

    One that the role has meanwhile run away from comes to nothing, and its moderator is told.
    Words that were undone and not used again are forgotten after a day.
    """
    HeldDecision.objects.filter(undone_at__lte=at - FORGOTTEN).delete()
    return sum(_carry_out(held, at=at) for held in outbox.claim(HELD, limit=BATCH, at=at))


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
    if missing := _missing(role):
        detail = _("An open role states this: ask the employer for it.")
        raise Invalid(*(Fault(name, "required", detail) for name in missing))


def _missing(role: Opportunity) -> list[str]:
    return [name for name in NEEDED if getattr(role, name) is None]


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


def _carry_out(held: HeldDecision, *, at: datetime) -> bool:
    try:
        with transaction.atomic():
            # The role is locked before the row, as whoever undoes it does.
            lock_with_employer(held.opportunity_id)
            is_held = HELD.rows().select_for_update().filter(pk=held.pk).exists()
            if is_held:  # and was not undone meanwhile
                decide(
                    OUTCOMES[held.action],
                    opportunity_id=held.opportunity_id,
                    moderator=held.moderator,
                    version=held.role_version,
                    at=at,
                    **held.said,
                )
            return is_held
    except RuleBroken as refusal:
        _came_to_nothing(held, str(refusal), at=at)
        return False
    except DatabaseError as error:
        outbox.fail(HELD, [held], type(error).__name__, at=at)
        return False


@transaction.atomic
def _came_to_nothing(held: HeldDecision, why: str, *, at: datetime) -> None:
    role = held.opportunity
    held.delete()
    notify(
        recipients=[held.moderator],
        kind="decision_came_to_nothing",
        key=f"decision_came_to_nothing:{role.public_id}:{int(held.decided_at.timestamp())}",
        subject=lambda: _("Your decision did not take effect: %(title)s") % {"title": role.title},
        body=lambda: f"{OUTCOMES[held.action].verb}: {role.title}. {retold(why)}",
        at=at,
        url=f"/moderate/roles/{role.public_id}/",
    )
