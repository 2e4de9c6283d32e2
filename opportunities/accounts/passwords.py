"""What a password may not be, beside what Django refuses, and how a form says all of it."""

import re
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

OF_THE_TRADE: Final = frozenset(
    {"internship", "internships", "microinternship", "foothold", "password", "passphrase"}
)
"""Words that somebody who guesses passwords of this site tries first; its name and host beside."""
LEAST: Final = 10
"""Characters of a password."""
RULES: Final = format_lazy(
    gettext_lazy(
        "At least {least} characters. Nothing easy to guess: no common password, no digits alone, "
        "not your name, your email address or the name of this site."
    ),
    least=LEAST,
)
"""What is said beside the box; a refusal says which of it was not met."""
LEAST_BESIDE: Final = 6
"""Characters that a password needs beside such words."""


class NotOfTheSite:
    """Refuse passwords that are little more than words of the site itself."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ``ValidationError`` where too little stays without the words of the site."""
        plain = re.sub(r"[\W_]+", "", password.casefold())
        left = plain
        for word in sorted(_words(), key=len, reverse=True):
            left = left.replace(word, "")
        if left != plain and len(left) < LEAST_BESIDE:
            raise ValidationError(
                _("The password is too close to the name of this site or what it is about."),
                code="password_of_the_site",
            )

    def get_help_text(self) -> str:
        """Return what a person reads beside the box."""
        return _("Your password cannot be close to the name of this site or what it is about.")


def _words() -> set[str]:
    host = urlsplit(settings.SITE_URL).hostname or ""
    names = {settings.SITE_NAME, *host.split(".")}
    said = {re.sub(r"[\W_]+", "", name.casefold()) for name in names}
    return {*OF_THE_TRADE, *(word for word in said if len(word) > 3)}
