"""Webhooks on one page: where an organization's events go, what was sent, and sending it again."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from opportunities.accounts.current import person
from opportunities.core.errors import RuleBroken
from opportunities.core.form_handling import act, carry_out
from opportunities.employers.membership import own_employer
from opportunities.employers.models import Employer
from opportunities.employers.permissions import is_owner
from opportunities.webhooks import endpoints
from opportunities.webhooks.models import EVENT_TYPES, WebhookDelivery, WebhookEndpoint

MOST_SHOWN: Final = 20
"""Messages of each webhook that the page lists, the newest first; the API has all."""

EVENT_WORDS: Final[dict[str, Promise]] = {
    "opportunity.submitted": gettext_lazy("A role is sent for review"),
    "opportunity.published": gettext_lazy("A role is published"),
    "opportunity.changes_requested": gettext_lazy("Changes to a role are asked for"),
    "opportunity.rejected": gettext_lazy("A role is rejected"),
    "opportunity.closed": gettext_lazy("A role is closed"),
    "opportunity.expired": gettext_lazy("The last day to apply is over"),
    "application.created": gettext_lazy("Somebody applies"),
    "application.withdrawn": gettext_lazy("An application is withdrawn"),
    "application.decided": gettext_lazy("An application is decided"),
    "credential.issued": gettext_lazy("A credential is issued"),
    "credential.revoked": gettext_lazy("A credential is revoked"),
    "employer.verified": gettext_lazy("The organization is verified"),
    "employer.blocked": gettext_lazy("The organization is blocked"),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest, slug: str) -> HttpResponse:
    """List webhooks with what they were sent, and make, change, try and remove them.

    A secret stands on the answer that made it, and nowhere else.
    """
    employer = own_employer(request, slug).employer
    made: WebhookEndpoint | None = None
    refusal = ""
    if request.method == "POST":
        operation, said = _asked(request, employer)
        if said:
            here = reverse("opportunities:webhooks", args=[slug])
            return act(request, operation, said=said, back=here)
        try:
            made = carry_out(request, operation)
        except RuleBroken as fault:
            refusal = str(fault)
            messages.error(request, refusal)
    owns = is_owner(person(request), employer.pk)
    context = {
        "employer": employer,
        "is_owner": owns,
        "rows": list(_rows(employer)) if owns else [],
        "secret": made.readable_secret if made else "",
        "events": EVENT_WORDS.items(),
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


def _asked(request: HttpRequest, employer: Employer) -> tuple[Callable[[], Any], str]:
    """Return what a form asks for and what is said once it is done; nothing for a new secret."""
    given, action = request.POST, request.POST.get("action")
    common: dict[str, Any] = {"actor": person(request), "at": timezone.now()}
    if action == "create":
        url, types = given.get("url", ""), given.getlist("types")[: len(EVENT_TYPES)]
        create = partial(endpoints.create, employer_id=employer.pk, url=url, types=types)
        return partial(create, **common), ""
    endpoint = employer.webhook_endpoints.filter(public_id=given.get("id", "")[:40]).first()
    if endpoint is None:
        raise Http404
    this: dict[str, Any] = {"endpoint_id": endpoint.pk}
    match action:
        case "rotate":
            return partial(endpoints.rotate, **this, **common), ""
        case "test":
            said = _("The test message is on its way. What became of it stands below.")
            return partial(endpoints.test, **this, **common), said
        case "on" | "off":
            is_on = action == "on"
            said = _("The webhook is switched on.") if is_on else _("The webhook is switched off.")
            return partial(endpoints.change, **this, enabled=is_on, **common), said
        case "retry":
            again = partial(endpoints.retry, delivery_id=given.get("delivery", ""))
            return partial(again, **this, **common), _("The message is sent again.")
        case "remove":
            remove = partial(endpoints.remove, **this, actor=common["actor"])
            return remove, _("The webhook is removed.")
    raise Http404
