"""The skills picker: a search box whose suggestions come from the server, and the chosen skills.

It is a part of a larger form and works without script: *Find* and *Add* send the whole form, which
comes back with what was chosen so far. So does Enter after a new word to search for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict

from opportunities.core.forms import is_new_search
from opportunities.core.languages import Translatable
from opportunities.skills import lookup
from opportunities.skills.models import Skill

SUGGESTED: Final = 8
MOST_ROWS: Final = 60

type Choices = tuple[tuple[int, Translatable], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A number that is asked of every chosen skill."""

    key: str
    label: Translatable
    choices: Choices
    default: int


@dataclass(slots=True)
class Row:
    """A chosen skill with its numbers and whether it is marked as a must."""

    slug: str
    name: str
    numbers: dict[str, int]
    must: bool = False
    columns: tuple[Column, ...] = ()

    @property
    def cells(self) -> list[tuple[Column, int]]:
        """Return every column with the number chosen."""
        return [(column, self.numbers[column.key]) for column in self.columns]


@dataclass(slots=True)
class Picker:
    """One list of skills within a form; ``name`` begins the names of its inputs."""

    name: str
    label: Translatable
    columns: tuple[Column, ...]
    must_label: str = ""
    rows: list[Row] = field(default_factory=list)
    typed: str = ""
    found: list[Skill] = field(default_factory=list)
    is_searching: bool = False

    def fill(self, chosen: Iterable[Mapping[str, Any]]) -> None:
        """Put stored skills in: ``slug``, the numbers by key, and ``must``."""
        given = list(chosen)[:MOST_ROWS]
        names = dict(
            Skill.objects.filter(slug__in=[str(row["slug"]) for row in given]).values_list(
                "slug", "name"
            )
        )
        self.rows = [
            Row(
                slug=str(row["slug"]),
                name=names.get(str(row["slug"]), str(row["slug"])),
                numbers={
                    column.key: _known(row.get(column.key), column) for column in self.columns
                },
                must=bool(row.get("must")),
                columns=self.columns,
            )
            for row in given
        ]

    def read(self, data: QueryDict) -> None:
        """Take what was sent: the rows kept, one added, what is searched for."""
        dropped = data.get(f"{self.name}-drop", "")
        slugs = [slug for slug in data.getlist(self.name) if slug != dropped]
        if added := data.get(f"{self.name}-add"):
            slugs.append(added)
        self.fill(
            {
                "slug": slug,
                "must": data.get(f"{self.name}-must-{slug}") == "1",
                **{
                    column.key: data.get(f"{self.name}-{column.key}-{slug}")
                    for column in self.columns
                },
            }
            for slug in dict.fromkeys(slugs)
        )
        self.typed = data.get(f"{self.name}-find", "")[:100]
        self.is_searching = is_new_search(data, self.typed, f"{self.name}-found") or any(
            f"{self.name}-{act}" in data for act in ("add", "drop", "search")
        )
        if self.typed.strip():
            chosen = {row.slug for row in self.rows}
            self.found = [
                skill
                for skill in lookup.suggest_skills(text=self.typed, limit=SUGGESTED)
                if skill.slug not in chosen
            ]


def _known(number: object, column: Column) -> int:
    known = {str(value): value for value, _ in column.choices}
    return known.get(str(number), column.default)
