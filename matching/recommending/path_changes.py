"""What would change which of two paths leads: another weight, or a role that comes to nothing."""

import math
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.engine import ASPECTS, POINT
from matching.engine.planning import tipping_weight
from matching.recommending.aspect_words import ASPECT_WORDS
from matching.recommending.paths import Comparison
from opportunities.core.retelling import inside

MOST_WEIGHTS: Final = 2


@dataclass(frozen=True, slots=True)
class PathChange:
    """One change: its amount, what follows from it, and the address that shows it."""

    amount: int
    text: str
    query: str = ""


def path_changes(found: Comparison) -> list[PathChange]:
    """Return the weights that need change least for the other path to lead, and a role lost."""
    weights = sorted(_weights(found), key=lambda change: change[0])
    lost = [_lost(found)] if found.leader is found.stack and len(found.stack.legs) > 1 else []
    return [change for _distance, change in weights[:MOST_WEIGHTS]] + lost


def _weights(found: Comparison) -> list[tuple[float, PathChange]]:
    """Return, for each aspect whose weight decides, how far it is from there and the change."""
    changes = []
    stack_leads = found.leader is found.stack
    for name in ASPECTS:
        tips = tipping_weight(found.person, name, found.one.plan, found.stack.plan)
        if tips is None:
            continue
        own, at = found.weights[name], float(tips.at)
        is_more = own < at
        percent = math.floor(100 * at) + 1 if is_more else math.ceil(100 * at) - 1
        if not 0 <= percent <= 100:
            continue
        if is_more and stack_leads:
            words = _("With %(aspect)s at %(weight)s of 100 or more, the internship leads.")
        elif is_more:
            words = _("With %(aspect)s at %(weight)s of 100 or more, the stack leads.")
        elif stack_leads:
            words = _("With %(aspect)s at %(weight)s of 100 or less, the internship leads.")
        else:
            words = _("With %(aspect)s at %(weight)s of 100 or less, the stack leads.")
        said = {"aspect": inside(ASPECT_WORDS[name].label), "weight": percent}
        yours = _("Yours is %(own)s.") % {"own": round(100 * own)}
        query = urlencode({"aspect": name, "weight": percent})
        changes.append((abs(at - own), PathChange(percent, f"{words % said} {yours}", query)))
    return changes


def _lost(found: Comparison) -> PathChange:
    """Return what is left of the stack, which leads, without the role that it needs most."""
    left = round(min(found.stack.plan.without) / POINT)
    ahead = left - found.one.score
    if ahead > 0:
        words = ngettext(
            "Whichever of its roles comes to nothing, the stack still leads by %(points)s point.",
            "Whichever of its roles comes to nothing, the stack still leads by %(points)s points.",
            ahead,
        )
    elif ahead == 0:
        words = _(
            "Without the role that it needs most, the stack is worth no more than the internship."
        )
    else:
        words = ngettext(
            "Without the role that it needs most, the internship leads by %(points)s point.",
            "Without the role that it needs most, the internship leads by %(points)s points.",
            -ahead,
        )
    return PathChange(1, words % {"points": abs(ahead)})
