"""What somebody has already done with a role: saved it, applied to it, and how far that came."""

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opportunities.applications.models import Application, ExternalApplication
from opportunities.candidates.models import CandidateProfile, SavedRole
from opportunities.core.languages import Translatable
from opportunities.core.lifecycle import ApplicationStatus
from opportunities.core.page_cache import Basis

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
    with connection.cursor() as cursor:
        cursor.execute(_STATES, {"profile": profile.pk, "roles": list(roles)})
        return {role: OwnState(*state) for role, *state in cursor}


_STATES: Final = """
    SELECT role, saved.id IS NOT NULL, stated.id IS NOT NULL,
        coalesce(applied.public_id, ''), coalesce(applied.status, '')
    FROM unnest(%(roles)s::bigint[]) AS asked (role)
    LEFT JOIN candidates_savedrole AS saved
        ON saved.profile_id = %(profile)s AND saved.opportunity_id = role
    LEFT JOIN applications_externalapplication AS stated
        ON stated.profile_id = %(profile)s AND stated.opportunity_id = role
    LEFT JOIN LATERAL (
        SELECT public_id, status FROM applications_application
        WHERE profile_id = %(profile)s AND opportunity_id = role ORDER BY id DESC LIMIT 1
    ) AS applied ON true
"""
"""Of each role: whether it is saved, whether they said they applied, and the last application."""


def rest_on(basis: Basis, profile: CandidateProfile | None) -> None:
    """Let a page rest on all that ``own_states`` reads."""
    if profile is not None:
        for model in (SavedRole, Application, ExternalApplication):
            basis.add_of(model, profile_id=profile.pk)
