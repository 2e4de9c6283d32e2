"""Mails on their way; those that were given up can be tried again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from opportunities.accounts.desks import History
from opportunities.messaging import delivery
from opportunities.messaging.models import Delivery, Letter

UNSENT = (("dead_at", admin.EmptyFieldListFilter), ("sent_at", admin.EmptyFieldListFilter))


@admin.register(Delivery)
class DeliveryAdmin(History):
    list_display = ("id", "notice", "due_at", "attempts", "sent_at", "dead_at")
    list_filter = UNSENT
    list_select_related = ("notice",)
    actions = ("send_again",)

    @admin.action(description="Send again")
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Give mails that were given up another round of attempts."""
        chosen = list(queryset.values_list("pk", flat=True))
        revived = delivery.revive(delivery_ids=chosen, at=timezone.now())
        messages.info(request, f"{revived} will be sent again.")


@admin.register(Letter)
class LetterAdmin(History):
    """Letters to addresses without an account; the links inside are not shown."""

    is_sealed = True
    list_display = ("id", "due_at", "attempts", "sent_at", "dead_at")
    list_filter = UNSENT
