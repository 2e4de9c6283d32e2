"""Files of roles in the admin: how far each is; one that was given up can be tried again."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from opportunities.accounts.desks import Queue
from opportunities.importing.jobs import IMPORTS
from opportunities.importing.models import ImportJob


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
