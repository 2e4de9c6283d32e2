"""Events on their way to other systems; those that were given up can be tried again."""

from django.contrib import admin

from opportunities.accounts.desks import Queue
from opportunities.webhooks.models import WebhookDelivery
from opportunities.webhooks.sending import WEBHOOKS


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(Queue):
    """Events on their way to employers' own systems."""

    kind = WEBHOOKS
    list_display = ("public_id", "endpoint", "due_at", "attempts", "sent_at", "dead_at")
    list_select_related = ("endpoint",)
