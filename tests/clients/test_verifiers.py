"""Credentials, checked by programs of npm; those of PyPI: ``tests/api/test_credentials.py``."""

import base64
import json
import shutil

import pytest

from opportunities.engagements import credentials
from tests.clients.conftest import HERE
from tests.factories import CompletionFactory

pytestmark = [pytest.mark.long, pytest.mark.django_db]


def test_others_name_its_issuer_and_refuse_what_was_changed(run, tmp_path):
    token = credentials.issue(CompletionFactory(signed=True))
    shutil.copy(HERE / "verify.mjs", tmp_path)

    def checked(token):
        given = {"token": token, "document": credentials.did_document()}
        (tmp_path / "check.json").write_text(json.dumps(given))
        return json.loads(run("node", "verify.mjs"))

    assert checked(token) == {"jose": "did:web:testserver", "did-jwt-vc": "did:web:testserver"}

    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["name"] = "Another role"
    other = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert checked(f"{head}.{other}.{signature}") == {"jose": None, "did-jwt-vc": None}
