"""Files and readings in the admin: how far each is; what was given up can be tried again."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from opportunities.accounts.desks import Queue
from opportunities.importing.jobs import IMPORTS
from opportunities.importing.models import ImportJob, SourceReading
from opportunities.importing.readings import READINGS


class WithoutFile(Queue):
    """How far each is; the file itself stays where it is."""

    list_filter = (
        ("dead_at", admin.EmptyFieldListFilter),
        ("finished_at", admin.EmptyFieldListFilter),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("content")


@admin.register(ImportJob)
class ImportJobAdmin(WithoutFile):
    """Files of roles."""

    kind = IMPORTS
    list_display = ("public_id", "employer", "state", "done", "total", "attempts", "created_at")
    list_select_related = ("employer",)


@admin.register(SourceReading)
class SourceReadingAdmin(WithoutFile):
    """Readings of sources."""

    kind = READINGS
    list_display = ("public_id", "source", "kind_of", "state", "done", "total", "created_at")
    list_select_related = ("source",)

    @admin.display(description="Kind")
    def kind_of(self, reading: SourceReading) -> str:
        """Return the column ``kind``, whose name the desk itself has for the queue."""
        return reading.get_kind_display()
