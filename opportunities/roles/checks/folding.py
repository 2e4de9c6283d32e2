"""Fold text for comparison and remember where every folded character came from."""

import unicodedata
from dataclasses import dataclass

from opportunities.roles.checks.results import Span


@dataclass(frozen=True, slots=True)
class Folded:
    """Lower-case text without lookalikes, and the place of each character in the original."""

    field: str
    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Return the original words of a match in the folded text."""
        return Span(self.field, self.places[start], self.places[end - 1] + 1)


def fold(field: str, original: str) -> Folded:
    """Fold width, case, accents and invisible characters away, so that disguises show."""
    if original.isascii():
        return Folded(field, original.lower().replace("`", "'"), tuple(range(len(original))))
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(original):
        for plain in unicodedata.normalize("NFKD", sign).casefold():
            category = unicodedata.category(plain)
            if category in {"Cf", "Mn"}:
                continue
            signs.append("'" if plain in "’‘`´" else " " if category == "Zs" else plain)  # noqa: RUF001
            places.append(place)
    return Folded(field, "".join(signs), tuple(places))
