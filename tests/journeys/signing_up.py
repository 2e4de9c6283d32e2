"""Make an account over HTTP, as a person does: address, password, the code from the mail."""

import re

from django.core import mail

PASSWORD = "small steps, firm ground"


def sign_up(client, email, *, then="/"):
    """Sign up, confirm the address with the mailed code, and return where the site leads."""
    mail.outbox.clear()
    asked = client.post(f"/accounts/signup/?next={then}", {"email": email, "password1": PASSWORD})
    assert asked.status_code == 302, asked.text
    [letter] = [sent for sent in mail.outbox if email in sent.to]
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", letter.body, re.MULTILINE)
    assert code, letter.body
    confirmed = client.post(asked.url, {"code": code.group(1)})
    assert confirmed.status_code == 302, confirmed.text
    return confirmed.url


def sign_in(client, email):
    """Sign in with the password."""
    response = client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert response.status_code == 302, response.text


def address_in(text, beginning):
    """Return the first address of this site in a letter that begins so."""
    found = re.search(rf"https?://[^/\s]+({re.escape(beginning)}\S*)", text)
    assert found, text
    return found.group(1)
