"""Somebody reads a copy of the database and looks for secrets to use."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core.exceptions import ImproperlyConfigured
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient
from standardwebhooks import Webhook

from opportunities.accounts import tasks
from opportunities.webhooks import sending
from opportunities.webhooks import tasks as tasks_of_webhooks
from opportunities.webhooks.models import WebhookEndpoint
from tests.attacks.entering import code_of, recovery_code_of, set_up_app, with_password
from tests.attacks.remains import sessions
from tests.factories import (
    PASSWORD,
    UserFactory,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
    employer_with_owner,
)

pytestmark = pytest.mark.django_db

FORMER, NEW = "a former key " + "x" * 50, "a new key " + "y" * 50
APP, CODES = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES


@pytest.fixture
def person():
    return UserFactory(confirmed=True)


def kept(user):
    """Return what the database holds of an account's factors, as a copy shows it."""
    return json.dumps(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))


def as_a_former_release_kept_them(user):
    """Store an app and recovery codes as they are without encryption; return the app's secret."""
    secret = generate_totp_secret()
    Authenticator.objects.create(user=user, type=APP, data={"secret": secret})
    Authenticator.objects.create(
        user=user, type=CODES, data={"seed": RecoveryCodes.generate_seed(), "used_mask": 0}
    )
    return secret


def opens(user, code):
    client = with_password(user)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    return "_auth_user_id" in client.session


def test_a_copy_shows_neither_the_secret_of_an_app_nor_a_recovery_code(person):
    secret = set_up_app(person)
    codes = RecoveryCodes(Authenticator.objects.get(user=person, type=CODES)).generate_codes()

    copy = kept(person)

    assert len(codes) == 10
    assert not [each for each in (secret, *codes) if each in copy]
    assert {len(each) > 90 for each in json.loads(copy)[0].values()} == {True}


def test_what_a_copy_shows_makes_no_recovery_codes(person):
    set_up_app(person)
    row = Authenticator.objects.get(user=person, type=CODES)
    own = RecoveryCodes(row).generate_codes()

    with pytest.MonkeyPatch.context() as without_key:
        without_key.setattr("allauth.mfa.recovery_codes.internal.auth.decrypt", lambda text: text)
        guessed = RecoveryCodes(row).generate_codes()

    assert not {*own} & {*guessed}


def test_the_app_and_a_recovery_code_still_open(person):
    secret = set_up_app(person)

    assert opens(person, code_of(secret))
    assert opens(person, recovery_code_of(person))


def test_factors_of_a_former_release_open_and_are_encrypted_within_the_hour(person):
    secret = as_a_former_release_kept_them(person)
    code = recovery_code_of(person)
    assert opens(person, code)
    used = Authenticator.objects.get(user=person, type=CODES).data["used_mask"]

    tasks.encrypt_factors()

    assert secret not in kept(person)
    assert Authenticator.objects.get(user=person, type=CODES).data["used_mask"] == used == 1
    assert opens(person, code_of(secret))
    assert not opens(person, code)


def test_codes_taken_over_from_elsewhere_are_encrypted_each(person):
    row = Authenticator.objects.create(
        user=person, type=CODES, data={"migrated_codes": ["abc12345", "def67890"]}
    )

    tasks.encrypt_factors()

    row.refresh_from_db()
    assert "abc12345" not in kept(person)
    assert RecoveryCodes(row).get_unused_codes() == ["abc12345", "def67890"]


def test_a_former_key_may_go_once_everything_is_encrypted_anew(person, settings):
    settings.SECRET_KEY = FORMER
    secret = set_up_app(person)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [FORMER]
    tasks.encrypt_factors()
    after_once = kept(person)
    tasks.encrypt_factors()

    settings.SECRET_KEY_FALLBACKS = []

    assert kept(person) == after_once
    assert opens(person, code_of(secret))


def test_a_key_that_is_lost_opens_nothing_and_is_told_of(person, settings, caplog):
    settings.SECRET_KEY = FORMER
    secret = set_up_app(person)
    before = kept(person)
    settings.SECRET_KEY = NEW

    tasks.encrypt_factors()

    assert kept(person) == before
    assert "a secret cannot be read" in caplog.text
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS"):
        opens(person, code_of(secret))


def test_a_passkey_is_left_as_it_is(person):
    row = Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}}
    )

    tasks.encrypt_factors()

    row.refresh_from_db()
    assert row.data == {"name": "Key", "credential": {}}


class TestSessions:
    """Whoever sends the key of a session is whoever it belongs to, second factor included."""

    def opened_with(self, key):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        return client.get("/me/").status_code == 200

    def test_what_a_copy_shows_signs_nobody_in(self, person):
        client = with_password(person)
        shown = [text for row in sessions().values() for text in row.values()]

        assert self.opened_with(client.session.session_key)
        assert len(shown) >= 4
        assert not [text for text in shown if isinstance(text, str) and self.opened_with(text)]

    def test_a_session_of_a_former_release_goes_on_until_it_ends(self, person):
        with_password(person)
        key = "k3y0fadjangosession0000000000000"
        sessions().update(session_key=key)

        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        client.post("/start/time/", {"answer": "10"})

        assert self.opened_with(key)
        client.post("/accounts/logout/")
        assert not self.opened_with(key)
        assert not sessions().filter(session_key=key).exists()

    def test_it_does_not_show_the_secret_of_an_app_that_is_being_set_up(self, person):
        client = with_password(person)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        page = client.get("/accounts/2fa/totp/activate/")
        secret = page.context["form"].secret

        copy = str([DatabaseStore().decode(row.session_data) for row in sessions()])

        assert page.status_code == 200
        assert "mfa.totp.secret" in copy
        assert secret not in copy
        client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
        assert Authenticator.objects.filter(user=person, type=APP).exists()


class TestSigningSecretsOfWebhooks:
    """Whoever has one can tell an employer's system of events that never were."""

    @pytest.fixture
    def owner(self):
        employer, owner = employer_with_owner()
        client = APIClient()
        client.force_authenticate(owner)
        client.employer = employer
        return client

    @pytest.fixture
    def former(self):
        """Return an endpoint as the release before kept it, with both secrets."""
        return WebhookEndpointFactory(
            secret="whsec_" + "QUJD" * 8,
            former_secret="whsec_" + "T0xE" * 8,
            former_until=timezone.now() + timedelta(hours=1),
        )

    def made(self, owner):
        body = {
            "employer": owner.employer.public_id,
            "url": "https://1.1.1.1/hook",
            "types": ["application.created"],
        }
        answer = owner.post("/api/v1/webhook-endpoints", body).json()
        return WebhookEndpoint.objects.get(public_id=answer["id"]), answer["secret"]

    def copied(self):
        return str(list(WebhookEndpoint.objects.values_list("secret", "former_secret")))

    def sent(self, endpoint):
        """Return body and headers of the message that is sent next."""
        delivery = WebhookDeliveryFactory(endpoint=WebhookEndpoint.objects.get(pk=endpoint.pk))
        return delivery.body, sending.headers_of(delivery, at=timezone.now())

    def test_a_copy_shows_none_and_messages_are_signed_with_it(self, owner):
        endpoint, secret = self.made(owner)

        assert secret.startswith("whsec_")
        assert secret.removeprefix("whsec_") not in self.copied()
        assert Webhook(secret).verify(*self.sent(endpoint)) == {}

    def test_after_a_rotation_it_shows_neither(self, owner):
        endpoint, first = self.made(owner)

        second = owner.post(f"/api/v1/webhook-endpoints/{endpoint.public_id}/rotate").json()

        assert "whsec_" not in self.copied()
        assert first != second["secret"]
        for secret in (first, second["secret"]):
            assert Webhook(secret).verify(*self.sent(endpoint)) == {}

    def test_those_of_a_former_release_sign_and_are_encrypted_within_the_hour(self, former):
        secrets = former.secret, former.former_secret
        for secret in secrets:
            assert Webhook(secret).verify(*self.sent(former)) == {}

        tasks_of_webhooks.encrypt_secrets()

        assert "whsec_" not in self.copied()
        for secret in secrets:
            assert Webhook(secret).verify(*self.sent(former)) == {}

    def test_a_former_key_may_go_once_they_are_encrypted_anew(self, owner, settings):
        settings.SECRET_KEY = FORMER
        endpoint, secret = self.made(owner)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [FORMER]

        tasks_of_webhooks.encrypt_secrets()
        after_once = self.copied()
        tasks_of_webhooks.encrypt_secrets()
        settings.SECRET_KEY_FALLBACKS = []

        assert self.copied() == after_once
        assert Webhook(secret).verify(*self.sent(endpoint)) == {}
        assert WebhookEndpoint.objects.get().former_secret == ""

    def test_a_key_that_is_lost_holds_up_no_other_and_ends_with_a_rotation(
        self, owner, settings, caplog
    ):
        settings.SECRET_KEY = FORMER
        endpoint, _ = self.made(owner)
        settings.SECRET_KEY = NEW
        other, _ = self.made(owner)
        unread, read = (WebhookDeliveryFactory(endpoint=each) for each in (endpoint, other))
        tasks_of_webhooks.encrypt_secrets()

        assert sending.send_due(at=timezone.now(), send=lambda *_: 204) == 1

        assert "a secret cannot be read" in caplog.text
        for each in (unread, read):
            each.refresh_from_db()
        assert (read.last_status, unread.sent_at) == (204, None)
        assert unread.last_error == "We can no longer read its secret: rotate it."
        rotated = owner.post(f"/api/v1/webhook-endpoints/{endpoint.public_id}/rotate").json()
        assert Webhook(rotated["secret"]).verify(*self.sent(endpoint)) == {}

    def test_the_key_of_factors_opens_none(self, owner, person):
        endpoint, _ = self.made(owner)
        Authenticator.objects.create(user=person, type=APP, data={"secret": endpoint.secret})

        with pytest.raises(ImproperlyConfigured):
            opens(person, "123456")

    def test_to_go_back_to_the_release_before_makes_them_readable_again(self, owner):
        endpoint, secret = self.made(owner)
        step = MigrationLoader(None).graph.nodes["webhooks", "0002_secrets_are_encrypted"]

        step.operations[-1].reverse_code(apps, None)

        endpoint.refresh_from_db()
        assert (endpoint.secret, endpoint.former_secret) == (secret, "")
