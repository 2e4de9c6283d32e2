"""Who asks the server of a benchmark, and what: visitors, candidates, and one who means harm."""

import json
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from knox.models import AuthToken

from opportunities.accounts.models import TokenGrant, User
from opportunities.accounts.sessions import SessionStore
from opportunities.candidates.models import CandidateProfile
from opportunities.roles.models import Opportunity
from tests.candidates.hostile_files import PLAIN

CSRF: Final = "a" * 32
BOUNDARY: Final = "----foothold"

type Ask = dict[str, Any]


@dataclass
class World:
    """The people of the market, their sessions, and the roles that are left to apply to."""

    candidates: list[str]
    tokens: list[str]
    answered: str
    roles: list[Opportunity]
    used: int = field(default=0)

    def pages(self) -> dict[str, list[Ask]]:
        """Return the pages of the table of loads; those for applying are made when asked for."""
        role = self.roles[-1]
        own = {"headers": {"Cookie": f"sessionid={self.candidates[0]}"}}
        return {
            "home": [{"path": "/"}],
            "browse": [
                {"path": path}
                for path in (
                    "/opportunities/", "/opportunities/?kind=micro",
                    "/opportunities/?mode=remote&sort=apply_by",
                )
            ],
            "search": [{"path": "/opportunities/?q=data+dashboard"}],
            "role": [{"path": reverse("opportunities:role", args=[role.slug, role.public_id])}],
            "matches": [{"path": "/matches/", **own}],
            "API list": [{"path": "/api/v1/opportunities?limit=20"}],
            "paths": [{"path": "/paths/", **own}],
            "apply": [],
        }  # fmt: skip

    def applications(self, number: int, *, with_form: bool = False) -> list[Ask]:
        """Return so many applications, each to another role.

        ``with_form`` asks for all that a browser does: the form, the page that shows what was
        written before it is sent, and one's own list after it.
        """
        asks: list[Ask] = []
        roles = self.roles[self.used : self.used + number]
        assert len(roles) == number, "the market is too small: raise --roles"
        self.used += number
        for session, role in zip(cycle(self.candidates), roles, strict=False):
            path = reverse("opportunities:apply", args=[role.slug, role.public_id])
            cookies = {"Cookie": f"sessionid={session}; csrftoken={CSRF}"}
            answers = {f"answer_{place}": "I can, and I like to." for place in range(8)}
            form = {"name": "Ada", "cover_letter": "Dear all", **answers}
            sends = cookies | {
                "X-CSRFToken": CSRF,
                "Content-Type": "application/x-www-form-urlencoded",
            }
            sending, checking = (
                {
                    "method": "POST",
                    "path": path,
                    "body": urlencode(form | button).encode().hex(),
                    "headers": sends,
                }
                for button in ({}, {"check": "1"})
            )
            if with_form:
                asks += [{"path": path, "headers": cookies}, checking]
            asks.append(sending)
            if with_form:
                asks.append({"path": "/applications/", "headers": cookies})
        return asks

    def costly(self, connections: int) -> list[Ask]:
        """Return what costs most, a quarter of the connections each."""
        kinds = [self._plans(), self._documents(), self._runs(), self._uploads()]
        each = [islice(cycle(kind), 24) for kind in kinds]
        lines = [list(kind) for kind in each]
        return [lines[number % 4][turn] for turn in range(24) for number in range(connections)]

    def _plans(self) -> list[Ask]:
        cookies = {"Cookie": f"sessionid={self.answered}"}
        return [
            {"kind": "paths", "path": f"/paths/?weight={number}&x={number}", "headers": cookies}
            for number in range(24)
        ]

    def _documents(self) -> list[Ask]:
        return [
            {"kind": "documents", "path": path}
            for number in range(8)
            for path in (
                f"/api/docs/?x={number}", f"/api/schema/?x={number}",
                f"/feeds/deadlines.ics?starts_from=2026-01-{number + 1:02}",
            )
        ]  # fmt: skip

    def _runs(self) -> list[Ask]:
        return [
            {
                "kind": "match-runs",
                "method": "POST",
                "path": "/api/v1/match-runs",
                "body": json.dumps({"profile": {"hours_per_week": number + 8}, "limit": 50})
                .encode()
                .hex(),
                "headers": {"Content-Type": "application/json"},
            }
            for number in range(24)
        ]

    def _uploads(self) -> list[Ask]:
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        ).encode()
        objects = b"".join(b"%d 0 obj\n[%b]\nendobj\n" % (n, b"0 " * 90) for n in range(9, 7_000))
        body = head + PLAIN.replace(b"xref", objects + b"xref", 1) + f"\r\n--{BOUNDARY}--".encode()
        return [
            {
                "kind": "uploads",
                "method": "POST",
                "path": "/api/v1/profile/resumes",
                "body": body.hex(),
                "headers": {
                    "Authorization": f"Bearer {token}",
                    "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
                },
            }
            for token in self.tokens
        ]


def people() -> World:
    """Sign in some candidates, give others tokens, and answer the first questions as a visitor."""
    at = timezone.now()
    profiles = CandidateProfile.objects.filter(user__isnull=False, erased_at__isnull=True)
    users = [profile.user for profile in profiles.select_related("user").order_by("id")[:16]]
    known = [user for user in users if user is not None]
    visitor = SessionStore()
    visitor["answers"] = {"time": ["20"]}
    visitor.create()
    roles = (
        Opportunity.objects.open(at=at)
        .filter(kind="micro")
        .exclude(applications__profile__user__in=known)
    )
    return World(
        candidates=[_session_of(user) for user in known[:8]],
        tokens=[_token_of(user) for user in known[8:]],
        answered=str(visitor.session_key),
        roles=list(roles.order_by("id")),
    )


def _session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    # Django takes a session only from a backend that is in use.
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _token_of(user: User) -> str:
    token, secret = AuthToken.objects.create(user=user)
    TokenGrant.objects.create(
        token=token, name="load", scopes=["profile:write", "profile:read"], made_at=timezone.now()
    )
    return str(secret)
