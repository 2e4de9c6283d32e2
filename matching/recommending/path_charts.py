"""Geometry of the charts on the path page: percent across, pixels down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from matching.recommending.likely import Likely
from matching.recommending.paths import Comparison, Leg, Path, months
from opportunities.roles.formats import Kind

TOP, BOTTOM = 18, 92
"""Pixels between which the lines of the tipping chart run, clear of its words at both ends."""
HEAD, TITLE, ROW, GAP = 22, 24, 26, 12
"""Pixels of the calendar: the months' names, a lane's title, one row of bars, between lanes."""
BAR: Final = 20


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
        top_words=_("fit %(score)s") % {"score": round(high)},
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
    is_likely: bool = False
    """Whether the role is not open yet."""

    @property
    def middle(self) -> float:
        """Where the name stands."""
        return round(self.x + self.width / 2, 2)

    @property
    def baseline(self) -> int:
        """The baseline of the name."""
        return self.y + BAR - 5


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
    titles: tuple[int, ...]
    """Baselines of the lanes' titles."""
    bars: tuple[Bar, ...]
    height: int
    busy: tuple[tuple[float, float], ...]
    first: date
    last: date


def calendar(found: Comparison, blocked: Sequence[date], *, today: date) -> Calendar:
    """Return the lanes of the internship and the stack, with what is likely to come for it.

    Roles at the same time stand in rows of their own.
    """
    lanes: list[list[Leg | Likely]] = [[*found.one.legs], [*found.stack.legs]]
    if found.likely:
        lanes[1].append(found.likely)
    ends = [leg.ends for lane in lanes for leg in lane]
    shown = months(today, max([today + timedelta(days=60), *ends]))
    first = shown[0]
    last = (shown[-1] + timedelta(days=32)).replace(day=1)
    days = (last - first).days

    def across(day: date) -> float:
        return round(100 * min(max((day - first).days, 0), days) / days, 2)

    width = 100 / len(shown)
    bars: list[Bar] = []
    titles: list[int] = []
    top = HEAD
    for lane in lanes:
        titles.append(top + TITLE - 6)
        top += TITLE
        free: list[date] = []
        for number, leg in enumerate(lane, start=1):
            is_internship = isinstance(leg, Leg) and leg.role.kind == Kind.INTERNSHIP
            row = next((k for k, until in enumerate(free) if until < leg.starts), len(free))
            free[row : row + 1] = [leg.ends]
            x = across(leg.starts)
            bars.append(
                Bar(
                    x=x,
                    width=max(2.5, round(across(leg.ends + timedelta(days=1)) - x, 2)),
                    y=top + ROW * row,
                    style="full" if is_internship else "micro",
                    name=str(number),
                    is_likely=isinstance(leg, Likely),
                )
            )
        top += ROW * max(1, len(free)) + GAP
    return Calendar(
        months=tuple(
            Month(
                round(across(month), 2),
                round(across(month) + width / 2, 2),
                format_date(month, "M"),
            )
            for month in shown
        ),
        titles=tuple(titles),
        bars=tuple(bars),
        height=top,
        busy=tuple(
            (across(monday), round(across(monday + timedelta(days=7)) - across(monday), 2))
            for monday in blocked
            if first <= monday < last
        ),
        first=first,
        last=last,
    )
