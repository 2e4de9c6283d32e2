"""Every other table, to look at; what people wrote to each other stays sealed."""

from operator import itemgetter
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.utils.text import capfirst
from knox import admin as of_knox
from knox.models import AuthToken

from opportunities import ROOMS
from opportunities.accounts.desks import History
from opportunities.accounts.models import Draft, StoredAnswer, StoredSession
from opportunities.applications.models import (
    Answer,
    Application,
    ApplicationNote,
    ExternalApplication,
    InterviewSlot,
    Message,
    RoleInvitation,
)
from opportunities.candidates.models import CandidateProfile, PromisedProfile, Resume, SavedSearch
from opportunities.engagements.models import Review
from opportunities.messaging.models import Notice
from opportunities.site import settings_admin
from opportunities.site.models import PolicyReport

__all__ = ["of_knox", "settings_admin"]

UNSEEN = frozenset({StoredSession, Draft, PromisedProfile})
"""Whoever reads the key of a session is signed in as somebody else; what somebody has not sent is
nobody else's, and whom a guest's profile waits for is nobody's business."""

SEALED = (
    Answer, Application, ApplicationNote, CandidateProfile, ExternalApplication, InterviewSlot,
    Message, Notice, Resume, Review, RoleInvitation, SavedSearch, StoredAnswer,
)  # fmt: skip


class Sealed(History):
    """Rows whose words only the people concerned read."""

    is_sealed = True


@admin.register(PolicyReport)
class PolicyReports(History):
    """What browsers kept pages from doing: a new line is a fault of a page, or an attempt."""

    list_display = ("day", "directive", "blocked", "route", "times")
    list_filter = ("directive",)
    date_hierarchy = "day"


def name_of(table: ContentType | None) -> str:
    """Return what the rows of a table are called, without the name of its app."""
    return capfirst(table.name) if table is not None else ""


class ByTable(admin.RelatedOnlyFieldListFilter):
    """Filters by the tables that something was changed in, under their names."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        there = model_admin.get_queryset(request).values(self.field_path)
        tables = ContentType.objects.filter(pk__in=there)
        return sorted(((str(table.pk), name_of(table)) for table in tables), key=itemgetter(1))


@admin.register(LogEntry)
class AuditLog(History):
    """What administrators changed in the admin: who, when, what, from which page."""

    list_display = ("action_time", "who", "action_flag", "table", "object_repr", "changed")
    list_filter = ("action_flag", ("content_type", ByTable))
    list_select_related = ("user", "content_type")
    search_fields = ("=user__email", "user__name", "object_repr", "change_message")
    search_help_text = "Name or address of who changed it, what it was, or a field that changed."
    date_hierarchy = "action_time"

    @admin.display(description="who")
    def who(self, entry: LogEntry) -> str:
        return entry.user.email

    @admin.display(description="of", ordering="content_type")
    def table(self, entry: LogEntry) -> str:
        return name_of(entry.content_type)

    @admin.display(description="what was changed")
    def changed(self, entry: LogEntry) -> str:
        return entry.get_change_message()


class Tokens(History):
    """Tokens to look at and to revoke; only their owners make any, since each is shown once."""

    list_display = ("token_key", "user", "created", "expiry")
    list_select_related = ("user",)
    search_fields = ("=user__email", "=token_key")
    search_help_text = "Address of the owner, or the first characters of the token."

    def has_delete_permission(self, request: HttpRequest, *_: Any) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["user", "token_key", "created", "expiry"]


admin.site.unregister(AuthToken)
admin.site.register(AuthToken, Tokens)
admin.site.register(SEALED, Sealed)
for room in ROOMS:
    for table in apps.get_app_config(room).get_models():
        if not admin.site.is_registered(table) and table not in UNSEEN:
            admin.site.register(table, History)
