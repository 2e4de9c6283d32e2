"""The roles of the organizations that a person acts for."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from opportunities.accounts.current import person
from opportunities.roles.models import Opportunity


def own_role(request: HttpRequest, public_id: str) -> Opportunity:
    """Return a role of the asker's organizations with its employer, or 404."""
    return get_object_or_404(_roles(request).select_related("employer"), public_id=public_id)


def own_role_id(request: HttpRequest, public_id: str) -> int:
    """Return the key of a role of the asker's organizations, for an operation on it, or 404."""
    return get_object_or_404(_roles(request).only("pk"), public_id=public_id).pk


def _roles(request: HttpRequest) -> QuerySet[Opportunity]:
    return Opportunity.objects.filter(employer__in=person(request).memberships.values("employer"))
