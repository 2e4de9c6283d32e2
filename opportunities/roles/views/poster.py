"""Who posts a role: for which organization, or which one is founded along with it.

A visitor says it before there is an account. It waits in the session with the draft, and goes on
by itself once the very address that they named has signed in, in the same browser and soon.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opportunities.accounts import second_factor
from opportunities.accounts.models import User
from opportunities.core.errors import Invalid, RuleBroken
from opportunities.core.form_fields import longest, one, text
from opportunities.core.mail_domains import is_disposable
from opportunities.employers import operations as employing
from opportunities.employers.membership import memberships_of
from opportunities.employers.models import Employer
from opportunities.roles.models import Opportunity
from opportunities.roles.publishing import submitting

DRAFT: Final = "role_draft"
"""What the draft of this browser says, in the session."""
POSTER: Final = "role_poster"
"""Who posts it, and since when it waits to be sent."""
ARRIVED: Final = "role_arrived"
"""The role that went on at a sign-in, until its page is shown."""
SENT: Final = gettext_lazy("Sent for review.")
WAITS: Final = 3600
"""Seconds for which a draft that was sent waits for its account."""


@dataclass(frozen=True, slots=True)
class Poster:
    """The organization that a role is posted for, or what one is founded with."""

    employer: Employer | None = None
    founding: Mapping[str, str] = field(default_factory=dict)
    email: str = ""

    def shown(self, *, verified_at: datetime) -> Employer:
        """Return the organization as help and preview see it; one to be founded is not stored."""
        if self.employer is not None:
            return self.employer
        name = self.founding.get("name") or _("Your organization")
        domain = self.founding.get("domain", "")
        confirms = bool(domain) and self.email.lower().endswith(f"@{domain}")
        return Employer(
            name=name, slug="yours", domain=domain, verified_at=verified_at if confirms else None
        )


class PosterForm(forms.Form):
    """Asks what is not known: an organization of several, or a new one and where it is."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        employers: Sequence[Employer],
        user: User | None,
        kept: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial={**kept})
        self.employers, self.user = employers, user
        if len(employers) > 1:
            choices = [(employer.slug, employer.name) for employer in employers]
            self.fields["employer"] = one(_("Which organization posts it?"), choices)
        elif not employers:
            self.fields["organization"] = text(
                _("Name of your organization"), most=longest(Employer, "name")
            )
            self._ask_address(user)
        for asked in self.fields.values():
            asked.is_due = True  # type: ignore[attr-defined]

    def _ask_address(self, user: User | None) -> None:
        if user is None:
            self.fields["work_email"] = forms.CharField(
                label=_("Your work email"),
                max_length=254,
                required=False,
                help_text=_(
                    "You sign up with it. At your organization's own domain it verifies"
                    " the organization at once."
                ),
                widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "field"}),
            )
            return
        self.fields["domain"] = text(
            _("Domain of its email addresses"),
            most=longest(Employer, "domain"),
            hint=_("Such as example.org. An address of yours at it verifies the organization."),
        )
        self.initial.setdefault("domain", employing.domain_of(user.email))

    def read(self) -> Poster:
        """Return who posts the role, as far as it is said."""
        given = {name: str(self[name].value() or "").strip() for name in self.fields}
        if self.employers:
            chosen = [each for each in self.employers if each.slug == given.get("employer")]
            return Poster((chosen or list(self.employers))[0])
        email = (given.get("work_email") or (self.user.email if self.user else "")).lower()
        domain = given["domain"] if "domain" in given else employing.domain_of(email)
        name = " ".join(given["organization"].split())
        return Poster(None, {"name": name, "domain": domain.lower()}, email)

    def blame_for_sending(self) -> None:
        """Put at its field what keeps a role from being sent."""
        poster = self.read()
        if poster.employer is not None:
            return
        if not poster.founding["name"]:
            self.add_error("organization", _("Say who posts it."))
        if "work_email" in self.fields:
            self._blame_address(poster.email)
        try:
            employing.read_organization(poster.founding)
        except Invalid as broken:
            for fault in broken.faults:
                if fault.field in self.fields:
                    self.add_error(fault.field, fault.detail)

    def _blame_address(self, email: str) -> None:
        if not email:
            self.add_error("work_email", _("Enter your work email address."))
            return
        try:
            address = employing.read_address(email)
        except Invalid as broken:
            self.add_error("work_email", broken.faults[0].detail)
            return
        if is_disposable(host := address.rpartition("@")[2]):
            detail = _("%(host)s gives out throw-away addresses.") % {"host": host}
            self.add_error("work_email", detail)


def keep(request: HttpRequest, poster: Poster, *, at: datetime | None) -> None:
    """Keep who posts the draft of this browser; with ``at`` it goes on after the sign-in."""
    request.session[POSTER] = {
        "organization": poster.founding.get("name", ""),
        "domain": poster.founding.get("domain", ""),
        "work_email": poster.email,
        "sent_at": at.timestamp() if at else None,
    }


def forget(request: HttpRequest) -> None:
    """Forget the draft of this browser and who posts it."""
    request.session.pop(DRAFT, None)
    request.session.pop(POSTER, None)


def go_on(request: HttpRequest, user: User, *, at: datetime) -> Opportunity | None:
    """Send the draft that waits for this account, or say why it has to wait longer.

    Only the address that was named when it was sent, confirmed by this account, lets it go on:
    on a shared computer nobody sends the draft of another.
    """
    kept = request.session.get(POSTER) or {}
    sent_at = kept.pop("sent_at", None)
    values = request.session.get(DRAFT)
    if sent_at is None or not values:
        return None
    request.session[POSTER] = kept
    address = kept.get("work_email", "")
    own = EmailAddress.objects.filter(user=user, email__iexact=address, verified=True)
    is_theirs = 0 <= at.timestamp() - sent_at <= WAITS and own.exists()
    founding = {"name": kept.get("organization", ""), "domain": kept.get("domain", "")}
    employers = [row.employer for row in memberships_of(user)]
    at_domain = [each for each in employers if each.domain and each.domain == founding["domain"]]
    is_plain = not employers or len(at_domain) == 1
    if not (is_theirs and is_plain) or second_factor.stands_before_owners(request):
        return None
    role = None
    try:
        role = submitting.post(
            actor=user,
            employer_id=at_domain[0].pk if at_domain else None,
            founding=founding,
            values=values,
            at=at,
        )
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    else:
        forget(request)
    return role
