"""How often a candidate is told of new matches, and when each one is told."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from matching.models import Introduction, IntroductionPreference, IntroductionRhythm
from opportunities.accounts.models import User
from opportunities.accounts.time_zones import zone_of
from opportunities.candidates.models import CandidateProfile
from opportunities.core import clock
from opportunities.core.errors import Fault, Invalid
from opportunities.core.rows import update_row
from opportunities.messaging import quiet


def preference_of(profile: CandidateProfile) -> IntroductionPreference:
    """Return what a candidate chose, or the usual choices, which are not stored."""
    kept: IntroductionPreference | None = getattr(profile, "introduction_preference", None)
    return kept or IntroductionPreference(profile=profile)


def due_at(
    preference: IntroductionPreference, score: int, *, zone: ZoneInfo, at: datetime
) -> datetime | None:
    """Return when a match with this number is told by notice and email; None for never."""
    match preference.rhythm:
        case IntroductionRhythm.NEVER:
            return None
        case IntroductionRhythm.WEEKLY:
            return quiet.next_monday(at, zone)
        case IntroductionRhythm.AT_ONCE if score >= preference.at_once_from:
            return at
    return quiet.next_morning(at, zone)


@transaction.atomic
def choose(
    *, profile: CandidateProfile, rhythm: str, at_once_from: object = None, at: datetime
) -> IntroductionPreference:
    """Set how often a candidate is told; what was not told yet follows the new choice.

    Raises ``Invalid`` that names every field at fault.
    """
    faults = []
    if rhythm not in IntroductionRhythm.values:
        known = ", ".join(IntroductionRhythm.values)
        said = _("rhythm is one of: %(known)s.") % {"known": known}
        faults.append(Fault("rhythm", "unknown_choice", said))
    score = preference_of(profile).at_once_from
    if at_once_from not in (None, ""):
        text = str(at_once_from)
        if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100:
            score = int(text)
        else:
            faults.append(
                Fault("at_once_from", "out_of_range", _("at_once_from is a number from 0 to 100."))
            )
    if faults:
        raise Invalid(*faults)
    kept, _is_new = IntroductionPreference.objects.update_or_create(
        profile=profile, defaults={"rhythm": rhythm, "at_once_from": score}
    )
    zone = zone_of(profile.user) if profile.user else clock.zone_of("UTC")
    waiting = Introduction.objects.to_candidates().filter(
        candidate=profile, told_at__isnull=True, explained_at__isnull=False
    )
    for row in waiting.unseen().select_for_update():
        due = due_at(kept, row.score, zone=zone, at=at) if profile.user else None
        update_row(row, due_at=due)
    return kept


def stop(person: User) -> None:
    """Tell this person of no new match any more: what the link in each email does."""
    profile = CandidateProfile.objects.of(person).first()
    if profile is None:
        return
    IntroductionPreference.objects.update_or_create(
        profile=profile, defaults={"rhythm": IntroductionRhythm.NEVER}
    )
    Introduction.objects.to_candidates().filter(candidate=profile).update(due_at=None)


def is_stopped(person: User) -> bool:
    """Say whether this person is told of no new match."""
    profile = CandidateProfile.objects.of(person).first()
    return profile is None or preference_of(profile).rhythm == IntroductionRhythm.NEVER
