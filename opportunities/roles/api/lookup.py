"""The role that an address of the API names."""

from rest_framework.request import Request

from opportunities.core.rows import require_row
from opportunities.roles.models import Opportunity


def role_of(request: Request, public_id: str) -> Opportunity:
    """Return a role that the viewer may see, or raise ``NotFound``."""
    rows = Opportunity.objects.visible_to(request.user).filter(public_id=public_id[:40])
    return require_row(rows, "There is no such role.")
