"""Places over HTTP: what words mean, and which places begin with some letters."""

from typing import Final
from urllib.parse import urlencode

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.core.api import page_of_kind
from opportunities.core.errors import Fault, Invalid
from opportunities.core.paging import link_header
from opportunities.places import gazetteer
from opportunities.places.folding import fold
from opportunities.places.gazetteer import City
from opportunities.places.resolving import full_name, name_of

PAGE: Final = 20
MOST_PAGE: Final = 50
DEEPEST: Final = 500
"""Places after which a list ends: nobody looks further for a name."""

SHORTEST: Final = 2
MOST_TYPED: Final = 80


class LocationSerializer(serializers.Serializer[City]):
    """A city, town or village of the gazetteer."""

    id = serializers.IntegerField(help_text="Its number at GeoNames.")
    name = serializers.CharField()
    region = serializers.CharField(help_text="Its first division; empty where no name is known.")
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2.")
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    time_zone = serializers.CharField()


TOLD: Final = tuple(LocationSerializer().fields)


def told(city: City) -> dict[str, object]:
    """Return a place as ``LocationSerializer`` tells it, for lists that are quick."""
    return {name: getattr(city, name) for name in TOLD}


class PlaceSerializer(LocationSerializer):
    """A place to choose, with the words that name it."""

    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    written = serializers.SerializerMethodField()

    def get_label(self, city: City) -> str:
        """Return the name with division and country, to choose from."""
        return full_name(city)

    def get_written(self, city: City) -> str:
        """Return the shortest text that names this place and no other."""
        return name_of(city)


class Places(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="places_list",
        parameters=[
            OpenApiParameter("q", str, required=True, description="First letters of a name."),
            OpenApiParameter("limit", int, description="At most 50; 20 unless told otherwise."),
            OpenApiParameter("cursor", str, description="Where the page before ended."),
        ],
        responses=page_of_kind("PlacesPage", PlaceSerializer),
    )
    def get(self, request: Request) -> Response:
        """List the largest places one of whose names begins so, a page at a time."""
        sent = request.query_params
        faults = [
            Fault(name[:60], "unknown_parameter", f"There is no parameter {name[:60]} here.")
            for name in sorted(set(sent) - {"q", "limit", "cursor"})[:20]
        ]
        typed = sent.get("q", "")
        if len(fold(typed[: MOST_TYPED + 1])) < SHORTEST or len(typed) > MOST_TYPED:
            detail = f"q has from {SHORTEST} to {MOST_TYPED} letters."
            faults.append(Fault("q", "out_of_range", detail))
        limit, skip = _number(sent.get("limit"), PAGE), _number(sent.get("cursor"), 0)
        if limit is None or not 1 <= limit <= MOST_PAGE:
            detail = f"limit lies between 1 and {MOST_PAGE}."
            faults.append(Fault("limit", "out_of_range", detail))
        if skip is None or skip > DEEPEST:
            faults.append(Fault("cursor", "bad_cursor", "This cursor is not one that we gave."))
        if faults or limit is None or skip is None:
            raise Invalid(*faults)
        found = gazetteer.begin_with(typed, most=limit + 1, skip=skip)
        has_more = len(found) > limit and skip + limit <= DEEPEST
        before, after = max(0, skip - limit), skip + limit
        links = {
            "next": self._link(request, typed, limit, after) if has_more else None,
            "prev": self._link(request, typed, limit, before) if skip else None,
        }
        data = [PlaceSerializer(city).data for city in found[:limit]]
        return Response(
            {"data": data, "page": links | {"limit": limit}},
            headers=link_header(links),
        )

    def _link(self, request: Request, typed: str, limit: int, at: int) -> str:
        query = urlencode({"q": typed, "limit": limit, "cursor": at})
        return str(request.build_absolute_uri(f"{request.path}?{query}"))


def _number(text: str | None, empty: int) -> int | None:
    if not text:
        return empty
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None
