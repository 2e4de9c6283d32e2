"""Geometry of the charts on the path page: percent across, pixels down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from matching.pathing import Comparison, Path, months

TOP, BOTTOM = 14, 108
"""Pixels between which the lines of the tipping chart run."""
LANE: Final = 84
"""Pixels from one lane of the calendar to the next."""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line from the left edge to the right."""

    left: float
    right: float
    at_you: float


@dataclass(frozen=True, slots=True)
class Tipping:
    """Two lines over the weight of one aspect, the person's own mark, and the crossing."""

    one: Line
    stack: Line
    you: float
    tips: float | None
    tips_y: float
    top_words: str
    bottom_words: str


def tipping(found: Comparison, *, weight: float) -> Tipping:
    """Return the chart of both paths' fit over the weight of the aspect, seen from ``weight``."""
    ends = [found.score_at(path, end) for path in (found.one, found.stack) for end in (0.0, 1.0)]
    low, high = min(ends), max(ends)
    span = max(high - low, 1.0)

    def down(score: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (score - low) / span, 1)

    def line(path: Path) -> Line:
        return Line(*(down(found.score_at(path, at)) for at in (0.0, 1.0, weight)))

    crossing = float(found.tipping.at) if found.tipping else None
    return Tipping(
        one=line(found.one),
        stack=line(found.stack),
        you=round(100 * weight, 1),
        tips=None if crossing is None else round(100 * crossing, 1),
        tips_y=0.0 if crossing is None else down(found.score_at(found.one, crossing)),
        top_words=f"fit {high:.0f}",
        bottom_words=f"{low:.0f}",
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One role in its lane."""

    x: float
    width: float
    y: int
    style: str
    name: str

    @property
    def middle(self) -> float:
        """Where the name stands."""
        return round(self.x + self.width / 2, 2)

    @property
    def baseline(self) -> int:
        """The baseline of the name."""
        return self.y + 22


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the calendar."""

    x: float
    middle: float
    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Lanes of bars over months, with the weeks that are taken."""

    months: tuple[Month, ...]
    bars: tuple[Bar, ...]
    busy: tuple[tuple[float, float], ...]
    first: date
    last: date


def calendar(paths: Sequence[Path], blocked: Sequence[date], *, today: date) -> Calendar:
    """Return the lanes of these paths; the k-th role of a path is named by its number."""
    ends = [leg.ends for path in paths for leg in path.legs]
    shown = months(today, max([today + timedelta(days=60), *ends]))
    first = shown[0]
    last = (shown[-1] + timedelta(days=32)).replace(day=1)
    days = (last - first).days

    def across(day: date) -> float:
        return round(100 * min(max((day - first).days, 0), days) / days, 2)

    width = 100 / len(shown)
    bars = [
        Bar(
            x=across(leg.starts),
            width=max(1.5, round(across(leg.ends + timedelta(days=1)) - across(leg.starts), 2)),
            y=54 + LANE * lane,
            style="full" if leg.role.kind == "internship" else "micro",
            name=str(number),
        )
        for lane, path in enumerate(paths)
        for number, leg in enumerate(path.legs, start=1)
    ]
    return Calendar(
        months=tuple(
            Month(round(across(month), 2), round(across(month) + width / 2, 2), f"{month:%b}")
            for month in shown
        ),
        bars=tuple(bars),
        busy=tuple(
            (across(monday), round(across(monday + timedelta(days=7)) - across(monday), 2))
            for monday in blocked
            if first <= monday < last
        ),
        first=first,
        last=last,
    )
