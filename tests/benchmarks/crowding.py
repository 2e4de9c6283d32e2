# ruff: noqa: S608  (the statements are made of names of columns)
"""Fill a database with a crowded market: the demo market, its open roles copied many times.

Also the addresses of the site with one more, of the bare view that pages are compared with.
"""

import secrets
from datetime import UTC, datetime
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse
from django.utils import timezone

from config.urls import urlpatterns as site
from matching.jobs.runs import ranking, steps
from matching.models import RunState
from matching.models.runs import UNFINISHED
from opportunities.accounts.models import User
from opportunities.demo.seeding import seed
from opportunities.roles.models import Opportunity, OpportunitySkill

CANDIDATE: Final = "candidate@example.org"


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    """Answer as little as a Django view can."""
    return HttpResponse("ok")


urlpatterns = [path("bare/", bare), path("", include(site))]


def crowd(roles: int) -> tuple[int, User]:
    """Return how many roles are listed now, and the demo candidate."""
    now = timezone.now()
    call_command("load_skills", verbosity=0)
    seed(at=now)
    open_now = list(Opportunity.objects.listed(at=now).values_list("id", flat=True))
    copies = -(-roles // len(open_now)) - 1
    columns = [
        field.column
        for field in Opportunity._meta.concrete_fields
        if not field.primary_key and not field.generated
    ]
    other = {
        "public_id": "substr(md5(role.id || 'x' || copy), 1, 12)",
        "external_id": "''",
        "source": "''",
        "opened_at": "opened_at - make_interval(mins => copy)",
        "seats_held": "0",
    }
    table, skills = Opportunity._meta.db_table, OpportunitySkill._meta.db_table
    held = [f.column for f in OpportunitySkill._meta.concrete_fields if not f.primary_key]
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            f"CREATE TEMP TABLE copied AS SELECT role.id AS original, copy,"
            f" nextval(pg_get_serial_sequence('{table}', 'id')) AS id"
            f" FROM unnest(%s::bigint[]) AS role (id), generate_series(1, %s) AS copy",
            [open_now, copies],
        )
        cursor.execute(
            f"INSERT INTO {table} (id, {', '.join(columns)}) SELECT copied.id,"
            f" {', '.join(other.get(name, 'role.' + name) for name in columns)}"
            f" FROM copied JOIN {table} AS role ON role.id = copied.original"
        )
        cursor.execute(
            f"INSERT INTO {skills} ({', '.join(held)}) SELECT"
            f" {', '.join('copied.id' if c == 'opportunity_id' else 'asked.' + c for c in held)}"
            f" FROM copied JOIN {skills} AS asked ON asked.opportunity_id = copied.original"
        )
        cursor.execute("VACUUM ANALYZE")
    match()
    return Opportunity.objects.listed(at=now).count(), User.objects.get(email=CANDIDATE)


def match() -> None:
    """Compute everybody's lists, in this process."""
    run = steps.request_run(at=timezone.now())
    clock = lambda: datetime.now(UTC)  # noqa: E731
    while run.state in UNFINISHED:
        for part in steps.advance(run.pk, clock=clock):
            ranking.rank_part(part, clock=clock)
        run.refresh_from_db()
    assert run.state == RunState.PUBLISHED


def some_role() -> str:
    """Return the address of a role that is open."""
    found = Opportunity.objects.listed(at=timezone.now()).order_by("id")[secrets.randbelow(100)]
    return reverse("opportunities:role", args=[found.slug, found.public_id])
