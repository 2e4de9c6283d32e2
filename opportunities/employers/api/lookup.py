"""The employer that an address of the API names."""

from rest_framework.request import Request

from opportunities.accounts.current import actor
from opportunities.core.errors import NotFound
from opportunities.core.rows import require_row
from opportunities.employers.models import Employer
from opportunities.employers.permissions import is_member


def employer_of(public_id: str) -> Employer:
    """Return an employer by its public id or address, or raise ``NotFound``."""
    rows = Employer.objects.filter(public_id=public_id[:40])
    return require_row(rows, "There is no such employer.")


def own_employer_of(request: Request, public_id: str) -> Employer:
    """Return an employer that the viewer acts for, or raise ``NotFound``."""
    employer = employer_of(public_id)
    if not is_member(actor(request), employer.pk):
        raise NotFound("There is no such employer of yours.")
    return employer
