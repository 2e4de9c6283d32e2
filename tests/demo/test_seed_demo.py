"""The command of the demo market, and that one moment gives one market."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from opportunities.applications.models import Application
from opportunities.candidates.models import CandidateProfile
from opportunities.demo.accounts import PASSWORD, SIGN_INS
from opportunities.demo.management.commands import seed_demo
from opportunities.demo.seeding import seed
from opportunities.roles.models import Opportunity
from opportunities.skills import loading
from tests.demo.market import AT, demo_market


def seed_anew():
    loading.load_own_skills()
    seed(at=AT)


@pytest.mark.django_db
class TestSeedDemo:
    def test_it_refuses_outside_demo_mode(self):
        with pytest.raises(CommandError, match="DEMO"):
            call_command("seed_demo")

    def test_it_prints_the_sign_ins(self, settings):
        settings.DEMO = True
        out = StringIO()

        call_command("seed_demo", "--sign-ins", stdout=out)

        assert all(email in out.getvalue() for email in SIGN_INS)
        assert PASSWORD in out.getvalue()

    def test_it_says_what_to_install_where_the_names_are_not(self, settings, monkeypatch):
        settings.DEMO = True
        monkeypatch.setattr(seed_demo, "find_spec", {}.get)

        with pytest.raises(CommandError, match="uv sync --inexact --extra demo"):
            call_command("seed_demo")

    def test_the_same_moment_gives_the_same_market(self):
        snapshots = []
        for make in (demo_market, seed_anew):
            with transaction.atomic():
                make()
                snapshots.append(
                    [
                        sorted(
                            Opportunity.objects.values_list("public_id", "title", "description")
                        ),
                        sorted(Application.objects.values_list("public_id", "status", "name")),
                        sorted(CandidateProfile.objects.values_list("public_id", "headline")),
                    ]
                )
                transaction.set_rollback(True)
        assert snapshots[0] == snapshots[1]
        assert all(len(rows) >= 300 for rows in snapshots[0])

    def test_it_holds_no_table_that_the_databases_of_a_server_share(self):
        demo_market()

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relation::regclass FROM pg_locks WHERE pid = pg_backend_pid()"
                " AND locktype = 'relation' AND database = 0 AND mode <> 'AccessShareLock'"
            )
            assert cursor.fetchall() == []
