"""Somebody has a password of staff, of a moderator or of an owner, and nothing else."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from opportunities.accounts import tokens
from opportunities.core.models import Site
from tests.attacks.entering import code_of, recovery_code_of, set_up_app, with_code, with_password
from tests.factories import PASSWORD, UserFactory, employer_with_owner

pytestmark = pytest.mark.django_db

BEHIND_THE_FACTOR = ["/admin/", "/moderate/", "/moderate/log/", "/me/", "/api/v1/moderation/items"]


def staff(**traits):
    return UserFactory(admin=True, confirmed=True, **traits)


def moderator(**traits):
    return UserFactory(moderator=True, confirmed=True, **traits)


def moderator_by_group():
    user = UserFactory(confirmed=True)
    group = Group.objects.create(name="Moderators")
    group.permissions.add(Permission.objects.get(codename="moderate_opportunity"))
    user.groups.add(group)
    return user


def superuser_alone():
    return UserFactory(is_superuser=True, confirmed=True)


POWERFUL = pytest.mark.parametrize(
    "person", [staff, superuser_alone, moderator, moderator_by_group]
)


def reached(client, paths=BEHIND_THE_FACTOR):
    return [path for path in paths if client.get(path).status_code == 200]


def token(user, **how):
    scopes = ["moderation:write", "opportunities:read"]
    _, secret = tokens.make(
        person=user, name="Script", scopes=scopes, days=30, at=timezone.now(), **how
    )
    return APIClient(headers={"Authorization": f"Bearer {secret}"})


class TestGuessing:
    @pytest.fixture(autouse=True)
    def _admin(self):
        staff(email="root@example.org")

    def test_twenty_five_guesses_at_the_admins_door_do_not_end_inside(self, client):
        for number in range(25):
            guess = {"username": "root@example.org", "password": f"wrong {number}"}
            client.post("/admin/login/?next=/admin/", guess)

        client.post(
            "/admin/login/?next=/admin/", {"username": "root@example.org", "password": PASSWORD}
        )

        assert "_auth_user_id" not in client.session
        assert client.get("/admin/").status_code == 302

    def test_the_admins_door_leads_to_the_one_form_with_limits(self, client):
        answer = client.get("/admin/login/?next=/admin/opportunities/")

        assert answer.status_code == 302
        assert answer["Location"] == "/accounts/login/?next=%2Fadmin%2Fopportunities%2F"

    @pytest.mark.parametrize(
        ("path", "form"),
        [
            ("/accounts/login/", {"login": "root@example.org", "password": "{}"}),
            ("/accounts/login/", {"login": "nobody@example.org", "password": "{}"}),
        ],
    )
    def test_guessing_at_sign_in_ends_after_a_few(self, client, path, form):
        for number in range(15):
            client.post(path, form | {"password": f"wrong {number}"})

        answer = client.post(path, form | {"password": PASSWORD})

        assert answer.status_code == 200
        assert "Too many" in answer.content.decode()
        assert "_auth_user_id" not in client.session

    @pytest.mark.parametrize(
        ("path", "field"),
        [
            ("/accounts/reauthenticate/", "password"),
            ("/accounts/password/change/", "oldpassword"),
            ("/admin/password_change/", "old_password"),
        ],
    )
    def test_a_stolen_session_cannot_guess_the_password(self, path, field):
        user = staff()
        client = with_code(user, set_up_app(user))
        new = "quite another secret"
        rest = dict.fromkeys(("password1", "password2", "new_password1", "new_password2"), new)

        for number in range(20):
            client.post(path, rest | {field: f"wrong {number}"})
        client.post(path, rest | {field: PASSWORD})

        user.refresh_from_db()
        assert user.check_password(PASSWORD)
        records = client.session["account_authentication_methods"]
        assert not any(record.get("reauthenticated") for record in records)

    def test_guessing_codes_of_the_app_ends_after_a_few(self):
        user = staff()
        secret = set_up_app(user)
        client = with_password(user)
        for number in range(15):
            client.post("/accounts/2fa/authenticate/", {"code": f"{number:06}"})

        client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

        assert "_auth_user_id" not in client.session


class TestPasswordAlone:
    @POWERFUL
    def test_a_password_of_somebody_with_power_opens_nothing(self, person):
        assert reached(with_password(person())) == []

    @POWERFUL
    def test_a_password_is_not_enough_where_a_factor_is_set_up(self, person):
        user = person()
        set_up_app(user)

        assert reached(with_password(user)) == []

    @POWERFUL
    def test_the_code_of_the_app_lets_them_on(self, person):
        user = person()
        client = with_code(user, set_up_app(user))

        assert client.get("/me/").status_code == 200

    @pytest.mark.parametrize("periods_on", [-1, 1])
    def test_a_code_of_another_half_minute_is_refused_in_words(self, periods_on):
        user = moderator()
        secret = set_up_app(user)
        client = with_password(user)

        answer = client.post(
            "/accounts/2fa/authenticate/", {"code": code_of(secret, periods_on=periods_on)}
        )

        assert "That code is wrong or too old. Enter the latest one." in answer.content.decode()
        assert reached(client) == []

    @pytest.mark.parametrize("root", ["/static", "/accounts", "/healthz"])
    def test_claiming_another_root_of_the_site_opens_nothing(self, root):
        client = with_password(staff())  # gunicorn takes the header SCRIPT_NAME for the root

        answers = [client.get(path, SCRIPT_NAME=root) for path in BEHIND_THE_FACTOR]

        assert {answer.status_code for answer in answers} <= {302, 403}

    def test_a_session_from_before_the_factor_was_set_up_must_use_it(self):
        user = moderator()
        early = with_password(user)
        set_up_app(user)

        assert reached(early) == []
        sent = early.get("/moderate/log/")
        assert sent["Location"].startswith("/accounts/2fa/reauthenticate/")

    def test_a_session_from_before_somebody_became_a_moderator_must_use_it(self):
        user = UserFactory(confirmed=True)
        early = with_password(user)
        user.user_permissions.add(Permission.objects.get(codename="moderate_opportunity"))

        assert early.get("/moderate/log/").status_code == 302
        assert early.get("/api/v1/moderation/items").status_code == 403

    def test_a_mailed_code_is_no_second_factor(self, client, mailoutbox):
        user = moderator()
        client.post("/accounts/login/code/", {"email": user.email})
        code = next(
            line.strip()
            for line in mailoutbox[-1].body.splitlines()
            if line.strip().replace("-", "").isalnum() and line.strip().isupper()
        )
        client.post("/accounts/login/code/confirm/", {"code": code})

        assert client.session["_auth_user_id"] == str(user.pk)
        assert reached(client) == []

    def test_the_api_says_what_is_missing(self):
        answer = with_password(moderator()).get("/api/v1/moderation/items")

        assert answer.status_code == 403
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["type"].endswith("/problems/second-factor")

    def test_the_demo_asks_nobody(self, settings):
        settings.DEMO = True

        assert with_password(staff()).get("/admin/").status_code == 200

    def test_a_candidate_needs_none(self):
        assert with_password(UserFactory(confirmed=True)).get("/me/").status_code == 200


class TestOwners:
    def test_owners_need_one_where_the_site_says_so(self):
        _, owner = employer_with_owner(verified=True)
        EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
        client = with_password(owner)
        before = client.get("/employer/").status_code

        Site.objects.update_or_create(pk=1, defaults={"owners_need_second_factor": True})

        assert before == 200
        assert client.get("/employer/")["Location"].startswith("/accounts/2fa/")


class TestWaysToUseOne:
    def test_a_recovery_code_counts(self):
        user = staff()
        set_up_app(user)
        client = with_password(user)
        client.post("/accounts/2fa/authenticate/", {"code": recovery_code_of(user)})

        assert client.get("/admin/").status_code == 200

    def test_a_passkey_counts(self):
        user = staff()
        row = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})
        client = Client()
        client.force_login(user)
        session = client.session
        session["account_authentication_methods"] = [
            {
                "method": "mfa",
                "at": time.time(),
                "id": row.pk,
                "type": "webauthn",
                "passwordless": True,
            }
        ]
        session.save()

        assert client.get("/admin/").status_code == 200

    def test_using_it_later_in_the_session_counts(self):
        user = moderator()
        client = with_password(user)
        secret = set_up_app(user)
        there = client.get("/moderate/log/")["Location"]

        used = client.post(there, {"code": code_of(secret)})

        assert used["Location"] == "/moderate/log/"
        assert client.get("/moderate/log/").status_code == 200

    def test_setting_up_the_first_one_counts_as_using_it(self):
        user = staff()
        client = with_password(user)
        assert client.get("/admin/")["Location"].startswith("/accounts/2fa/")
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        client.get("/accounts/2fa/totp/activate/")
        code = code_of(client.session["mfa.totp.secret"])

        with pytest.MonkeyPatch.context() as now:
            now.setattr("django.db.transaction.on_commit", lambda function, **_: function())
            client.post("/accounts/2fa/totp/activate/", {"code": code})

        assert client.get("/admin/").status_code == 200

    @pytest.mark.parametrize(
        "path",
        [
            "/accounts/2fa/totp/activate/",
            "/accounts/2fa/totp/deactivate/",
            "/accounts/2fa/webauthn/add/",
            "/accounts/2fa/recovery-codes/",
            "/accounts/2fa/recovery-codes/generate/",
            "/accounts/2fa/recovery-codes/download/",
            "/accounts/password/change/",
            "/accounts/email/",
            "/accounts/reauthenticate/",
        ],
    )
    def test_a_password_alone_adds_shows_and_removes_no_factor(self, path):
        user = staff()
        client = with_password(user)
        set_up_app(user)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})

        assert client.get(path)["Location"].startswith("/accounts/2fa/reauthenticate/")
        assert client.post(path)["Location"].startswith("/accounts/2fa/reauthenticate/")
        assert Authenticator.objects.filter(user=user).count() == 2

    def test_a_factor_that_was_taken_away_no_longer_counts(self):
        user = staff()
        client = with_code(user, set_up_app(user))
        assert client.get("/admin/").status_code == 200

        Authenticator.objects.filter(user=user).delete()

        assert client.get("/admin/").status_code == 302

    def test_one_can_always_leave(self):
        user = staff()
        client = with_password(user)
        set_up_app(user)

        client.post("/accounts/logout/")

        assert "_auth_user_id" not in client.session


class TestTokens:
    @POWERFUL
    def test_a_token_made_without_a_second_factor_is_refused(self, person):
        answer = token(person()).get("/api/v1/opportunities")

        assert answer.status_code == 403
        assert answer.json()["type"].endswith("/problems/second-factor")
        assert "revoke it and make another" in answer.json()["detail"]

    def test_claiming_another_root_of_the_site_widens_no_token(self):
        _, secret = tokens.make(
            person=UserFactory(), name="Narrow", scopes=["matches:read"], days=30, at=timezone.now()
        )
        api = Client(headers={"Authorization": f"Bearer {secret}"})

        assert api.get("/api/v1/profile").status_code == 403
        assert api.get("/api/v1/profile", SCRIPT_NAME="/api/v1/meta").status_code == 403

    def test_a_token_made_with_one_works(self):
        answer = token(moderator(), with_second_factor=True).get("/api/v1/moderation/items")

        assert answer.status_code == 200

    def test_an_older_token_of_somebody_who_became_a_moderator_is_refused(self):
        user = UserFactory()
        early = token(user)
        assert early.get("/api/v1/opportunities").status_code == 200

        user.user_permissions.add(Permission.objects.get(codename="moderate_opportunity"))

        assert early.get("/api/v1/moderation/items").status_code == 403

    def test_the_page_notes_how_the_session_was_opened(self):
        user = moderator()
        secret = set_up_app(user)
        client = with_code(user, secret)
        client.post("/accounts/2fa/reauthenticate/", {"code": recovery_code_of(user)})
        form = {"name": "Mine", "scopes": ["moderation:write"], "days": "30"}

        made = client.post("/me/tokens/", form).content.decode()
        shown = made.split('id="secret">')[1].split("<")[0]

        api = APIClient(headers={"Authorization": f"Bearer {shown}"})
        assert api.get("/api/v1/moderation/items").status_code == 200
