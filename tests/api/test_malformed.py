# ruff: noqa: ARG005  (a table of makers, of which not all need the scene)
"""What nobody can mean is refused by every operation that writes, in the same plain terms."""

import logging
import re
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from typing import Any, Final, NamedTuple

import pytest
from django.urls import resolve
from rest_framework.test import APIClient

from config.api import MEDIA_TYPE
from config.contract import limits
from config.contract.gate import takes_body
from config.contract.parsing import BoundedJSONParser
from opportunities.accounts.models import User
from opportunities.applications.models import Application
from opportunities.roles.models import Opportunity
from tests import factories
from tests.api.contract import schema
from tests.api.malformed import ADDRESSES, BODIES, DATES, HEADERS, JSON, SPOILERS, Body, spoiled

WRITING: Final = ("post", "put", "patch", "delete")
UNREAD: Final = frozenset({400, 413, 415, 422})
"""How a body that nobody can mean is refused: before any question of rights or states."""


class Operation(NamedTuple):
    """One write of the committed schema."""

    method: str
    path: str
    media: str | None
    example: Any
    refusals: frozenset[int]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path.removeprefix('/api/v1')}"

    @property
    def view(self) -> Any:
        """Return the class that answers."""
        return resolve(re.sub(r"\{\w+\}", "1", self.path)).func.cls  # type: ignore[attr-defined]


@cache
def operations() -> list[Operation]:
    """Return every operation that writes, from the committed schema."""
    return [
        Operation(method, path, *_body(operation), _refusals(operation))
        for path, methods in schema()["paths"].items()
        for method, operation in methods.items()
        if method in WRITING
    ]


def _body(operation: dict[str, Any]) -> tuple[str | None, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    media = next(iter(content), None)
    examples = content.get(media, {})
    named = [each["value"] for each in examples.get("examples", {}).values()]
    return media, examples.get("example", named[0] if named else None)


def _refusals(operation: dict[str, Any]) -> frozenset[int]:
    return frozenset(int(code) for code in operation["responses"] if code.startswith("4"))


class Scene:
    """One person who may do everything, and one row of every kind that they may reach."""

    def __init__(self) -> None:
        self.person = factories.UserFactory(is_superuser=True)
        self.employer = factories.EmployerFactory(verified=True)
        self.member = factories.MembershipFactory(
            owner=True, employer=self.employer, user=self.person
        )
        self.profile = factories.CandidateProfileFactory(user=self.person)

    def role(self, state: str = "open", **values: Any) -> Opportunity:
        return factories.OpportunityFactory(**{"employer": self.employer, state: True, **values})

    def example(self, example: Any) -> Any:
        """Return an example with ids of rows that are there."""
        if not isinstance(example, dict):
            return example
        ids = {"employer": self.employer.public_id}
        if "opportunity" in example:
            ids["opportunity"] = self.role().public_id
        return {name: ids.get(name, value) for name, value in example.items()}

    def application(self, state: str = "interviewing") -> Any:
        return factories.ApplicationFactory(
            opportunity=self.role(), profile=self.profile, **{state: True}
        )

    def address(self, path: str) -> str:
        """Return a path with ids of rows that are there; what has none yet gets one of no row."""
        found: dict[str, Any] = {"act": path.rsplit("/", 1)[1]}
        for place in re.finditer(r"\{(\w+)\}", path):
            make = ROWS.get(path[: place.start()].removeprefix("/api/v1/").rstrip("/"))
            found[place[1]] = make(self, found) if make else "7"
        return path.format(**found)


def _item(scene: Scene, _: dict[str, Any]) -> str:
    role = factories.OpportunityFactory(in_review=True)
    return role.public_id


def _endpoint(scene: Scene, found: dict[str, Any]) -> str:
    found["endpoint"] = factories.WebhookEndpointFactory(employer=scene.employer)
    return found["endpoint"].public_id


STATES: Final = {
    "amend": "open",
    "close": "open",
    "extend": "open",
    "invitations": "open",
    "outcome": "closed",
    "questions": "open",
}
"""Acts on a role that is no draft any more."""

ROWS: Final[dict[str, Callable[[Scene, dict[str, Any]], Any]]] = {
    "alerts": lambda scene, _: factories.SavedSearchFactory(profile=scene.profile).public_id,
    "applications": lambda scene, _: scene.application().public_id,
    "applications/{public_id}/slots": lambda scene, found: (
        factories.InterviewSlotFactory(
            application=Application.objects.get(public_id=found["public_id"])
        ).pk
    ),
    "completions": lambda scene, _: (
        factories.CompletionFactory(application=scene.application("completed")).public_id
    ),
    "employers": lambda scene, _: scene.employer.public_id,
    "employers/{public_id}/invitations": lambda scene, _: (
        factories.TeamInvitationFactory(employer=scene.employer).pk
    ),
    "employers/{public_id}/members": lambda scene, _: (
        factories.MembershipFactory(employer=scene.employer).pk
    ),
    "invitations": lambda scene, _: factories.RoleInvitationFactory(profile=scene.profile).pk,
    "matches": lambda scene, _: scene.role().public_id,
    "moderation/appeals": lambda scene, _: factories.AppealFactory().public_id,
    "moderation/employers": lambda scene, _: factories.EmployerFactory().public_id,
    "moderation/items": _item,
    "moderation/reports": lambda scene, _: factories.ReportFactory().public_id,
    "moderation/sanctions": lambda scene, _: factories.SanctionFactory().pk,
    "notices": lambda scene, _: factories.NoticeFactory(recipient=scene.person).public_id,
    "opportunities": lambda scene, found: scene.role(STATES.get(found["act"], "micro")).public_id,
    "opportunities/{public_id}/questions": lambda scene, found: (
        factories.RolePostFactory(
            opportunity=Opportunity.objects.get(public_id=found["public_id"]), author=scene.person
        ).pk
    ),
    "opportunities/by-source": lambda scene, _: "our-ats",
    "opportunities/by-source/{source}": lambda scene, _: "2026-117",
    "profile/blocked-employers": lambda scene, _: (
        factories.BlockedEmployerFactory(profile=scene.profile).employer.public_id
    ),
    "profile/resumes": lambda scene, _: factories.ResumeFactory(profile=scene.profile).pk,
    "saved": lambda scene, _: (
        factories.SavedRoleFactory(
            profile=scene.profile, opportunity=scene.role()
        ).opportunity.public_id
    ),
    "sources": lambda scene, _: factories.SourceFactory(employer=scene.employer).public_id,
    "plans": lambda scene, _: factories.CandidatePlanFactory(profile=scene.profile).public_id,
    "webhook-endpoints": _endpoint,
    "webhook-endpoints/{public_id}/deliveries": lambda scene, found: (
        factories.WebhookDeliveryFactory(endpoint=found["endpoint"]).public_id
    ),
}
"""What stands before an id in an address, to what makes a row with such an id."""


@pytest.fixture
def scene(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr(limits.Quota, "allow_request", lambda *_: True)
    logging.disable()
    yield Scene()
    logging.disable(logging.NOTSET)


def caller(person: User | None) -> APIClient:
    """Return a client that hands broken answers back instead of raising."""
    client = APIClient(headers={"If-Match": "*"}, raise_request_exception=False)
    if person is not None:
        client.force_authenticate(person)
    return client


def complaint(answer: Any, allowed: frozenset[int]) -> str:
    """Say what is wrong with an answer that shall be a documented problem; empty if nothing."""
    if answer.status_code not in allowed:
        return f"{answer.status_code}: {answer.content[:160]!r}"
    if answer["Content-Type"] != MEDIA_TYPE:
        return f"{answer['Content-Type']} instead of problem details"
    problem = answer.json()
    if not {"type", "title", "status", "detail", "instance"} <= problem.keys():
        return f"members are missing: {sorted(problem)}"
    if problem["status"] != answer.status_code:
        return "the status of the body is not that of the answer"
    if len(answer.content) > 20_000:
        return f"an answer of {len(answer.content)} bytes"
    return ""


@cache
def refused_by_the_parser() -> dict[str, type[Exception]]:
    """Return the bodies that no view gets to see, and what the one parser of JSON raises for each.

    What becomes of them is the same for every operation, but for what is raised.
    """
    refused = {}
    for name, body in BODIES.items():
        if body.media.startswith(JSON):
            try:
                BoundedJSONParser().parse(BytesIO(body.content), body.media)
            except Exception as error:  # noqa: BLE001  (whatever it is)
                refused[name] = type(error)
    return refused


@cache
def asked_in_full() -> dict[str | None, Operation]:
    """Return the first operation of each media type: it is sent every body."""
    return {operation.media: operation for operation in reversed(operations())}


def bodies_for(operation: Operation) -> dict[str, Body]:
    """Return what an operation is sent: one body of those that are all refused at one place.

    Where no body is taken, the gate refuses each without a look into it.
    """
    if operation.media not in {JSON, None} or operation is asked_in_full()[operation.media]:
        return BODIES
    if operation.media is None:
        return {name: BODIES[name] for name in UNWANTED}
    refused = refused_by_the_parser()
    one_of_each = {error: name for name, error in reversed(refused.items())}.values()
    return {name: body for name, body in BODIES.items() if name not in refused.keys() - one_of_each}


UNWANTED: Final = (
    "an opening brace alone", "a picture", "null", "an empty text", "more than a megabyte",
    "three megabytes of spaces", "a form", "a form of parts without a boundary",
)  # fmt: skip
"""Bodies for operations that take none: of each size and media type that is read by itself."""

TELLS: Final = {
    "/api/v1/opportunities/assess": ("faults",),
    "/api/v1/profile/json-resume": ("unmapped", "unread"),
    "/api/v1/profile/json-resume/preview": ("unmapped", "unread"),
}
"""Operations whose answer to an object with odd members is the list of those; nothing is kept."""


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_what_nobody_can_mean_is_refused(operation: Operation, scene: Scene) -> None:
    address, client = scene.address(operation.path), caller(scene.person)
    cases = [
        (name, body, operation.refusals & UNREAD) for name, body in bodies_for(operation).items()
    ]
    if operation.media == JSON:
        example = scene.example(operation.example)
        cases += [(name, body, operation.refusals) for name, body in spoiled(example)]
    complaints = {}
    for name, body, allowed in cases:
        answer = client.generic(operation.method.upper(), address, body.content, body.media)
        if answer.status_code == 200 and operation.path in TELLS and len(answer.content) < 20_000:
            told = answer.json()
            if not any(told[name] for name in TELLS[operation.path]):
                complaints[name] = "nothing is told"
        elif complained := complaint(answer, allowed):
            complaints[name] = complained

    assert complaints == {}


FORGET: Final = ("/api/v1/saved/{public_id}", "/api/v1/profile/blocked-employers/{public_id}")
"""Operations that leave something out of a list, 204 whether it was there or not."""


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_ids_and_headers_that_nobody_gave_are_refused(operation: Operation, scene: Scene) -> None:
    method, media = operation.method.upper(), operation.media or ""
    client = caller(scene.person)
    content = b"{}" if media == JSON else b""
    places = re.findall(r"\{(\w+)\}", operation.path)
    complaints = {}
    for id_ in ADDRESSES if places and not operation.path.endswith("{external_id}") else ():
        address = operation.path.format(**dict.fromkeys(places, id_))
        answer = client.generic(method, address, content, media)
        if operation.path in FORGET and answer.status_code == 204:
            continue
        if complained := complaint(answer, operation.refusals):
            complaints[id_[:40]] = complained
    for name, headers in HEADERS.items():
        if "Authorization" in headers or method == "POST":
            stranger = caller(None if "Authorization" in headers else scene.person)
            address = scene.address(operation.path)
            answer = stranger.generic(method, address, b"", media, headers=headers)
            if complained := complaint(answer, operation.refusals):
                complaints[name] = complained

    assert complaints == {}


def test_there_are_at_least_74_and_no_two_alike() -> None:
    bodies = [*BODIES.values()]

    assert len(set(bodies)) == len(bodies) >= 74
    assert len(SPOILERS) + len(DATES) + len(ADDRESSES) + len(HEADERS) >= 50


def test_an_operation_takes_a_body_exactly_if_its_schema_has_one() -> None:
    wrong = [
        str(operation)
        for operation in operations()
        if takes_body(operation.view, operation.method.upper()) != (operation.media is not None)
    ]

    assert wrong == []


def test_every_body_in_json_is_read_by_the_one_parser() -> None:
    read_otherwise = [
        str(operation)
        for operation in operations()
        if operation.media == JSON and operation.view.parser_classes != [BoundedJSONParser]
    ]

    assert read_otherwise == []


def test_a_body_that_says_nothing_is_none(scene: Scene) -> None:
    client = caller(scene.person)

    for content in (b"", b"{}", b" {}\n"):
        address = scene.address("/api/v1/notices/{public_id}/read")
        assert client.generic("POST", address, content, JSON).status_code == 200
