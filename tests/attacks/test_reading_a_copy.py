"""Somebody reads a copy of the database and looks for a second factor to use."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.core.exceptions import ImproperlyConfigured

from opportunities.accounts import tasks
from tests.attacks.entering import code_of, recovery_code_of, set_up_app, with_password
from tests.factories import UserFactory

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
    assert "cannot be read" in caplog.text
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS"):
        opens(person, code_of(secret))


def test_a_passkey_is_left_as_it_is(person):
    row = Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}}
    )

    tasks.encrypt_factors()

    row.refresh_from_db()
    assert row.data == {"name": "Key", "credential": {}}
