"""Actions of the admin that ask for a reason and call an operation."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from opportunities.accounts.current import person
from opportunities.accounts.desks import History
from opportunities.accounts.models import User
from opportunities.core.errors import RuleBroken
from opportunities.core.languages import Translatable
from opportunities.moderation.outcomes import Need, Outcome

type Button = Callable[["History", HttpRequest, QuerySet[Any]], None]
"""An action of a desk on the rows that were chosen."""


class ReasonForm(ActionForm):
    """The reason and the rules that an action puts on record."""

    reason = forms.CharField(max_length=2000, required=False)
    rules = forms.CharField(max_length=60, required=False, help_text="Numbers, with spaces.")


def button(outcome: Outcome, operation: Callable[..., object], key: str) -> Button:
    """Return the action of a desk that decides so on each chosen row.

    The operation is told the row's number as ``key``, and the rules where the outcome cites any.
    """

    def decide(row: Any, moderator: User, reason: str, rules: list[str]) -> None:
        said: dict[str, Any] = {"moderator": moderator, "reason": reason, "at": timezone.now()}
        if outcome.rules != Need.NO:
            said["rules"] = rules
        operation(outcome, **{key: row.pk}, **said)

    return action(outcome.slug.replace("-", "_"), outcome.verb, decide)


def action(
    name: str,
    description: Translatable,
    operation: Callable[[Any, User, str, list[str]], object],
) -> Button:
    """Return the action of a desk that carries out an operation on each chosen row.

    The operation is called with the row, the moderator, the reason and the rules given.
    """

    @admin.action(description=description, permissions=["moderate"])
    def carry_out(desk: History, request: HttpRequest, rows: QuerySet[Any]) -> None:
        moderator = person(request)
        each(desk, request, rows, lambda row, *given: operation(row, moderator, *given))

    carry_out.__name__ = name
    return carry_out


def each(
    desk: History,
    request: HttpRequest,
    rows: QuerySet[Any],
    operation: Callable[[Any, str, list[str]], object],
) -> None:
    """Carry out an operation on each chosen row, with the reason given; say what was refused."""
    reason = request.POST.get("reason", "")
    rules = request.POST.get("rules", "").replace(",", " ").split()
    done = 0
    for row in rows.order_by("pk"):
        try:
            operation(row, reason, rules)
        except RuleBroken as refusal:
            desk.message_user(request, f"{row}: {refusal}", messages.ERROR)
        else:
            done += 1
    if done:
        desk.message_user(request, f"Done: {done}.")
