"""Appeals, as the person concerned makes them."""

from functools import partial

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from opportunities.accounts.current import person
from opportunities.core.form_handling import act
from opportunities.desk import operations as moderating
from opportunities.moderation.models import Decision
from opportunities.roles.review import page_of


@require_POST
def appeal(request: HttpRequest, decision: int) -> HttpResponse:
    """Ask somebody else to look at a decision, once."""
    actor = person(request)
    found = get_object_or_404(
        Decision.objects.filter(
            Q(employer__in=actor.memberships.values("employer")) | Q(account=actor)
        ).select_related("opportunity", "employer"),
        pk=decision,
    )
    operation = partial(
        moderating.appeal,
        decision_id=found.pk,
        author=actor,
        text=request.POST.get("text", ""),
        at=timezone.now(),
    )
    said = _("Somebody else will look at it.")
    return act(request, operation, said=said, back=page_of(found))
