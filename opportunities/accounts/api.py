"""Who may use parts of the API, and how a view carries an operation out for whoever asks."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.current import actor
from opportunities.accounts.permissions import is_moderator
from opportunities.core.api import listed, page_of_kind, read, stated


class IsModerator(BasePermission):
    """Lets moderators in; which rows they may decide on is the operations' question."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Delegate to the one predicate."""
        return is_moderator(request.user)


type Operation = Callable[..., Any]
"""What is carried out: called with who asks, the moment and what was sent."""


def undated(carry_out: Operation, **known: Any) -> Operation:
    """Return an operation to which the moment does not matter, with what is known of its row."""

    def carried_out(*, at: datetime, **call: Any) -> Any:
        return carry_out(**known, **call)

    return carried_out


def operation(
    name: str,
    *,
    takes: Any = None,
    values: Any = None,
    gives: Any = None,
    code: int = 200,
    by: str = "actor",
    partial: bool = False,
    answer: Callable[[Any], Response] | None = None,
    **described: Any,
) -> Callable[[Callable[..., Operation]], Callable[..., Response]]:
    """Make a view of a method that returns the operation on the row which an address names.

    The operation is called with who asks as ``by``, with the moment as ``at``, and with what the
    serializer ``takes`` reads; or, where it reads an object itself and ``values`` only describes
    it, with that object as ``values``. What it returns is answered in the shape of ``gives``, which
    knows the ``reader``, unless ``answer`` makes the response. ``described`` is told to
    ``extend_schema``.
    """

    def view_of(method: Callable[..., Operation]) -> Callable[..., Response]:
        @extend_schema(
            operation_id=name, request=takes or values, responses={code: gives}, **described
        )
        @wraps(method)
        def view(self: APIView, request: Request, **address: Any) -> Response:
            carry_out = method(self, request, **address)
            call: dict[str, Any] = {by: actor(request), "at": timezone.now()}
            if takes is not None:
                call |= read(takes, request, partial=partial)
            elif values is not None:
                call["values"] = stated(request)
            done = carry_out(**call)
            if answer is not None:
                return answer(done)
            context = {"reader": request.user}
            return Response(gives(done, context=context).data if gives else None, status=code)

        return view

    return view_of


def paged(
    name: str,
    shape: Any,
    *,
    page: str = "",
    order: tuple[str, ...],
    filters: Sequence[OpenApiParameter] = (),
    context: Callable[[Request], dict[str, Any]] = lambda _request: {},
    **described: Any,
) -> Callable[[Callable[..., QuerySet[Any]]], Callable[..., Response]]:
    """Make a view of a method that returns the rows to list, one page at a time.

    ``page`` names the documented shape of a page; ``filters`` are the parameters that the method
    reads; ``context`` is what the ``shape`` needs to know.
    """
    shown = page_of_kind(page, shape) if page else shape(many=True)
    known = [each.name for each in filters]

    def view_of(method: Callable[..., QuerySet[Any]]) -> Callable[..., Response]:
        @extend_schema(operation_id=name, responses=shown, parameters=[*filters], **described)
        @wraps(method)
        def view(self: APIView, request: Request, **address: Any) -> Response:
            rows = method(self, request, **address)
            return listed(
                rows, request, shape=shape, order=order, also_known=known, **context(request)
            )

        return view

    return view_of
