"""Tokens: made on a page, shown once, bound to their scopes, revoked at once."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from knox.models import AuthToken
from rest_framework.test import APIClient

from config.contract import scopes
from opportunities.accounts import tokens
from opportunities.accounts.models import SCOPES, Scope, TokenGrant
from opportunities.core.errors import Invalid, NotFound
from opportunities.privacy import retention
from tests.factories import PASSWORD, CandidateProfileFactory, UserFactory, employer_with_owner
from tests.roles.test_drafts import COMPLETE

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
PAGE = "/me/tokens/"


def bearer(secret):
    return APIClient(headers={"Authorization": f"Bearer {secret}"})


def secret_of(person, *scopes):
    _, secret = tokens.make(
        person=person,
        name="System",
        scopes=scopes,
        days=30,
        at=timezone.now(),
        with_second_factor=True,
    )
    return secret


def token_of(person, *scopes):
    return bearer(secret_of(person, *scopes))


class TestPage:
    def test_makes_a_token_that_is_shown_once_and_revoked(self, client):
        person = CandidateProfileFactory(user__confirmed=True).user
        client.force_login(person)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})

        made = client.post(PAGE, {"name": "Mine", "scopes": ["profile:read"], "days": "30"})
        secret = re.search(r'id="secret">(\w+)<', made.content.decode())[1]

        assert bearer(secret).get("/api/v1/profile").status_code == 200
        assert secret not in client.get(PAGE).content.decode()
        grant = TokenGrant.objects.get()
        assert client.post(f"{PAGE}{grant.pk}/revoke/").status_code == 302
        assert bearer(secret).get("/api/v1/profile").status_code == 401

    @pytest.mark.parametrize("language", ["en", "de"])
    def test_says_in_words_what_a_token_may_do(self, client, language):
        client.force_login(UserFactory(moderator=True))
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        german = {"Accept-Language": language}
        chosen = {"name": "Mine", "scopes": ["profile:read", "matches:read"], "days": "30"}

        asked = unescape(client.get(PAGE, headers=german).text)
        client.post(PAGE, chosen)
        listed = unescape(client.get(PAGE, headers=german).text)

        with translation.override(language):
            for scope in Scope:
                assert re.search(rf"{re.escape(str(scope.label))} <code[^>]*>{scope}<", asked)
            both = [str(Scope(scope).label) for scope in sorted(chosen["scopes"])]
            assert "; ".join(both) in listed

    def test_says_when_a_token_was_last_used(self, client):
        person = CandidateProfileFactory(user__confirmed=True).user
        secret = secret_of(person, "profile:read")
        client.force_login(person)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        unused = client.get(PAGE).content.decode()

        bearer(secret).get("/api/v1/profile")

        page = client.get(PAGE).content.decode()
        assert "Not used yet" in unused
        assert "Not used yet" not in page
        assert "Last used" in page

    def test_shows_when_a_token_expired_until_it_is_removed(self, client):
        person = UserFactory(confirmed=True)
        secret = secret_of(person, "profile:read")
        AuthToken.objects.update(expiry=datetime(2027, 1, 4, 12, tzinfo=UTC))

        with time_machine.travel(NOW + timedelta(days=2), tick=False):
            client.force_login(person)
            client.post("/accounts/reauthenticate/", {"password": PASSWORD})
            assert bearer(secret).get("/api/v1/profile").status_code == 401
            page = client.get(PAGE).text
            assert "Expired on 4 Jan 2027" in page
            assert "There are none." in page
            grant = TokenGrant.objects.get()
            removed = client.post(f"{PAGE}{grant.pk}/revoke/", follow=True).text

        assert "The token is removed." in removed
        assert "Expired" not in removed
        assert not AuthToken.objects.exists()

    def test_lets_go_of_an_expired_token_after_thirty_days(self, client):
        person = UserFactory(confirmed=True)
        secret_of(person, "profile:read")
        AuthToken.objects.update(expiry=NOW)

        kept = retention.sweep(at=NOW + timedelta(days=30))["tokens"]
        assert tokens.ended_of(person, at=NOW + timedelta(days=30)).exists()
        assert (kept, retention.sweep(at=NOW + timedelta(days=31))["tokens"]) == (0, 1)

    def test_a_form_that_is_sent_again_makes_no_second_token(self, client):
        client.force_login(UserFactory())
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        given = {"name": "Mine", "scopes": ["profile:read"], "days": "30"}
        given["csrfmiddlewaretoken"] = "a" * 64

        first, again = client.post(PAGE, given), client.post(PAGE, given, follow=True)

        assert 'id="secret"' in first.text
        assert TokenGrant.objects.count() == 1
        assert 'id="secret"' not in again.text
        assert "This token was made already; its secret is not shown again." in again.text

    @pytest.mark.parametrize("decides", [True, False])
    def test_offers_the_desk_to_moderators_alone(self, client, decides):
        client.force_login(UserFactory(moderator=decides))
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})

        assert ('value="moderation:write"' in client.get(PAGE).text) is decides

    def test_a_refusal_keeps_what_was_given(self, client):
        client.force_login(UserFactory())
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})

        named = client.post(PAGE, {"name": "Build robot", "days": "90"}).text
        chosen = client.post(PAGE, {"name": "", "scopes": ["profile:read"], "days": "90"}).text

        assert 'value="Build robot"' in named
        assert 'value="profile:read" checked' in chosen
        assert '<option value="90" selected>' in chosen

    def test_asks_to_sign_in_again_first(self, client):
        client.force_login(UserFactory())

        answer = client.get(PAGE)

        assert answer.status_code == 302
        assert "reauthenticate" in answer["Location"]


class TestMake:
    @pytest.mark.parametrize(
        "wrong",
        [{"name": ""}, {"name": "x" * 81}, {"scopes": []}, {"scopes": ["all"]}, {"days": 9999}],
    )
    def test_refuses_what_is_not_offered(self, wrong):
        values = {"name": "Mine", "scopes": ["profile:read"], "days": 30} | wrong

        with pytest.raises(Invalid):
            tokens.make(person=UserFactory(), at=timezone.now(), **values)

    def test_nobody_revokes_anothers_token(self):
        token_of(UserFactory(), "profile:read")

        with pytest.raises(NotFound):
            tokens.revoke(person=UserFactory(), grant_id=TokenGrant.objects.get().pk)

    def test_only_a_digest_is_kept(self):
        _, secret = tokens.make(
            person=UserFactory(), name="A", scopes=["profile:read"], days=30, at=timezone.now()
        )
        assert secret not in str(AuthToken.objects.values().get())


class TestUse:
    def test_is_written_once_an_hour(self):
        grant, _ = tokens.make(
            person=UserFactory(), name="A", scopes=["profile:read"], days=30, at=NOW
        )
        used = []
        for minutes in (0, 59, 60, 61):
            tokens.note_use(grant, at=NOW + timedelta(minutes=minutes))
            grant.refresh_from_db()
            used.append(grant.used_at - NOW)

        assert used == [timedelta(), timedelta(), timedelta(hours=1), timedelta(hours=1)]

    def test_within_the_hour_costs_no_write(self):
        api = token_of(CandidateProfileFactory().user, "profile:read")
        with CaptureQueriesContext(connection) as first:
            api.get("/api/v1/profile")
        with CaptureQueriesContext(connection) as second:
            api.get("/api/v1/profile")

        assert len([each for each in first if each["sql"].startswith("UPDATE")]) == 1
        assert not [each for each in second if each["sql"].startswith("UPDATE")]

    def test_that_is_refused_counts_as_well(self):
        token_of(UserFactory(), "matches:read").get("/api/v1/profile")

        assert TokenGrant.objects.get().used_at


class TestScopes:
    def test_reading_does_not_write(self):
        employer, owner = employer_with_owner()
        body = {**COMPLETE, "employer": employer.public_id}

        refused = token_of(owner, "opportunities:read").post("/api/v1/opportunities", body)
        done = token_of(owner, "opportunities:write").post("/api/v1/opportunities", body)

        assert (refused.status_code, done.status_code) == (403, 201)
        assert "opportunities:write" in refused.json()["detail"]

    @pytest.mark.parametrize(
        ("path", "scope"),
        [
            ("profile", "profile:read"),
            ("applications", "applications:read"),
            ("moderation/items", "moderation:write"),
            ("webhook-endpoints", "webhooks:manage"),
            ("events", "webhooks:manage"),
            ("opportunities/opp_x/candidates", "matches:read"),
        ],
    )
    def test_each_group_needs_its_scope(self, path, scope):
        person = CandidateProfileFactory(user=UserFactory(moderator=True)).user
        others = [each for each in SCOPES if each != scope]

        assert token_of(person, *others).get(f"/api/v1/{path}").status_code == 403
        assert token_of(person, scope).get(f"/api/v1/{path}").status_code in {200, 404}

    @pytest.mark.parametrize(
        ("method", "path", "scope"),
        [
            ("GET", "opportunities", "opportunities:read"),
            ("HEAD", "opportunities/opp_x", "opportunities:read"),
            ("PATCH", "opportunities/opp_x", "opportunities:write"),
            ("GET", "opportunities/opp_x/invitations", "applications:read"),
            ("POST", "opportunities/opp_x/invitations", "applications:write"),
            ("POST", "opportunities/opp_x/invitations/x", "opportunities:write"),
            ("GET", "invitations", "profile:read"),
            ("POST", "invitations/7/decline", "profile:write"),
            ("POST", "applications/app_x/offer", "applications:write"),
            ("GET", "completions/cmp_x", "applications:read"),
            ("GET", "imports/imp_x", "opportunities:read"),
            ("POST", "adverts", "opportunities:write"),
            ("POST", "appeals", "opportunities:write"),
            ("GET", "matches", "profile:read"),
            ("GET", "matches/opp_x/explanation", "matches:read"),
            ("GET", "introductions", "matches:read"),
            ("POST", "match-runs", "matches:read"),
            ("GET", "alerts", "profile:read"),
            ("GET", "saved", "profile:read"),
            ("GET", "me", None),
            ("GET", "skills", None),
            ("POST", "reports", None),
            ("GET", "unheard-of", "nothing"),
        ],
    )
    def test_every_address_names_one_scope(self, method, path, scope):
        assert scopes.scope_for(f"/api/v1/{path}", method) == scope

    def test_a_token_without_a_grant_may_do_nothing(self):
        _, secret = AuthToken.objects.create(user=UserFactory())

        refused = bearer(secret).get("/api/v1/notices")
        assert refused.status_code == 403
        needed = 'Bearer error="insufficient_scope", scope="profile:read"'
        assert refused["WWW-Authenticate"] == needed

    @pytest.mark.parametrize("wrong", ["expired", "revoked", "closed", "mistyped"])
    def test_a_token_that_no_longer_works_is_told_from_none(self, wrong):
        person = UserFactory(is_active=wrong != "closed")
        expiry = timedelta(days=-1 if wrong == "expired" else 1)
        token, secret = AuthToken.objects.create(user=person, expiry=expiry)
        if wrong == "revoked":
            token.delete()

        refused = bearer(secret[::-1] if wrong == "mistyped" else secret).get("/api/v1/notices")
        without = APIClient().get("/api/v1/notices")

        assert refused.status_code == without.status_code == 401
        assert refused["WWW-Authenticate"] == 'Bearer error="invalid_token"'
        assert refused.json()["detail"] == scopes.UNKNOWN
        assert without["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize("secret", ["x", "\xff", "a\x00b", "é" * 64, "x" * 5000, ""])
    def test_what_is_no_token_is_refused(self, secret):
        answer = APIClient().get("/api/v1/notices", HTTP_AUTHORIZATION=f"Bearer {secret}")

        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
