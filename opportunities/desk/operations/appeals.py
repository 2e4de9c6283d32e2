"""Appeals: one for a decision, within a month, decided by somebody who had no part in it."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.accounts.permissions import is_moderator
from opportunities.accounts.time_zones import zone_of
from opportunities.core import clock, languages
from opportunities.core.errors import Conflict, NotAllowed, NotFound, WrongState
from opportunities.core.lifecycle import RoleStatus
from opportunities.core.rows import require_row, update_row
from opportunities.desk.operations.decisions import put
from opportunities.desk.operations.reasons import read_text
from opportunities.desk.operations.sanctions import end_sanction
from opportunities.desk.permissions import require_moderator_at_all, require_moderator_of
from opportunities.employers.locking import lock_employer
from opportunities.employers.permissions import is_member
from opportunities.messaging.notify import notify
from opportunities.moderation import outcomes
from opportunities.moderation.models import Appeal, Decision, Sanction
from opportunities.moderation.outcomes import Outcome
from opportunities.moderation.rules import APPEAL_DAYS
from opportunities.roles.locking import lock_with_employer
from opportunities.roles.review import Ruling, page_of, put_on_record


@transaction.atomic
def appeal(*, decision_id: int, author: User, text: str, at: datetime) -> Appeal:
    """Ask somebody else to look at a decision about oneself or one's employer, once."""
    decision = (
        Decision.objects.select_for_update(of=("self",), no_key=True).filter(pk=decision_id).first()
    )
    if decision is None or not _concerns(decision, author):
        if decision is not None and is_moderator(author):
            raise NotAllowed(_("Only those whom a decision concerns may appeal."))
        raise NotFound(_("There is no such decision."))
    if not outcomes.OUTCOMES[decision.action].is_appealable:
        raise WrongState(_("This decision cannot be appealed."))
    if at > decision.decided_at + timedelta(days=APPEAL_DAYS):
        raise WrongState(_("A decision can be appealed for %(days)s days.") % {"days": APPEAL_DAYS})
    if Appeal.objects.filter(decision=decision).exists():
        raise Conflict(_("This decision has been appealed already."))
    return Appeal.objects.create(
        decision=decision, author=author, text=read_text("text", text), made_at=at
    )


def appeals_for(*, moderator: User) -> "models.QuerySet[Appeal]":
    """Return the appeals, heard ones too, in whose decision this moderator had no part."""
    require_moderator_at_all(moderator)
    part = (
        Q(decision__moderator=moderator)
        | Q(decision__sanction__proposed_by=moderator)
        | Q(decision__sanction__confirmed_by=moderator)
        | Q(decision__account=moderator)
        | Q(decision__employer__in=moderator.memberships.values("employer"))
    )
    return Appeal.objects.exclude(pk__in=Appeal.objects.filter(part).values("pk"))


def appeals_waiting(*, moderator: User) -> "models.QuerySet[Appeal]":
    """Return the appeals that this moderator may hear, oldest first."""
    waiting = appeals_for(moderator=moderator).filter(heard_at__isnull=True)
    return waiting.order_by("made_at", "id")


@transaction.atomic
def hear_appeal(
    *, appeal_id: int, moderator: User, granted: bool, answer: str, at: datetime
) -> Appeal:
    """Decide an appeal: a role goes back to review, a sanction is lifted, or all stays as it is."""
    require_moderator_at_all(moderator)
    rows = Appeal.objects.select_related("decision").filter(pk=appeal_id)
    decision = require_row(rows, _("There is no such appeal.")).decision
    if decision.employer_id is not None:
        employer = lock_employer(decision.employer_id)
        require_moderator_of(moderator, employer)
    row = (
        Appeal.objects.select_for_update(of=("self",), no_key=True)
        .select_related(
            "decision__sanction",
            "decision__moderator",
            "decision__employer",
            "decision__opportunity",
            "author",
        )
        .get(pk=appeal_id)
    )
    decision = row.decision
    if moderator.pk in _parties(decision):
        raise NotAllowed(_("You had a part in this decision; another moderator hears the appeal."))
    if row.heard_at is not None:
        raise WrongState(_("The appeal has been heard."))
    words = read_text("answer", answer, most=1000)
    update_row(row, answer=words, granted=granted, heard_at=at, heard_by=moderator)
    outcome = _undo(decision, at=at) if granted else outcomes.UPHOLD
    put_on_record(
        Ruling(outcome, moderator, at, tuple(decision.rules), row.answer),
        role=decision.opportunity,
        employer=decision.employer,
        account=decision.account,
        sanction=decision.sanction,
    )
    _tell(row, outcome, at=at)
    return row


def _tell(row: Appeal, outcome: Outcome, *, at: datetime) -> None:
    """Tell who appealed, and the moderator who had decided, how the appeal ended."""
    decision = row.decision
    role, employer = decision.opportunity, decision.employer
    what = role.title if role else employer.name if employer else ""
    is_back = row.granted and role is not None and role.status == RoleStatus.IN_REVIEW

    def about(sentence: str, reader: User) -> str:
        """Name the decision, since one employer may have appealed against several."""
        day = clock.day_in(zone_of(reader), at=decision.decided_at)
        which = f"{decision.get_action_display()}, {languages.day(day, 'j F Y')}"
        return f"{sentence} ({which}): {what}" if what else f"{sentence} ({which})"

    notify(
        recipients=[row.author],
        kind="appeal_heard",
        key=f"appeal_heard:{row.public_id}",
        subject=lambda: about(
            _("Your appeal was granted") if row.granted else _("Your appeal was not granted"),
            row.author,
        ),
        body=lambda: " ".join(
            filter(
                None,
                (
                    _("Somebody who had no part in the decision looked at it again."),
                    _("The role is under review again.") if is_back else "",
                    _("The sanction is lifted.") if outcome == outcomes.LIFT else "",
                    row.answer,
                ),
            )
        ),
        at=at,
        url=page_of(decision),
        is_decision=True,
    )
    if (moderator := decision.moderator) is not None:
        notify(
            recipients=[moderator],
            kind="appeal_heard",
            key=f"appeal_heard:{row.public_id}:moderator",
            subject=lambda: about(
                _("Your decision was undone on appeal")
                if row.granted
                else _("Your decision was upheld on appeal"),
                moderator,
            ),
            body=lambda: row.answer,
            at=at,
            url=f"/moderate/roles/{role.public_id}/" if role else "",
        )


def _concerns(decision: Decision, author: User) -> bool:
    if decision.account_id is not None:
        return decision.account_id == author.pk
    return decision.employer_id is not None and is_member(author, decision.employer_id)


def _parties(decision: Decision) -> set[int | None]:
    """Return the accounts that had a part in a decision or are its object."""
    parties = {decision.moderator_id, decision.account_id}
    if decision.sanction is not None:
        parties |= {decision.sanction.proposed_by_id, decision.sanction.confirmed_by_id}
    return parties - {None}


def _undo(decision: Decision, *, at: datetime) -> Outcome:
    """Undo what a decision did, as its row says, and return the outcome to put on record."""
    undoing = outcomes.OUTCOMES[outcomes.OUTCOMES[decision.action].undone_as]
    if decision.sanction_id is not None:
        sanction = (
            Sanction.objects.select_for_update(of=("self",), no_key=True)
            .select_related("employer", "account")
            .get(pk=decision.sanction_id)
        )
        if sanction.lifted_at is None:
            end_sanction(sanction, at=at)
    if decision.opportunity_id is not None:
        role = lock_with_employer(decision.opportunity_id)
        if undoing.applies_in(role.status):
            put(role, undoing, at=at)
        decision.opportunity = role
    return undoing
