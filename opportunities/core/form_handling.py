"""How a page carries out an operation: do it once, say so, and go back.

A refusal loses nothing that was typed: the page on which the form stands comes back with 422, the
text in its box (``{% box %}`` of ``templatetags/boxes.py``) and the sentence beside it. The same
form sent twice makes one of anything.
"""

import copy
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.urls import resolve
from django.utils import timezone

from opportunities.core import given_back
from opportunities.core.errors import Busy, Fault, Invalid, LimitReached, NotFound, RuleBroken
from opportunities.core.forms import Blamed
from opportunities.core.languages import Translatable
from opportunities.core.models import SentForm

PLACE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,60}")
"""The id of an element of a page."""


@dataclass
class Refusal:
    """A form that was refused: what was typed, into which box, and what is wrong with it."""

    typed: QueryDict
    sentence: str
    faults: tuple[Fault, ...] = ()
    is_shown: bool = False

    @property
    def box(self) -> str:
        """The key of the box that was sent."""
        return str(self.typed.get("box", ""))

    def take(self, box: str, name: str) -> str | None:
        """Return what was typed into a box that a page shows, or None if it was another."""
        if self.box != box or name not in self.typed:
            return None
        self.is_shown = True
        return str(self.typed[name])


def carry_out[Done](request: HttpRequest, operation: Callable[[], Done]) -> Done | None:
    """Carry out what a form asks for and return what came of it; the same form counts once.

    Of a form that was taken before nothing comes, which is None.
    A form is the same if it was drawn once (each drawing has a token of its own) and says the
    same. What is refused may be sent again; of two at a time the second waits for the first.
    """
    if not request.POST.get(given_back.TOKEN):
        return operation()
    with transaction.atomic():
        _, is_first = SentForm.objects.get_or_create(
            key=_key_of(request), defaults={"at": timezone.now()}
        )
        return operation() if is_first else None


def was_taken(request: HttpRequest) -> bool:
    """Say whether this very form was sent and taken before."""
    return SentForm.objects.filter(key=_key_of(request)).exists()


def _key_of(request: HttpRequest) -> str:
    drawn = request.POST.get(given_back.TOKEN)
    said = [(name, request.POST.getlist(name)) for name in sorted(request.POST) if name != "draft"]
    files = [
        (name, file.name, file.size)
        for name in sorted(request.FILES)
        for file in request.FILES.getlist(name)
    ]
    told = repr((drawn, request.user.pk, request.path, said, files))
    return hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()


def act(
    request: HttpRequest,
    operation: Callable[[], object],
    *,
    said: str,
    back: str,
    undo: str = "",
    gone: str = "",
    instead: Callable[[RuleBroken], HttpResponse | None] | None = None,
) -> HttpResponse:
    """Carry out an operation and return to ``back``, with what was done or why it was refused.

    ``back`` is the address of a page, or the name of its route; ``undo`` is the address to which
    the button *Undo* beside what was done posts ``action=undo``. ``gone`` is said where what the
    button takes away is not there, as in a second tab; without it the answer is 404. A refusal of
    words that somebody wrote shows their page again instead, with the words in it. A limit that
    time gives back is answered by a page of its own; ``instead`` may have one for other refusals.
    """
    try:
        carry_out(request, operation)
    except NotFound as unknown:
        if not gone:
            raise Http404 from unknown
        messages.warning(request, gone)
        return redirect(back)
    except RuleBroken as refusal:
        if instead is not None and (page := instead(refusal)) is not None:
            given_back.mark_unsent(request)
            return page
        if isinstance(refusal, LimitReached) and refusal.wait and not _has_words(request):
            return too_many(request, refusal)
        return refused(request, refusal, back=back)
    messages.success(request, said, extra_tags=undo)
    return redirect(back)


class Gone(Http404):
    """What a page is about is not there, or is somebody else's; which of them nobody learns."""


def leads_back(
    to: str, gone: Translatable
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let a view say ``gone`` on the list at ``to`` when a button's page was removed meanwhile.

    The view raises ``Gone``. A page that is only read stays a 404; words that somebody wrote are
    given back.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except Gone:
                if request.method != "POST":
                    raise
                if given_back.written(request.POST):
                    return given_back.page(
                        request, why=str(gone), status=404, may_send=False, back=resolve_url(to)
                    )
                messages.warning(request, str(gone))
                return redirect(to)

        return answered

    return decorate


def act_in_place(
    request: HttpRequest, operation: Callable[[], object], part: Callable[[str], HttpResponse]
) -> HttpResponse:
    """Carry out an operation for a page that stays where it is, and return the part that changed.

    ``part`` is given why it was refused, or nothing; a refusal comes with 422, which htmx shows.
    """
    try:
        carry_out(request, operation)
    except NotFound as unknown:
        raise Http404 from unknown
    except RuleBroken as refusal:
        given_back.mark_unsent(request)
        response = part(str(refusal))
        response.status_code = 422
        return response
    return part("")


def place_on(page: str, request: HttpRequest) -> str:
    """Return an address with the place in it that a form names (``at``), to come back to."""
    at = request.POST.get("at", "")
    return f"{page}#{at}" if PLACE.fullmatch(at) else page


def act_on_form[Done](
    request: HttpRequest,
    form: Blamed,
    operation: Callable[[], Done],
    *,
    said: str,
    back: str,
    page_of: Callable[[Done], str] | None = None,
) -> HttpResponse | None:
    """Carry out an operation with what a form holds; None means that the form is asked again.

    ``page_of`` says where what was made stands, if that is the page to go to.
    """
    if not form.is_valid():
        return None
    try:
        done = carry_out(request, operation)
    except NotFound as unknown:
        raise Http404 from unknown
    except Invalid as broken:
        form.blame(broken)
        return None
    except RuleBroken as refusal:
        return refused(request, refusal, back=back, is_form=True)
    messages.success(request, said)
    return redirect(page_of(done) if page_of and done is not None else back)


def refused(
    request: HttpRequest, refusal: RuleBroken, *, back: str, is_form: bool = False
) -> HttpResponse:
    """Say why something was refused, on the page where it was asked, with what was typed.

    A button with no form around it (``is_form``) and no words leads back to its page instead.
    """
    messages.error(request, str(refusal))
    given_back.mark_unsent(request)
    has_words = _has_words(request)
    if not has_words and not is_form:
        return redirect(back)
    status, wait = status_of(refusal)
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    form = Refusal(request.POST, str(refusal), faults, is_shown=not has_words)
    response = _shown_again(request, form, back=back)
    response.status_code = status
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _has_words(request: HttpRequest) -> bool:
    """Say whether somebody wrote something that must not be lost."""
    return "box" in request.POST or bool(given_back.written(request.POST))


def _shown_again(request: HttpRequest, refusal: Refusal, *, back: str) -> HttpResponse:
    """Return the page on which a form stands as it is read now, with the form as it was sent."""
    back = resolve_url(back)
    address = urlsplit(given_back.page_of(request, otherwise=back))
    if address.path != urlsplit(back).path:
        address = urlsplit(back)
    page: Any = copy.copy(request)
    page.method, page.path, page.path_info = "GET", address.path, address.path
    page.GET, page.POST = QueryDict(address.query), QueryDict()
    page.META = request.META | {
        "REQUEST_METHOD": "GET", "PATH_INFO": address.path, "QUERY_STRING": address.query
    }  # fmt: skip
    page.refusal = refusal
    page.resolver_match = found = resolve(address.path)
    try:
        response: HttpResponse = found.func(page, *found.args, **found.kwargs)
    except (Http404, NotFound):
        return given_back.page(request, why=refusal.sentence)
    if response.status_code != 200 or not refusal.is_shown:
        return given_back.page(request, why=refusal.sentence)
    return response


def too_many(request: HttpRequest, limit: LimitReached) -> HttpResponse:
    """Return a page that says which limit is used up, and when to come back."""
    response = render(request, "429.html", {"limit": limit}, status=429)
    if limit.wait:
        response.headers["Retry-After"] = str(limit.wait)
    return response


def status_of(refusal: Exception) -> tuple[int, int | None]:
    """Return the status of a form that is shown again, and the seconds after which to come back."""
    wait: int | None = getattr(refusal, "wait", None)
    if isinstance(refusal, Busy):
        return 503, wait
    return (429, wait) if wait else (422, None)


def row_of(text: str | None) -> int:
    """Return the number of a row that a form sent; anything else is row 0, and there is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0
