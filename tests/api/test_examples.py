"""Every example of the schema is sent as it stands, and succeeds for somebody.

Only what names a row is put in place of the example's: no market holds just those rows.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from rest_framework.test import APIClient

from config.contract.examples import VALUES
from matching.store import live
from opportunities.core import outbound
from opportunities.core.lifecycle import ApplicationStatus
from opportunities.employers.models import EmailVerification, Employer
from opportunities.webhooks import addresses
from tests.api.contract import schema
from tests.factories import SkillFactory
from tests.permissions.routes import PARAMETER, ROUTES, Route
from tests.permissions.world import NOW, World

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("openapi")]

JSON: Final = "application/json"
LIKELY: Final = {"candidate", "owner", "moderator"}
"""Whom most operations are for: they are asked first."""


def examples() -> Iterator[tuple[str, str, str, Any]]:
    """Yield name, path, method and body of every example of what is sent."""
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
            bodies = [each["value"] for each in content.get("examples", {}).values()]
            for body in [content["example"]] if "example" in content else bodies:
                yield operation["operationId"], path, method, body


def route_of(path: str, method: str) -> Route:
    """Return the row of the matrix of permissions that is this operation."""
    return next(
        route
        for route in ROUTES
        if route.method == method.upper() and "/" + PARAMETER.sub(r"{\1}", route.path) == path
    )


def with_rows_of(world: World, example: Any, name: str = "") -> Any:
    """Return the example with what names a row of this market, where it names one."""
    rows = {
        "opportunity": world.new_role.public_id,
        "employer": world.employer.public_id,
        "applications": [world.applications[ApplicationStatus.SUBMITTED].public_id],
        "decision": world.decision.pk,
        "resume": world.values["resume_id"],
        "candidate": world.handle,
        "jwt": world.credential,
        "confirm": world.profile.user.email,
    }
    if name in rows:
        return rows[name]
    if isinstance(example, dict):
        return {key: with_rows_of(world, inner, key) for key, inner in example.items()}
    return example


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Any:
    memory = {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    monkeypatch.setattr("config.contract.limits.Quota.allow_request", lambda *_: True)
    for module in (addresses, outbound):
        monkeypatch.setattr(module, "resolve", lambda _, **__: "93.184.215.14")
    live.forget()
    with override_settings(STORAGES=memory), time_machine.travel(NOW, tick=False):
        world = World()
        SkillFactory(slug=VALUES["name"])
        Employer.objects.filter(pk=world.employer.pk).update(domain=VALUES["domain"])
        EmailVerification.objects.update(email=f"office@{VALUES['domain']}")
        yield world
    live.forget()


def answers(world: World, path: str, method: str, example: Any) -> Any:
    """Yield what everybody is answered in every state, and take back what it changed."""
    route = route_of(path, method)
    secrets = {"accept": "join active", "confirm": "verify", "adopt": "k"}
    body = with_rows_of(world, example)
    if isinstance(body, dict) and "secret" in body:
        body["secret"] = secrets[path.rsplit("/", 1)[1]]
    for who in sorted(world.people, key=lambda who: who not in LIKELY):
        client = APIClient(headers={"If-Match": "*"})
        client.force_authenticate(world.people[who])
        for state in route.states:
            if isinstance(body, dict) and "version" in body:
                row = world.row[route.kind][state]
                row.refresh_from_db()
                body["version"] = row.version
            if path.endswith("/verifications"):
                body = {"email": f"office@{world.employers[state].domain}"}
            if path.endswith("/plans"):
                shown = client.get("/api/v1/plans").json().get("data", [])
                body |= {name: plan[name] for plan in shown[:1] for name in ("kind", "key")}
            before = transaction.savepoint_create()
            try:
                yield getattr(client, method)(world.address(route, state), body)
            finally:
                transaction.savepoint_rollback(before)


def test_every_example_succeeds(world: World) -> None:
    refused = {}
    for name, path, method, example in examples():
        heard = []
        for answer in answers(world, path, method, example):
            if answer.status_code < 300:
                break
            heard.append(answer)
        else:
            refused[name] = {
                (answer.status_code, answer.content.decode()[:600])
                for answer in heard
                if answer.status_code not in {401, 403, 404}
            }

    assert refused == {}
