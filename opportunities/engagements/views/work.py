"""What each side does about the work of an application: write it down, sign, show or revoke it."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from opportunities.accounts.current import person
from opportunities.applications.pseudonyms import shown_name
from opportunities.applications.views import candidate, employer
from opportunities.applications.views.sides import CANDIDATE, EMPLOYER, Side
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
def write(request: HttpRequest, public_id: str, side: Side) -> HttpResponse:
    """Write down the work; what does not pass is asked again."""
    found = side.find(request, public_id)
    form = work_record.WorkDoneForm(request.POST, application=found)
    said = _("Written down and signed by you; the other side reads it and signs.")
    done = side.act_on_form(request, found, form, completing.propose, said=said)
    return done or _page_of(side)(request, found, work_form=form)


@require_POST
def review(request: HttpRequest, public_id: str, side: Side) -> HttpResponse:
    """Tell how it went; what does not pass is asked again."""
    found = side.find(request, public_id)
    form = work_record.ReviewForm(request.POST)
    said = _("Your feedback is saved.")
    done = side.act_on_form(request, found, form, completing.review, said=said)
    return done or _page_of(side)(request, found, review_form=form)


def _page_of(side: Side) -> Callable[..., HttpResponse]:
    return employer.show_page if side is EMPLOYER else candidate.show_page


@require_POST
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put completed work on the portfolio page, or take it off."""
    public = request.POST.get("public") == "1"
    said = _("It is on your portfolio page.") if public else _("It is off your portfolio page.")
    given = {"candidate": person(request), "is_public": public}
    return CANDIDATE.act(request, public_id, completing.show, said=said, **given)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what it means to revoke a credential, and revoke it with a reason."""
    found = EMPLOYER.find(request, public_id)
    completion = work_record.completion_of(found)
    if completion is None or not completion.is_signed:
        raise Http404
    if completion.revoked_at is not None:
        return redirect(EMPLOYER.address(public_id))
    form = RevokeForm(request.POST or None)
    if request.method == "POST":
        said = _("The credential is revoked, and they have been told.")
        if done := EMPLOYER.act_on_form(request, found, form, completing.revoke, said=said):
            return done
    context = {
        "application": found,
        "role": found.opportunity,
        "name": shown_name(found),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "engagements/revoke.html", context, status=status)
