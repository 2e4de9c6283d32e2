"""What each side does about the work of an application: write it down, sign, show or revoke it."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from opportunities.accounts.current import person
from opportunities.applications.models import Application
from opportunities.applications.pseudonyms import shown_name
from opportunities.applications.views import candidate, employer
from opportunities.applications.views.sides import CANDIDATE, EMPLOYER, Side
from opportunities.core.form_handling import act, act_on_form
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
def sign(request: HttpRequest, public_id: str, side: Side) -> HttpResponse:
    """Sign what the other side wrote down about the work, unless it was written anew since."""
    read_of = work_record.moment(request.POST.get("read_of", ""))
    given = {"actor": person(request), "read_of": read_of}
    return side.act(request, public_id, completing.sign, said=_("You have signed."), **given)


@require_POST
def complete(request: HttpRequest, public_id: str, action: str, side: Side) -> HttpResponse:
    """Write down the work or tell how it went; what does not pass is asked again."""
    found = side.find(request, public_id)
    answer = work_record.take(request, found, action, back=side.address(public_id))
    if isinstance(answer, HttpResponse):
        return answer
    show_page = employer.show_page if side is EMPLOYER else candidate.show_page
    return show_page(request, found, **{f"{action}_form": answer})


@require_POST
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put completed work on the portfolio page, or take it off."""
    completion = work_record.completion_of(CANDIDATE.find(request, public_id))
    if completion is None:
        raise Http404
    public = request.POST.get("public") == "1"
    operation = partial(
        completing.show,
        completion_id=completion.pk,
        candidate=person(request),
        is_public=public,
        at=timezone.now(),
    )
    said = _("It is on your portfolio page.") if public else _("It is off your portfolio page.")
    return act(request, operation, said=said, back=CANDIDATE.address(public_id))


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what it means to revoke a credential, and revoke it with a reason."""
    found, back = EMPLOYER.find(request, public_id), EMPLOYER.address(public_id)
    completion = work_record.completion_of(found)
    if completion is None or not completion.is_signed:
        raise Http404
    if completion.revoked_at is not None:
        return redirect(back)
    form = RevokeForm(request.POST or None)
    if request.method == "POST":
        operation = partial(_revoke, form, found, request)
        said = _("The credential is revoked, and they have been told.")
        if done := act_on_form(request, form, operation, said=said, back=back):
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
