"""How much each aspect counts for somebody: sliders beside the list, set by the aim until moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from matching.engine import Candidate
from matching.engine.aspects import POLES
from opportunities.candidates import aspects, profiles
from opportunities.candidates.models import CandidateProfile
from opportunities.candidates.profiles import ProfileOwner
from opportunities.core.errors import Fault, Invalid

STEPS: Final = range(5)
"""What a slider may say: 0 not at all, 2 as usual, 4 most."""


@dataclass(frozen=True, slots=True)
class Slider:
    """One aspect and where its slider stands."""

    name: str
    label: str
    value: int


def sliders(person: Candidate) -> list[Slider]:
    """Return a slider for each aspect that can count: where it was put, else where the aim has it.

    Skills and fields count for nothing as long as nobody named any.
    """
    uncounted = {
        *(() if person.targets or any(person.skills.values()) else ("skills",)),
        *(() if person.interests else ("field",)),
    }
    return [
        Slider(name, str(label), _shown(person, name))
        for name, label in aspects.labels().items()
        if name not in uncounted
    ]


def _shown(person: Candidate, name: str) -> int:
    quick, deep = POLES[name]
    by_aim = (1 - person.goal) * quick + person.goal * deep
    return round(person.importance.get(name, by_aim))


def as_sent(shown: list[Slider], profile: CandidateProfile | None) -> str:
    """Return where the sliders of a page stand, as its form carries it.

    The version of the profile stands before them: the same move made again is another form.
    """
    version = profile.version if profile else 0
    return ",".join([f"{version}", *(f"{slider.name}:{slider.value}" for slider in shown)])


def moved(sent: Mapping[str, str], was: str) -> dict[str, int]:
    """Return the sliders that stand elsewhere than on the page that was drawn."""
    drawn = dict(part.split(":", 1) for part in was.split(",") if ":" in part)
    values: dict[str, int] = {}
    for name in POLES:
        said = sent.get(name)
        if said is None or said == drawn.get(name):
            continue
        if said not in map(str, STEPS):
            words = _("%(aspect)s: choose 0 to 4.") % {"aspect": aspects.labels()[name]}
            raise Invalid(Fault(name, "out_of_range", words))
        values[name] = int(said)
    return values


@transaction.atomic
def weigh(*, owner: ProfileOwner, values: Mapping[str, int], at: datetime) -> None:
    """Keep where sliders were put; the others stay as they are."""
    if not values:
        return
    kept = profiles.locked(owner).importance
    profiles.change(owner=owner, facts={"importance": {**kept, **values}}, at=at)


def reset(*, owner: ProfileOwner, at: datetime) -> None:
    """Let the aim decide again how much everything counts."""
    profiles.change(owner=owner, facts={"importance": {}}, at=at)
