"""What both sides of a review share: findings, the opening, the decision on record."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Max
from django.utils.translation import gettext

from opportunities.accounts.models import User
from opportunities.core import clock
from opportunities.core.errors import Fault, Invalid
from opportunities.core.models import AutoApproval
from opportunities.core.retelling import inside, retold
from opportunities.core.rows import update_row
from opportunities.core.signals import announce_opportunity, opportunity_moved
from opportunities.employers.models import Employer
from opportunities.employers.permissions import members_of
from opportunities.messaging.notify import notify
from opportunities.moderation import outcomes
from opportunities.moderation.models import Decision, Finding, Sanction
from opportunities.moderation.outcomes import On, Outcome
from opportunities.moderation.rules import SUSPENSION_DAYS
from opportunities.roles import checks, drafts
from opportunities.roles.checks import duplicates
from opportunities.roles.models import Opportunity


class Ruling(NamedTuple):
    """Who decided what and why; without a moderator a published rule did."""

    outcome: Outcome
    moderator: User | None
    at: datetime
    rules: tuple[str, ...] = ()
    reason: str = ""
    overruled: tuple[Mapping[str, str], ...] = ()
    """Name, rule and sentence of each check that said stop and did not stop this."""
    overrule_reason: str = ""


def move(role: Opportunity, action: str, **changes: Any) -> None:
    """Move a locked role along the tables of steps, with what changes beside, and save it."""
    after = outcomes.role_after(role.status, action)
    update_row(role, status=after, version=role.version + 1, **changes)
    if action not in {"pause", "resume"}:  # the signal says nothing of these
        opportunity_moved.send(sender=type(role), opportunity_ids=[role.pk])


def examine(
    role: Opportunity,
    *,
    poster: User | None,
    refuses: bool = True,
    standards: checks.Standards | None = None,
    at: datetime,
) -> list[checks.Result]:
    """Run every check on a stored role and remember its words, to find copies of it.

    It ``refuses`` with the stops that nobody can overrule.
    """
    values = drafts.values_of(role)
    results = look_at(role, poster=poster, values=values, standards=standards, at=at)
    if refuses and (stops := checks.binding_stops(results)):
        raise Invalid(*map(_fault, stops))
    duplicates.remember(role, checks.texts_of(values, values))
    return results


def look_at(
    role: Opportunity,
    *,
    poster: User | None,
    values: Mapping[str, Any] | None = None,
    standards: checks.Standards | None = None,
    at: datetime,
) -> list[checks.Result]:
    """Return what every check says of a stored role at this moment, and change nothing."""
    return checks.examine(
        role,
        drafts.values_of(role) if values is None else values,
        employer=role.employer,
        poster_email=poster.email if poster else "",
        standards=standards,
        at=at,
    )


def keep_findings(examined: Iterable[tuple[Opportunity, Iterable[checks.Result]]]) -> None:
    """Store what the checks said of the present version of each role."""
    Finding.objects.bulk_create(
        Finding(
            opportunity=role,
            check_name=result.name,
            rule=result.rule,
            verdict=result.verdict,
            detail=result.detail,
            spans=[
                {"field": span.field, "start": span.start, "end": span.end} for span in result.spans
            ],
            role_version=role.version,
        )
        for role, results in examined
        for result in results
    )


def findings_of(role: Opportunity) -> list[Finding]:
    """Return the findings of the version last examined, in the order of the rules."""
    last = role.findings.aggregate(last=Max("role_version"))["last"]
    return list(role.findings.filter(role_version=last).order_by("id"))


def opens_by_rule(role: Opportunity, results: Iterable[checks.Result]) -> bool:
    """Say whether the site's auto-approval lets a submitted role open without a person.

    The rule is on, every check is clear, the employer is verified and under no sanction, and as
    many of its roles as the rule asks were approved by a moderator at once.
    """
    employer = role.employer
    if not employer.is_verified or not checks.is_clear(results):
        return False
    rule = AutoApproval.objects.filter(pk=1, is_on=True).first()
    sanctions = Sanction.objects.filter(employer=employer, lifted_at__isnull=True)
    unclean = Decision.objects.filter(employer=employer, action__in=outcomes.BLAMING)
    if rule is None or sanctions.exists() or unclean.filter(opportunity=role).exists():
        return False
    clean = (
        Decision.objects.filter(employer=employer, action=outcomes.APPROVE.name)
        .exclude(opportunity__in=unclean.filter(opportunity__isnull=False).values("opportunity"))
        .values("opportunity")
        .distinct()
        .count()
    )
    return clean >= rule.clean_roles


def open_role(role: Opportunity, *, at: datetime) -> None:
    """Put a reviewed role on the market; its first publication date is never moved."""
    move(
        role,
        outcomes.APPROVE.name,
        opened_at=role.opened_at or at,
        confirmed_at=at,
        hidden_at=None,
        paused_at=None,
        claimed_by=None,
        claimed_until=None,
    )
    announce_opportunity(role)


def put_on_record(
    ruling: Ruling,
    *,
    role: Opportunity | None = None,
    employer: Employer | None = None,
    account: User | None = None,
    sanction: Sanction | None = None,
) -> Decision:
    """Add a decision to the record, where it is never edited."""
    return Decision.objects.create(
        action=ruling.outcome.name,
        opportunity=role,
        employer=employer or (role.employer if role else None),
        account=account,
        sanction=sanction,
        moderator=ruling.moderator,
        rules=list(ruling.rules),
        reason=ruling.reason,
        overruled=list(ruling.overruled),
        overrule_reason=ruling.overrule_reason,
        role_version=role.version if role else None,
        decided_at=ruling.at,
    )


def tell(decision: Decision, outcome: Outcome, *, beside: str = "") -> None:
    """Tell the person, or the employer's members, of a decision about them or about a role.

    ``beside`` is a sentence that this case needs and the outcome's row cannot know.
    """
    role, employer, account = decision.opportunity, decision.employer, decision.account
    if outcome.told is None:
        return
    if employer is not None:
        about = role.public_id if role else employer.public_id
        recipients = members_of(employer)
    elif account is not None:
        about, recipients = str(account.pk), [account]

    told = outcome.told
    names_employer = employer is not None and outcome.on in {On.SIDE, On.SANCTION}

    def subject() -> str:
        text = said(told.subject, role=role, employer=employer)
        return f"{employer.name}: {inside(text)}" if names_employer and employer else text

    def body() -> str:
        parts = [f"{said(told.body, role=role, employer=employer)} {retold(beside)}".strip()]
        parts.append(decision.reason if decision.moderator_id else retold(decision.reason))
        if decision.rules:
            rules = ", ".join(f"{rule.number} ({rule.title})" for rule in decision.cited)
            parts.append(gettext("Rules: %(rules)s.") % {"rules": rules})
        return "\n\n".join(part for part in parts if part)

    notify(
        recipients=recipients,
        kind=f"decision_{decision.action}",
        key=f"decision_{decision.action}:{about}:{decision.pk}",
        subject=subject,
        body=body,
        at=decision.decided_at,
        url=page_of(decision),
        is_decision=True,
    )


def page_of(decision: Decision) -> str:
    """Return the page on which those concerned read a decision, beside the appeal against it."""
    if decision.employer is None:
        return "/me/"
    if decision.opportunity is None:
        return f"/employer/profile/{decision.employer.slug}/"
    return f"/employer/roles/{decision.opportunity.public_id}/"


def said(text: str, *, role: Opportunity | None, employer: Employer | None) -> str:
    """Fill in what a text of an outcome names."""
    return gettext(text).format(
        role=role.title if role else "",
        employer=employer.name if employer else "",
        apply_by=clock.day_said(role.apply_by, role.zone, pattern="j F Y")
        if role and role.apply_by
        else "",
        days=SUSPENSION_DAYS,
    )


def _fault(stop: checks.Result) -> Fault:
    field = stop.spans[0].field if stop.spans else stop.binding
    return Fault(field, f"rule-{stop.rule}", retold(stop.detail))
