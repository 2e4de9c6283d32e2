"""Passkeys, authenticator apps and recovery codes in Chromium, from making one to signing in."""

import re

import pytest
from playwright.sync_api import expect

from tests.attacks.entering import code_of
from tests.factories import PASSWORD, UserFactory

CODES = re.compile(r"^(\d{8}\s*){10}$")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the test's server has no TLS
    return UserFactory(confirmed=True)


def with_authenticator(page):
    """Give a page a built-in authenticator whose user is present and agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def with_password(page, person, then="/accounts/2fa/"):
    page.goto(f"/accounts/login/?next={then}")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def set_up(page, name):
    """Go to a page that adds a factor: nobody who has just signed in is asked who they are."""
    page.get_by_role("link", name=name, exact=True).first.click()


def sign_out(page):
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_a_passkey_is_added_and_signs_in_by_itself(visit, person):
    page, said = visit(), []
    page.on("pageerror", lambda error: said.append(str(error)))
    with_authenticator(page)
    with_password(page, person)
    set_up(page, "Add")
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label("Sign in with this key alone").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Your passkey or security key was added.")).to_be_visible()
    expect(page.get_by_label("Codes that you have not used")).to_have_value(CODES)
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("listitem").filter(has_text="My laptop")).to_contain_text(
        "Not used yet"
    )
    sign_out(page)

    page.goto("/accounts/login/?next=/accounts/2fa/webauthn/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text(f"Signed in as {person.name}.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="My laptop")).to_contain_text("Last used")
    assert said == []


def test_a_passkey_of_somebody_who_removed_it_lets_nobody_in(visit, person):
    page = visit()
    with_authenticator(page)
    with_password(page, person)
    set_up(page, "Add")
    page.get_by_label("Sign in with this key alone").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Your passkey or security key was added.")).to_be_visible()
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove").first.click()
    page.get_by_role("button", name="Remove").first.click()
    expect(page.get_by_text("You have no passkey or security key.")).to_be_visible()
    sign_out(page)

    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("passkey or security key was not accepted")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script on", "script off"])
def test_an_app_and_a_recovery_code_each_open_the_account_once(visit, person, script):
    page = visit(script=script)
    with_password(page, person)
    set_up(page, "Set up")
    secret = page.get_by_label("Or type this key into the app").input_value()
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("link", name="That code is wrong")).to_be_visible()
    page.get_by_label("Code", exact=True).fill(code_of(secret))
    page.get_by_role("button", name="Set up").click()
    codes = page.get_by_label("Codes that you have not used").input_value().split()
    sign_out(page)

    with_password(page, person)
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("9 of 10")).to_be_visible()
    sign_out(page)
    with_password(page, person)
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="That code is wrong")).to_be_visible()
    page.get_by_label("Code", exact=True).fill(code_of(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_text("9 of 10")).to_be_visible()
