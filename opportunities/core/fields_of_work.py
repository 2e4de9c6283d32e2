"""The fields of work that roles belong to and people are interested in, as data.

``RELATED`` holds unordered pairs: an interest in one field counts a little for the other.
"""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from opportunities.core.data import read_beside


class Field(TextChoices):
    SOFTWARE = "software", _("Software")
    DATA = "data", _("Data and analysis")
    DESIGN = "design", _("Design")
    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales and partnerships")
    WRITING = "writing", _("Writing and editing")
    MEDIA = "media", _("Media and production")
    RESEARCH = "research", _("Research")
    POLICY = "policy", _("Policy and public sector")
    FINANCE = "finance", _("Finance and accounting")
    OPERATIONS = "operations", _("Operations and administration")
    PEOPLE = "people", _("People and recruiting")
    ENGINEERING = "engineering", _("Engineering")
    SCIENCE = "science", _("Science and laboratory")
    HEALTH = "health", _("Health and care")
    EDUCATION = "education", _("Education and training")
    EVENTS = "events", _("Events and hospitality")
    SUSTAINABILITY = "sustainability", _("Sustainability")
    LAW = "law", _("Law")
    LOGISTICS = "logistics", _("Logistics and supply")


RELATED: Final[frozenset[frozenset[str]]] = frozenset(
    frozenset((field, other)) for field, others in read_beside(__file__).items() for other in others
)


def related_fields(field: str) -> list[str]:
    """Return the fields next to this one, in order of their slug."""
    return sorted(other for pair in RELATED if field in pair for other in pair - {field})
