"""What somebody has already done with a role: saved it, applied to it, and how far that came."""

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opportunities.applications.models import Application, ExternalApplication
from opportunities.candidates.models import CandidateProfile, SavedRole
from opportunities.core.languages import Translatable
from opportunities.core.lifecycle import ApplicationStatus
from opportunities.core.page_cache import Basis
from opportunities.roles.models import Opportunity

WORDS: Final[Mapping[str, Translatable]] = {
    ApplicationStatus.SUBMITTED: gettext_lazy("Applied"),
    ApplicationStatus.SHORTLISTED: gettext_lazy("Shortlisted"),
    ApplicationStatus.INTERVIEWING: gettext_lazy("Interview"),
    ApplicationStatus.OFFERED: gettext_lazy("You have an offer"),
    ApplicationStatus.ACCEPTED: gettext_lazy("The place is yours"),
}
"""What stands on a role instead of Apply; an application that ended is called by its state."""


class OwnState(NamedTuple):
    """One person's state with one role."""

    is_saved: bool = False
    is_stated: bool = False
    """Whether they said that they applied on the employer's own site."""
    application: str = ""
    """The public id of their application."""
    status: str = ""

    @property
    def is_withdrawn(self) -> bool:
        """Say whether they took their application back, and may apply again."""
        return self.status == ApplicationStatus.WITHDRAWN

    @property
    def word(self) -> str:
        """Return what stands instead of Apply, or nothing while they may apply."""
        if not self.status or self.is_withdrawn:
            return _("You applied there") if self.is_stated else ""
        status = ApplicationStatus(self.status)
        return str(WORDS.get(status, status.label))


NOTHING: Final = OwnState()


def own_states(profile: CandidateProfile | None, roles: Collection[int]) -> dict[int, OwnState]:
    """Return what the owner of a profile did with these roles, in one question."""
    if profile is None or not roles:
        return {}
    of_theirs = {"profile": profile, "opportunity": OuterRef("pk")}
    applied = Application.objects.filter(**of_theirs).order_by("-pk")
    found = (
        Opportunity.objects.filter(pk__in=roles)
        .order_by("pk")
        .values_list(
            "pk",
            Exists(SavedRole.objects.filter(**of_theirs)),
            Exists(ExternalApplication.objects.filter(**of_theirs)),
            Coalesce(Subquery(applied.values("public_id")[:1]), Value("")),
            Coalesce(Subquery(applied.values("status")[:1]), Value("")),
        )
    )
    return {role: OwnState(*state) for role, *state in found}


def rest_on(basis: Basis, profile: CandidateProfile | None) -> None:
    """Let a page rest on all that ``own_states`` reads."""
    if profile is not None:
        for model in (SavedRole, Application, ExternalApplication):
            basis.add_of(model, profile_id=profile.pk)
