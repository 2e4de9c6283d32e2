"""What people ask of moderators: to look at what they report, and at a decision once more."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from opportunities.accounts.current import person
from opportunities.accounts.models import User
from opportunities.applications.models import Message
from opportunities.applications.permissions import can_view_application, is_applicant
from opportunities.core.errors import NotAllowed, NotFound, RuleBroken
from opportunities.core.form_handling import act, carry_out, row_of, status_of
from opportunities.core.limiting import address_of
from opportunities.desk import operations as moderating
from opportunities.desk.operations.reports import Subject
from opportunities.employers.models import Employer
from opportunities.moderation.models import Decision, ReportReason
from opportunities.roles.models import Opportunity
from opportunities.roles.review import page_of


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Ask what is wrong with a role, or with a question on it, and tell the moderators."""
    role = get_object_or_404(
        Opportunity.objects.visible_to(request.user).select_related("employer"),
        public_id=public_id,
    )
    number = row_of(request.POST.get("post") or request.GET.get("post"))
    post = role.posts.filter(pk=number, hidden_at__isnull=True).first() if number else None
    if number and post is None:
        raise Http404
    subject = Subject("post", post.pk) if post else Subject("opportunity", role.pk)
    what = post.question if post else role.title
    return _ask(request, subject, back=role.path, what=what, post=post)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_employer(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what is wrong with an employer, and tell the moderators."""
    found = get_object_or_404(Employer.objects.active(), slug=slug)
    back = reverse("opportunities:employer", args=[slug])
    return _ask(request, Subject("employer", found.pk), back=back, what=found.name)


@require_http_methods(["GET", "HEAD", "POST"])
def report_message(request: HttpRequest, message: int) -> HttpResponse:
    """Ask what is wrong with a message inside an application."""
    rows = Message.objects.select_related("application__profile", "application__opportunity")
    found = get_object_or_404(rows, pk=message, hidden_at__isnull=True)
    if not can_view_application(person(request), found.application):
        raise Http404
    side = "" if is_applicant(person(request), found.application) else "/employer"
    back = f"{side}/applications/{found.application.public_id}/"
    return _ask(request, Subject("message", found.pk), back=back, what=found.text)


def _ask(
    request: HttpRequest, subject: Subject, *, back: str, what: str, post: object = None
) -> HttpResponse:
    reporter = request.user if isinstance(request.user, User) else None
    fault, status, wait = "", 200, None
    if request.method == "POST":
        try:
            carry_out(
                request,
                partial(
                    moderating.report,
                    subject=subject,
                    reason=request.POST.get("reason", ""),
                    text=request.POST.get("text", ""),
                    reporter=reporter,
                    address=address_of(request),
                    at=timezone.now(),
                ),
            )
        except NotFound as unknown:
            raise Http404 from unknown
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except RuleBroken as refusal:
            fault = str(refusal)
            status, wait = status_of(refusal)
        else:
            messages.success(request, _("Thank you. A moderator looks at it."))
            return redirect(back)
    context = {
        "what": what,
        "post": post,
        "back": back,
        "reasons": ReportReason.choices,
        "fault": fault,
        "given": request.POST,
    }
    response = render(request, "catalogue/report.html", context, status=status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


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
