"""Somebody claims another address on the net with every request, to be counted anew."""

import os
import runpy
import subprocess
import sys
from unittest import mock

import pytest
from django.core.checks import run_checks
from django.test import Client

from config.contract import limits
from tests.attacks.entering import SIGN_IN
from tests.factories import PASSWORD, UserFactory
from tests.test_deployment import PRODUCTION, ROOT

UNCOUNTED = {name: value for name, value in PRODUCTION.items() if name != "TRUSTED_PROXIES"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "forwarded"), [(0, "198.51.100.{}"), (1, "198.51.100.{}, 203.0.113.7")]
)
def test_forged_addresses_do_not_widen_the_limit_of_sign_in(settings, proxies, forwarded):
    settings.TRUSTED_PROXIES = proxies
    people = [UserFactory(confirmed=True) for _ in range(12)]
    inside = 0
    for number, person in enumerate(people):
        client = Client(headers={"X-Forwarded-For": forwarded.format(number)})
        client.post(SIGN_IN, {"login": person.email, "password": "wrong"})
        client.post(SIGN_IN, {"login": person.email, "password": PASSWORD})
        inside += "_auth_user_id" in client.session

    assert inside <= 10  # the limit of wrong passwords that one address may try in a minute


@pytest.mark.django_db
def test_behind_a_proxy_strangers_do_not_share_one_limit(settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(12):
        attacker = Client(headers={"X-Forwarded-For": "203.0.113.7"})
        attacker.post(SIGN_IN, {"login": f"guess{number}@example.org", "password": "wrong"})
    person = UserFactory(confirmed=True)

    client = Client(headers={"X-Forwarded-For": "203.0.113.8"})
    client.post(SIGN_IN, {"login": person.email, "password": PASSWORD})

    assert "_auth_user_id" in client.session


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("forwarded", "beside"),
    [
        ("203.0.113.9:{}", "203.0.113.8:4000"),
        ("[2001:db8:1:2::9]:{}", "[2001:db8:1:3::9]:4000"),
        ("[::ffff:203.0.113.9]:{}", "[::ffff:203.0.113.8]:4000"),
        ("198.51.100.7, , 203.0.113.9:{},", "198.51.100.7, , 203.0.113.8:4000,"),
    ],
)
def test_a_new_connection_at_a_proxy_that_adds_ports_is_no_new_address(settings, forwarded, beside):
    settings.TRUSTED_PROXIES = 1
    for number in range(12):
        attacker = Client(headers={"X-Forwarded-For": forwarded.format(4000 + number)})
        attacker.post(SIGN_IN, {"login": f"guess{number}@example.org", "password": "wrong"})
    person, neighbour = (UserFactory(confirmed=True) for _ in range(2))

    def comes_in(who, address):
        client = Client(headers={"X-Forwarded-For": address})
        client.post(SIGN_IN, {"login": who.email, "password": PASSWORD})
        return "_auth_user_id" in client.session

    assert not comes_in(person, forwarded.format(5000))
    assert comes_in(neighbour, beside)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("forwarded", "beside"),
    [
        ("203.0.113.9:{}", "203.0.113.8:4000"),
        ("[2001:db8:1:2::9]:{}", "[2001:db8:1:3::9]:4000"),
        ("hidden-{}", "203.0.113.9"),
        ("unknown, hidden-{}", "203.0.113.9"),
    ],
)
def test_neither_ports_nor_names_that_are_no_address_widen_the_quota_of_the_api(
    settings, monkeypatch, forwarded, beside
):
    settings.TRUSTED_PROXIES = 1
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_010.0)

    def asked_from(address):
        return Client(headers={"X-Forwarded-For": address}).get("/api/v1/meta").status_code

    for number in range(60):
        asked_from(forwarded.format(4000 + number))

    assert (asked_from(forwarded.format(5000)), asked_from(beside)) == (429, 200)


@pytest.mark.django_db
@pytest.mark.parametrize("forwarded", ["unknown", "", " , ", "203.0.113.9.example", "[]:80"])
def test_whose_address_cannot_be_read_may_sign_in(settings, forwarded):
    settings.TRUSTED_PROXIES = 1
    person = UserFactory(confirmed=True)

    client = Client(headers={"X-Forwarded-For": forwarded})
    client.post(SIGN_IN, {"login": person.email, "password": PASSWORD})

    assert "_auth_user_id" in client.session


@pytest.mark.django_db
def test_fewer_hops_than_proxies_are_read_as_they_are(settings):
    """Somebody inside asks past the outer proxy; allauth would break over it."""
    settings.TRUSTED_PROXIES = 2
    person = UserFactory(confirmed=True)

    client = Client(headers={"X-Forwarded-For": "203.0.113.9"})
    client.post(SIGN_IN, {"login": person.email, "password": PASSWORD})

    assert "_auth_user_id" in client.session


@pytest.mark.django_db
def test_who_walks_through_an_ipv6_network_has_one_quota_of_the_api(monkeypatch):
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_010.0)
    for number in range(60):
        Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}").get("/api/v1/meta")

    walker = Client(REMOTE_ADDR="2001:db8:1:2:ffff::1").get("/api/v1/meta")
    neighbour = Client(REMOTE_ADDR="2001:db8:1:3::1").get("/api/v1/meta")

    assert (walker.status_code, neighbour.status_code) == (429, 200)


@pytest.mark.django_db
def test_who_walks_through_an_ipv6_network_has_one_limit_of_sign_in():
    for number in range(12):
        walker = Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
        walker.post(SIGN_IN, {"login": f"guess{number}@example.org", "password": "wrong"})
    person = UserFactory(confirmed=True)

    walker = Client(REMOTE_ADDR="2001:db8:1:2:ffff::1")
    walker.post(SIGN_IN, {"login": person.email, "password": PASSWORD})

    assert "_auth_user_id" not in walker.session


@pytest.mark.django_db
def test_a_server_that_listens_on_ipv6_does_not_take_all_of_ipv4_for_one_customer():
    for number in range(12):
        attacker = Client(REMOTE_ADDR="::ffff:203.0.113.7")
        attacker.post(SIGN_IN, {"login": f"guess{number}@example.org", "password": "wrong"})
    person = UserFactory(confirmed=True)

    client = Client(REMOTE_ADDR="::ffff:203.0.113.8")
    client.post(SIGN_IN, {"login": person.email, "password": PASSWORD})

    assert "_auth_user_id" in client.session


def test_production_does_not_guess_how_many_proxies_there_are():
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env=UNCOUNTED, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode != 0
    assert "Set TRUSTED_PROXIES" in done.stderr


def test_the_web_server_does_not_start_without_that_number():
    done = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        env=UNCOUNTED, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode != 0
    assert "Set TRUSTED_PROXIES" in done.stderr


@pytest.fixture
def faults_of_production(settings):
    """Return what makes a check of production fail that is told of proxies in its environment."""

    def found(**environment):
        with mock.patch.dict(os.environ, PRODUCTION | environment, clear=True):
            read = runpy.run_path(str(ROOT / "config" / "settings.py"))
        settings.TRUSTED_PROXIES = read["TRUSTED_PROXIES"]
        settings.BEHIND_TLS_PROXY = read["BEHIND_TLS_PROXY"]
        return [problem.msg for problem in run_checks() if problem.is_serious()]

    return found


def test_none_behind_a_proxy_that_ends_tls_is_refused(faults_of_production):
    [fault] = faults_of_production(TRUSTED_PROXIES="0", BEHIND_TLS_PROXY="true")

    assert "says that a proxy stands before" in fault


def test_none_is_an_answer_where_clients_connect_directly(faults_of_production):
    assert faults_of_production(TRUSTED_PROXIES="0") == []
