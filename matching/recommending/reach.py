"""What became of introductions: how many were made, opened, and led to an application."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q

from matching.models import Introduction, Toward
from opportunities.applications.models import Application, RoleInvitation
from opportunities.candidates.models import CandidateProfile


@dataclass(frozen=True, slots=True)
class Reach:
    """The steps of one direction; ``opened`` by whoever was told.

    ``invited`` counts only where employers were told of candidates.
    """

    introduced: int
    opened: int
    invited: int
    applied: int


def reach(toward: Toward, *, roles: Collection[int] | None = None) -> Reach:
    """Count the steps of introductions in one direction, of some roles or of all.

    Only profiles that count are counted. An employer opened an introduction when the person was
    shown on the role's page; an application counts if it came after the introduction.
    """
    rows = Introduction.objects.filter(
        toward=toward, candidate__in=CandidateProfile.objects.counted()
    )
    if roles is not None:
        rows = rows.filter(role__in=roles)
    pair = {"profile": OuterRef("candidate"), "opportunity": OuterRef("role")}
    invited = RoleInvitation.objects.filter(**pair, invited_at__gte=OuterRef("at"))
    applied = Application.objects.filter(**pair, submitted_at__gte=OuterRef("at"))
    opened = "opened_at" if toward == Toward.CANDIDATE else "seen_at"
    counts = rows.annotate(
        was_opened=F(opened), was_invited=Exists(invited), has_applied=Exists(applied)
    ).aggregate(
        introduced=Count("pk"),
        opened=Count("pk", filter=Q(was_opened__isnull=False)),
        invited=Count("pk", filter=Q(was_invited=True)),
        applied=Count("pk", filter=Q(has_applied=True)),
    )
    return Reach(**counts)
