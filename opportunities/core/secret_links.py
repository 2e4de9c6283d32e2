"""Pages whose address is a secret: what comes after them does not learn it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest, HttpResponse


def keeps_its_address[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let browsers tell the next page, of this site too, from which site they come and no more.

    With ``no-referrer`` they would send the form of such a page as of the origin ``null``, which
    is refused as another site's.
    """

    @wraps(view)
    def kept(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    return kept
