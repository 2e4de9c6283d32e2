"""What a candidate does about the work of an application: write it down, sign it, show it."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from opportunities.accounts.current import person
from opportunities.applications.views.candidate import address_of, own, own_id, show_page
from opportunities.core.form_handling import act
from opportunities.engagements import completing, work_record


@require_POST
def sign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign what the employer wrote down about the work."""
    return work_record.sign(request, own_id(request, public_id), back=address_of(public_id))


@require_POST
def complete(request: HttpRequest, public_id: str, action: str) -> HttpResponse:
    """Write down the work or say how it went; what does not pass is asked again."""
    found = own(request, public_id)
    answer = work_record.take(request, found, action, back=address_of(public_id))
    if isinstance(answer, HttpResponse):
        return answer
    return show_page(request, found, **{f"{action}_form": answer})


@require_POST
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put completed work on the portfolio page, or take it off."""
    found = own(request, public_id)
    completion = work_record.completion_of(found)
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
    return act(request, operation, said=said, back=address_of(public_id))
