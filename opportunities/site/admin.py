"""Every other table, to look at; what people wrote to each other stays sealed."""

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from opportunities.accounts.desks import History
from opportunities.accounts.models import StoredAnswer
from opportunities.applications.models import (
    Answer,
    Application,
    ApplicationNote,
    InterviewSlot,
    Message,
    RoleInvitation,
)
from opportunities.candidates.models import CandidateProfile, Resume, SavedSearch
from opportunities.engagements.models import Review
from opportunities.importing.models import ImportJob
from opportunities.messaging.models import Notice
from opportunities.models.sessions import StoredSession

UNSEEN = frozenset({StoredSession})
"""Whoever reads the key of a session is signed in as somebody else."""

SEALED = (
    Answer, Application, ApplicationNote, CandidateProfile, InterviewSlot, Message, Notice, Resume,
    Review, RoleInvitation, SavedSearch, StoredAnswer,
)  # fmt: skip


class Sealed(History):
    """Rows whose words only the people concerned read."""

    is_sealed = True


@admin.register(ImportJob)
class ImportJobAdmin(History):
    """Files of roles: how far each is, without the file."""

    list_display = ("public_id", "employer", "state", "done", "total", "left_out", "created_at")
    list_filter = ("state",)
    list_select_related = ("employer",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportJob]:
        return super().get_queryset(request).defer("content")


admin.site.register(SEALED, Sealed)
for table in apps.get_app_config("opportunities").get_models():
    if not admin.site.is_registered(table) and table not in UNSEEN:
        admin.site.register(table, History)
