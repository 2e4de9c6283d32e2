"""Name the integer scales of the engine, once.

Inside the engine a value, a weight and a score are integers, so that every kernel, every block size
and every machine agree bit for bit. Each is below 2**24; only sums of products need 64 bits.
"""

from typing import Final

VALUE: Final = 1 << 20
"""An aspect value of 1.0."""

WEIGHT: Final = 1 << 16
"""The sum of one candidate's aspect weights, and of one role's five employer weights."""

SCORE: Final = 1_000_000
"""A score of 100 points; one unit is a ten-thousandth of a point."""

POINT: Final = SCORE // 100
"""One point of a score."""

SHARE: Final = 1 << 22
"""The sum of the shares of the skills that one role asks for."""

RELATED: Final = 1 << 8
"""A relatedness of 1.0: the same skill."""

USUAL: Final = 1 << 4
"""The weight of a wish of priority 1 for a skill that is as rare as usual."""

LEVELS: Final = 4
"""The highest level of a skill."""

SPEED_TICKS: Final = 512
"""Ticks of a day in the table from which the aspect ``speed`` is read."""

LOWEST: Final = -(1 << 31)
"""The score that pads a list which has fewer entries than asked for."""

FAR: Final = 10_000_000
"""An ordinal day later than every date; stands for "no limit"."""
