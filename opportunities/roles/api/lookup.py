"""The role that an address of the API names."""

from rest_framework.request import Request

from opportunities.core.errors import NotFound
from opportunities.roles.models import Opportunity


def role_of(request: Request, public_id: str) -> Opportunity:
    """Return a role that the viewer may see, or raise ``NotFound``."""
    role = Opportunity.objects.visible_to(request.user).filter(public_id=public_id[:40]).first()
    if role is None:
        raise NotFound("There is no such role.")
    return role


def role_id_of(request: Request, public_id: str) -> int:
    """Return the key of a role that the viewer may see, or raise ``NotFound``."""
    roles = Opportunity.objects.visible_to(request.user).filter(public_id=public_id[:40])
    role_id = roles.values_list("pk", flat=True).first()
    if role_id is None:
        raise NotFound("There is no such role.")
    return role_id
