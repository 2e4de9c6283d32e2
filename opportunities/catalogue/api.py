"""What a client asks once: the words that this site's API knows, and its figures."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.candidates import aspects
from opportunities.core import pay
from opportunities.core.api import OneOf, refuse_unknown
from opportunities.core.fields_of_work import Field
from opportunities.core.models import PayFloor, Site
from opportunities.roles.formats import FORMATS, Kind


class WordSerializer(serializers.Serializer[Any]):
    """A value as the API writes it, and as people read it."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the API calls it so


class FormatSerializer(WordSerializer):
    kind = OneOf(choices=Kind.choices)


class PayFloorSerializer(serializers.Serializer[Any]):
    """The least true pay for an hour of work in a country."""

    country = serializers.CharField(
        allow_blank=True, help_text="ISO 3166; empty for all countries that are not listed."
    )
    amount = serializers.CharField(help_text="Major units, as a decimal string.")
    currency = serializers.CharField()


class MetaSerializer(serializers.Serializer[Any]):
    """The words of this API, the figures of this site, and the version of the contract."""

    name = serializers.CharField()
    version = serializers.CharField(help_text="Of the API.")
    currency = serializers.CharField(help_text="In which pay is compared; ISO 4217.")
    currencies = serializers.ListField(child=serializers.CharField())
    pay_floors = PayFloorSerializer(many=True)
    kinds = WordSerializer(many=True)
    formats = FormatSerializer(many=True)
    fields = WordSerializer(many=True)  # type: ignore[assignment]  # named as the roles' filter is
    aspects = WordSerializer(many=True)
    review_hours = serializers.IntegerField(help_text="Within which moderators decide.")


class Meta(APIView):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="meta_retrieve", responses=MetaSerializer)
    def get(self, request: Request) -> Response:
        """Return the words and figures of this site."""
        refuse_unknown(request, known=())
        site = Site.load()
        return Response(
            {
                "name": settings.SITE_NAME,
                "version": settings.SPECTACULAR_SETTINGS["VERSION"],
                "currency": site.currency,
                "currencies": pay.CURRENCIES,
                "pay_floors": [
                    {
                        "country": floor.country,
                        "amount": str(pay.to_major(floor.hourly_minor, floor.currency)),
                        "currency": floor.currency,
                    }
                    for floor in PayFloor.objects.order_by("country")
                ],
                "kinds": _words(Kind.choices),
                "formats": [
                    {"value": name, "label": each.label, "kind": each.family}
                    for name, each in FORMATS.items()
                ],
                "fields": _words(Field.choices),
                "aspects": _words(aspects.labels().items()),
                "review_hours": site.review_hours,
            }
        )


def _words(pairs: Any) -> list[dict[str, str]]:
    return [{"value": value, "label": str(label)} for value, label in pairs]
