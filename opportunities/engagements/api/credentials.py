"""Credentials of completed work over HTTP: read, check, and the list of revocations."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.core.api import read
from opportunities.engagements import credentials


class CredentialSerializer(serializers.Serializer[dict[str, Any]]):
    """The credential as a VC-JWT, and its claims to read."""

    id = serializers.CharField()
    revoked = serializers.BooleanField()
    jwt = serializers.CharField()
    credential = serializers.DictField()


class VerificationInput(serializers.Serializer[dict[str, Any]]):
    jwt = serializers.CharField(max_length=20_000)


class VerdictSerializer(serializers.Serializer[credentials.CredentialCheck]):
    """Whether a credential is ours, whether it still stands, and what it says."""

    genuine = serializers.BooleanField(source="is_genuine")
    revoked = serializers.BooleanField(source="is_revoked")
    credential = serializers.DictField(source="claims", allow_null=True)


class CredentialDetail(APIView):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="credentials_read", responses=CredentialSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return the credential of completed work that its candidate shows."""
        completion = get_object_or_404(
            credentials.completions().shown_to(request.user), public_id=public_id[:40]
        )
        return Response(
            {
                "id": completion.public_id,
                "revoked": completion.revoked_at is not None,
                "jwt": credentials.issue(completion),
                "credential": credentials.claims_of(completion),
            }
        )


class Status(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="credentials_status",
        responses={(200, "application/vc+jwt"): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the signed list of revoked credentials."""
        signed = credentials.status_list(at=timezone.now())
        return HttpResponse(signed, content_type="application/vc+jwt")


class Verification(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="credentials_verify", request=VerificationInput, responses=VerdictSerializer
    )
    def post(self, request: Request) -> Response:
        """Say whether a credential is genuine and still stands."""
        verdict = credentials.verify(read(VerificationInput, request)["jwt"])
        return Response(VerdictSerializer(verdict).data)
