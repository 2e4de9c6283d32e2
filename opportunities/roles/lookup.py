"""The roles of the organizations that a person acts for."""

from django.http import HttpRequest

from opportunities.accounts.current import person
from opportunities.core.form_handling import Gone
from opportunities.roles.models import Opportunity


def own_role(request: HttpRequest, public_id: str) -> Opportunity:
    """Return a role of the asker's organizations with its employer, or raise ``Gone``, a 404."""
    roles = Opportunity.objects.select_related("employer").filter(
        employer__in=person(request).memberships.values("employer")
    )
    role = roles.filter(public_id=public_id).first()
    if role is None:
        raise Gone
    return role
