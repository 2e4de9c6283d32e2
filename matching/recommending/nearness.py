"""How far a role is from where somebody is: what a page says beside the name of the place."""

from matching.engine import Candidate
from opportunities.places.gazetteer import distance
from opportunities.roles.models import Mode, Opportunity


def km_away(person: Candidate, role: Opportunity) -> int | None:
    """Return the way from the nearest place that the person named, or None where nobody can say.

    A person who named whole counties or countries alone is nowhere in particular, and remote work
    is nowhere at all.
    """
    if role.mode == Mode.REMOTE:
        return None
    ways = [
        distance(town.latitude, town.longitude, area.latitude, area.longitude)
        for town in role.towns
        for area in person.areas
        if area.latitude is not None and area.longitude is not None
    ]
    return round(min(ways)) if ways else None
