"""Webhooks and events over HTTP, for the systems of employers."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.current import actor
from opportunities.core.api import listed, read
from opportunities.core.errors import Fault, Invalid
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
        child=serializers.ChoiceField(choices=EVENT_TYPES), min_length=1, max_length=20
    )


class EndpointChange(serializers.Serializer[dict[str, Any]]):
    url = serializers.CharField(max_length=300, required=False)
    types = serializers.ListField(
        child=serializers.ChoiceField(choices=EVENT_TYPES),
        min_length=1,
        max_length=20,
        required=False,
    )
    enabled = serializers.BooleanField(required=False)


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


def endpoint_of(request: Request, public_id: str) -> WebhookEndpoint:
    """Return a webhook of an employer that the reader owns, or raise ``Http404``."""
    owned = actor(request).memberships.filter(role=MemberRole.OWNER).values("employer")
    rows = WebhookEndpoint.objects.filter(employer__in=owned).select_related("employer")
    return get_object_or_404(rows, public_id=public_id[:40])


class Endpoints(APIView):
    @extend_schema(operation_id="webhooks_list", responses=EndpointSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the webhooks of the employers that one owns."""
        owned = actor(request).memberships.filter(role=MemberRole.OWNER).values("employer")
        rows = WebhookEndpoint.objects.filter(employer__in=owned).select_related("employer")
        return listed(rows, request, order=("-created_at", "-id"), shape=EndpointSerializer)

    @extend_schema(
        operation_id="webhooks_create",
        request=EndpointInput,
        responses={201: NewEndpointSerializer},
    )
    def post(self, request: Request) -> Response:
        """Have events sent to an address; the secret in the answer is shown only now."""
        values = read(EndpointInput, request)
        employer = own_employer_of(request, values.pop("employer"))
        endpoint = endpoints.create(
            employer_id=employer.pk, actor=actor(request), at=timezone.now(), **values
        )
        headers = {
            "Location": f"/api/v1/webhook-endpoints/{endpoint.public_id}",
            "Cache-Control": "no-store",
        }
        return Response(NewEndpointSerializer(endpoint).data, status=201, headers=headers)


class EndpointDetail(APIView):
    @extend_schema(operation_id="webhooks_read", responses=EndpointSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return one webhook."""
        return Response(EndpointSerializer(endpoint_of(request, public_id)).data)

    @extend_schema(
        operation_id="webhooks_change", request=EndpointChange, responses=EndpointSerializer
    )
    def patch(self, request: Request, public_id: str) -> Response:
        """Change the address or the types, or switch a webhook off or on."""
        endpoint = endpoints.change(
            endpoint_id=endpoint_of(request, public_id).pk,
            actor=actor(request),
            at=timezone.now(),
            **read(EndpointChange, request, partial=True),
        )
        return Response(EndpointSerializer(endpoint).data)

    @extend_schema(operation_id="webhooks_remove", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Send nothing to this address any more."""
        endpoints.remove(endpoint_id=endpoint_of(request, public_id).pk, actor=actor(request))
        return Response(status=204)


class EndpointRotation(APIView):
    @extend_schema(
        operation_id="webhooks_rotate", request=None, responses={200: NewEndpointSerializer}
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Draw a new secret; the former one signs beside it for a day."""
        endpoint = endpoints.rotate(
            endpoint_id=endpoint_of(request, public_id).pk, actor=actor(request), at=timezone.now()
        )
        headers = {"Cache-Control": "no-store"}
        return Response(NewEndpointSerializer(endpoint).data, headers=headers)


class EndpointTest(APIView):
    @extend_schema(operation_id="webhooks_test", request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, public_id: str) -> Response:
        """Send a test message."""
        delivery = endpoints.test(
            endpoint_id=endpoint_of(request, public_id).pk, actor=actor(request), at=timezone.now()
        )
        return Response(DeliverySerializer(delivery).data, status=202)


class Deliveries(APIView):
    @extend_schema(operation_id="webhooks_deliveries_list", responses=DeliverySerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        """List what was sent in the last 30 days, newest first."""
        rows = endpoint_of(request, public_id).deliveries.select_related("event")
        return listed(rows, request, order=("-created_at", "-id"), shape=DeliverySerializer)


class DeliveryRetry(APIView):
    @extend_schema(operation_id="webhooks_retry", request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, public_id: str, delivery_id: str) -> Response:
        """Send a message again."""
        delivery = endpoints.retry(
            endpoint_id=endpoint_of(request, public_id).pk,
            delivery_id=delivery_id,
            actor=actor(request),
            at=timezone.now(),
        )
        return Response(DeliverySerializer(delivery).data, status=202)


class Events(APIView):
    @extend_schema(
        operation_id="events_list",
        parameters=[OpenApiParameter("after", {"type": "string", "maxLength": 40})],
        responses=EventsSerializer,
    )
    def get(self, request: Request) -> Response:
        """Return up to 100 events that follow ``after``, oldest first, kept for 30 days."""
        if unknown := sorted(set(request.query_params) - {"after"}):
            faults = [Fault(name, "unknown_parameter", f"{name} is unknown.") for name in unknown]
            raise Invalid(*faults)
        after = request.query_params.get("after", "")
        rows = list(event_log.readable(actor(request), after=after)[:MOST_EVENTS])
        return Response(
            {
                "events": MarketEventSerializer(rows, many=True).data,
                "after": rows[-1].public_id if rows else after,
            }
        )
