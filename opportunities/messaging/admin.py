"""What waits for a worker; what was given up can be tried again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from opportunities.accounts.desks import History
from opportunities.core import outbox
from opportunities.importing.jobs import IMPORTS
from opportunities.importing.models import ImportJob
from opportunities.messaging.delivery import NOTICES
from opportunities.messaging.letters import LETTERS
from opportunities.messaging.models import Delivery, Letter
from opportunities.webhooks.models import WebhookDelivery
from opportunities.webhooks.sending import WEBHOOKS

UNSENT = (("dead_at", admin.EmptyFieldListFilter), ("sent_at", admin.EmptyFieldListFilter))


class Queue(History):
    """A kind of work: when each row is due, how often it was tried, and whether it was given up."""

    kind: outbox.Kind[Any]
    list_filter = UNSENT
    actions = ("try_again",)

    @admin.action(description="Try again")
    def try_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Give what was given up another round of attempts."""
        chosen = list(queryset.values_list("pk", flat=True))
        revived = outbox.revive(self.kind, chosen, at=timezone.now())
        messages.info(request, f"{revived} will be tried again.")


@admin.register(Delivery)
class DeliveryAdmin(Queue):
    """The e-mails of notices."""

    kind = NOTICES
    list_display = ("id", "notice", "due_at", "attempts", "sent_at", "dead_at", "last_error")
    list_select_related = ("notice",)


@admin.register(Letter)
class LetterAdmin(Queue):
    """Letters to addresses without an account; the links inside are not shown."""

    kind = LETTERS
    is_sealed = True
    list_display = ("id", "due_at", "attempts", "sent_at", "dead_at", "last_error")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(Queue):
    """Events on their way to employers' own systems."""

    kind = WEBHOOKS
    list_display = ("public_id", "endpoint", "due_at", "attempts", "sent_at", "dead_at")
    list_select_related = ("endpoint",)


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
