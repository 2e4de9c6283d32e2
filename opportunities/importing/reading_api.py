"""What a program may ask of an advert: its facts, each with the words and their place."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.core.api import read
from opportunities.core.errors import Fault, Invalid
from opportunities.core.pay import CURRENCIES
from opportunities.importing import pasting
from opportunities.importing.adverts.advert import REASONS, Advert, Span
from opportunities.importing.adverts.read import MAX_ADVERT
from opportunities.importing.parsing.places import country_code


class AdvertInput(serializers.Serializer[dict[str, Any]]):
    """The text of an advert; ``currency`` is that of amounts without a sign."""

    text = serializers.CharField(max_length=MAX_ADVERT, trim_whitespace=False)
    currency = serializers.CharField(max_length=3, required=False, allow_blank=True)
    country = serializers.CharField(max_length=2, required=False, allow_blank=True)


class WordsOutput(serializers.Serializer[dict[str, Any]]):
    """Words of the text: the characters from ``start`` up to, but not including, ``end``."""

    words = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class FoundOutput(serializers.Serializer[dict[str, Any]]):
    """A field, its value as a draft takes it, and all places that say it."""

    field = serializers.CharField()
    value = serializers.JSONField()
    said = WordsOutput(many=True)


class UnreadOutput(WordsOutput):
    """Words that may be read in two ways, or in none."""

    field = serializers.CharField()
    code = serializers.ChoiceField(sorted(REASONS))
    reason = serializers.CharField()
    suggested = serializers.ListField(
        child=serializers.CharField(),
        help_text="Skills that an unknown name may mean, for a person to choose from.",
    )


class ProposalOutput(serializers.Serializer[dict[str, Any]]):
    """The format that is proposed, empty where the advert does not tell, and why."""

    format = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class AdvertOutput(serializers.Serializer[dict[str, Any]]):
    """What was read; positions count characters of ``text``, whose line ends are one character."""

    text = serializers.CharField()
    language = serializers.ChoiceField(["en", "de", "fr"])
    fields = FoundOutput(many=True)  # type: ignore[assignment]  # the name of the answer
    unread = UnreadOutput(many=True)
    proposed = ProposalOutput()
    description = serializers.CharField(allow_blank=True)


class AdvertReading(APIView):
    """An advert read, with or without an account; nothing is kept."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="opportunities_read_advert", request=AdvertInput, responses=AdvertOutput
    )
    def post(self, request: Request) -> Response:
        """Say what an advert surely states, field by field, with the words that state it."""
        sent = read(AdvertInput, request)
        currency, country = sent.get("currency", ""), sent.get("country", "")
        if currency and currency not in CURRENCIES:
            raise Invalid(Fault("currency", "unknown_choice", "A currency is a code such as EUR."))
        if country and not country_code(country):
            raise Invalid(Fault("country", "malformed", "A country is a code such as GB."))
        text = pasting.given_text(sent["text"])
        advert = pasting.read(
            text, today=timezone.localdate(), currency=currency, country=country_code(country)
        )
        proposed, meant = pasting.proposal(advert), pasting.suggestions(advert)
        answer = {
            "text": advert.text,
            "language": advert.language,
            "fields": [
                {
                    "field": found.name,
                    "value": _plain(found.value),
                    "said": [_words(advert, span) for span in found.spans],
                }
                for found in advert.fields
            ],
            "unread": [
                {
                    "field": one.name,
                    "code": one.why,
                    "reason": REASONS[one.why],
                    "suggested": [skill.slug for skill in meant.get(one.span, ())],
                    **_words(advert, one.span),
                }
                for one in advert.unread
            ],
            "proposed": {"format": proposed.format, "reason": proposed.reason},
            "description": advert.description,
        }
        return Response(answer)


def _words(advert: Advert, span: Span) -> dict[str, Any]:
    return {"words": advert.words(span), "start": span.start, "end": span.end}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value
