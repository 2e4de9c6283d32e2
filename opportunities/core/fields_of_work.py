"""The fields of work that roles belong to and people are interested in, as data.

``RELATED`` holds unordered pairs: an interest in one field counts half for the other
(model.md section 2, ``interests``: 1 wanted, 0.5 related).
"""

from typing import Final

from django.db.models import TextChoices


class Field(TextChoices):
    SOFTWARE = "software", "Software"
    DATA = "data", "Data and analysis"
    DESIGN = "design", "Design"
    MARKETING = "marketing", "Marketing"
    SALES = "sales", "Sales and partnerships"
    WRITING = "writing", "Writing and editing"
    MEDIA = "media", "Media and production"
    RESEARCH = "research", "Research"
    POLICY = "policy", "Policy and public sector"
    FINANCE = "finance", "Finance and accounting"
    OPERATIONS = "operations", "Operations and administration"
    PEOPLE = "people", "People and recruiting"
    ENGINEERING = "engineering", "Engineering"
    SCIENCE = "science", "Science and laboratory"
    HEALTH = "health", "Health and care"
    EDUCATION = "education", "Education and training"
    EVENTS = "events", "Events and hospitality"
    SUSTAINABILITY = "sustainability", "Sustainability"
    LAW = "law", "Law"
    LOGISTICS = "logistics", "Logistics and supply"


RELATED: Final[frozenset[frozenset[str]]] = frozenset(
    frozenset(pair)
    for pair in (
        (Field.SOFTWARE, Field.DATA),
        (Field.SOFTWARE, Field.ENGINEERING),
        (Field.SOFTWARE, Field.DESIGN),
        (Field.DATA, Field.RESEARCH),
        (Field.DATA, Field.FINANCE),
        (Field.DATA, Field.SCIENCE),
        (Field.DESIGN, Field.MEDIA),
        (Field.DESIGN, Field.MARKETING),
        (Field.MARKETING, Field.SALES),
        (Field.MARKETING, Field.WRITING),
        (Field.MARKETING, Field.MEDIA),
        (Field.WRITING, Field.MEDIA),
        (Field.WRITING, Field.RESEARCH),
        (Field.RESEARCH, Field.POLICY),
        (Field.RESEARCH, Field.SCIENCE),
        (Field.POLICY, Field.LAW),
        (Field.POLICY, Field.SUSTAINABILITY),
        (Field.FINANCE, Field.OPERATIONS),
        (Field.OPERATIONS, Field.PEOPLE),
        (Field.OPERATIONS, Field.LOGISTICS),
        (Field.OPERATIONS, Field.EVENTS),
        (Field.PEOPLE, Field.EDUCATION),
        (Field.ENGINEERING, Field.SUSTAINABILITY),
        (Field.ENGINEERING, Field.LOGISTICS),
        (Field.SCIENCE, Field.HEALTH),
        (Field.HEALTH, Field.EDUCATION),
        (Field.EVENTS, Field.SALES),
    )
)


def related_fields(field: str) -> list[str]:
    """Return the fields next to this one, in order of their slug."""
    return sorted(other for pair in RELATED if field in pair for other in pair - {field})
