"""Edits of what others edit too: a form carries what it was drawn from.

Sent, it is held against what is stored by then. What only the other changed stays as they left it;
what only this person changed is written; where both changed one answer, the form comes back with
both values, and sending it again keeps the person's own.
"""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from opportunities.core.text import normal

SEEN: Final = "seen"
NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")


class Edited(forms.Form):
    """A form that notices what changed beneath it; its ``initial`` is what is stored now."""

    others: frozenset[str] = frozenset()
    """Answers that somebody else changed and this person left alone."""

    def stored(self) -> dict[str, list[str]]:
        """Return each answer that is stored, as the page shows it."""
        return {
            name: shown(field, self.get_initial_for_field(field, name))
            for name, field in self.fields.items()
        }

    def sent(self) -> dict[str, list[str]]:
        """Return each answer that was sent, as the page showed it."""
        answers = {}
        for name, field in self.fields.items():
            raw = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            answers[name] = shown(field, raw)
        return answers

    @property
    def seen(self) -> str:
        """Return what the page carries: every answer that it was drawn from."""
        return json.dumps(self.stored(), ensure_ascii=False, separators=(",", ":"))

    def settle(self) -> bool:
        """Hold what was sent against what is stored now; say whether nobody need choose.

        What the page did not show, since the other added it, this person left alone.
        """
        was, mine = _read(self.data.get(SEEN, "")), self.sent()
        if was:
            was = {name: was.get(name, []) for name in self.stored()}
        moved = {name: now for name, now in self.stored().items() if was.get(name, now) != now}
        self.others = frozenset(name for name in moved if mine[name] == was[name])
        self._take({name: moved[name] for name in self.others if name in self.fields})
        unsettled = [
            name for name in moved if name not in self.others and mine[name] != moved[name]
        ]
        for name in unsettled:
            field = self.fields.get(name)
            said = _(
                "This was changed to “%(theirs)s” meanwhile; you wrote “%(yours)s”."
                " Save again to keep yours, or write the other."
            ) % {"theirs": told(field, moved[name]), "yours": told(field, mine[name])}
            self.add_error(name if name in self.fields else None, said)
        return not unsettled

    def _take(self, answers: Mapping[str, list[str]]) -> None:
        """Read the form anew, as if these answers had been sent."""
        if not answers:
            return
        data = QueryDict(mutable=True)
        data.update(self.data)
        for name, answer in answers.items():
            data.setlist(self.add_prefix(name), answer)
            if not answer:
                del data[self.add_prefix(name)]
        self.data = data
        self.__dict__.pop("changed_data", None)
        self.full_clean()


def shown(field: forms.Field, value: Any) -> list[str]:
    """Return an answer as its input shows it and sends it back."""
    if isinstance(field, forms.BooleanField):
        return ["on"] if value else []
    formatted = field.widget.format_value(field.prepare_value(value))
    parts = formatted if isinstance(formatted, list | tuple) else [formatted]
    return sorted(_plain(normal(str(part))) for part in parts if part not in (None, ""))


def _plain(text: str) -> str:
    """Return a number as it is written shortest, since 500.00 and 500 are one answer."""
    if not NUMBER.fullmatch(text):
        return text
    return f"{Decimal(text).normalize():f}"


def told(field: forms.Field | None, answer: list[str]) -> str:
    """Return an answer in the words that its form has for it."""
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    in_words: Callable[[str], str] | None = getattr(field, "in_words", None)
    said = [in_words(part) if in_words else labels.get(part, part) for part in answer]
    return ", ".join(said) or _("nothing")


def _read(text: str) -> Mapping[str, list[str]]:
    """Return what a form was drawn from; one that does not say is taken as it is."""
    try:
        seen = json.loads(text)
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}
