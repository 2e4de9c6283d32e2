"""The page of tips."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from opportunities.tips.models import Tip


@require_safe
def tips(request: HttpRequest) -> HttpResponse:
    """List the tips that are shown by now, newest first."""
    shown = Tip.objects.filter(shown_from__lte=timezone.now()).order_by("-shown_from", "-id")
    return render(request, "tips/tips.html", {"tips": shown[:25]})
