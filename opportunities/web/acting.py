"""How a page carries out an operation: do it, say so, and go back; a refusal is said in words."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from opportunities.errors import NotFound, RuleBroken


def act(
    request: HttpRequest, operation: Callable[[], object], *, said: str, back: str
) -> HttpResponse:
    """Carry out an operation and return to ``back``, with what was done or why it was refused."""
    try:
        operation()
    except NotFound as unknown:
        raise Http404 from unknown
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(back)


def row_of(text: str | None) -> int:
    """Return the number of a row that a form sent; anything else is row 0, and there is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0
