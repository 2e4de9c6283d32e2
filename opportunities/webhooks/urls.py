"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.webhooks import api as webhooks
from opportunities.webhooks import views

ENDPOINT = "webhook-endpoints/<str:public_id>"

PAGES = [path("employer/webhooks/<slug:slug>/", views.webhooks, name="webhooks")]

API = [
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
]
