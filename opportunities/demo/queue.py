"""The moderators' side: decisions on record, a queue with real problems, reports, an appeal."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from opportunities.core.lifecycle import RoleStatus
from opportunities.core.pay import to_minor
from opportunities.demo.accounts import Accounts
from opportunities.demo.chance import dice, public_id
from opportunities.demo.content import Problem
from opportunities.demo.postings import CURRENCY, SOURCE, Draft, state_own_rules
from opportunities.demo.reading import families, phrases, problems
from opportunities.moderation import outcomes
from opportunities.moderation.models import Appeal, Decision, Report, Sanction
from opportunities.moderation.outcomes import On, chosen_on
from opportunities.roles import checks
from opportunities.roles.drafts import derive
from opportunities.roles.models import Opportunity, RolePost
from opportunities.roles.review import keep_findings

REFUSALS: Final = {
    row.step.target: row.name for row in chosen_on(On.ROLE) if row.step and row.blames
}
"""State of a role to the outcome that led it there."""


def plan_problems(drafts: list[Draft], accounts: Accounts, *, at: datetime) -> list[Draft]:
    """Return the postings that a moderator has to look at, or has looked at."""
    by_title = {draft.role.title: draft for draft in drafts}
    return [
        _draft(number, problem, by_title, accounts, at=at)
        for number, problem in enumerate(problems())
    ]


def store_reviews(
    drafts: list[Draft], troubled: list[Draft], accounts: Accounts, *, at: datetime
) -> None:
    """Store what checks found, what moderators decided, what people asked and reported."""
    for draft in (*drafts, *troubled):
        if draft.role.status in {RoleStatus.IN_REVIEW, RoleStatus.CHANGES_ASKED}:
            _examine(draft, accounts)
    first, second = accounts.moderators
    Decision.objects.bulk_create(
        Decision(
            action=outcomes.APPROVE.name,
            opportunity=draft.role,
            employer=draft.role.employer,
            moderator=dice("moderator", draft.role.title).choice((first, second)),
            role_version=2,
            decided_at=draft.role.opened_at,
        )
        for draft in drafts
        if draft.role.opened_at is not None
    )
    refusals = [
        Decision(
            action=REFUSALS[problem.status],
            opportunity=draft.role,
            employer=draft.role.employer,
            moderator=first,
            rules=list(problem.rules),
            reason=problem.reason,
            role_version=2,
            decided_at=at - timedelta(days=1, hours=number),
        )
        for number, (problem, draft) in enumerate(zip(problems(), troubled, strict=True))
        if problem.status in REFUSALS
    ]
    Decision.objects.bulk_create(refusals)
    _warn(refusals, accounts, at=at)
    rejected = next(row for row in refusals if row.action == outcomes.REJECT.name)
    Appeal.objects.create(
        public_id=public_id("apl", "appeal", at=at),
        decision=rejected,
        author=accounts.owners["rookery"],
        text="The share was meant as a gift on top of the fee, not in place of it. We have "
        "changed the sentence and would ask for a second pair of eyes.",
        made_at=at - timedelta(hours=20),
    )
    _add_reports(drafts, accounts, at=at)
    _add_posts(drafts, accounts, at=at)


def _draft(
    number: int,
    problem: Problem,
    by_title: dict[str, Draft],
    accounts: Accounts,
    *,
    at: datetime,
) -> Draft:
    employer = accounts.employers[problem.employer]
    waited = at - timedelta(hours=3 + 2 * number)
    kind, amount = problem.pay
    currency = CURRENCY.get(employer.country, "EUR")
    form = problem.role["format"]
    family = next(f for f in families() if f.field == problem.role["field"])
    original = by_title.get(problem.copies)
    role = Opportunity(
        public_id=public_id("opp", problem.title, at=waited),
        employer=employer,
        posted_by=accounts.owners[problem.employer],
        title=problem.title,
        schedule="flexible",
        mode="remote" if "remote" in form or form == "gigternship" else "hybrid",
        place=employer.place,
        country=employer.country,
        pay_kind=kind,
        pay_amount_minor=None if kind == "unpaid" else to_minor(Decimal(str(amount)), currency),
        pay_currency="" if kind == "unpaid" else currency,
        pay_days=14,
        public_works=1 if "portfolio" in form else 0,
        task_areas=2,
        contacts=2,
        steps=["profile", "questions"],
        apply_by=(at + timedelta(days=21)).date(),
        status=RoleStatus(problem.status),
        created_at=waited - timedelta(days=1),
        changed_at=waited,
        version=1 if problem.status == "draft" else 2,
        source=SOURCE,
        external_id=problem.title,
        **problem.role,
    )
    if original:
        role.summary, role.description = original.role.summary, original.role.description
    if problem.status != "draft":
        role.submitted_at = waited - timedelta(days=0 if problem.status == "in_review" else 2)
    if problem.status == "removed":
        role.opened_at = role.confirmed_at = at - timedelta(days=9)
        role.removed_at = at - timedelta(days=1)
    state_own_rules(role)
    weekly = role.hours_per_week
    derive(role)
    if weekly is not None:
        role.hours_per_week = weekly
    deliverable = {
        "title": f"{problem.title}: a finished result"[:160],
        "done_means": "Agreed by both sides",
        "publishable": "portfolio" in form,
    }
    copied = original.parts["deliverables"] if original else [deliverable]
    asked = [text.split()[0] for text in family.skills[:3]]
    parts: dict[str, list[dict[str, Any]]] = {
        "deliverables": [dict(part) for part in copied],
        "skills": [{"name": slug, "level": 1, "importance": 2, "must": False} for slug in asked],
        "questions": [{"text": phrases()["questions"][number % 12], "minutes": 5}],
    }
    return Draft(role, problem.employer, parts)


def _examine(draft: Draft, accounts: Accounts) -> None:
    role = draft.role
    moment = role.submitted_at or role.changed_at
    results = checks.examine(
        role,
        draft.parts,
        employer=role.employer,
        poster_email=accounts.owners[draft.key].email,
        at=moment,
    )
    keep_findings([(role, results)])


def _warn(refusals: list[Decision], accounts: Accounts, *, at: datetime) -> None:
    """Put the verification of employers and one warning on record."""
    removed = next(row for row in refusals if row.action == outcomes.REMOVE.name)
    rows = [
        Decision(
            action=outcomes.VERIFY.name,
            employer=employer,
            moderator=accounts.moderators[1],
            reason="The address at the employer's own domain was confirmed.",
            decided_at=employer.verified_at,
        )
        for employer in accounts.employers.values()
        if employer.verified_at is not None
    ]
    moment = at - timedelta(hours=22)
    warning = Sanction.objects.create(
        employer=removed.employer,
        level=outcomes.WARN.sanction,
        reason="A first warning: pay that is stated is pay that is paid.",
        proposed_by=removed.moderator,
        proposed_at=moment,
        in_force_at=moment,
    )
    rows.append(
        Decision(
            action=outcomes.WARN.name,
            employer=removed.employer,
            moderator=removed.moderator,
            sanction=warning,
            rules=["3.2"],
            reason=warning.reason,
            decided_at=moment,
        )
    )
    Decision.objects.bulk_create(rows)


def _add_reports(drafts: list[Draft], accounts: Accounts, *, at: datetime) -> None:
    waiting, answered = phrases()["reports"], phrases()["answered_reports"]
    shown = [draft.role for draft in drafts if draft.role.status == RoleStatus.OPEN]
    roles = dice("reports").sample(shown, len(waiting) + len(answered))
    rows = [
        Report(reason=reason, text=text, reported_at=at - timedelta(hours=2 + 5 * number))
        for number, (reason, text) in enumerate(waiting)
    ]
    rows += [
        Report(
            reason=reason,
            text=text,
            reported_at=at - timedelta(days=4 + number),
            answered_at=at - timedelta(days=3 + number),
            upheld=upheld,
            answer=answer,
        )
        for number, (reason, text, upheld, answer) in enumerate(answered)
    ]
    for report in rows:
        report.public_id = public_id("rep", report.text, at=at)
        report.opportunity = roles.pop()
    Report.objects.bulk_create(rows)


def _add_posts(drafts: list[Draft], accounts: Accounts, *, at: datetime) -> None:
    chance = dice("posts")
    shown = [draft for draft in drafts if draft.role.status == RoleStatus.OPEN]
    rows = []
    for draft in chance.sample(shown, 40):
        question, answer = chance.choice(phrases()["roleposts"])
        asked = at - (at - (draft.role.opened_at or at)) * 0.7
        answered = chance.random() < 0.8
        rows.append(
            RolePost(
                opportunity=draft.role,
                author=accounts.named["candidate@example.org"],
                question=question,
                asked_at=asked,
                answer=answer if answered else "",
                answered_by=accounts.owners[draft.key] if answered else None,
                answered_at=asked + (at - asked) * 0.4 if answered else None,
            )
        )
    RolePost.objects.bulk_create(rows)
