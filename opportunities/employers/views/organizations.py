"""An organization: found it, describe it, show its logo, verify it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from opportunities.accounts.current import asked, person
from opportunities.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from opportunities.core.form_handling import act, act_on_form
from opportunities.core.secret_links import keeps_its_address
from opportunities.employers import operations as employing
from opportunities.employers.forms import EmployerForm
from opportunities.employers.logos import MAX_BYTES
from opportunities.employers.membership import own_employer
from opportunities.employers.models import Employer
from opportunities.employers.permissions import is_owner
from opportunities.moderation.models import Decision
from opportunities.moderation.outcomes import APPEALABLE


@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """Found an organization; whoever founds it owns it."""
    form = EmployerForm(
        request.POST or None, initial={"domain": employing.domain_of(person(request).email)}
    )
    if request.method == "POST" and form.is_valid():
        following = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(following, allowed_hosts=None):
            following = ""

        def page_of(employer: Employer) -> str:
            if employer.is_verified:
                said = _("Your address verifies it at %(domain)s.") % {"domain": employer.domain}
                messages.success(request, said)
            return following or reverse("opportunities:employer-profile", args=[employer.slug])

        create = asked(request, employing.create_employer, values=form.cleaned_data)
        said = _("%(employer)s is set up.") % {"employer": form.cleaned_data["name"]}
        back = following or reverse("opportunities:employer-home")
        if done := act_on_form(request, form, create, said=said, back=back, page_of=page_of):
            return done
    status = 422 if form.errors else 200
    return render(request, "employers/found.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """Show and change what an organization says of itself, and how it is verified."""
    employer = own_employer(request, slug)
    form = EmployerForm(
        request.POST or None, initial={name: getattr(employer, name) for name in employing.FIELDS}
    )
    if request.method == "POST" and form.is_valid() and form.settle():
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        change = asked(request, employing.update_employer, employer_id=employer.pk, values=values)
        back = reverse("opportunities:employer-profile", args=[slug])
        if done := act_on_form(request, form, change, said=_("Saved."), back=back):
            return done
    employer.refresh_from_db()
    decisions = (
        Decision.objects.filter(employer=employer, opportunity__isnull=True, action__in=APPEALABLE)
        .select_related("appeal")
        .order_by("-id")[:10]
    )
    context = {
        "employer": employer,
        "form": form,
        "decisions": [(each, each.can_be_appealed(at=timezone.now())) for each in decisions],
        "is_owner": is_owner(person(request), employer.pk),
        "pending": employer.verifications.filter(
            confirmed_at__isnull=True, expires_at__gt=timezone.now()
        ).order_by("-id")[:3],
    }
    status = 422 if form.errors else 200
    return render(request, "employers/profile.html", context, status=status)


@require_POST
def logo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a new logo, or show none any more."""
    employer = own_employer(request, slug)
    back = reverse("opportunities:employer-profile", args=[slug])
    file = request.FILES.get("logo")
    if request.POST.get("remove") == "1":
        remove = asked(request, employing.remove_logo, employer_id=employer.pk)
        return act(request, remove, said=_("The logo is removed."), back=back)
    if file is None:
        messages.error(request, _("Choose a picture first."))
        return redirect(back)
    content = file.read(MAX_BYTES + 1)
    show = asked(request, employing.set_logo, employer_id=employer.pk, content=content)
    return act(request, show, said=_("The logo is shown from now on."), back=back)


@require_POST
def ask_verification(request: HttpRequest, slug: str) -> HttpResponse:
    """Mail a link to an address at the organization's domain."""
    employer = own_employer(request, slug)
    email = request.POST.get("email", "")
    ask = asked(request, employing.ask_verification, employer_id=employer.pk, email=email)
    back = reverse("opportunities:employer-profile", args=[slug])
    said = _("Check that mailbox and follow the link within a day, unless it is verified already.")
    return act(request, ask, said=said, back=back)


@keeps_its_address
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a button, since mail scanners fetch links; pressed, it verifies the organization."""
    said = _("The organization is verified.")
    return _follow(request, employing.confirm_verification, secret, what="verify", said=said)


@keeps_its_address
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Say to which team the link invites; pressed, the button makes the person a member."""
    if request.method == "POST":
        said = _("You are in the team.")
        return _follow(request, employing.accept_invitation, secret, what="join", said=said)
    context: dict[str, Any] = {"what": "join"}
    try:
        context["invitation"] = asked(request, employing.invitation_for, secret=secret)()
    except NotFound:
        return _gone(request, what="join")
    except Conflict as there:
        messages.success(request, str(there))
        return redirect("opportunities:employer-home")
    except RuleBroken as refusal:
        context |= {"refusal": str(refusal), "is_others": isinstance(refusal, NotAllowed)}
    return render(request, "employers/confirm.html", context)


def _follow(
    request: HttpRequest, operation: Callable[..., object], secret: str, *, what: str, said: str
) -> HttpResponse:
    if request.method != "POST":
        return render(request, "employers/confirm.html", {"what": what})
    try:
        asked(request, operation, secret=secret)()
    except NotFound:
        return _gone(request, what=what)
    except Conflict as there:
        messages.success(request, str(there))
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("opportunities:employer-home")


def _gone(request: HttpRequest, *, what: str) -> HttpResponse:
    gone = {"what": what, "is_gone": True}
    return render(request, "employers/confirm.html", gone, status=404)
