"""Notices, how often a person wants them as email, and the mailbox of the demo."""

from functools import partial
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opportunities.accounts.current import person
from opportunities.core import clock
from opportunities.core.form_handling import act
from opportunities.core.paging import page_of
from opportunities.core.secret_links import keeps_its_address
from opportunities.messaging import delivery, demo_mailbox, kinds, quiet
from opportunities.messaging import notices as notice_operations
from opportunities.messaging.models import MOST_KINDS, Notice, NoticeRhythm

BACK: Final = "opportunities:notices"


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List the reader's notices, newest first."""
    reader = person(request)
    preference = quiet.preference_of(reader)
    rows, cursor = page_of(Notice.objects.filter(recipient=reader), request, order=("-id",))
    return render(
        request,
        "messaging/list.html",
        {
            "notices": rows,
            "unread": Notice.objects.filter(recipient=reader, read_at__isnull=True).count(),
            "next": cursor.get_next_link(),
            "previous": cursor.get_previous_link(),
            "rhythms": NoticeRhythm.choices,
            "rhythm": preference.rhythm,
            "hours": range(24),
            "preference": preference,
            "zone": clock.time_of(clock.here()),
        },
    )


@require_POST
def read(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Mark a notice as read and go where it leads."""
    notice = notice_operations.read(notice_id=notice_id, reader=person(request), at=timezone.now())
    return redirect(notice.url or BACK)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice as read."""
    notice_operations.read_all(reader=person(request), at=timezone.now())
    return redirect(BACK)


@require_POST
def rhythm(request: HttpRequest) -> HttpResponse:
    """Choose how often notices come as email."""
    operation = partial(
        notice_operations.choose_rhythm,
        reader=person(request),
        rhythm=request.POST.get("rhythm", ""),
    )
    return act(request, operation, said=_("Your choice is saved."), back=BACK)


@require_http_methods(["GET", "HEAD", "POST"])
def choose_kinds(request: HttpRequest) -> HttpResponse:
    """Choose which kinds of news are mailed."""
    reader = person(request)
    if request.method == "POST":
        mailed = request.POST.getlist("kind")[:MOST_KINDS]
        operation = partial(kinds.choose, reader=reader, mailed=mailed)
        said = _("Your choice is saved.")
        return act(request, operation, said=said, back="opportunities:notice-kinds")
    is_off = quiet.preference_of(reader).rhythm == NoticeRhythm.OFF
    context = {"kinds": kinds.choices_of(reader), "is_off": is_off}
    return render(request, "messaging/kinds.html", context)


@require_POST
def quiet_hours(request: HttpRequest) -> HttpResponse:
    """Choose the hours in which no news is mailed."""
    hours = {name: request.POST.get(name, "") for name in ("quiet_from", "quiet_until")}
    operation = partial(notice_operations.choose_quiet, reader=person(request), **hours)
    return act(request, operation, said=_("Your quiet hours are saved."), back=BACK)


@csrf_exempt  # RFC 8058: the mail program posts without cookies
@login_not_required
@keeps_its_address
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button; pressed, by a person or a mail program, it stops the mail at once."""
    found = delivery.read_unsubscribe(token)
    if found is None:
        raise Http404
    reader, switch = found
    if request.method == "POST":
        if switch is None:
            notice_operations.choose_rhythm(reader=reader, rhythm=NoticeRhythm.OFF)
        else:
            switch.stop(reader)
    is_all_off = quiet.preference_of(reader).rhythm == NoticeRhythm.OFF
    return render(
        request,
        "messaging/unsubscribe.html",
        {"switch": switch, "is_off": switch.is_stopped(reader) if switch else is_all_off},
    )


@login_not_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Show the mails that left a demo or development site, which sends none."""
    if not settings.LOCAL:
        raise Http404
    return render(request, "messaging/outbox.html", {"letters": demo_mailbox.newest()})
