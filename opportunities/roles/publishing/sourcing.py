"""Roles that an employer's own system keeps: the same key always means the same role."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.core.errors import Duplicate, Fault, Invalid
from opportunities.core.lifecycle import EDITABLE, RoleStatus
from opportunities.employers import operations as employing
from opportunities.roles.models import Opportunity
from opportunities.roles.publishing.drafting import create_draft, update_draft
from opportunities.roles.publishing.submitting import amend, submit, withdraw

MAX_SOURCE: Final = 60
MAX_EXTERNAL_ID: Final = 200


@transaction.atomic
def keep_from_source(
    *,
    employer_id: int,
    actor: User,
    source: str,
    external_id: str,
    values: Mapping[str, Any],
    at: datetime,
) -> tuple[Opportunity, bool]:
    """Create or amend the role under this key and hand it in; say whether it is new.

    A key is the employer's own: another may have the same one. The same values again change
    nothing. Raises ``Duplicate`` if the employer already offers this role under another key.
    """
    _require_key(source, external_id)
    employing.own(employer_id, actor, at=at)
    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    role = Opportunity.objects.filter(
        employer=employer_id, source=source, external_id=external_id
    ).first()
    if role is not None and role.source_digest == digest:
        return role, False
    is_new = role is None
    if role is None:
        _require_single(employer_id, values)
        role = create_draft(employer_id=employer_id, actor=actor, values=values, at=at)
    else:
        if role.status == RoleStatus.IN_REVIEW:
            role = withdraw(opportunity_id=role.pk, actor=actor, at=at)
        change = update_draft if role.status in EDITABLE else amend
        role = change(opportunity_id=role.pk, actor=actor, values=values, at=at)
    if role.status in EDITABLE:
        Opportunity.objects.filter(pk=role.pk).update(source=source, external_id=external_id)
        role = submit(opportunity_id=role.pk, actor=actor, at=at)
    Opportunity.objects.filter(pk=role.pk).update(source_digest=digest)
    return role, is_new


def _require_key(source: str, external_id: str) -> None:
    faults = [
        Fault(
            name,
            "malformed",
            _("%(name)s has 1 to %(most)s visible characters.") % {"name": name, "most": most},
        )
        for name, text, most in (
            ("source", source, MAX_SOURCE),
            ("external_id", external_id, MAX_EXTERNAL_ID),
        )
        if not (text.strip() and len(text) <= most and text.isprintable())
    ]
    if faults:
        raise Invalid(*faults)


def _require_single(employer_id: int, values: Mapping[str, Any]) -> None:
    """Refuse a second role of the same title, format and last day to apply."""
    names = ("title", "format", "apply_by")
    wanted = {name: values[name] for name in names if isinstance(values.get(name), str)}
    if len(wanted) < len(names) or not wanted["apply_by"].isascii():
        return
    rows = Opportunity.objects.filter(employer=employer_id).exclude(
        status__in=[RoleStatus.REJECTED, RoleStatus.REMOVED]
    )
    same = rows.filter(title=wanted["title"][:200], format=wanted["format"][:40])
    for other in same.exclude(source="", external_id="")[:20]:
        if str(other.apply_by) == wanted["apply_by"]:
            raise Duplicate(
                _("You offer this role already under another key."),
                other=f"/api/v1/opportunities/{other.public_id}",
            )
