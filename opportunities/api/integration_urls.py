"""Addresses for other systems: keys, imports, webhooks, events, credentials; under ``/api/v1/``."""

from django.urls import path

from opportunities.engagements.api import credentials
from opportunities.importing import api as imports
from opportunities.roles.api import sourcing
from opportunities.webhooks import api as webhooks

ENDPOINT = "webhook-endpoints/<str:public_id>"

urlpatterns = [
    path(
        "opportunities/by-source/<str:source>/<str:external_id>",
        sourcing.BySource.as_view(),
        name="by-source",
    ),
    path("imports", imports.Imports.as_view(), name="imports"),
    path("imports/<str:public_id>", imports.ImportDetail.as_view(), name="import"),
    path("webhook-endpoints", webhooks.Endpoints.as_view(), name="webhooks"),
    path(ENDPOINT, webhooks.EndpointDetail.as_view(), name="webhook"),
    path(f"{ENDPOINT}/rotate", webhooks.EndpointRotation.as_view(), name="webhook-rotate"),
    path(f"{ENDPOINT}/test", webhooks.EndpointTest.as_view(), name="webhook-test"),
    path(f"{ENDPOINT}/deliveries", webhooks.Deliveries.as_view(), name="deliveries"),
    path(
        f"{ENDPOINT}/deliveries/<str:delivery_id>/retry",
        webhooks.DeliveryRetry.as_view(),
        name="delivery-retry",
    ),
    path("events", webhooks.Events.as_view(), name="events"),
    path("credentials/status", credentials.Status.as_view(), name="credential-status"),
    path("credentials/verify", credentials.Verification.as_view(), name="credential-verify"),
    path("credentials/<str:public_id>", credentials.CredentialDetail.as_view(), name="credential"),
]
