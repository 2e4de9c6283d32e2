"""What an employer does about the work of an application: write it down and sign it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from opportunities.applications.lookup import own_application, own_application_id
from opportunities.applications.views.employer import address_of, show_page
from opportunities.engagements import work_record


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
