"""What checks read: a role, stored or a draft, with who posts it and what it is held against."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from opportunities.core.models import PayFloor, ReservedWord, Site
from opportunities.core.rates import Rates
from opportunities.core.validation import Text
from opportunities.employers.models import Employer
from opportunities.roles.checks import duplicates
from opportunities.roles.checks.folding import Folded, fold
from opportunities.roles.drafts import Parts
from opportunities.roles.fields import PLAIN
from opportunities.roles.models import Opportunity

TEXTS: Final = tuple(row.name for row in PLAIN if isinstance(row.kind, Text))


class Standards:
    """What the site holds every posting against; each is read once, for many postings."""

    @cached_property
    def site(self) -> Site:
        """Return the site's choices."""
        return Site.load()

    @cached_property
    def rates(self) -> Rates:
        """Return what other currencies are worth in the site's."""
        return Rates.load()

    @cached_property
    def words(self) -> list[ReservedWord]:
        """Return the site's own reserved words."""
        return list(ReservedWord.objects.order_by("id"))

    @cached_property
    def _floors(self) -> dict[str, PayFloor]:
        return {floor.country: floor for floor in PayFloor.objects.all()}

    def floor_of(self, country: str) -> PayFloor | None:
        """Return a country's pay floor, or None where none is known."""
        return self._floors.get(country) or self._floors.get("")


@dataclass(frozen=True)
class Posting:
    """One version of a role as checks see it; ``role`` has its derived facts."""

    role: Opportunity
    today: date
    """The day that it is where the role is."""
    parts: Parts = field(default_factory=dict)
    employer: Employer | None = None
    poster_email: str = ""
    standards: Standards = field(default_factory=Standards)
    twins: Sequence[duplicates.Twin] | None = None
    """Its near-duplicates, where they were looked for together with those of others."""

    @cached_property
    def texts(self) -> dict[str, str]:
        """Return every text a candidate would read, by the name of its field."""
        return texts_of(vars(self.role), self.parts)

    @cached_property
    def _folded(self) -> list[Folded]:
        return [fold(name, text) for name, text in self.texts.items()]

    def named(self, *names: str) -> Iterator[Folded]:
        """Iterate over the folded texts of some fields; over all without a name."""
        return (text for text in self._folded if not names or text.field in names)

    @property
    def country(self) -> str:
        """Return the country whose pay floor holds."""
        return self.role.country or (self.employer.country if self.employer else "")

    @property
    def domain(self) -> str:
        """Return the employer's domain, empty while it is not verified."""
        return self.employer.domain if self.employer and self.employer.is_verified else ""

    def near(self) -> Sequence[duplicates.Twin]:
        """Return its near-duplicates."""
        if self.twins is not None:
            return self.twins
        employer_id = self.employer.pk if self.employer else None
        return duplicates.twins(self.texts, employer_id=employer_id, but=self.role.pk)


def texts_of(
    columns: Mapping[str, Any], parts: Mapping[str, Iterable[Mapping[str, Any]]]
) -> dict[str, str]:
    """Return every text a candidate would read, by the name of its field."""
    texts = {name: columns.get(name) or "" for name in TEXTS}
    for index, part in enumerate(parts.get("deliverables", ())):
        texts[f"deliverables.{index}.title"] = part.get("title", "")
        texts[f"deliverables.{index}.done_means"] = part.get("done_means", "")
    for index, part in enumerate(parts.get("questions", ())):
        texts[f"questions.{index}.text"] = part.get("text", "")
    return {name: text for name, text in texts.items() if text}
