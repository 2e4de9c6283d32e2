"""Ask an address as everybody, in every state, and put the answers into words."""

import copy
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import WARNING, get_messages
from django.core.cache import caches
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from opportunities.accounts.models import User
from tests.permissions.bodies import sent
from tests.permissions.routes import ALIKE, API, SAME_DESK, Route
from tests.permissions.world import POWERFUL, World

REFUSED: Final = {400, 405, 409, 410, 412, 413, 415, 422, 428, 429, 503}
FILES: Final = {"logo", "file"}
HARMLESS: Final = re.compile(
    r"SELECT (?!.*\b(set_config|pg_notify|setval)\()|SAVEPOINT|RELEASE|ROLLBACK TO", re.DOTALL
)
"""Statements after which the market is as it was."""

WIDTH: Final = 14


class Market:
    """The world, and what it answers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people = list(world.people)
        self.client = Client(raise_request_exception=False)
        self.before = transaction.savepoint_create()
        self.is_touched = False
        self.by_password_alone = False

    def lines(self, routes: Iterable[Route]) -> list[str]:
        """Return a line for each answer of each route, with the states that answer so."""
        return [line for route in routes for line in self._lines(route)]

    def _lines(self, route: Route) -> list[str]:
        told: dict[tuple[str, ...], list[str]] = defaultdict(list)
        known: dict[tuple[str, str | type], str] = {}
        for state in route.states:
            for name in ("default", "limits"):
                caches[name].clear()  # the throttles
            body = {} if route.method == "GET" else sent(route, state, self.world)
            address = self.world.address(route, state)
            said = []
            for who in ("admin", *(who for who in self.people if who != "admin")):
                desk = who, SAME_DESK.get(state, state)
                if who == "admin" or desk not in known:
                    response = self._ask(who, route, address, body)
                    if response.status_code == 405 and who == "admin":
                        return []
                    known[desk] = outcome(response)
                said.append(known[desk])
            told[*said[1:], said[0]].append(ALIKE.get(route.kind, {}).get(state, state))
        start = f"{route.method:7}{route.name:75}"
        if len(told) == 1:
            return [f"{start} {_columns(next(iter(told)))}".rstrip()]
        return [
            f"{start} {_columns(words)} {', '.join(states)}".rstrip()
            for words, states in told.items()
        ]

    def _ask(self, who: str, route: Route, address: str, form: dict[str, Any]) -> Any:
        """Send one request and take back all that it changed."""
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
        else:  # as a browser sends a form without files; a multipart body costs more to read
            body = {
                "data": urlencode(form, doseq=True),
                "content_type": "application/x-www-form-urlencoded",
            }
        try:
            with connection.execute_wrapper(self._watch):
                response = getattr(self.client, route.method.lower())(
                    address, headers={"X-Who": who}, **body
                )
                if response.streaming:
                    list(response.streaming_content)
            return response
        finally:
            if self.is_touched or connection.needs_rollback:
                transaction.set_rollback(False)
                transaction.savepoint_rollback(self.before)
                self.is_touched = False
            self.client.cookies.clear()

    def _watch(self, execute: Any, sql: str, *rest: Any) -> Any:
        """Notice a statement that changes something, or that fails, so that it is taken back."""
        try:
            answer = execute(sql, *rest)
        except DatabaseError:
            self.is_touched = True
            raise
        self.is_touched |= not HARMLESS.match(sql)
        return answer

    def who_asks(self, request: HttpRequest) -> User | AnonymousUser:
        """Return the person that a request names, in place of the way through a session."""
        who = request.headers["X-Who"]
        user = self.world.people[who]
        if who in POWERFUL and not self.by_password_alone:
            request.session["account_authentication_methods"] = [
                {"method": "mfa", "at": time.time()}
            ]
            request.session["account_authentication_methods_user"] = str(user.pk)
            # Kept only if the answer writes into it: nobody asks twice in one session.
            request.session.modified = False
        return copy.copy(user) if user else AnonymousUser()


def differences(lines: Iterable[str], expected: Iterable[str]) -> list[str]:
    """Return the lines that only one of the two has, signed as in a patch."""
    told, listed = list(lines), list(expected)
    gone = [f"-{line}" for line in listed if line not in told]
    return gone + [f"+{line}" for line in told if line not in listed]


def header(people: Iterable[str]) -> str:
    """Return the line above the answers."""
    return f"{'':82} {_columns(people)} states, where they differ".rstrip()


def _columns(words: Iterable[str]) -> str:
    return "".join(f"{word.replace(' ', '-'):{WIDTH}}" for word in words)


def outcome(response: Any) -> str:
    """Name the class of an answer; a page that goes back with a complaint has refused."""
    status = response.status_code
    there = response.get("Location", "")
    asks_who = re.search(r"/(login|2fa)/|/signup/\?next=", there)
    if status == 401 or (300 <= status < 400 and asks_who):
        return "sign-in"
    if status in {403, 404}:
        return "forbid" if status == 403 else "hidden"
    said = get_messages(response.wsgi_request)
    if status in REFUSED or any(message.level >= WARNING for message in said):
        return "refuse"
    return "ok" if 200 <= status < 400 else f"BROKEN {status}"
