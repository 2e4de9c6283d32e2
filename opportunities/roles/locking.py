"""Lock a role's row: always after its employer's and before its applications'."""

from django.utils.translation import gettext as _

from opportunities.core.rows import require_row
from opportunities.employers.models import Employer
from opportunities.roles.models import Opportunity


def lock_role(opportunity_id: int, *, employer: Employer | None = None) -> Opportunity:
    """Lock the role's row and return it with its employer, or raise ``NotFound``.

    Who has the employer at hand gives it, and it is not read again.
    """
    rows = Opportunity.objects.select_for_update(of=("self",), no_key=True)
    if employer is None:
        rows = rows.select_related("employer")
    role = require_row(rows.filter(pk=opportunity_id), _("There is no such role."))
    if employer is not None:
        role.employer = employer
    return role
