"""How a view calls an operation: who asks, which row is meant, what was sent, one page of rows."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NoReturn

from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from opportunities.core.errors import Fault, Invalid
from opportunities.core.paging import link_header, page_of

MOST_FAULTS: Final = 20
MOST_WORDS: Final = 20
PLAIN_TYPES: Final[tuple[tuple[Any, Any, str, str], ...]] = (
    ((serializers.IntegerField, serializers.FloatField), (int, float), "not_a_number", "a number"),
    (serializers.DecimalField, (str, int, float), "not_a_number", "an amount"),
    (serializers.BooleanField, bool, "not_a_flag", "true or false"),
    (
        (serializers.CharField, serializers.ChoiceField, serializers.DateField),
        str,
        "not_text",
        "a text",
    ),
    (serializers.DateTimeField, str, "not_a_date", "a moment"),
)
"""Fields, the JSON values that they take as they are, and how others are refused."""


def known_words(words: Iterable[Any]) -> str:
    """Return the rule that a word is one of these; of many, the first and how many more."""
    known = [str(word) for word in words if word != ""]
    more = len(known) - MOST_WORDS
    told = ", ".join(known[:MOST_WORDS])
    return f"One of: {told} and {more} more." if more > 0 else f"One of: {told}."


class OneOf(serializers.ChoiceField):
    """A word of a list; the refusal of another one says which words are known."""

    def fail(self, key: str, **told: Any) -> NoReturn:
        """Refuse what was sent."""
        if key == "invalid_choice":
            raise serializers.ValidationError(known_words(self.choices), code=key)
        super().fail(key, **told)


def one_of(request: Request, name: str, *, known: Sequence[str], usual: str = "") -> str:
    """Return a word that the address may state, or the usual one; another one is refused."""
    given = str(request.query_params.get(name, usual))
    if given != usual and given not in known:
        raise Invalid(Fault(name, "unknown_choice", known_words(known)))
    return given


def read(
    kind: type[serializers.Serializer[Any]],
    request: Request,
    *,
    partial: bool = False,
    **context: object,
) -> dict[str, Any]:
    """Return what was sent, read by an input serializer; a name it lacks is refused."""
    serializer = kind(data=request.data, partial=partial, context=context)
    serializer.is_valid(raise_exception=True)
    if faults := list(islice(unspoken(serializer, request.data, ""), MOST_FAULTS)):
        raise Invalid(*faults)
    return dict(serializer.validated_data)


def unspoken(serializer: Any, sent: Any, pointer: str) -> Iterator[Fault]:
    """Yield each name that a shape lacks, and each value that only a guess turns into its type."""
    if isinstance(serializer, serializers.ListSerializer | serializers.ListField):
        for index, inner in enumerate(sent or []):
            yield from unspoken(serializer.child, inner, f"{pointer}.{index}".lstrip("."))
    elif isinstance(serializer, serializers.Serializer):
        for name, value in (sent or {}).items():
            place = f"{pointer}.{name}".lstrip(".")
            if name not in serializer.fields:
                yield Fault(place, "unknown_field", f"There is no field {name[:60]}.")
            elif value is not None:
                yield from unspoken(serializer.fields[name], value, place)
    else:
        for kinds, types, code, word in PLAIN_TYPES:
            if isinstance(serializer, kinds):
                if not isinstance(sent, types) or (isinstance(sent, bool) and types is not bool):
                    yield Fault(pointer, code, f"{pointer} is {word}.")
                return


def stated(request: Request) -> dict[str, Any]:
    """Return the object that was sent, for operations that read its fields themselves."""
    if not isinstance(request.data, Mapping):
        raise Invalid(Fault("", "not_an_object", "Send a JSON object."))
    return dict(request.data)


def refuse_unknown(request: Request, *, known: Collection[str]) -> None:
    """Raise ``Invalid`` for parameters that an address does not have."""
    unknown = sorted(set(request.query_params) - set(known))[:MOST_FAULTS]
    if faults := [
        Fault(name, "unknown_parameter", f"There is no parameter {name} here.") for name in unknown
    ]:
        raise Invalid(*faults)


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
    refuse_unknown(request, known={"limit", "cursor", *also_known})
    page, cursor = page_of(rows, request, order=order, limit=25)
    return Response(
        {
            "data": shape(page, many=True, context=context).data,
            "page": cursor.links | {"limit": cursor.size},
        },
        headers=link_header(cursor.links),
    )


def page_of_kind(name: str, kind: type[serializers.Serializer[Any]]) -> Any:
    """Return the documented shape of one page of such rows."""
    return type(
        name,
        (serializers.Serializer,),
        {"data": kind(many=True), "page": serializers.DictField()},
    )
