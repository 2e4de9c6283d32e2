"""The page of a mail: made of its plain text, and why somebody gets it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ALWAYS_SENT: Final = gettext_lazy(
    "This email is about your account, a role or an application. It is sent whatever your email "
    "settings are."
)


def entered() -> str:
    """Say why somebody gets a mail who may have no account."""
    return _("You get this email because somebody entered this address on %(site_name)s.") % {
        "site_name": settings.SITE_NAME
    }


def page_of(
    subject: str, text: str, *, buttons: Mapping[str, str], code: str = "", because: str
) -> str:
    """Return the HTML of a plain mail: its code large, addresses on their own as buttons.

    ``buttons`` are labels by address; ``because`` says at the foot why somebody gets the mail.
    """
    shown = {
        "subject": subject,
        "heading": subject.removeprefix(settings.ACCOUNT_EMAIL_SUBJECT_PREFIX),
        "parts": list(_parts(text, buttons, code)),
        "because": because,
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
    }
    return render_to_string("accounts/mail/message.html", shown)


def paragraphs_of(text: str) -> list[str]:
    """Return the paragraphs of a plain text, which empty lines part."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def _parts(text: str, buttons: Mapping[str, str], code: str) -> Iterator[dict[str, Any]]:
    for paragraph in paragraphs_of(text):
        if paragraph == code:
            yield {"kind": "code", "text": paragraph}
        elif paragraph in buttons:
            yield {"kind": "button", "text": paragraph, "label": buttons[paragraph]}
        elif paragraph.startswith("- "):
            lines = [line.removeprefix("- ") for line in paragraph.splitlines()]
            yield {"kind": "list", "lines": lines}
        else:
            yield {"kind": "text", "text": paragraph}
