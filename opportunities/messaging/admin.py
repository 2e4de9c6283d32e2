"""What waits for a worker; what was given up can be tried again."""

from django.contrib import admin

from opportunities.accounts.desks import Queue
from opportunities.messaging.delivery import NOTICES
from opportunities.messaging.letters import LETTERS
from opportunities.messaging.models import Delivery, Letter


@admin.register(Delivery)
class DeliveryAdmin(Queue):
    """The emails of notices."""

    kind = NOTICES
    list_display = ("id", "notice", "due_at", "attempts", "sent_at", "dead_at", "last_error")
    list_select_related = ("notice",)


@admin.register(Letter)
class LetterAdmin(Queue):
    """Letters to addresses without an account; the links inside are not shown."""

    kind = LETTERS
    is_sealed = True
    list_display = ("id", "due_at", "attempts", "sent_at", "dead_at", "last_error")
