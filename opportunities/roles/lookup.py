"""The roles of the organizations that a person acts for."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from opportunities.accounts.current import person
from opportunities.roles.models import Opportunity


def own_role(request: HttpRequest, public_id: str) -> Opportunity:
    """Return a role of the asker's organizations with its employer, or 404."""
    roles = Opportunity.objects.select_related("employer").filter(
        employer__in=person(request).memberships.values("employer")
    )
    return get_object_or_404(roles, public_id=public_id)
