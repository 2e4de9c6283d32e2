"""A person's data over HTTP: take it along, erase it."""

from typing import Any

from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.current import actor
from opportunities.core.api import read
from opportunities.privacy.erase import erase
from opportunities.privacy.export import download


class Export(APIView):
    @extend_schema(
        operation_id="profile_export",
        request=None,
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def post(self, request: Request) -> FileResponse:
        """Return everything kept about the reader as one archive."""
        return download(owner=actor(request), at=timezone.now())


class EraseInput(serializers.Serializer[dict[str, Any]]):
    """The reader's own address, so that nobody erases an account by mistake."""

    confirm = serializers.EmailField(max_length=254)

    def validate_confirm(self, value: str) -> str:
        """Refuse any other address."""
        if value.casefold() != self.context["email"].casefold():
            raise serializers.ValidationError("This is not your address.", code="not-yours")
        return value


class Erase(APIView):
    @extend_schema(operation_id="profile_erase", request=EraseInput, responses={204: None})
    def post(self, request: Request) -> Response:
        """Erase the reader: account, profile and every word about them."""
        person = actor(request)
        read(EraseInput, request, email=person.email)
        erase(owner=person, at=timezone.now())
        return Response(status=204)
