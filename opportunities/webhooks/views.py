"""Webhooks on one page: where an organization's events go, what was sent, and sending it again."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from opportunities.accounts.api import Operation, undated
from opportunities.accounts.current import person
from opportunities.core.errors import Invalid, NotFound, RuleBroken
from opportunities.core.form_handling import act, carry_out
from opportunities.employers.membership import own_employer
from opportunities.employers.models import Employer
from opportunities.employers.permissions import is_owner
from opportunities.webhooks import endpoints
from opportunities.webhooks.models import EVENT_TYPES, EVENT_WORDS, WebhookDelivery, WebhookEndpoint

MOST_SHOWN: Final = 20
"""Messages of each webhook that the page lists, the newest first; the API has all."""
ACTS: Final[Mapping[str, tuple[Operation, object]]] = {
    "rotate": (endpoints.rotate, ""),
    "test": (endpoints.test,
        gettext_lazy("The test message is on its way. What became of it stands below.")),
    "on": (partial(endpoints.change, enabled=True), gettext_lazy("The webhook is switched on.")),
    "off": (partial(endpoints.change, enabled=False), gettext_lazy("The webhook is switched off.")),
    "retry": (endpoints.retry, gettext_lazy("The message is sent again.")),
    "remove": (undated(endpoints.remove), gettext_lazy("The webhook is removed.")),
}  # fmt: skip
"""What is done to a webhook, and what is said of it; nothing where a new secret is shown."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest, slug: str) -> HttpResponse:
    """List webhooks with what they were sent, and make, change, try and remove them.

    A secret stands on the answer that made it, and nowhere else.
    """
    employer = own_employer(request, slug)
    made: WebhookEndpoint | None = None
    refusal = ""
    wrong: dict[str, str] = {}
    if request.method == "POST":
        here = reverse("opportunities:webhooks", args=[slug])
        operation, said, gone = _asked(request, employer)
        if said:
            return act(request, operation, said=said, back=here, gone=gone)
        try:
            made = carry_out(request, operation)
        except NotFound:
            messages.warning(request, gone)
            return redirect(here)
        except RuleBroken as fault:
            refusal = str(fault)
            messages.error(request, refusal)
            if isinstance(fault, Invalid):
                wrong = {each.field: each.detail for each in fault.faults}
    owns = is_owner(person(request), employer.pk)
    context = {
        "employer": employer,
        "is_owner": owns,
        "rows": list(_rows(employer)) if owns else [],
        "secret": made.readable_secret if made else "",
        "events": EVENT_WORDS.items(),
        "wrong": wrong,
        "url": request.POST.get("url", "") if refusal else "",
        "chosen": request.POST.getlist("types") if refusal else [],
    }
    status = 422 if refusal else 200
    return render(request, "webhooks/webhooks.html", context, status=status)


def _rows(employer: Employer) -> Iterator[dict[str, Any]]:
    """Yield each webhook with the words of its events and its newest messages."""
    for endpoint in employer.webhook_endpoints.order_by("-created_at", "-id"):
        sent = endpoint.deliveries.select_related("event").order_by("-created_at", "-id")
        yield {
            "endpoint": endpoint,
            "told": [EVENT_WORDS[name] for name in EVENT_TYPES if name in endpoint.types],
            "sent": [(one, _words(one)) for one in sent[:MOST_SHOWN]],
        }


def _words(delivery: WebhookDelivery) -> Promise:
    if delivery.event is None:
        return gettext_lazy("Test message")
    return EVENT_WORDS[delivery.event.type]


def _asked(request: HttpRequest, employer: Employer) -> tuple[Callable[[], Any], str, str]:
    """Return what a form asks for, what is said once it is done, and what if it is not there.

    Nothing is said of a new secret: the page shows it.
    """
    given, action = request.POST, request.POST.get("action", "")
    call: dict[str, Any] = {"actor": person(request), "at": timezone.now()}
    if action == "create":
        url, types = given.get("url", ""), given.getlist("types")[: len(EVENT_TYPES)]
        create = partial(endpoints.create, employer_id=employer.pk, url=url, types=types)
        return partial(create, **call), "", ""
    if action not in ACTS:
        raise Http404
    endpoint = employer.webhook_endpoints.filter(public_id=given.get("id", "")[:40]).first()
    operation, said = ACTS[action]
    gone = _("This webhook was removed already.")
    if action == "retry":
        call["delivery_id"] = given.get("delivery", "")
        gone = _("This message is no longer kept.") if endpoint else gone
    return partial(operation, endpoint_id=endpoint.pk if endpoint else 0, **call), str(said), gone
