"""The filters of the list of roles, as the schema describes them."""

from typing import Any

import django_filters
from drf_spectacular.utils import OpenApiParameter

from opportunities.roles import search


def filter_parameters() -> list[OpenApiParameter]:
    """Return one described parameter for each filter."""
    return [
        OpenApiParameter(name, _schema(each))
        for name, each in search.RoleFilters.base_filters.items()
    ]


def _schema(each: Any) -> dict[str, Any]:
    options = each.extra
    if isinstance(each, django_filters.MultipleChoiceFilter):
        values = [value for value, _ in options["choices"]]
        return {"type": "array", "items": {"type": "string", "enum": values}}
    if isinstance(each, django_filters.NumberFilter):
        limits = {"minimum": options["min_value"], "maximum": options["max_value"]}
        return {"type": "number"} | limits
    if isinstance(each, django_filters.BooleanFilter):
        return {"type": "boolean"}
    if isinstance(each, django_filters.IsoDateTimeFilter):
        return {"type": "string", "format": "date-time"}
    if isinstance(each, django_filters.DateFilter):
        return {"type": "string", "format": "date"}
    return {"type": "string", "maxLength": each.field.max_length}
