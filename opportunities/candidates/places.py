"""In which time zone somebody lives or works, where nothing better tells by whose clock they read.

A candidate's is that of the first city they reach, a member's that of their employer's city.
"""

from functools import partial
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest

from opportunities.accounts.models import User
from opportunities.candidates import guest_profile, profiles
from opportunities.candidates.profiles import ProfileOwner
from opportunities.core.errors import NotFound
from opportunities.employers.models import Employer
from opportunities.places import areas, gazetteer

SECONDS: Final = 600
"""For how long an answer is kept: every page would ask."""


def place_zone(request: HttpRequest | None, user: User | None) -> str:
    """Return the zone of the profile's or the employer's city, or nothing."""
    owner: ProfileOwner | None = user or (guest_profile.owner_of(request) if request else None)
    if owner is None:
        return ""
    whose = str(owner.pk) if isinstance(owner, User) else owner[0]
    look = partial(_look, request, owner)
    zone: str = cache.get_or_set(f"place_zone:{whose}", look, SECONDS) or ""
    return zone


def _look(request: HttpRequest | None, owner: ProfileOwner) -> str:
    try:
        found = guest_profile.find(request, owner) if request else profiles.find(owner=owner)
        reached = found.areas
    except NotFound:
        reached = []
    numbers = [area["city"] for area in reached if "city" in area]
    if not numbers and isinstance(owner, User):
        for employer in Employer.objects.filter(memberships__user=owner).order_by("pk")[:1]:
            home = (employer.place, employer.country)
            numbers = areas.site_of("", "", "", of_employer=home)
    return next((city.time_zone for city in gazetteer.cities(numbers)), "")
