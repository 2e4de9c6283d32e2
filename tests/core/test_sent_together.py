"""The same form from two fingers at once: one waits for the other, and one thing is made."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from opportunities.applications.models import Message
from tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_eight_at_once_make_one_message():
    application = ApplicationFactory()
    user = application.profile.user
    address = f"/applications/{application.public_id}/message/"
    clients = [Client() for _ in range(8)]
    for client in clients:
        client.force_login(user)

    def send(client):
        try:
            sent = {"text": "When would the work begin?", "csrfmiddlewaretoken": "t" * 64}
            return client.post(address, sent).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, clients))

    assert answers == [302] * 8
    assert Message.objects.count() == 1
