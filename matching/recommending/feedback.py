"""What a candidate makes of a match: it was shown or opened, left out, or let in again.

What was shown and opened, one row for each role, measures the lists (``evaluate_matching``) and the
employer's funnel. It is a count, not a decision: nothing that a person sees depends on it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection

from matching.models import Dismissal, Feedback
from opportunities.candidates import moving

moving.moves(Dismissal, moving.rows_of(Dismissal, once="opportunity"))
moving.moves(Feedback, moving.rows_of(Feedback, once="opportunity"))

MOST_AT_ONCE: Final = 100
DEEPEST_PLACE: Final = 1000

SHOWN: Final = f"""
    INSERT INTO {Feedback._meta.db_table} AS noted
        (profile_id, opportunity_id, times_shown, best_place, first_shown_at)
    SELECT %(profile)s, role, 1, place, %(at)s
    FROM unnest(%(roles)s::bigint[], %(places)s::int[]) AS seen (role, place) ORDER BY role
    ON CONFLICT (profile_id, opportunity_id) DO UPDATE SET
        times_shown = noted.times_shown + 1,
        best_place = least(noted.best_place, excluded.best_place)
"""  # noqa: S608
OPENED: Final = f"""
    INSERT INTO {Feedback._meta.db_table} AS noted
        (profile_id, opportunity_id, times_shown, first_shown_at, opened_at)
    VALUES (%(profile)s, %(role)s, 0, %(at)s, %(at)s)
    ON CONFLICT (profile_id, opportunity_id) DO UPDATE
    SET opened_at = coalesce(noted.opened_at, excluded.opened_at)
"""  # noqa: S608


def shown(
    *, profile_id: int, opportunity_ids: Sequence[int], first_place: int, at: datetime
) -> None:
    """Note a page of matches; ``first_place`` is 1 at the top of the list."""
    roles = list(opportunity_ids)[:MOST_AT_ONCE]
    places = [min(DEEPEST_PLACE, first_place + place) for place in range(len(roles))]
    if roles:
        with connection.cursor() as cursor:
            cursor.execute(
                SHOWN,
                {"profile": profile_id, "roles": roles, "places": places, "at": at},
            )


def opened(*, profile_id: int, opportunity_id: int, at: datetime) -> None:
    """Note that a candidate looked at a match closely."""
    with connection.cursor() as cursor:
        cursor.execute(OPENED, {"profile": profile_id, "role": opportunity_id, "at": at})


def dismiss(*, profile_id: int, opportunity_id: int, reason: str, at: datetime) -> None:
    """Hide a role from this candidate; it teaches nobody else's ranking anything."""
    Dismissal.objects.update_or_create(
        profile_id=profile_id,
        opportunity_id=opportunity_id,
        defaults={"reason": reason, "at": at},
    )


def recall(*, profile_id: int, opportunity_id: int) -> None:
    """Show a dismissed role again."""
    Dismissal.objects.filter(profile_id=profile_id, opportunity_id=opportunity_id).delete()
