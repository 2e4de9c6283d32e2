"""The facts that checks read: of a stored role or of a draft, with its employer and the floor."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from opportunities.core.models import PayFloor, ReservedWord, Site
from opportunities.core.rates import Rates
from opportunities.core.validation import Text
from opportunities.employers.models import Employer
from opportunities.roles.checks.duplicates import Twin
from opportunities.roles.checks.folding import Folded, fold
from opportunities.roles.fields import PLAIN
from opportunities.roles.formats import stated_by
from opportunities.roles.models import Opportunity

TEXTS: Final = tuple(row.name for row in PLAIN if isinstance(row.kind, Text))


@dataclass(frozen=True, slots=True)
class Standards:
    """What the site holds every posting against; read once for many postings."""

    site: Site
    rates: Rates
    floors: Mapping[str, PayFloor]
    words: tuple[ReservedWord, ...]

    @classmethod
    def load(cls) -> "Standards":
        """Read them from the site's settings."""
        return cls(
            site=Site.load(),
            rates=Rates.load(),
            floors={floor.country: floor for floor in PayFloor.objects.all()},
            words=tuple(ReservedWord.objects.order_by("id")),
        )

    def floor_of(self, country: str) -> PayFloor | None:
        """Return a country's pay floor, or None where none is known."""
        return self.floors.get(country) or self.floors.get("")


@dataclass(frozen=True, slots=True)
class Posting:
    """One version of a role as checks see it; ``floor_minor`` is in the site's currency."""

    role: Opportunity
    today: date
    texts: Mapping[str, str]
    deliverables: int = 0
    stated: Mapping[str, Any] = field(default_factory=dict)
    """What the rules of its format ask for."""
    skills: tuple[tuple[int, bool], ...] = ()
    """Level asked and whether it is a must, of each skill."""
    domain: str = ""
    """The employer's domain, empty while it is not verified."""
    claimed_domain: str = ""
    is_verified: bool = False
    poster_domain: str = ""
    floor: PayFloor | None = None
    floor_minor: int | None = None
    credit_may_replace_pay: bool = False
    response_days: int = 15
    words: tuple[ReservedWord, ...] = ()
    twins: tuple[Twin, ...] = ()
    folded: tuple[Folded, ...] = field(default=())

    def named(self, *names: str) -> Iterator[Folded]:
        """Iterate over the folded texts of some fields; over all without a name."""
        return (text for text in self.folded if not names or text.field in names)


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


def gather(
    role: Opportunity,
    parts: Mapping[str, Iterable[Mapping[str, Any]]],
    *,
    employer: Employer | None,
    poster_email: str = "",
    twins: Iterable[Twin] = (),
    standards: Standards | None = None,
    at: datetime,
) -> Posting:
    """Collect what checks read of a role, stored or not; ``role`` has its derived facts."""
    standards = standards or Standards.load()
    site = standards.site
    texts = texts_of(vars(role), parts)
    is_micro = role.kind == "micro"
    floor = standards.floor_of(role.country or (employer.country if employer else ""))
    return Posting(
        role=role,
        today=role.today(at=at),
        texts=texts,
        folded=tuple(fold(name, text) for name, text in texts.items()),
        deliverables=len(list(parts.get("deliverables", ()))),
        stated=stated_by(vars(role), parts),
        skills=tuple(
            (part.get("level", 1), part.get("must", False)) for part in parts.get("skills", ())
        ),
        domain=employer.domain if employer and employer.is_verified else "",
        claimed_domain=employer.domain if employer else "",
        is_verified=employer is not None and employer.is_verified,
        poster_domain=poster_email.rpartition("@")[2].lower(),
        floor=floor,
        floor_minor=standards.rates.convert(floor.hourly_minor, floor.currency) if floor else None,
        credit_may_replace_pay=site.unpaid_with_credit_allowed,
        response_days=site.response_days_micro if is_micro else site.response_days_internship,
        words=standards.words,
        twins=tuple(twins),
    )
