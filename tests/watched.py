"""A process of the site that runs into faults full of personal data: ``tests.test_watching`` looks.

Run: ``python -m tests.watched``, with the settings of production and what watches it.
"""

import sys
import time
from multiprocessing import Value

from django.contrib.auth.decorators import login_not_required
from django.core.management import call_command
from django.db import connection
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from werkzeug.test import Client

EMAIL = "vera.secret@example.net"
LETTER = "I have always wanted to count whales"
TOKEN = "4fa1c0ffee0fa7b0b"
ADDRESS = "203.0.113.77"
SECRETS = (EMAIL, "vera.secret", LETTER, "whales", TOKEN, ADDRESS)


def main() -> None:
    """Ask once for a page that fails, have one task fail, and ask a probe by address."""
    from config import wsgi  # noqa: I001, PLC0415  (it sets Django up, before all below)
    from celery.contrib.testing.worker import start_worker  # noqa: PLC0415
    from config.celery import app  # noqa: PLC0415
    from config.urls import urlpatterns  # noqa: PLC0415
    from opportunities.accounts.models import User  # noqa: PLC0415

    @csrf_exempt
    @login_not_required
    def page(request, secret):
        letter = request.POST["letter"]
        User.objects.filter(email=EMAIL).exists()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT '{letter}', $${EMAIL}$$, 1")
        raise ValueError(f"{letter} {EMAIL} {secret}")

    @app.task(name="tests.fail")
    def fail(letter):
        begun.value += 1
        raise ValueError(letter)

    urlpatterns.insert(0, path("broken/<str:secret>/", page))
    begun = Value("i", 0)
    headers = {
        "Authorization": f"Bearer {TOKEN}", "Cookie": f"__Host-sessionid={TOKEN}",
        "Referer": f"https://foothold.example/{TOKEN}", "User-Agent": f"Browser of {EMAIL}",
        "X-Forwarded-For": ADDRESS, "X-Forwarded-Proto": "https", "Host": "foothold.example",
        "X-Request-ID": "id-of-the-request", "baggage": f"who={EMAIL}",
    }  # fmt: skip
    call_command("collectstatic", interactive=False, verbosity=0)
    site = Client(wsgi.application)
    broken = site.post(
        f"/broken/{TOKEN}/", query_string={"q": EMAIL}, data={"letter": LETTER}, headers=headers
    )
    missing = site.get(f"/nowhere/{TOKEN}/", headers=headers)
    probe = site.get("/healthz", headers={"Host": "10.0.0.7:8000"})
    sys.stdout.write(f"{broken.status_code} {missing.status_code} {probe.status_code}\n")
    # Helpers are forked, as in production.
    with start_worker(
        app, pool="prefork", concurrency=1, perform_ping_check=False, shutdown_timeout=30
    ):
        fail.delay(f"{LETTER} {EMAIL}")
        fail.apply_async(kwargs={"letter": f"{LETTER} {TOKEN}"})
        until = time.monotonic() + 30
        while begun.value < 2 and time.monotonic() < until:
            time.sleep(0.05)


if __name__ == "__main__":
    main()
