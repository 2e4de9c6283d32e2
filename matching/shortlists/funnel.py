"""How people moved through a role, beside the rates of roles like it; counted, never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy, pgettext_lazy

from matching.models import Feedback, Toward
from matching.recommending.reach import Reach, reach
from opportunities.applications.models import Application
from opportunities.candidates.models import CandidateProfile, SavedRole
from opportunities.core import languages
from opportunities.roles.models import Opportunity

LABELS: Final = (
    gettext_lazy("Saw it"),
    gettext_lazy("Opened it"),
    gettext_lazy("Saved it"),
    pgettext_lazy("step of people", "Applied"),
    pgettext_lazy("step of people", "Shortlisted"),
    pgettext_lazy("step of people", "Offered"),
    pgettext_lazy("step of people", "Accepted"),
)
SAW, OPENED, SAVED, APPLIED, SHORTLISTED, OFFERED, ACCEPTED = range(len(LABELS))
OF: Final = {
    OPENED: SAW, SAVED: SAW, APPLIED: OPENED, SHORTLISTED: APPLIED, OFFERED: APPLIED,
    ACCEPTED: OFFERED,
}  # fmt: skip
"""Of whom the people of a step are a part: nobody needs to save a role, and it is saved from a
list as well; a place is offered to people who were not shortlisted too."""
OF_WORDS: Final = {
    SAW: gettext_lazy("%(share)s of those who saw it"),
    OPENED: gettext_lazy("%(share)s of those who opened it"),
    APPLIED: gettext_lazy("%(share)s of those who applied"),
    OFFERED: gettext_lazy("%(share)s of those offered a place"),
}
MOST_PEERS: Final = 200
LEAST_PEERS: Final = 3
"""With fewer roles like it, no rate of theirs is shown."""
PEERS_SINCE: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: how many came so far, of how many of whom, and the peers' share of the same."""

    label: str
    count: int
    share: str
    peers: str
    width: float
    y: int

    @property
    def label_at(self) -> float:
        """Where the number stands: behind its bar."""
        return round(self.width + 38.5, 1)

    @property
    def baseline(self) -> int:
        """The baseline of the words."""
        return self.y + 16


@dataclass(frozen=True, slots=True)
class Funnel:
    """A role's steps, and of how many roles the peers' rates are."""

    steps: tuple[Step, ...]
    peers: int
    to_candidates: Reach
    to_employer: Reach

    @property
    def height(self) -> int:
        """The height of the picture."""
        return 33 * len(self.steps)


def funnel_of(role: Opportunity, *, at: datetime) -> Funnel:
    """Count each step of a role, in eleven queries with those of its peers."""
    peers = list(
        Opportunity.objects.filter(
            kind=role.kind, field=role.field, opened_at__gte=at - PEERS_SINCE, opened_at__lte=at
        )
        .exclude(pk=role.pk)
        .order_by("-opened_at", "-id")
        .values_list("pk", flat=True)[:MOST_PEERS]
    )
    own = _counts([role.pk])
    theirs = _counts(peers) if len(peers) >= LEAST_PEERS else None
    most = max(*own, 1)
    return Funnel(
        steps=tuple(
            Step(
                label=str(label),
                count=own[place],
                share=_said(own, place),
                peers=_share(theirs, place) if theirs else "",
                width=round(50 * own[place] / most, 1),
                y=4 + 33 * place,
            )
            for place, label in enumerate(LABELS)
        ),
        peers=len(peers) if theirs is not None else 0,
        to_candidates=reach(Toward.CANDIDATE, roles=[role.pk]),
        to_employer=reach(Toward.EMPLOYER, roles=[role.pk]),
    )


def _counts(roles: Sequence[int]) -> list[int]:
    """Return how many people came to each step.

    Lists are not the only way to a role. Whoever applied to it has opened it, and whoever saved or
    opened it has seen it, however they came.
    """
    counted = CandidateProfile.objects.counted()
    whose = ("profile", "opportunity")
    feedback = Feedback.objects.filter(opportunity__in=roles, profile__in=counted)
    saved = SavedRole.objects.filter(opportunity__in=roles, profile__in=counted)
    applications = Application.objects.filter(opportunity__in=roles)
    applied = applications.values_list(*whose)
    opened = feedback.filter(opened_at__isnull=False).values_list(*whose).union(applied)
    saw = feedback.filter(Q(times_shown__gt=0) | Q(opened_at__isnull=False)).values_list(*whose)
    steps = applications.aggregate(
        applied=Count("pk"),
        shortlisted=Count("pk", filter=Q(shortlisted_at__isnull=False)),
        offered=Count("pk", filter=Q(offered_at__isnull=False)),
        accepted=Count("pk", filter=Q(accepted_at__isnull=False)),
    )
    return [
        saw.union(saved.values_list(*whose), applied).count(), opened.count(), saved.count(),
        steps["applied"], steps["shortlisted"], steps["offered"], steps["accepted"],
    ]  # fmt: skip


def _share(counts: Sequence[int], place: int) -> str:
    """Return the percentage of those whom the people of a step are a part of, if there are any."""
    whole = counts[OF[place]] if place in OF else 0
    return languages.percent(counts[place] / whole) if whole else ""


def _said(counts: Sequence[int], place: int) -> str:
    share = _share(counts, place)
    return OF_WORDS[OF[place]] % {"share": share} if share else ""
