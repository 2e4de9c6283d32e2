"""What this site does otherwise than allauth: mails, addresses, first pages, who is asked again.

The plain text of a mail is allauth's in our words; beside it stands a page made of it.
"""

from contextlib import nullcontext
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext_lazy

from opportunities.accounts import session_ends
from opportunities.accounts.current import person
from opportunities.accounts.mail import ALWAYS_SENT, entered, page_of, paragraphs_of
from opportunities.accounts.models import User
from opportunities.accounts.time_zones import zone_of
from opportunities.core import clock, languages
from opportunities.core.limiting import client_address
from opportunities.core.providers import Provider

BUTTONS: Final = {
    "password_reset_url": gettext_lazy("Choose a new password"),
    "signup_url": gettext_lazy("Create an account"),
    "activate_url": gettext_lazy("Confirm the email address"),
}
"""What an address in a mail is for, by the name under which allauth gives it."""

first_page: Final[Provider[[User], str]] = Provider("the first page after signing in")
"""Where somebody works who was on no page in particular: an address, or the name of one."""


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped library
    """Sends what allauth writes as every mail of this site looks, and leads people to work."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "code_just_sent": gettext_lazy(
            "We mailed you a code a moment ago. Wait 10 seconds, then sign in again."
        )
    }
    has_found = False
    """Whether a password was right."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return whose password it is, and remember that it was right."""
        user: User | None = super().authenticate(request, **credentials)
        self.has_found = user is not None
        return user

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Return a refusal; whose password was right has not tried too often.

        Their address waits to be confirmed, and a code for it was mailed less than 10 seconds ago.
        """
        if code == "too_many_login_attempts" and self.has_found:
            code = "code_just_sent"
        refusal: ValidationError = super().validation_error(code, *args)
        return refusal

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address by which attempts are limited."""
        return str(client_address(request) or "unknown")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the first page of whoever has signed in; ``next`` stands above it."""
        return resolve_url(first_page(person(request)))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Return the first page of a new account, which may have been invited to a team."""
        return self.get_login_redirect_url(request)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Say whether to ask who is there before an account changes: not just after a sign-in.

        allauth itself counts only what was confirmed after signing in.
        """
        is_asked = super().is_reauthentication_required(app=app, **more)
        return bool(is_asked) and not session_ends.is_fresh(self.request)

    def is_safe_url(self, url: str | None) -> bool:
        """Say whether an address leads to a page of this site; what is none does not."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        """Leave a note, but one at most of a sign-in: nothing where another stands already."""
        is_sent = message_template == "account/messages/email_confirmation_sent.txt"
        if is_sent and (message_context or {}).get("signup"):
            return  # the page that asks for the code says so
        is_confirming = message_template == "account/messages/email_confirmed.txt"
        if is_confirming and not request.user.is_authenticated:
            return  # the sign-in follows at once
        if message_template == "account/messages/logged_in.txt" and messages.get_messages(request):
            return
        super().add_message(request, level, message_template, message_context, **options)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Return the mail with its page; one that has a page of its own already stays as it is."""
        # allauth knows the site by the address that the browser asked for alone.
        site = {"name": settings.SITE_NAME, "domain": urlsplit(settings.SITE_URL).netloc}
        context = context | {"current_site": site}
        headers = {"Auto-Submitted": "auto-generated"} | (headers or {})
        reader = (
            User.objects.filter(email__iexact=email).first() if isinstance(email, str) else None
        )
        # A new account has no language yet: its first mail speaks that of the page.
        speaks = reader and languages.stated(reader)
        with languages.speaking_to(reader) if reader and speaks else nullcontext():
            changed_at = context.get("timestamp")
            if isinstance(changed_at, datetime):
                zone = zone_of(reader) if reader else None
                context["timestamp"] = clock.said(changed_at, zone)
                context["password_reset_url"] = settings.SITE_URL + reverse(
                    "account_reset_password"
                )
            mail: EmailMessage = super().render_mail(template_prefix, email, context, headers)
            if isinstance(mail, EmailMultiAlternatives) and not mail.alternatives:
                # Without its greeting and without what it is signed with.
                paragraphs = paragraphs_of(str(mail.body))[1:-1]
                page = page_of(
                    str(mail.subject),
                    "\n\n".join(paragraphs),
                    buttons={
                        str(context[name]): str(label)
                        for name, label in BUTTONS.items()
                        if context.get(name)
                    },
                    code=context.get("code", ""),
                    because=str(ALWAYS_SENT) if changed_at else entered(),
                )
                mail.attach_alternative(page, "text/html")
        return mail
