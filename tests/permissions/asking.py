"""Ask an address as everybody, in every state, and put the answers into words."""

import copy
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import WARNING, get_messages
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from opportunities.models import User
from tests.permissions.bodies import sent
from tests.permissions.routes import ALIKE, API, Route
from tests.permissions.world import World

REFUSED: Final = {400, 405, 409, 410, 412, 413, 415, 422, 428, 503}
FILES: Final = {"logo", "file"}
MANY: Final = 4
WIDTH: Final = 14


class Market:
    """The world, and what it answers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people = list(world.people)
        self.client = Client(raise_request_exception=False)

    def lines(self, routes: Iterable[Route]) -> list[str]:
        """Return a line for each answer of each route, with the states that answer so."""
        return [line for route in routes for line in self._lines(route)]

    def _lines(self, route: Route) -> list[str]:
        cache.clear()  # the throttles
        if self._ask("admin", route, route.states[0], {}).status_code == 405:
            return []
        told: dict[tuple[str, ...], list[str]] = defaultdict(list)
        strangers = self._strangers(route)
        for state in route.states:
            body = {} if route.method == "GET" else sent(route, state, self.world)
            said = [
                strangers.get(who) or outcome(self._ask(who, route, state, body))
                for who in self.people
            ]
            told[tuple(said)].append(ALIKE.get(route.kind, {}).get(state, state))
        start = f"{route.method:7}{route.name:75}"
        if len(told) == 1:
            return [f"{start} {_columns(next(iter(told)))}".rstrip()]
        return [
            f"{start} {_columns(words)} {', '.join(states)}".rstrip()
            for words, states in told.items()
        ]

    def _strangers(self, route: Route) -> dict[str, str]:
        """Return the outsiders who are answered alike in the first and the last of many states."""
        if len(route.states) < MANY:
            return {}
        first, last = [
            {
                who: outcome(self._ask(who, route, state, sent(route, state, self.world)))
                for who in sorted(route.outsiders)
            }
            for state in (route.states[0], route.states[-1])
        ]
        return {who: said for who, said in first.items() if last[who] == said}

    def _ask(self, who: str, route: Route, state: str, form: dict[str, Any]) -> Any:
        """Send one request and take back all that it changed."""
        address = self.world.address(route, state)
        body: dict[str, Any] = {"data": form}
        if route.method in {"GET", "DELETE"}:
            body = {}
        elif files := form.keys() & FILES:
            for name in files:
                form[name].seek(0)
            if route.method != "POST":  # the client itself encodes the forms of a POST
                parts = encode_multipart(BOUNDARY, form)
                body = {"data": parts, "content_type": MULTIPART_CONTENT}
        elif route.path.startswith(API):
            body = {"data": json.dumps(form) if form else "", "content_type": "application/json"}
        before = transaction.savepoint_create()
        try:
            response = getattr(self.client, route.method.lower())(
                address, headers={"X-Who": who}, **body
            )
            if response.streaming:
                list(response.streaming_content)
            return response
        finally:
            transaction.set_rollback(False)
            transaction.savepoint_rollback(before)
            self.client.cookies.clear()

    def who_asks(self, request: HttpRequest) -> User | AnonymousUser:
        """Return the person that a request names, in place of the way through a session."""
        user = self.world.people[request.headers["X-Who"]]
        return copy.copy(user) if user else AnonymousUser()


def header(people: Iterable[str]) -> str:
    """Return the line above the answers."""
    return f"{'':82} {_columns(people)} states, where they differ".rstrip()


def _columns(words: Iterable[str]) -> str:
    return "".join(f"{word.replace(' ', '-'):{WIDTH}}" for word in words)


def outcome(response: Any) -> str:
    """Name the class of an answer; a page that goes back with a complaint has refused."""
    status = response.status_code
    there = response.get("Location", "")
    if status == 401 or (300 <= status < 400 and ("/login/" in there or "/2fa/" in there)):
        return "sign-in"
    if status in {403, 404}:
        return "forbid" if status == 403 else "hidden"
    said = get_messages(response.wsgi_request)
    if status in REFUSED or any(message.level >= WARNING for message in said):
        return "refuse"
    return "ok" if 200 <= status < 400 else f"BROKEN {status}"
