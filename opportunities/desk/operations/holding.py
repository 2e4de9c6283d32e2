"""A decision made at the desk waits a minute: until then nobody is told, and it can be undone.

Nothing moves in that minute. The role stays in review, so that no page, mail, event or list says
what may yet be taken back; undoing it leaves everything as it was. A decision on a role that is on
the market takes effect at once, since people may be harmed meanwhile, and so do those made over
the API.
"""

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
from opportunities.core.errors import NotAllowed, RuleBroken, WrongState
from opportunities.core.lifecycle import RoleStatus
from opportunities.core.retelling import inside, retold
from opportunities.core.rows import update_row
from opportunities.desk.operations.decisions import decide
from opportunities.desk.operations.queue import take
from opportunities.messaging.notify import notify
from opportunities.moderation import outcomes
from opportunities.moderation.models import HeldDecision
from opportunities.moderation.outcomes import OUTCOMES, Outcome
from opportunities.roles.locking import lock_role
from opportunities.roles.models import Opportunity
from opportunities.roles.review import Ruling, lock_with_employer, put_on_record

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
def hold(
    outcome: Outcome, *, opportunity_id: int, moderator: User, at: datetime, **said: Any
) -> HeldDecision | None:
    """Decide on a role in a minute, or at once where it is not in review; None if at once.

    Whatever the decision would be refused for, it is refused for now. ``said`` is what ``decide``
    takes, as JSON keeps it.
    """
    if lock_with_employer(opportunity_id).status != RoleStatus.IN_REVIEW:
        decide(outcome, opportunity_id=opportunity_id, moderator=moderator, at=at, **said)
        return None
    with transaction.atomic():
        decide(outcome, opportunity_id=opportunity_id, moderator=moderator, at=at, **said)
        transaction.set_rollback(True)
    role = lock_role(opportunity_id)
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
