"""Hostile requests that no single operation owns: redirects, stored script, packed bodies.

The others have tests where their rules live: hostile PDF and archives in ``test_uploading``,
formulas in ``importing/test_writing``, addresses of webhooks in ``test_webhooks``, bodies that
are too large, too deep or of unknown types in ``test_malformed``, ids of others in the matrix of
permissions.
"""

import gzip
import json
import re

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.factories import (
    DeliverableFactory,
    EmployerFactory,
    OpportunityFactory,
    UserFactory,
    employer_with_owner,
)

pytestmark = pytest.mark.django_db

ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example",
    "\\\\evil.example", "https:evil.example", "https:///evil.example", "http://testserver@evil.example",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", " //evil.example",
    "\t//evil.example", "/%09/evil.example", "https://testserver.evil.example/",
)  # fmt: skip
SCRIPTS = (
    "<script>alert(1)</script>", "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>", "[a](javascript:alert(1))", "<a href='javascript:alert(1)'>a</a>",
    "<iframe srcdoc='<script>alert(1)</script>'>", "\"><script>alert(1)</script>", "<!--<script>",
    "{{ settings.SECRET_KEY }}", "<style>@import 'https://evil.example'</style>",
)  # fmt: skip

LD_JSON = r'<script type="application/ld\+json"[^>]*>(.*?)</script>'


@pytest.mark.parametrize("there", ELSEWHERE)
def test_nobody_is_sent_elsewhere_after_signing_in(client: Client, there: str) -> None:
    client.force_login(UserFactory(confirmed=True))

    answer = client.get("/accounts/login/", {"next": there})

    assert answer.status_code == 302
    assert re.match(r"/(?![/\\])", answer["Location"])
    assert "evil.example" not in answer["Location"].removeprefix("/%09/evil.example")


@pytest.mark.parametrize("path", ["/api/v1//evil.example/", "/api/v1/\\evil.example/"])
def test_the_way_without_a_slash_stays_on_this_site(client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 308
    assert answer["Location"].startswith("/api/v1/")


@pytest.mark.parametrize("text", SCRIPTS)
def test_what_an_employer_writes_never_runs_on_the_page_of_the_role(
    client: Client, text: str
) -> None:
    employer = EmployerFactory(name=text[:120], about=text, verified=True)
    role = OpportunityFactory(
        open=True, employer=employer, title=text[:120], summary=text, description=text
    )
    DeliverableFactory(opportunity=role, title=text, done_means=text)

    answer = client.get(f"/opportunities/{role.slug}-{role.public_id}/")
    data = re.findall(LD_JSON, answer.text, re.DOTALL)
    page = re.sub(LD_JSON, "", answer.text, flags=re.DOTALL)

    assert answer.status_code == 200
    assert not re.search(
        r"alert\(1\)\s*</script>|<(img|svg|iframe)[^>]*\s(onerror|onload|srcdoc)", page
    )
    assert not re.search(r"<a\b[^>]*href\s*=\s*['\"]?\s*javascript:", page)
    assert "<style>@import" not in page
    assert len(data) == 1
    assert isinstance(json.loads(data[0]), dict)
    assert "<" not in data[0]


def test_a_packed_bomb_is_not_unpacked() -> None:
    employer, owner = employer_with_owner()
    client = APIClient()
    client.force_authenticate(owner)
    bomb = gzip.compress(b'{"employer": "' + b"a" * 50_000_000 + b'"}')

    answer = client.generic(
        "POST",
        "/api/v1/opportunities",
        bomb,
        "application/json",
        headers={"Content-Encoding": "gzip"},
    )

    assert answer.status_code == 400
    assert answer.json()["type"].endswith("/problems/malformed")
    assert not employer.opportunities.exists()
