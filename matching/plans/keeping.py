"""Take a plan on, prepare its applications, and let it go again.

A plan saves its roles and their fallbacks, so that their owner is reminded before they close. For
people with an account it drafts the letters that the applications ask for. Letting it go takes
back what it did and nothing else: a role that was saved before stays saved, and a letter that
somebody has changed stays theirs.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from matching.models import CandidatePlan, PlannedRole
from matching.plans.letters import letter_for
from matching.recommending.paths import Leg, Path
from opportunities.accounts import drafts
from opportunities.accounts.models import Draft, User
from opportunities.applications.forms import ApplyForm
from opportunities.candidates import moving, profiles, saving
from opportunities.candidates.models import CandidateProfile, SavedRole
from opportunities.candidates.profiles import ProfileOwner
from opportunities.core.errors import LimitReached, NotFound, WrongState
from opportunities.core.rows import update_row
from opportunities.roles.models import Opportunity

MOST_PLANS: Final = 20
LETTER: Final = "cover_letter"
"""The box of an application in which the letter is written."""

moving.moves(CandidatePlan, moving.rows_of(CandidatePlan, once="key", most=MOST_PLANS))


@transaction.atomic
def plan_this(*, owner: ProfileOwner, path: Path, at: datetime) -> CandidatePlan:
    """Keep a path, save its roles and draft its letters; doing it again changes nothing.

    Raises ``WrongState`` for a path without roles, ``LimitReached`` for too many plans.
    """
    profile = profiles.locked(owner)
    if not path.legs:
        raise WrongState(_("There is nothing to plan: no open role fits."))
    kept = CandidatePlan.objects.filter(profile=profile, key=path.key).first()
    if kept is not None:
        return kept
    if CandidatePlan.objects.filter(profile=profile).count() >= MOST_PLANS:
        said = _("You have %(count)s plans already; let one go first.") % {"count": MOST_PLANS}
        raise LimitReached(said)
    plan = CandidatePlan.objects.create(
        profile=profile,
        kind=path.kind,
        score=path.worth.score,
        low=path.worth.low,
        high=path.worth.high,
        key=path.key,
        made_at=at,
    )
    for leg in path.legs:
        row = _keep_leg(plan, leg)
        if leg.fallback:
            _keep_leg(plan, leg.fallback, stands_in_for=row)
    for role in roles_of(path.legs):
        saving.save_role(owner=owner, opportunity_id=role.public_id, at=at)
    if isinstance(owner, User):
        _draft_letters(plan, owner, at=at)
    return plan


@transaction.atomic
def prepare(*, owner: User, plan_id: str, at: datetime) -> int:
    """Draft the letters that are missing; return how many. What somebody wrote is left alone."""
    profiles.locked(owner)
    return _draft_letters(own_plan(owner, plan_id), owner, at=at)


@transaction.atomic
def drop(*, owner: ProfileOwner, plan_id: str) -> None:
    """Let a plan go, with the roles that it saved and the letters that nobody has changed since.

    What another plan needs as well is handed on to it, and goes when that one is let go.
    """
    profile = profiles.locked(owner)
    plan = own_plan(owner, plan_id)
    others = PlannedRole.objects.filter(plan__profile=profile).exclude(plan=plan)
    heirs = {row.role_id: row for row in others.select_related("plan").order_by("-pk")}
    for row in plan.planned_roles.select_related("role"):
        # The plan saved what was saved at its own moment.
        saved = SavedRole.objects.filter(
            profile=profile, saved_at=plan.made_at, opportunity=row.role
        )
        heir = heirs.get(row.role_id)
        if heir is not None:
            saved.update(saved_at=heir.plan.made_at)
            update_row(heir, letter=heir.letter or row.letter)
            continue
        saved.delete()
        if row.letter and isinstance(owner, User):
            Draft.objects.filter(**_draft_of(row.role, owner), text=row.letter).delete()
    plan.delete()


def own_plan(owner: ProfileOwner, plan_id: str) -> CandidatePlan:
    """Return one of the owner's plans, or raise ``NotFound``."""
    plans = CandidatePlan.objects.filter(profile=profiles.find(owner=owner))
    plan = plans.select_related("profile__user").filter(public_id=plan_id).first()
    if plan is None:
        raise NotFound(_("There is no such plan."))
    return plan


def roles_of(legs: Sequence[Leg]) -> list[Opportunity]:
    """Return the roles of legs, then those of their fallbacks."""
    return [leg.role for leg in legs] + [leg.fallback.role for leg in legs if leg.fallback]


def asks_for_letter(role: Opportunity, profile: CandidateProfile | None) -> bool:
    """Say whether the application to a role has a letter in it, written on this site."""
    return not role.apply_url and LETTER in ApplyForm(role=role, profile=profile).fields


def _keep_leg(
    plan: CandidatePlan, leg: Leg, *, stands_in_for: PlannedRole | None = None
) -> PlannedRole:
    return plan.planned_roles.create(
        role=leg.role,
        starts=leg.starts,
        ends=leg.ends,
        apply_until=leg.apply_until,
        stands_in_for=stands_in_for,
    )


def _draft_letters(plan: CandidatePlan, writer: User, *, at: datetime) -> int:
    applied = plan.profile.applications.values("opportunity")
    rows = plan.planned_roles.filter(letter="").exclude(role__in=applied)
    rows = rows.select_related("role__employer").prefetch_related(
        "role__skills__skill", "role__questions"
    )
    drafted = 0
    for row in rows.order_by("starts", "pk"):
        which = _draft_of(row.role, writer)
        if not row.role.is_open(at=at) or not asks_for_letter(row.role, plan.profile):
            continue
        if Draft.objects.filter(**which).exists():
            continue
        row.letter = letter_for(row.role, plan.profile, writer, starts=row.starts)
        drafts.keep(
            **which,
            form=which["page"],
            text=row.letter,
            title=_("Apply: %(role)s") % {"role": row.role.title},
            at=at,
        )
        row.save(update_fields=["letter"])
        drafted += 1
    return drafted


def _draft_of(role: Opportunity, writer: User) -> dict[str, Any]:
    """Return what names the draft of a letter: the box of the page on which one applies."""
    page = reverse("opportunities:apply", args=[role.slug, role.public_id])
    return {"writer": writer, "page": page, "name": LETTER, "box": f"id_{LETTER}"}
