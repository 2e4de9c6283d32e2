"""Place the roles of a plan in a candidate's weeks: exactly, by backtracking.

In: weeks with so many hours each, and for every role the days on which it may begin. Out: the
starts that are worth most, or None where no starts keep every week within its hours. A role begins
on its first possible day or on one of the Mondays after it.

What starts are worth depends on two things: on the earliest finish, and on the fullest week. Let a
cap stand for the second. Under a cap no start is worth more than an earlier one that fits, so the
best starts are among those of placing the roles one after the other, each as early as it fits, in
one order or another (the active schedules of project scheduling; Sprecher, Kolisch and Drexl
1995). Six roles have 720 orders, of which few need be tried. The cap is then lowered as long as
that can be worth more.
"""

from collections.abc import Sequence
from datetime import date
from math import inf
from typing import Final, NamedTuple

import numpy as np

from matching.engine import aspects
from matching.engine.fixed_point import VALUE

SLACK: Final = 1e-9
"""Hours by which rounding may make a sum of loads exceed a week."""


HOUR: Final = aspects.hour_value(1.0)


class Span(NamedTuple):
    """What placing a role needs."""

    earliest: int
    """First day on which it may begin, as an ordinal."""
    latest: int
    days: int
    weekly: float
    """Hours of work in a week."""
    rigid: float
    """Of these, the hours that its schedule fixes."""
    ticks: int
    """Its length in ticks of speed."""


class Worth(NamedTuple):
    """What starts are worth: the weights of the two aspects that depend on them."""

    speed: int
    schedule: int


class Start(NamedTuple):
    """One start of one role: its day, the weeks that it touches, the value of its finish."""

    day: int
    first: int
    end: int
    speed: int
    share: float
    """The largest share of a week that its own fixed hours take."""

    @property
    def date(self) -> str:
        """The day as an ISO date."""
        return date.fromordinal(self.day).isoformat()


class Placed(NamedTuple):
    """Starts in the order of the roles, the value of the earliest finish, the fullest week."""

    starts: tuple[Start, ...]
    speed: int
    fullest: float


class Placing(NamedTuple):
    """A role, and the starts at which it fits if it stands alone."""

    span: Span
    starts: list[Start]

    @property
    def quickest(self) -> int:
        """The value of its earliest finish."""
        return max(start.speed for start in self.starts)

    @property
    def easiest(self) -> float:
        """The share of the fullest week that its fixed hours take at least."""
        return min(start.share for start in self.starts)


class Weeks:
    """One candidate's weeks: the hours of each, from the week ``first`` on."""

    def __init__(self, hours: Sequence[float], *, first: int, available: int) -> None:
        self.hours = list(hours)
        self.usable = [max(amount, 1e-9) for amount in hours]
        self._first = first
        self._available = available
        self._table = aspects.speed_table()

    def placing(self, span: Span) -> Placing:
        """Return a role with the starts at which it fits if it stands alone."""
        fitting = []
        day = span.earliest
        while day <= span.latest:
            first = (day - 1) // 7 - self._first
            end = (day + span.days - 2) // 7 - self._first + 1
            if span.weekly <= min(self.hours[first:end], default=0.0):
                share = span.rigid / min(self.usable[first:end])
                fitting.append((day, first, end, share))
            day = 7 * (self._first + first + 1) + 1
        waits = np.array([day for day, *_ in fitting], np.int64) - self._available
        speeds = aspects.speed(waits, span.ticks, self._table).tolist()
        found = [
            Start(day, first, end, speed, share)
            for (day, first, end, share), speed in zip(fitting, speeds, strict=True)
        ]
        return Placing(span, found)

    def place(self, roles: Sequence[Placing], worth: Worth) -> Placed | None:
        """Return the best starts for all of these roles together, or None if there are none.

        Where lowering the fullest week is worth nothing, the roles begin as early as they fit.
        """
        orders = _Orders(self, roles)
        best = found = orders.earliest(inf)
        if best is None:
            return None
        least = max(role.easiest for role in roles)
        while found is not None and (
            worth_of(found.speed, least, worth) > worth_of(best.speed, best.fullest, worth)
        ):
            # Under a lower cap no finish is earlier: seek the lowest cap for this finish.
            speed = found.speed
            low, high = freedom(found.fullest), freedom(least)
            while low < high:
                middle = (low + high + 1) // 2
                lower = orders.earliest(_cap(middle), at_least=speed)
                if lower is None:
                    high = middle - 1
                else:
                    found, low = lower, max(middle, freedom(lower.fullest))
            if worth_of(speed, found.fullest, worth) > worth_of(best.speed, best.fullest, worth):
                best = found
            found = orders.earliest(_cap(low + 1)) if low < freedom(least) else None
        return best


def worth_of(speed: int, fullest: float, worth: Worth) -> int:
    """Return what an earliest finish and a fullest week are worth together."""
    return worth.speed * speed + worth.schedule * freedom(fullest)


def freedom(fullest: float) -> int:
    """Return the value of ``schedule`` where fixed hours fill so much of the fullest week."""
    return int(aspects.schedule(fullest, HOUR))


def _cap(value: int) -> float:
    """Return a share of the fullest week that is worth at least so much, and none that is not."""
    return (VALUE - value + 0.5 - 1e-6) / VALUE


class _Orders:
    """The orders in which roles can be placed one after the other."""

    def __init__(self, weeks: Weeks, roles: Sequence[Placing]) -> None:
        self._usable = weeks.usable
        self._spans = [role.span for role in roles]
        self._starts = [role.starts for role in roles]
        self._room = list(weeks.hours)
        self._fixed = [0.0] * len(weeks.hours)

    def earliest(self, cap: float, *, at_least: int = 0) -> Placed | None:
        """Return the starts with the earliest finish whose fullest week is within the cap.

        None if there are none, or none whose finish is worth ``at_least`` so much.
        """
        self._limits = [cap * hours for hours in self._usable]
        self._best: dict[int, Start] = {}
        self._speed = at_least - 1
        self._chosen: dict[int, Start] = {}
        self._try(range(len(self._spans)))
        if not self._best:
            return None
        return self._placed(self._best)

    def _try(self, left: Sequence[int]) -> None:
        """Place the roles that are left, in every order that may lead to an earlier finish."""
        next_ones = {}
        for role in left:
            start = self._first_fit(role)
            if start is None:
                return
            next_ones[role] = start
        reached = max(start.speed for start in (*self._chosen.values(), *next_ones.values()))
        if reached <= self._speed:
            return
        if self._fit_together(next_ones):
            self._best, self._speed = self._chosen | next_ones, reached
            return
        for role, start in next_ones.items():
            part, span = slice(start.first, start.end), self._spans[role]
            room, fixed = self._room[part], self._fixed[part]
            self._room[part] = [hours - span.weekly for hours in room]
            self._fixed[part] = [hours + span.rigid for hours in fixed]
            self._chosen[role] = start
            self._try([other for other in left if other != role])
            del self._chosen[role]
            self._room[part], self._fixed[part] = room, fixed
            if self._speed == reached:
                return

    def _first_fit(self, role: int) -> Start | None:
        """Return the earliest start of a role beside those that are placed."""
        weekly, rigid = self._spans[role].weekly - SLACK, self._spans[role].rigid
        room, fixed, limits = self._room, self._fixed, self._limits
        for start in self._starts[role]:
            for week in range(start.first, start.end):
                if room[week] < weekly or fixed[week] + rigid > limits[week]:
                    break
            else:
                return start
        return None

    def _fit_together(self, starts: dict[int, Start]) -> bool:
        """Say whether the roles fit at these starts beside each other, too."""
        room, fixed = self._room.copy(), self._fixed.copy()
        for role, start in starts.items():
            span = self._spans[role]
            for week in range(start.first, start.end):
                if room[week] < span.weekly - SLACK or (
                    fixed[week] + span.rigid > self._limits[week]
                ):
                    return False
                room[week] -= span.weekly
                fixed[week] += span.rigid
        return True

    def _placed(self, starts: dict[int, Start]) -> Placed:
        fixed = [0.0] * len(self._usable)
        for role in range(len(self._spans)):
            for week in range(starts[role].first, starts[role].end):
                fixed[week] += self._spans[role].rigid
        return Placed(
            tuple(starts[role] for role in range(len(self._spans))),
            max(start.speed for start in starts.values()),
            max(load / hours for load, hours in zip(fixed, self._usable, strict=True)),
        )
