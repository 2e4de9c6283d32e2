"""Webhooks and events over HTTP, for the systems of employers."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.api import Operation, operation, paged, undated
from opportunities.accounts.current import actor
from opportunities.core.api import OneOf, refuse_unknown
from opportunities.employers.api.lookup import own_employer_of
from opportunities.employers.models import MemberRole
from opportunities.webhooks import endpoints, event_log
from opportunities.webhooks.models import EVENT_TYPES, Event, WebhookDelivery, WebhookEndpoint

MOST_EVENTS = 100


class EndpointSerializer(serializers.ModelSerializer[WebhookEndpoint]):
    """An address that is told of events; its secret is shown only when it is made."""

    id = serializers.CharField(source="public_id")
    employer = serializers.CharField(source="employer.public_id")

    class Meta:
        model = WebhookEndpoint
        fields = [
            "id", "employer", "url", "types", "created_at", "disabled_at", "disabled_because",
            "paused_until",
        ]  # fmt: skip


class NewEndpointSerializer(EndpointSerializer):
    """An endpoint with its secret."""

    secret = serializers.CharField(source="readable_secret", read_only=True)

    class Meta(EndpointSerializer.Meta):
        fields = [*EndpointSerializer.Meta.fields, "secret"]


class EndpointInput(serializers.Serializer[dict[str, Any]]):
    employer = serializers.CharField(max_length=40)
    url = serializers.CharField(max_length=300)
    types = serializers.ListField(
        child=OneOf(choices=EVENT_TYPES),
        min_length=1,
        max_length=20,
    )


class EndpointChange(serializers.Serializer[dict[str, Any]]):
    url = serializers.CharField(max_length=300)
    types = serializers.ListField(
        child=OneOf(choices=EVENT_TYPES),
        min_length=1,
        max_length=20,
    )
    enabled = serializers.BooleanField()


class DeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    """One message to one endpoint and what became of it."""

    id = serializers.CharField(source="public_id")
    event = serializers.CharField(source="event.public_id", allow_null=True, default=None)

    class Meta:
        model = WebhookDelivery
        fields = [
            "id", "event", "body", "attempts", "created_at", "due_at", "sent_at", "dead_at",
            "last_status", "last_error",
        ]  # fmt: skip


class MarketEventSerializer(serializers.ModelSerializer[Event]):
    """What happened: the same as a webhook is sent."""

    id = serializers.CharField(source="public_id")
    timestamp = serializers.DateTimeField(source="at")
    subject = serializers.CharField()

    class Meta:
        model = Event
        fields = ["id", "type", "timestamp", "subject", "url", "version"]


class EventsSerializer(serializers.Serializer[dict[str, Any]]):
    """Events in order, and the id to ask on from."""

    events = MarketEventSerializer(many=True)
    after = serializers.CharField(allow_blank=True)


def own_endpoints(request: Request) -> QuerySet[WebhookEndpoint]:
    """Return the webhooks of the employers that the reader owns."""
    owned = actor(request).memberships.filter(role=MemberRole.OWNER).values("employer")
    return WebhookEndpoint.objects.filter(employer__in=owned).select_related("employer")


def endpoint_of(request: Request, public_id: str) -> WebhookEndpoint:
    """Return a webhook of an employer that the reader owns, or raise ``Http404``."""
    return get_object_or_404(own_endpoints(request), public_id=public_id[:40])


def _with_secret(endpoint: WebhookEndpoint, *, code: int = 200) -> Response:
    headers = {"Cache-Control": "no-store"}
    if code == 201:
        headers["Location"] = f"/api/v1/webhook-endpoints/{endpoint.public_id}"
    return Response(NewEndpointSerializer(endpoint).data, status=code, headers=headers)


class Endpoints(APIView):
    @paged("webhooks_list", EndpointSerializer, order=("-created_at", "-id"))
    def get(self, request: Request) -> QuerySet[WebhookEndpoint]:
        """List the webhooks of the employers that one owns."""
        return own_endpoints(request)

    @operation(
        "webhooks_create",
        takes=EndpointInput,
        gives=NewEndpointSerializer,
        code=201,
        answer=lambda made: _with_secret(made, code=201),
    )
    def post(self, request: Request) -> Operation:
        """Have events sent to an address; the secret in the answer is shown only now."""
        return lambda employer, **call: endpoints.create(
            employer_id=own_employer_of(request, employer).pk, **call
        )


class EndpointDetail(APIView):
    @extend_schema(operation_id="webhooks_read", responses=EndpointSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return one webhook."""
        return Response(EndpointSerializer(endpoint_of(request, public_id)).data)

    @operation("webhooks_change", takes=EndpointChange, gives=EndpointSerializer, partial=True)
    def patch(self, request: Request, public_id: str) -> Operation:
        """Change the address or the types, or switch a webhook off or on."""
        return partial(endpoints.change, endpoint_id=endpoint_of(request, public_id).pk)

    @operation("webhooks_remove", code=204)
    def delete(self, request: Request, public_id: str) -> Operation:
        """Send nothing to this address any more."""
        return undated(endpoints.remove, endpoint_id=endpoint_of(request, public_id).pk)


class EndpointRotation(APIView):
    @operation("webhooks_rotate", gives=NewEndpointSerializer, answer=_with_secret)
    def post(self, request: Request, public_id: str) -> Operation:
        """Draw a new secret; the former one signs beside it for a day."""
        return partial(endpoints.rotate, endpoint_id=endpoint_of(request, public_id).pk)


class EndpointTest(APIView):
    @operation("webhooks_test", gives=DeliverySerializer, code=202)
    def post(self, request: Request, public_id: str) -> Operation:
        """Send a test message."""
        return partial(endpoints.test, endpoint_id=endpoint_of(request, public_id).pk)


class Deliveries(APIView):
    @paged("webhooks_deliveries_list", DeliverySerializer, order=("-created_at", "-id"))
    def get(self, request: Request, public_id: str) -> QuerySet[WebhookDelivery]:
        """List what was sent in the last 30 days, newest first."""
        return endpoint_of(request, public_id).deliveries.select_related("event")


class DeliveryRetry(APIView):
    @operation("webhooks_retry", gives=DeliverySerializer, code=202)
    def post(self, request: Request, public_id: str, delivery_id: str) -> Operation:
        """Send a message again."""
        endpoint = endpoint_of(request, public_id)
        return partial(endpoints.retry, endpoint_id=endpoint.pk, delivery_id=delivery_id)


class Events(APIView):
    @extend_schema(
        operation_id="events_list",
        parameters=[OpenApiParameter("after", {"type": "string", "maxLength": 40})],
        responses=EventsSerializer,
    )
    def get(self, request: Request) -> Response:
        """Return up to 100 events that follow ``after``, oldest first, kept for 30 days."""
        refuse_unknown(request, known={"after"})
        after = request.query_params.get("after", "")
        rows = list(event_log.readable(actor(request), after=after)[:MOST_EVENTS])
        return Response(
            {
                "events": MarketEventSerializer(rows, many=True).data,
                "after": rows[-1].public_id if rows else after,
            }
        )
