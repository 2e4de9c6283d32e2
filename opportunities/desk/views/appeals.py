"""Appeals, as the person concerned makes them."""

from functools import partial

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from opportunities.accounts.current import person
from opportunities.core.form_handling import act
from opportunities.desk import operations as moderating
from opportunities.moderation.models import Decision


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
    if found.opportunity is not None:
        back = reverse("opportunities:manage-role", args=[found.opportunity.public_id])
    elif found.employer is not None:
        back = reverse("opportunities:employer-profile", args=[found.employer.slug])
    else:
        back = reverse("opportunities:me")
    operation = partial(
        moderating.appeal,
        decision_id=found.pk,
        author=actor,
        text=request.POST.get("text", ""),
        at=timezone.now(),
    )
    return act(request, operation, said=_("Somebody else will look at it."), back=back)
