"""Constraints that every table shares: a number in its range, a word from its list."""

from collections.abc import Iterable
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import CheckConstraint, Model, Q, UniqueConstraint


def in_range(table: str, field: str, low: float, high: float) -> CheckConstraint:
    """Keep a number between both bounds (NULL passes, NaN does not)."""
    return CheckConstraint(
        name=f"{table}_{field}_in_range",
        condition=Q(**{f"{field}__gte": low, f"{field}__lte": high}),
        violation_error_message=f"{field} lies between {_written(low)} and {_written(high)}.",
    )


def _written(bound: float) -> str:
    """Write a number with all its digits: 0.00000001, 1,000,000."""
    return f"{Decimal(str(bound)):,f}".removesuffix(".0")


def one_of(table: str, field: str, values: Iterable[str]) -> CheckConstraint:
    """Keep a word to those of its list (NULL passes)."""
    words = list(values)
    return CheckConstraint(
        name=f"{table}_{field}_is_known",
        condition=Q(**{f"{field}__in": words}),
        violation_error_message=f"{field} is one of: {', '.join(words)}.",
    )


def array_of(table: str, field: str, values: Iterable[str]) -> CheckConstraint:
    """Keep every word of an array to those of its list (NULL passes)."""
    words = list(values)
    return CheckConstraint(
        name=f"{table}_{field}_are_known",
        condition=Q(**{f"{field}__contained_by": words}),
        violation_error_message=f"{field} may hold: {', '.join(words)}.",
    )


def once(name: str, *fields: str) -> UniqueConstraint:
    """Keep no two rows that have the same in all of these columns."""
    return UniqueConstraint(fields=fields, name=name)


def exactly_one(name: str, *fields: str) -> CheckConstraint:
    """Keep one of these columns stated, and the others NULL."""
    chosen = [{f"{field}__isnull": field != stated for field in fields} for stated in fields]
    return CheckConstraint(name=name, condition=reduce(or_, (Q(**each) for each in chosen)))


def any_of(name: str, *fields: str) -> CheckConstraint:
    """Keep at least one of these columns stated."""
    stated = (Q(**{f"{field}__isnull": False}) for field in fields)
    return CheckConstraint(name=name, condition=reduce(or_, stated))


def all_or_none(name: str, *fields: str) -> CheckConstraint:
    """Keep these columns stated together, or NULL together."""
    none, every = ({f"{field}__isnull": is_null for field in fields} for is_null in (True, False))
    return CheckConstraint(name=name, condition=Q(**none) | Q(**every))


def state_has_date(table: str, states: Iterable[str], date: str) -> CheckConstraint:
    """Tie states to their date: whoever is in one of them has it."""
    return CheckConstraint(
        name=f"{table}_{date}_fits_status",
        condition=~Q(status__in=list(states)) | Q(**{f"{date}__isnull": False}),
    )


def ranges_of(model: type[Model]) -> dict[str, tuple[float, float]]:
    """Return the least and the greatest value of each number, as the model's constraints say."""
    found: dict[str, dict[str, float]] = {}
    for constraint in model._meta.constraints:
        if isinstance(constraint, CheckConstraint) and constraint.name.endswith("_in_range"):
            for condition, bound in getattr(constraint.condition, "children", ()):
                name, _, side = condition.rpartition("__")
                found.setdefault(name, {})[side] = bound
    return {name: (sides["gte"], sides["lte"]) for name, sides in found.items()}
