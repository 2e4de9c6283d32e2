"""Submit a draft for review, take it back, amend a role that is on the market."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opportunities.accounts.models import User
from opportunities.core.errors import Conflict, Invalid
from opportunities.core.lifecycle import ON_MARKET, RoleStatus, role_after
from opportunities.core.signals import announce_opportunity, opportunity_moved
from opportunities.employers import operations as employing
from opportunities.employers.models import Employer
from opportunities.moderation import outcomes
from opportunities.roles import checks, drafts
from opportunities.roles.checks import duplicates
from opportunities.roles.fields import FIELDS
from opportunities.roles.locking import require_version
from opportunities.roles.models import Deliverable, Opportunity, OpportunitySkill, Question
from opportunities.roles.models.listings import ClosedBecause
from opportunities.roles.publishing.drafting import create_draft, update_draft
from opportunities.roles.publishing.rows import own_role, require_posting, write
from opportunities.roles.review import (
    Ruling,
    examine,
    keep_findings,
    move,
    open_role,
    opens_by_rule,
    put_on_record,
    tell,
)


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
    require_may_submit(role.employer, actor=actor)
    if faults := drafts.submission_faults(drafts.values_of(role), today=role.today(at=at)):
        raise Invalid(*faults)
    drafts.derive(role)
    role.posted_by = actor
    hand_in(role, examine(role, poster=actor, at=at), beside=(*drafts.DERIVED, "posted_by"), at=at)
    return role


@transaction.atomic
def post(
    *,
    actor: User,
    employer_id: int | None,
    founding: Mapping[str, object] | None = None,
    values: Mapping[str, Any],
    at: datetime,
) -> Opportunity:
    """Store a draft and hand it in, for an organization that is there or is founded with it.

    All of it or nothing: raises what founding, drafting and submitting raise.
    """
    if employer_id is None:
        country = {"country": values.get("country") or ""}
        founded = employing.create_employer(
            actor=actor, values={**country, **(founding or {})}, at=at
        )
        employer_id = founded.pk
    role = create_draft(employer_id=employer_id, actor=actor, values=values, at=at)
    return submit(opportunity_id=role.pk, actor=actor, at=at)


@transaction.atomic
def finish(
    *,
    opportunity_id: int,
    actor: User,
    values: Mapping[str, Any],
    version: int | None = None,
    at: datetime,
) -> Opportunity:
    """Change some answers of a stored draft and hand it in; nothing of it if it is refused."""
    update_draft(opportunity_id=opportunity_id, actor=actor, values=values, version=version, at=at)
    return submit(opportunity_id=opportunity_id, actor=actor, at=at)


@transaction.atomic
def take_back(role: Opportunity) -> None:
    """Take a locked role off the market, so that an import may write what it states now."""
    if role.status in ON_MARKET:
        move(role, "review_again", claimed_by=None, claimed_until=None)
        announce_opportunity(role)
    if role.status == RoleStatus.IN_REVIEW:
        move(role, "withdraw", claimed_by=None, claimed_until=None)


class NewRole(NamedTuple):
    """A role that is not stored yet, of a locked employer, with the rows of what it lists.

    The rows have no role yet; skills come with theirs at hand.
    """

    role: Opportunity
    deliverables: Sequence[Deliverable] = ()
    questions: Sequence[Question] = ()
    skills: Sequence[OpportunitySkill] = ()


def require_may_submit(employer: Employer, *, actor: User | None) -> None:
    """Refuse an employer that may not post at present or that owes the outcome of a role."""
    require_posting(employer)
    if actor is not None:
        _require_outcomes(employer.pk)


@transaction.atomic(savepoint=False)
def submit_new(
    new: Sequence[NewRole], *, actor: User | None, standards: checks.Standards, at: datetime
) -> None:
    """Store roles that a file states and hand them in, with few statements for all together.

    All is as if each were written as a draft and then submitted by ``submit_imported``, in their
    order. That their employers may submit was asked before (``require_may_submit``).
    """
    for each in new:
        each.role.version += 1  # the draft as it was written
        each.role.status = role_after(each.role.status, "submit")
        each.role.version += 1
        each.role.submitted_at = at
    Opportunity.objects.bulk_create(each.role for each in new)
    for each in new:
        rows: list[Deliverable | Question | OpportunitySkill]
        rows = [*each.deliverables, *each.questions, *each.skills]
        for row in rows:
            row.opportunity = each.role
    Deliverable.objects.bulk_create(row for each in new for row in each.deliverables)
    Question.objects.bulk_create(row for each in new for row in each.questions)
    OpportunitySkill.objects.bulk_create(row for each in new for row in each.skills)
    parts = [
        drafts.told_parts(
            deliverables=each.deliverables, questions=each.questions, skills=each.skills
        )
        for each in new
    ]
    roles = [each.role for each in new]
    twins = duplicates.remember_new(
        {
            role.pk: (checks.texts_of(vars(role), its), role.employer_id)
            for role, its in zip(roles, parts, strict=True)
        }
    )
    examined = [
        (
            role,
            checks.examine(
                role,
                its,
                employer=role.employer,
                poster_email=actor.email if actor else "",
                standards=standards,
                twins=near,
                at=at,
            ),
        )
        for role, its, near in zip(roles, parts, twins, strict=True)
    ]
    keep_findings(examined)
    opportunity_moved.send(sender=Opportunity, opportunity_ids=[role.pk for role in roles])
    for role, results in examined:
        if actor is not None:
            _open_if_allowed(role, results, at=at)


@transaction.atomic(savepoint=False)
def submit_imported(
    role: Opportunity,
    *,
    actor: User | None,
    standards: checks.Standards | None = None,
    at: datetime,
) -> Opportunity:
    """Hand in a role that is locked with its employer and says what a file states.

    All is as when a person submits it, but that missing facts and stops do not refuse it: a
    moderator sees them and asks for changes. Without an ``actor`` an operator imports, and nothing
    opens by rule.
    """
    require_may_submit(role.employer, actor=actor)
    results = examine(role, poster=actor, refuses=False, standards=standards, at=at)
    hand_in(role, results, may_open=actor is not None, at=at)
    return role


def hand_in(
    role: Opportunity,
    results: Sequence[checks.Result],
    *,
    beside: Iterable[str] = (),
    may_open: bool = True,
    at: datetime,
) -> None:
    """Bring a role before the moderators, or open it at once where the site's rule allows.

    Fields named in ``beside`` were changed already and are saved with it. What an import could
    not read, or does not say, is for a person to look at.
    """
    was_listed = role.status in ON_MARKET
    move(
        role,
        "review_again" if was_listed else "submit",
        submitted_at=at,
        claimed_by=None,
        claimed_until=None,
        **{name: getattr(role, name) for name in beside},
    )
    keep_findings([(role, results)])
    is_open = may_open and _open_if_allowed(role, results, at=at)
    if was_listed and not is_open:
        announce_opportunity(role)


def _open_if_allowed(role: Opportunity, results: Iterable[checks.Result], *, at: datetime) -> bool:
    """Open a role at once where the site's rule allows and nothing is unclear; say whether."""
    if role.unparsed or not opens_by_rule(role, results) or not _is_complete(role, at=at):
        return False
    open_role(role, at=at)
    reason = gettext_noop(
        "Every check is clear, the employer is verified and its last roles were in order."
    )
    ruling = Ruling(outcomes.AUTO_APPROVE, None, at, reason=reason)
    tell(put_on_record(ruling, role=role), ruling.outcome)
    return True


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
    """Change a role on the market; a change that matters is reviewed first."""
    role = own_role(opportunity_id, actor, at=at)
    role_after(role.status, "review_again")
    require_version(role, version)
    require_posting(role.employer)
    drafts.settle_place(role)  # what only follows is no change of theirs
    before = drafts.values_of(role)
    wanted = drafts.restated(before, values)
    if faults := drafts.submission_faults(wanted, today=role.today(at=at)):
        raise Invalid(*faults)
    write(role, wanted, at=at)
    after = drafts.values_of(role)
    changed = _changed(before, after)
    if not changed:
        return role
    results = examine(role, poster=actor, at=at)
    if any(FIELDS[name].is_material for name in changed):
        hand_in(role, results, at=at)
    else:
        keep_findings([(role, results)])
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
    results = examine(role, poster=actor, refuses=False, standards=standards, at=at)
    changed = _changed(before, drafts.values_of(role))
    matters = any(FIELDS[name].is_material for name in changed)
    if matters or not is_clear or not _is_complete(role, at=at):
        hand_in(role, results, may_open=actor is not None, at=at)
    else:
        keep_findings([(role, results)])
        announce_opportunity(role)
    return role


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [name for name in before if before[name] != after[name]]


def _require_outcomes(employer_id: int) -> None:
    """Refuse an employer that has not said what became of a role it closed (living postings)."""
    owed = (
        Opportunity.objects.filter(employer=employer_id, status=RoleStatus.CLOSED, outcome="")
        .exclude(closed_because=ClosedBecause.SANCTION)
        .order_by("closed_at", "id")
        .first()
    )
    if owed is not None:
        raise Conflict(
            _("First say what became of “%(role)s” (%(id)s).")
            % {"role": owed.title, "id": owed.public_id}
        )
