"""Generated requests, as each role: no broken answer, and none that the schema does not document.

``FUZZ=5000`` draws that many examples in all; without it a short run with fixed examples.
"""

import contextlib
import logging
import os
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, seed, settings
from knox.models import AuthToken
from schemathesis.config import SchemathesisConfig

from config.contract import limits
from opportunities.accounts.models import SCOPES, TokenGrant, User
from tests import factories
from tests.api import contract

ROLES: Final = ("anonymous", "candidate", "employer", "moderator", "admin")
DRAWN: Final = int(os.environ.get("FUZZ", "0"))
SINGLE: Final = max(40, DRAWN * 4 // 5 // len(ROLES))
"""Examples of single requests for each role; the other fifth are requests in sequences."""

STEPS: Final = 6
SEQUENCES: Final = max(5, DRAWN // 5 // len(ROLES) // STEPS)
REFUSALS: Final = ["400", "401", "403", "404", "405", "406", "409", "410", "412", "413", "415"]
APP: Final = get_wsgi_application()
CONFIG: Final = SchemathesisConfig.from_dict(
    {
        "checks": {
            # Ids that are drawn are ids of nothing, and many rules are not those of a schema.
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", "304", *REFUSALS, "422", "428"]
            },
            "negative_data_rejection": {"expected-statuses": [*REFUSALS, "422", "428"]},
        }
    }
)
LIMITS: Final = {
    "deadline": None,
    "database": None,
    "derandomize": not DRAWN,
    "print_blob": False,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.generate] if not DRAWN else list(Phase),
}


def closing_app(environ: dict[str, Any], start: Any) -> list[bytes]:
    """Answer and close what was read, as a server does and the generator's client does not."""
    with contextlib.closing(APP(environ, start)) as body:
        return list(body)


def account(role: str) -> User | None:
    """Return a person of this role, with rows of their own for sequences to use."""
    if role == "anonymous":
        return None
    if role == "candidate":
        return factories.CandidateProfileFactory().user
    if role == "employer":
        employer, owner = factories.employer_with_owner()
        factories.OpportunityFactory(employer=employer)  # a draft, which knows less than others
        factories.ApplicationFactory(
            opportunity=factories.OpportunityFactory(employer=employer, open=True)
        )
        return owner
    return factories.UserFactory(**{role: True})


def sign_in(schema: Any, role: str) -> None:
    """Send a token that may do whatever a person of this role may."""
    person = account(role)
    if person is None:
        return
    token, secret = AuthToken.objects.create(user=person)
    TokenGrant.objects.create(
        token=token, name="Generated", scopes=list(SCOPES), made_at=timezone.now()
    )

    class Bearer:
        def get(self, case: Any, context: Any) -> str:
            return f"Bearer {secret}"

        def set(self, case: Any, data: str, context: Any) -> None:
            case.headers["Authorization"] = data

    schema.auth(refresh_interval=None)(Bearer)


@pytest.fixture
def schema(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Any]:
    settings.DEMO = True  # the second factor of staff has tests of its own
    monkeypatch.setattr(limits.Quota, "allow_request", lambda *_: True)
    logging.disable()
    factories.OpportunityFactory.create_batch(3, open=True)
    loaded = schemathesis.openapi.from_dict(deepcopy(contract.schema()), config=CONFIG)
    loaded.app = closing_app
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield loaded
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_documented(schema: Any, role: str) -> None:
    sign_in(schema, role)

    @seed(7)
    @settings(max_examples=SINGLE, **LIMITS)
    @given(case=schema.as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate()

    ask()


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_of_a_sequence_is_documented(schema: Any, role: str) -> None:
    sign_in(schema, role)
    limits_of_run = settings(max_examples=SEQUENCES, stateful_step_count=STEPS, **LIMITS)

    schema.as_state_machine().run(settings=limits_of_run)
