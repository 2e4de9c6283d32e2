"""The rows that publishing locks and writes."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opportunities.accounts.models import User
from opportunities.accounts.permissions import require_active
from opportunities.core.errors import Fault, Invalid, NotAllowed, NotFound, WrongState
from opportunities.core.lifecycle import ROLE_STEPS, RoleStatus, allowed
from opportunities.core.retelling import inside
from opportunities.employers.models import Employer, EmployerStatus
from opportunities.roles import drafts
from opportunities.roles.locking import lock_with_employer
from opportunities.roles.models import Opportunity
from opportunities.roles.permissions import can_manage, can_view
from opportunities.skills.lookup import skills_named
from opportunities.skills.models import Skill


def own_role(opportunity_id: int, actor: User, *, at: datetime) -> Opportunity:
    """Lock a role with its employer and return it to a member who may change it."""
    role = lock_with_employer(opportunity_id)
    if not can_manage(actor, role):
        if can_view(actor, role):
            raise NotAllowed(_("Only the employer may do this."))
        raise NotFound(_("There is no such role."))
    require_active(actor, at=at)
    return role


def require_posting(employer: Employer) -> None:
    """Refuse an employer that a sanction keeps from posting."""
    if employer.status != EmployerStatus.ACTIVE:
        raise NotAllowed(_("%(employer)s may not post at present.") % {"employer": employer.name})


def require_state(role: Opportunity, states: Collection[str], refusal: str) -> None:
    """Refuse a role in any other state, with a sentence that may name its ``state``."""
    if role.status not in states:
        raise WrongState(
            refusal % {"state": inside(RoleStatus(role.status).label)},
            allowed=allowed(ROLE_STEPS, role.status),
        )


def write(role: Opportunity, values: Mapping[str, Any], *, at: datetime) -> None:
    """Put what a draft says into a role and its parts, or raise ``Invalid`` naming each fault."""
    reading = drafts.read(values)
    skills = _skills(reading)
    if role.seats_held > reading.columns.get("capacity", role.capacity):
        detail = ngettext(
            "%(number)s place is already offered or taken.",
            "%(number)s places are already offered or taken.",
            role.seats_held,
        ) % {"number": role.seats_held}
        reading.faults.append(Fault("capacity", "below_seats_held", detail))
    if reading.faults:
        raise Invalid(*reading.faults)
    for name, value in reading.columns.items():
        setattr(role, name, value)
    drafts.derive(role)
    role.changed_at = at
    if not role.pk:
        role.created_at = at
        role.save(force_insert=True)
    else:
        role.version += 1
        for name in reading.columns:
            role.unparsed.pop(name, None)
        beside = {*drafts.DERIVED, "changed_at", "version", "unparsed"}
        role.save(update_fields=beside | reading.columns.keys())
    for part in reading.parts.get("skills", ()):
        part["skill"] = skills[part.pop("name")]
    write_parts(role, reading.parts)


def _skills(reading: drafts.Reading) -> dict[str, Skill]:
    """Return the stored skills that a draft names by slug, label or alias."""
    named = [part["name"] for part in reading.parts.get("skills", ()) if part.get("name")]
    found = {skill.slug: skill for skill in Skill.objects.filter(slug__in=named, is_retired=False)}
    if missing := [name for name in named if name not in found]:
        found |= skills_named(texts=missing)
    seen: dict[int, str] = {}
    for index, part in enumerate(reading.parts.get("skills", ())):
        name = part.get("name", "")
        if name and name not in found:
            detail = _("The vocabulary has no skill “%(name)s”.") % {"name": name[:60]}
            reading.faults.append(Fault(f"skills.{index}.name", "unknown_skill", detail))
        elif name and seen.setdefault(found[name].pk, name) != name:
            told = {"name": name[:60], "other": seen[found[name].pk][:60]}
            detail = _("“%(name)s” is the same skill as “%(other)s”.") % told
            reading.faults.append(Fault(f"skills.{index}.name", "twice", detail))
    return found


def write_parts(role: Opportunity, parts: drafts.Parts) -> None:
    """Store what a role lists in place of what it listed; a skill comes as its row."""
    for name, entries in parts.items():
        rows = getattr(role, name).all()
        rows.delete()
        is_placed = name != "skills"
        rows.bulk_create(
            rows.model(opportunity=role, **entry, **({"position": place} if is_placed else {}))
            for place, entry in enumerate(entries)
        )
