"""Six questions, one a page; each can be skipped, and each option says how many roles it fits."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matching.onboarding import visitors
from matching.store import live

MOST_CHOICES = 5


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, step: str) -> HttpResponse:
    """Ask one question, or keep its answer and go on to the next."""
    now = timezone.now()
    asked = visitors.asked(now)
    slugs = [one.slug for one in asked]
    if step not in slugs:
        raise Http404
    place = slugs.index(step)
    here = asked[place]
    answers = visitors.answers_of(request)
    fault = ""
    if request.method == "POST":
        given = [] if "skip" in request.POST else request.POST.getlist("answer")
        known = {option.value for option in here.options}
        if not set(given) <= known or (len(given) > 1 and not here.several):
            fault = "Choose from the answers below."
        elif len(given) > MOST_CHOICES:
            fault = f"Choose at most {MOST_CHOICES}."
        elif not given and "skip" not in request.POST:
            fault = "Choose an answer, or skip the question."
        else:
            visitors.keep(request, answers | {step: given})
            if place + 1 < len(asked):
                return redirect("matching:start", asked[place + 1].slug)
            return redirect("matching:matches")
    chosen = answers.get(step, [])
    variants = [
        visitors.person_from(asked, answers | {step: [option.value]}, now)
        for option in here.options
    ]
    counts = live.count_open(variants, at=now)
    context = {
        "question": here,
        "number": place + 1,
        "of": len(asked),
        "answered": sum(slug in answers for slug in slugs),
        "fault": fault,
        "options": [
            {
                "value": option.value,
                "label": option.label,
                "on": option.value in chosen,
                "count": count,
            }
            for option, count in zip(here.options, counts, strict=True)
        ],
        "back_url": reverse("matching:start", args=[slugs[place - 1]]) if place else "",
    }
    return render(
        request, "matching/onboarding/question.html", context, status=422 if fault else 200
    )


@login_not_required
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Show every answer with a way to change it."""
    answers = visitors.answers_of(request)
    rows = [
        (
            one,
            ", ".join(option.label for option in one.chosen(answers)),
            reverse("matching:start", args=[one.slug]),
        )
        for one in visitors.asked(timezone.now())
    ]
    return render(request, "matching/onboarding/answers.html", {"rows": rows})


@login_not_required
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Drop what this browser told us."""
    request.session.pop(visitors.KEY, None)
    request.session.pop(visitors.DISMISSED, None)
    return redirect("opportunities:home")
