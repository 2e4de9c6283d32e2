"""What an employer does about the work of an application: write it down, sign it, take it back."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from opportunities.accounts.current import person
from opportunities.applications.lookup import own_application, own_application_id
from opportunities.applications.models import Application
from opportunities.applications.pseudonyms import shown_name
from opportunities.applications.views.employer import address_of, show_page
from opportunities.core.form_handling import act_on_form
from opportunities.core.forms import Blamed, Written
from opportunities.engagements import completing, work_record


class RevokeForm(Blamed):
    """Why a credential is revoked."""

    prefix_of_ids = "revoke"

    reason = Written(
        label=gettext_lazy("Reason"),
        max_length=1000,
        help_text=gettext_lazy("They read it, and so do your team and moderators; nobody else."),
    )


@require_POST
def sign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign what the candidate wrote down about the work."""
    application_id = own_application_id(request, public_id)
    return work_record.sign(request, application_id, back=address_of(public_id))


@require_POST
def complete(request: HttpRequest, public_id: str, action: str) -> HttpResponse:
    """Write down the work or tell how it went; what does not pass is asked again."""
    found = own_application(request, public_id)
    answer = work_record.take(request, found, action, back=address_of(public_id))
    if isinstance(answer, HttpResponse):
        return answer
    return show_page(request, found, **{f"{action}_form": answer})


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what it means to revoke a credential, and revoke it with a reason."""
    found = own_application(request, public_id)
    completion = work_record.completion_of(found)
    if completion is None or not completion.is_signed:
        raise Http404
    if completion.revoked_at is not None:
        return redirect(address_of(public_id))
    form = RevokeForm(request.POST or None)
    if request.method == "POST":
        operation = partial(_revoke, form, found, request)
        said = _("The credential is revoked, and they have been told.")
        if done := act_on_form(request, form, operation, said=said, back=address_of(public_id)):
            return done
    context = {
        "application": found,
        "role": found.opportunity,
        "name": shown_name(found),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "engagements/revoke.html", context, status=status)


def _revoke(form: RevokeForm, application: Application, request: HttpRequest) -> None:
    completing.revoke(
        application_id=application.pk,
        actor=person(request),
        reason=form.cleaned_data["reason"],
        at=timezone.now(),
    )
