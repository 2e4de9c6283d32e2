"""Measure what a list of 20 roles costs: kept, prepared, by a stock serializer; a bare view beside.

Run: ``python -m tests.benchmarks.bench_api [--rounds 60]``. All answer the same request through the
whole of Django in one process, in turns, on the same rows; the figure is CPU time of this process.
*Kept* is asked again while nothing changes, *prepared* is made anew each time. The aims are 0.45 of
the stock list for what is prepared, and 6 times the bare view for what is kept.
"""

import argparse
import json
import logging
import os
import statistics
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

# ruff: noqa: E402  (Django is set up before its models are imported)
import django

from tests import services  # noqa: F401  (it starts PostgreSQL and Valkey)

django.setup()

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.test.utils import get_runner, override_settings
from django.urls import path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from config.urls import urlpatterns as site_urls
from opportunities.core.page_cache import Basis
from opportunities.core.paging import page_of
from opportunities.roles import search
from opportunities.roles.api import views
from opportunities.roles.api.catalogue import OpportunityBriefSerializer, role_context
from tests.factories import (
    DeliverableFactory,
    EmployerFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    SkillFactory,
)

ROLES = 200
SHOWN = 20


class StockList(views.Opportunities):
    """The same list, as Django REST framework would have one write it."""

    def get(self, request: Request) -> Response:
        """List the open roles that pass the filters."""
        roles, order = search.search(
            request.query_params, at=timezone.now(), also_known=["cursor", "limit"]
        )
        rows, cursor = page_of(
            roles.select_related("employer").prefetch_related("skills__skill", "deliverables"),
            request,
            order=(order, "-id"),
            limit=25,
        )
        data = OpportunityBriefSerializer(rows, many=True, context=role_context()).data
        return Response({"data": data, "page": cursor.links | {"limit": cursor.size}})


class PreparedList(views.Opportunities):
    """The list as it is made when none is kept."""

    def get(self, request: Request) -> HttpResponse:
        """List the open roles that pass the filters."""
        return self._listed(request, Basis())


def bare(request: HttpRequest) -> HttpResponse:
    """Answer something small."""
    return JsonResponse({"data": [], "page": {}})


bare.login_required = False  # type: ignore[attr-defined]
urlpatterns = [
    path("api/v1/stock", StockList.as_view()),
    path("api/v1/prepared", PreparedList.as_view()),
    path("bare", bare),
    *site_urls,
]


def fill() -> None:
    """Open some roles, each with three skills and two deliverables."""
    skills = SkillFactory.create_batch(40)
    employers = EmployerFactory.create_batch(10, verified=True)
    for number in range(ROLES):
        role = OpportunityFactory(open=True, employer=employers[number % 10])
        for step in range(3):
            OpportunitySkillFactory(opportunity=role, skill=skills[(number + step) % 40])
        DeliverableFactory.create_batch(2, opportunity=role)


def measure(rounds: int) -> dict[str, float]:
    """Return milliseconds of CPU a request, medians over rounds taken in turns."""
    client = Client()
    addresses = {
        "bare": "/bare",
        "kept": f"/api/v1/opportunities?limit={SHOWN}",
        "prepared": f"/api/v1/prepared?limit={SHOWN}",
        "stock": f"/api/v1/stock?limit={SHOWN}",
    }
    found: dict[str, list[float]] = {name: [] for name in addresses}
    answers = {name: client.get(address).json() for name, address in addresses.items()}
    for name in ("kept", "prepared"):
        if answers[name]["data"] != answers["stock"]["data"]:
            raise SystemExit(f"the {name} list does not say what the stock list says")
    for _ in range(rounds):
        for name, address in addresses.items():
            began = time.process_time()
            for _ in range(5):
                client.get(address)
            found[name].append(1000 * (time.process_time() - began) / 5)
    return {name: round(statistics.median(times), 3) for name, times in found.items()}


def run(rounds: int) -> dict[str, float]:
    """Fill a database of its own, measure, and say how the three compare."""
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases(serialized_aliases=set())
    logging.disable(logging.WARNING)
    try:
        with override_settings(ROOT_URLCONF=__name__, API_QUOTA_FACTOR=1_000_000):
            fill()
            cpu = measure(rounds)
    finally:
        logging.disable(logging.NOTSET)
        runner.teardown_databases(databases)
    return {
        **{f"{name}_ms": value for name, value in cpu.items()},
        "prepared_over_stock": round(cpu["prepared"] / cpu["stock"], 3),
        "kept_over_bare": round(cpu["kept"] / cpu["bare"], 2),
        "prepared_over_bare": round(cpu["prepared"] / cpu["bare"], 2),
        "stock_over_bare": round(cpu["stock"] / cpu["bare"], 2),
    }


def main() -> None:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    figures = run(parser.parse_args().rounds)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
