"""What other systems are given: tokens with scopes, events, webhooks, and repeated answers."""

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opportunities.core import identifiers
from opportunities.core.encryption import Cipher
from opportunities.core.queued import Outgoing
from opportunities.core.ranges import array_of, once

EVENT_WORDS: Final[Mapping[str, Promise]] = {
    "opportunity.submitted": _("A role is sent for review"),
    "opportunity.published": _("A role is published"),
    "opportunity.changes_requested": _("Changes to a role are asked for"),
    "opportunity.rejected": _("A role is rejected"),
    "opportunity.closed": _("A role is closed"),
    "opportunity.expired": _("The last day to apply is over"),
    "application.created": _("Somebody applies"),
    "application.withdrawn": _("An application is withdrawn"),
    "application.decided": _("An application is decided"),
    "credential.issued": _("A credential is issued"),
    "credential.revoked": _("A credential is revoked"),
    "employer.verified": _("The organization is verified"),
    "employer.blocked": _("The organization is blocked"),
}
EVENT_TYPES: Final = tuple(EVENT_WORDS)
SIGNING_SECRETS: Final = Cipher(b"opportunities.webhooks.signing_secrets")


class Event(models.Model):
    """Something that happened, told to the people it concerns; rows are only ever added.

    ``transaction`` orders events by when they became visible: a reader who only looks at
    transactions older than every running one never misses a late commit.
    """

    public_id = identifiers.column(identifiers.event_id)
    type = models.CharField(max_length=32)
    subject = models.CharField(max_length=40, help_text="Public id of what it happened to.")
    url = models.CharField(max_length=200, help_text="Path in the API.")
    version = models.PositiveIntegerField(default=1)
    employer = models.ForeignKey(
        "employers.Employer",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="events",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(db_index=True)
    transaction = models.BigIntegerField(
        db_default=Cast(
            Cast(
                Func(function="pg_current_xact_id", output_field=models.TextField()),
                models.TextField(),
            ),
            models.BigIntegerField(),
        ),
        editable=False,
    )

    class Meta:
        indexes = [models.Index(fields=["transaction", "id"], name="event_order")]
        constraints = [
            models.CheckConstraint(name="event_type_is_known", condition=Q(type__in=EVENT_TYPES)),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"


class WebhookEndpoint(models.Model):
    """An address of an employer's own system that is told of events.

    Both secrets are kept encrypted, by ``SIGNING_SECRETS``.
    """

    public_id = identifiers.column(identifiers.webhook_id)
    employer = models.ForeignKey(
        "employers.Employer", on_delete=models.CASCADE, related_name="webhook_endpoints"
    )
    url = models.URLField(max_length=300)
    types = ArrayField(models.CharField(max_length=32), size=len(EVENT_TYPES))
    secret = models.CharField(max_length=200, editable=False)
    former_secret = models.CharField(max_length=200, blank=True, editable=False)
    former_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_because = models.CharField(max_length=120, blank=True)
    leased_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="A sweep is sending to it."
    )
    paused_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="It did not answer in time."
    )
    timeouts = models.PositiveSmallIntegerField(default=0, editable=False, help_text="In a row.")

    class Meta:
        constraints = [array_of("webhook_endpoint", "types", EVENT_TYPES)]

    def __str__(self) -> str:
        return f"{self.url} (#{self.pk})"

    @property
    def readable_secret(self) -> str:
        """The secret as its owner's system knows it; raises ``KeyIsLost``."""
        return SIGNING_SECRETS.decrypt(self.secret)


class WebhookDelivery(Outgoing):
    """One event owed to one endpoint, tried until it is taken or given up."""

    public_id = identifiers.column(identifiers.webhook_delivery_id)
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries"
    )
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, null=True, blank=True, help_text="None: a test."
    )
    body = models.TextField(max_length=2000)
    created_at = models.DateTimeField(editable=False)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Outgoing.Meta):
        verbose_name_plural = "webhook deliveries"
        constraints = [
            *Outgoing.Meta.constraints,
            once("webhook_delivery_once", "endpoint", "event"),
        ]

    def __str__(self) -> str:
        return f"webhook delivery {self.public_id} (#{self.pk})"
