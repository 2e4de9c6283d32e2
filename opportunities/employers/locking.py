"""Lock an employer's row: always before its roles."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from opportunities.core.rows import require_row
from opportunities.employers.models import Employer


def lock_employer(employer_id: int) -> Employer:
    """Lock the employer's row and return it, or raise ``NotFound``."""
    rows = Employer.objects.select_for_update(no_key=True).filter(pk=employer_id)
    return require_row(rows, _("There is no such employer."))


def lock_employers(ids: Iterable[int]) -> dict[int, Employer]:
    """Lock the rows of several employers, in the order of their ids, and return them by id."""
    rows = Employer.objects.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk")
    return {employer.pk: employer for employer in rows}
