"""Lock a role's row: always after its employer's and before its applications'.

Whoever closes all roles of an employer waits for a role that is just opening, and the other way
round.
"""

from django.utils.translation import gettext as _

from opportunities.core.errors import Conflict
from opportunities.core.rows import require_row
from opportunities.employers.models import Employer
from opportunities.roles.models import Opportunity


def lock_role(opportunity_id: int) -> Opportunity:
    """Lock the role's row and return it with its employer, or raise ``NotFound``."""
    rows = Opportunity.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("employer").filter(pk=opportunity_id)
    return require_row(rows, _("There is no such role."))


def lock_with_employer(opportunity_id: int) -> Opportunity:
    """Lock the employer, then the role, or raise ``NotFound``."""
    employer = Employer.objects.select_for_update(of=("self",), no_key=True)
    require_row(employer.filter(opportunities=opportunity_id), _("There is no such role."))
    return lock_role(opportunity_id)


def require_version(role: Opportunity, version: int | None) -> None:
    """Refuse to act on a version that somebody has changed meanwhile."""
    if version is not None and version != role.version:
        raise Conflict(_("The role has changed since you opened it."))
