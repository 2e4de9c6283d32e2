"""What applicants would have been told of their chances, and how true it was.

In: applications with what became of them and when. Out: for each what was known when it was sent,
and how that compares with what happened (``calibration``).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.engine.calibration import Calibration, calibration, fit_isotonic
from matching.engine.columns import Flags, Floats, Longs
from matching.engine.odds import Answers, believe, crowded

ROUNDS: Final = 24
"""How often what is told is made anew, looking back over all applications."""


@dataclass(frozen=True, slots=True)
class Histories:
    """Applications with what became of them and when; moments in days, infinite if never.

    ``role`` (applications,) numbers the role; ``sent``, ``known`` (from when its answer counts),
    ``waits_until`` (it no longer waits for the employer), ``held_from`` and ``held_until`` (its
    offer holds a place) are moments; ``offered`` is whether there was an offer. ``capacity`` and
    ``employer`` (roles,), ``format_of`` (employers,) and ``formats`` say whose roles they are.
    """

    role: Longs
    sent: Floats
    known: Floats
    waits_until: Floats
    held_from: Floats
    held_until: Floats
    offered: Flags
    capacity: Longs
    employer: Longs
    format_of: Longs
    formats: int

    def known_at(self, moment: float) -> Answers:
        """Return the answers that counted at a moment."""
        known = self.known <= moment
        roles = len(self.employer)
        return Answers(
            np.bincount(self.role[known], minlength=roles).astype(np.float64),
            np.bincount(self.role[known & self.offered], minlength=roles).astype(np.float64),
            self.employer,
            self.format_of,
            self.formats,
        )

    def at_arrival(self) -> tuple[Longs, Longs, Longs]:
        """Return free places, who waited and how many had applied when each one was sent."""
        applicants = self._before(self.sent)
        waiting = applicants - self._before(self.waits_until)
        held = self._before(self.held_from) - self._before(self.held_until)
        return self.capacity[self.role] - held, waiting, applicants

    def _before(self, moments: Floats) -> Longs:
        """Count the moments at the same role before each application was sent."""
        times = np.unique(np.concatenate((self.sent, moments)))
        width = len(times) + 1
        happened = np.sort(self.role * width + np.searchsorted(times, moments))
        asked = self.role * width + np.searchsorted(times, self.sent)
        found = np.searchsorted(happened, asked) - np.searchsorted(happened, self.role * width)
        return found.astype(np.int64)


@dataclass(frozen=True, slots=True)
class JudgedChances:
    """How true the chances were that applicants would have been told: as counted, and corrected.

    ``corrected`` is what pages say once there are enough outcomes: by the map learnt before.
    """

    counted: Calibration
    corrected: Calibration

    def lines(self) -> list[str]:
        """Return it as lines to read: the measures of both, and their tables of reliability."""
        lines = []
        for way, judged in (("as counted", self.counted), ("corrected", self.corrected)):
            measures = f"Brier {judged.brier:.4f}, gap {judged.gap:.4f}"
            same = f"the same for everybody: Brier {judged.base_brier:.4f}"
            lines.append(f"chances {way}: {judged.count} told, {measures}; {same}")
            lines += [
                f"{row.count:9} told {row.told:.3f}  happened {row.happened:.3f}"
                for row in judged.bins
            ]
        return lines


def foresee(histories: Histories, *, rounds: int = ROUNDS) -> Floats:
    """Return what would have been told each applicant when they applied, shape (applications,).

    Applications fall into ``rounds`` of equal size by when they were sent; each round is told what
    the answers known at its beginning say. NaN where they were too few to say anything. Nothing
    that came later is used, so that what is told can be held against what happened.
    """
    told = np.full(len(histories.role), np.nan)
    order = np.argsort(histories.sent, kind="stable")
    free, waiting, applicants = histories.at_arrival()
    for part in np.array_split(order, rounds):
        if not len(part):
            continue
        answers = histories.known_at(histories.sent[part[0]])
        roles, back = np.unique(histories.role[part], return_inverse=True)
        shares = believe(answers).mean[roles][back][:, None]
        said = crowded(shares, free[part], waiting[part], applicants[part])[:, 0]
        kinds = answers.format_of[answers.employer[histories.role[part]]]
        told[part] = np.where(answers.are_enough()[kinds], said, np.nan)
    return told


def judge_chances(
    histories: Histories, *, split: float, now: float = float("inf")
) -> JudgedChances | None:
    """Return how true chances were for whoever applied from the split on; None if for nobody.

    Moments are days of the histories. Each is told what was known when they applied, and the map
    is learnt from answers known at the split; those not known ``now`` judge nothing.
    """
    told = foresee(histories)
    is_told = ~np.isnan(told) & (histories.known <= now)
    happened = histories.offered.astype(np.float64)
    before = is_told & (histories.known <= split)
    after = is_told & (histories.sent >= split)
    learnt = fit_isotonic(told[before], happened[before])
    counted = calibration(told[after], happened[after])
    corrected = calibration(learnt(told[after]), happened[after])
    return JudgedChances(counted, corrected) if counted and corrected else None
