"""Two web servers of the arena, read as visitors and as candidates with a token."""

import http.client
import json
import time
from typing import Any

from django.utils import timezone
from knox.models import AuthToken

from opportunities.accounts.models import SCOPES, TokenGrant, User

SECONDS = 30


def ask(port: int, path: str, *, token: str = "", body: Any = None) -> tuple[int, bytes]:
    """Return status and body of an answer; raise ``OSError`` where no server answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        if body is None:
            connection.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/json"
            connection.request("POST", path, body=json.dumps(body), headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


def wait_for(port: int) -> None:
    """Wait until a server answers; raise ``OSError`` if it does not in time."""
    ends_at = time.monotonic() + SECONDS
    while True:
        try:
            ask(port, "/healthz")
        except OSError:
            if time.monotonic() > ends_at:
                raise
            time.sleep(0.1)
        else:
            return


def token_of(user: User) -> str:
    """Return a new token with which a person may do over the API what they may do."""
    token, secret = AuthToken.objects.create(user=user)
    TokenGrant.objects.create(
        token=token, name="Chaos", scopes=list(SCOPES), made_at=timezone.now()
    )
    return str(secret)


def best_roles(port: int, token: str, *, limit: int) -> list[str] | None:
    """Return the ids of a candidate's best roles as one server gives them, or no answer."""
    status, body = ask(
        port, "/api/v1/match-runs", token=token, body={"limit": limit, "order": "mutual"}
    )
    if status != http.client.OK:
        return None
    return [row["opportunity"]["id"] for row in json.loads(body)["matches"]]
