"""From a finished draft to review in one step, with the organization if there is none yet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from opportunities.accounts.models import User
from opportunities.employers import operations as employing
from opportunities.roles.models import Opportunity
from opportunities.roles.publishing.drafting import create_draft, update_draft
from opportunities.roles.publishing.submitting import submit


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
