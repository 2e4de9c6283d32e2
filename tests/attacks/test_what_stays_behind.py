"""Somebody looks for what erasing, signing out and time should have taken away."""

import datetime as dt
import json
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from config.middleware import UsualHeaders
from opportunities.accounts import tokens
from opportunities.core.retention import RULES
from opportunities.privacy.erase import erase
from opportunities.privacy.export import archive
from opportunities.privacy.retention import sweep
from tests.attacks.entering import set_up_app, with_password
from tests.attacks.remains import everything_in_sessions, sessions
from tests.factories import (
    PASSWORD,
    CandidateProfileFactory,
    NoticeFactory,
    OpportunityFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


class TestErased:
    @pytest.fixture
    def person(self):
        return CandidateProfileFactory(
            user__confirmed=True, user__email="ana.baker@example.org"
        ).user

    def begin(self, path, **fields):
        Client().post(path, fields)

    def test_no_session_speaks_of_somebody_who_was_erased(self, person):
        for _ in range(3):
            with_password(person).post("/accounts/reauthenticate/", {"password": PASSWORD})
        set_up_app(person)
        with_password(person)  # stops where the code of the app is asked for
        self.begin("/accounts/signup/", email="Ana.Baker@example.org", password1="a long secret")
        self.begin("/accounts/login/code/", email=person.email)
        self.begin("/accounts/password/reset/", email=person.email)
        strangers = UserFactory(confirmed=True)
        theirs = with_password(strangers)
        assert person.email in everything_in_sessions().lower()

        erase(owner=person, at=timezone.now())

        assert "ana.baker" not in everything_in_sessions().lower()
        assert [row.get_decoded()[SESSION_KEY] for row in sessions()] == [str(strangers.pk)]
        assert theirs.get("/me/").status_code == 200

    def test_the_page_that_erases_leaves_no_session_behind(self, person):
        client = with_password(person)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})

        done = client.post("/me/erase/", {"confirm": person.email})

        assert done["Location"] == "/"
        assert "erased" in client.get("/").text
        assert person.email not in everything_in_sessions()

    def test_the_name_beside_a_session_does_not_tell_an_address(self, person):
        self.begin("/accounts/signup/", email=person.email, password1="a long secret")

        assert "ana" not in str(list(sessions().values_list("whose", flat=True)))

    def test_an_archive_holds_no_key_of_a_session(self, person):
        client = with_password(person)

        with (
            archive(owner=person, at=timezone.now()) as file,
            zipfile.ZipFile(file) as archived,
        ):
            [row] = json.loads(archived.read("sessions.json"))

        assert list(row) == ["expire_date"]
        assert client.session.session_key not in str(row)

    def test_no_administrator_reads_keys_of_sessions(self):
        admin = UserFactory(admin=True)
        client = Client()
        client.force_login(admin)

        assert client.get("/admin/accounts/storedsession/").status_code == 404
        assert client.get("/admin/sessions/session/").status_code == 404


class TestSweep:
    def test_more_sessions_than_a_batch_do_not_pile_up(self):
        kind = sessions().model
        past = timezone.now() - dt.timedelta(days=1)
        kind.objects.bulk_create(
            kind(session_key=f"old{number}", session_data="", expire_date=past)
            for number in range(1201)
        )
        Client().post("/start/time/", {"answer": "10"})

        swept = sweep(at=timezone.now())

        assert swept["sessions"] == 1201
        assert sessions().count() == 1


class TestRetentionIsOneTable:
    def test_the_privacy_page_shows_every_rule(self, client):
        shown = client.get("/privacy/").text.replace("&#x27;", "'")

        for rule in RULES:
            assert f"<td>{rule.what}</td>" in shown
            assert f"{rule.span} after {rule.since}" in shown

    def test_the_handbook_shows_the_same_rules_in_the_same_order(self):
        handbook = (Path(settings.BASE_DIR) / "docs" / "operations.md").read_text()
        rows = [f"| {r.what} | {r.span} after {r.since} | {r.then} |" for r in RULES]

        assert "\n".join(rows) in handbook

    def test_every_sweep_has_a_rule_and_every_rule_a_sweep(self):
        swept = set(sweep(at=timezone.now())) - {"warned_accounts"}

        assert {rule.sweep for rule in RULES} == swept

    def test_a_session_ends_when_the_table_says(self, client):
        client.post("/start/time/", {"answer": "10"})
        days = next(rule.days for rule in RULES if rule.sweep == "sessions")

        left = sessions().get().expire_date - timezone.now()

        assert left <= dt.timedelta(days=days)
        assert left > dt.timedelta(days=days) - dt.timedelta(minutes=5)


class TestCaches:
    @pytest.mark.parametrize(
        "path",
        ["/me/", "/notices/", "/applications/", "/matches/", "/saved/", "/", "/opportunities/",
         "/api/v1/profile", "/api/v1/notices", "/api/v1/opportunities", "/accounts/email/"],
    )  # fmt: skip
    def test_nobody_between_keeps_a_page_of_somebody(self, client, path):
        profile = CandidateProfileFactory(user__confirmed=True)
        NoticeFactory(recipient=profile.user)
        OpportunityFactory(open=True)
        client.force_login(profile.user)

        told = client.get(path)["Cache-Control"]

        assert "private" in told
        assert "no-cache" in told or "no-store" in told

    def test_nobody_between_keeps_what_a_token_is_told(self):
        _, secret = tokens.make(
            person=CandidateProfileFactory().user,
            name="Script",
            scopes=["profile:read"],
            days=30,
            at=timezone.now(),
        )
        told = Client().get("/api/v1/profile", headers={"Authorization": f"Bearer {secret}"})

        assert told.status_code == 200
        assert told["Cache-Control"] == "private, no-cache"

    def test_what_says_itself_that_it_is_public_stays_so(self, rf):
        said = UsualHeaders(
            lambda _: HttpResponse(headers={"Cache-Control": "public, max-age=300"})
        )(rf.get("/"))

        assert said["Cache-Control"] == "public, max-age=300"
