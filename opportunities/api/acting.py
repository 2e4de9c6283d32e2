"""How a view calls an operation: who asks, which row is meant, what was sent, one page of rows."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.errors import Fault, Invalid, NotFound
from opportunities.models import Employer, Opportunity, User
from opportunities.paging import page_of
from opportunities.permissions import is_member, is_moderator


class IsModerator(BasePermission):
    """Lets moderators in; which rows they may decide on is the operations' question."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Delegate to the one predicate."""
        return is_moderator(request.user)


def actor(request: Request) -> User:
    """Return the account that asks, or answer 401."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def read(
    kind: type[serializers.Serializer[Any]], request: Request, *, partial: bool = False
) -> dict[str, Any]:
    """Return what was sent, read by an input serializer; a name it lacks is refused."""
    serializer = kind(data=request.data, partial=partial)
    serializer.is_valid(raise_exception=True)
    if unknown := sorted(set(request.data) - set(serializer.fields)):
        raise Invalid(*[Fault(name, "unknown", f"There is no field {name}.") for name in unknown])
    return dict(serializer.validated_data)


def stated(request: Request) -> dict[str, Any]:
    """Return the object that was sent, for operations that read its fields themselves."""
    if not isinstance(request.data, Mapping):
        raise Invalid(Fault("", "not_an_object", "Send a JSON object."))
    return dict(request.data)


def role_of(request: Request, public_id: str) -> Opportunity:
    """Return a role that the viewer may see, or raise ``NotFound``."""
    role = Opportunity.objects.visible_to(request.user).filter(public_id=public_id[:40]).first()
    if role is None:
        raise NotFound("There is no such role.")
    return role


def employer_of(public_id: str) -> Employer:
    """Return an employer by its public id or address, or raise ``NotFound``."""
    employer = Employer.objects.filter(public_id=public_id[:40]).first()
    if employer is None:
        raise NotFound("There is no such employer.")
    return employer


def own_employer_of(request: Request, public_id: str) -> Employer:
    """Return an employer that the viewer acts for, or raise ``NotFound``."""
    employer = employer_of(public_id)
    if not is_member(actor(request), employer.pk):
        raise NotFound("There is no such employer of yours.")
    return employer


def listed[Row: Model](
    rows: QuerySet[Row],
    request: Request,
    *,
    order: tuple[str, ...],
    shape: type[serializers.BaseSerializer[Any]],
    also_known: Collection[str] = (),
    **context: Any,
) -> Response:
    """Answer one page of rows, with the way to the next; ``also_known`` names the filters."""
    known = {"limit", "cursor", *also_known}
    if unknown := sorted(set(request.query_params) - known):
        raise Invalid(
            *[
                Fault(name, "unknown_parameter", f"There is no parameter {name} here.")
                for name in unknown[:20]
            ]
        )
    page, cursor = page_of(rows, request, order=order, limit=25)
    links = {"next": cursor.get_next_link(), "prev": cursor.get_previous_link()}
    ways = [f'<{href}>; rel="{rel}"' for rel, href in links.items() if href]
    return Response(
        {
            "data": shape(page, many=True, context=context).data,
            "page": links | {"limit": cursor.get_page_size(request)},
        },
        headers={"Link": ", ".join(ways)} if ways else {},
    )
