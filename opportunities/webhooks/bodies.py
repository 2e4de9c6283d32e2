"""What a webhook is sent: thin JSON, without a word about any person."""

import json

from opportunities.webhooks.models import Event, WebhookEndpoint


def body_of(event: Event) -> str:
    """Return the body that tells of an event."""
    return _body(event.type, event.at.isoformat(), event.subject, event.url, event.version)


def test_body(endpoint: WebhookEndpoint, moment: str) -> str:
    """Return the body of a test: the endpoint itself is what it names."""
    url = f"/api/v1/webhook-endpoints/{endpoint.public_id}"
    return _body("webhook.test", moment, endpoint.public_id, url, 1)


def _body(kind: str, moment: str, subject: str, url: str, version: int) -> str:
    data = {"id": subject, "url": url, "version": version}
    return json.dumps({"type": kind, "timestamp": moment, "data": data}, separators=(",", ":"))
