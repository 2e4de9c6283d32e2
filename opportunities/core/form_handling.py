"""How a page carries out an operation: do it, say so, and go back; a refusal is said in words."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from opportunities.core.errors import Busy, Invalid, NotFound, RuleBroken
from opportunities.core.forms import Blamed


def act(
    request: HttpRequest,
    operation: Callable[[], object],
    *,
    said: str,
    back: str,
    asks_again: bool = False,
) -> HttpResponse:
    """Carry out an operation and return to ``back``, with what was done or why it was refused.

    Where the page ``asks_again`` for what does not pass, ``Invalid`` is left to it.
    """
    try:
        operation()
    except NotFound as unknown:
        raise Http404 from unknown
    except RuleBroken as refusal:
        if asks_again and isinstance(refusal, Invalid):
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(back)


def act_on_form(
    request: HttpRequest, form: Blamed, operation: Callable[[], object], *, said: str, back: str
) -> HttpResponse | None:
    """Carry out an operation with what a form holds; None means that the form is asked again."""
    if not form.is_valid():
        return None
    try:
        return act(request, operation, said=said, back=back, asks_again=True)
    except Invalid as broken:
        form.blame(broken)
        return None


def status_of(refusal: Exception) -> tuple[int, int | None]:
    """Return the status of a form that is shown again, and the seconds after which to come back."""
    wait: int | None = getattr(refusal, "wait", None)
    if isinstance(refusal, Busy):
        return 503, wait
    return (429, wait) if wait else (422, None)


def row_of(text: str | None) -> int:
    """Return the number of a row that a form sent; anything else is row 0, and there is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0
