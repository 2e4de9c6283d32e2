"""Somebody wants to know which addresses have an account here, from answers and from their cost."""

import re

import pytest
from django.contrib.auth import hashers
from django.core.cache import cache
from django.test import Client

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "known@example.org", "nobody@example.org"
FORMS = {
    "sign-up": ("/accounts/signup/", lambda email: {"email": email, "password1": "a long secret"}),
    "sign-in": ("/accounts/login/", lambda email: {"login": email, "password": "not this one"}),
    "code": ("/accounts/login/code/", lambda email: {"email": email}),
    "reset": ("/accounts/password/reset/", lambda email: {"email": email}),
}
KINDS = {
    "password": {"confirmed": True},
    "code alone": {"confirmed": True, "password": None},
    "not confirmed": {},
    "erased": {"confirmed": True, "is_active": False},
}
ASKING = pytest.mark.parametrize("form", FORMS)
CHANGING = re.compile(r'value="[A-Za-z0-9]{64}"|nonce="[^"]*"|nonce-[^\']*')


@pytest.fixture(params=KINDS)
def known(request):
    """Make an account of each kind that the address may have."""
    return UserFactory(email=KNOWN, **KINDS[request.param])


@pytest.fixture
def hashed(monkeypatch):
    """Count what a password costs: every call that computes a hash."""
    calls = []
    kind = hashers.get_hasher()
    for name in ("encode", "verify"):
        plain = getattr(type(kind), name)

        def counted(self, *args, plain=plain, name=name, **rest):
            calls.append(name)
            before = len(calls)
            try:
                return plain(self, *args, **rest)
            finally:
                del calls[before:]  # those within it

        monkeypatch.setattr(type(kind), name, counted)
    return calls


def asked(form, email, *, times=1, one_browser=False):
    """Return what somebody sees of so many attempts, and of the page that each leads to."""
    cache.clear()  # the limits of an address on the net are the same whoever is asked about
    path, fields = FORMS[form]
    seen = []
    client = Client()
    for _ in range(times):
        client = client if one_browser else Client()
        answer = client.post(path, fields(email))
        page = client.get(answer["Location"]) if answer.status_code == 302 else answer
        text = CHANGING.sub("", page.content.decode().replace(email, "ADDRESS"))
        seen.append((answer.status_code, answer.get("Location"), page.status_code, text))
        if answer.status_code == 302:
            codes = [client.post(answer["Location"], {"code": "WRNG-CDE"}) for _ in range(4)]
            seen.append([(each.status_code, each.get("Location")) for each in codes])
    return seen


@ASKING
@pytest.mark.parametrize("one_browser", [True, False], ids=["one browser", "new browsers"])
def test_every_attempt_is_answered_alike(form, one_browser):
    """Six attempts: the first is among them, and so is the limit."""
    people = {
        kind: UserFactory(email=f"{kind.replace(' ', '-')}@example.org", **facts)
        for kind, facts in KINDS.items()
    }

    unknown = asked(form, UNKNOWN, times=6, one_browser=one_browser)
    seen = {
        kind: asked(form, person.email, times=6, one_browser=one_browser)
        for kind, person in people.items()
    }

    assert seen == dict.fromkeys(KINDS, unknown)


@ASKING
def test_every_attempt_costs_as_many_hashes(known, form, hashed):
    asked(form, UNKNOWN)
    unknown = list(hashed)
    hashed.clear()
    asked(form, KNOWN)

    assert len(hashed) == len(unknown)
    assert len(hashed) == (1 if form in {"sign-up", "sign-in"} else 0)


def test_a_right_password_costs_no_more_than_a_wrong_one(hashed):
    UserFactory(email=KNOWN, confirmed=True)
    hashed.clear()
    asked("sign-in", KNOWN)
    wrong = len(hashed)
    hashed.clear()

    Client().post("/accounts/login/", {"login": KNOWN, "password": PASSWORD})

    assert len(hashed) == wrong == 1


def test_beyond_the_limit_no_hash_is_computed_at_all(hashed):
    UserFactory(email=KNOWN, confirmed=True)
    asked("sign-in", KNOWN, times=6)
    hashed.clear()

    Client().post("/accounts/login/", {"login": KNOWN, "password": PASSWORD})

    assert hashed == []
