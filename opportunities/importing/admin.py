"""Files and readings in the admin: how far each is; what was given up can be tried again."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from opportunities.accounts.desks import Queue
from opportunities.importing.jobs import IMPORTS
from opportunities.importing.models import ImportJob, SourceReading
from opportunities.importing.readings import READINGS


@admin.register(ImportJob)
class ImportJobAdmin(Queue):
    """Files of roles: how far each is, without the file."""

    kind = IMPORTS
    list_display = ("public_id", "employer", "state", "done", "total", "attempts", "created_at")
    list_filter = (
        ("dead_at", admin.EmptyFieldListFilter),
        ("finished_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("employer",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportJob]:
        return super().get_queryset(request).defer("content")


@admin.register(SourceReading)
class SourceReadingAdmin(Queue):
    """Readings of sources: how far each is, without the file."""

    kind = READINGS
    list_display = ("public_id", "source", "kind_of", "state", "done", "total", "created_at")
    list_filter = (
        ("dead_at", admin.EmptyFieldListFilter),
        ("finished_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("source",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceReading]:
        return super().get_queryset(request).defer("content")

    @admin.display(description="Kind")
    def kind_of(self, reading: SourceReading) -> str:
        """Return the column ``kind``, whose name the desk itself has for the queue."""
        return reading.get_kind_display()
