"""Somebody guesses while the broker, which counts the attempts, refuses or keeps silent."""

import socket
import threading

import pytest
from django.core.cache import cache
from django.test import Client

from tests.attacks.entering import SIGN_IN, code_of, set_up_app, with_password
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["refuses", "is silent"], autouse=True)
def _away(request, settings, tmp_path):
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as listening:
        if request.param == "is silent":
            listening.bind(path)
            listening.listen(50)
        default = settings.CACHES["default"] | {"LOCATION": f"unix://{path}?db=1"}
        settings.CACHES = settings.CACHES | {"default": default}
        yield


def test_guessing_a_password_still_ends_after_a_few():
    user = UserFactory(confirmed=True)
    client = Client()
    for number in range(15):
        client.post(SIGN_IN, {"login": user.email, "password": f"wrong {number}"})

    client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})

    assert "_auth_user_id" not in client.session


def test_threads_of_a_process_count_together():
    counts = []

    def count():
        cache.add("attempts", 0)
        counts.append(cache.incr("attempts"))

    for _ in range(3):
        thread = threading.Thread(target=count)
        thread.start()
        thread.join()

    assert counts == [1, 2, 3]


def test_a_code_of_the_app_opens_only_once():
    user = UserFactory(confirmed=True)
    code = code_of(set_up_app(user))
    first, second = with_password(user), with_password(user)

    for client in (first, second):
        client.post("/accounts/2fa/authenticate/", {"code": code})

    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in second.session


def test_the_quota_of_the_api_still_holds(client):
    answers = [client.get("/api/v1/opportunities").status_code for _ in range(62)]

    assert answers == [200] * 60 + [429] * 2
