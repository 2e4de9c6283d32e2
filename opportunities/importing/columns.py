"""What the columns of a file are called: our own names, the names boards use, mapping files."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _
from jsonschema import Draft7Validator

from opportunities.core.validation import Text, Words
from opportunities.importing.parsing.dates import Order
from opportunities.importing.rows import DateOrders, Unreadable
from opportunities.roles.fields import FIELDS, MAX_APPLY_DAYS, PARTS

_SAID: Final[Mapping[str, Mapping[str, list[str]]]] = tomllib.loads(
    files("opportunities.importing").joinpath("names.toml").read_text("utf-8")
)


def _named(names: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {said: name for name, all_said in names.items() for said in all_said}


NAMES: Final = frozenset([*FIELDS, *_SAID["columns"]])
_BOARDS: Final[Mapping[str, str]] = {
    **_named(_SAID["fields"]),
    **_named(_SAID["columns"]),
    **_named(_SAID["translated"]),
}
LABELS: Final[Mapping[str, str]] = _named(_SAID["labels"])
"""Labels of adverts that no file has for a column, to what they name."""

_STEP: Final = re.compile(r"\.?(?P<name>[^.\[\]]+)|\[(?P<place>\d{0,4})\]")
_BEGINNING: Final = re.compile(r"[^.\[\]]")
_AGAIN: Final = re.compile(r" \(\d+\)$")
TEXTS: Final = frozenset(
    name for name, row in FIELDS.items() if isinstance(row.kind, Text) and row.kind.lines
)
"""Fields of several paragraphs, which several columns may state together."""
_LISTED: Final = frozenset({"location", "unparsed", *PARTS}) | {
    name for name, row in FIELDS.items() if isinstance(row.kind, Words)
}
"""Fields that a list states."""
_DATES: Final = frozenset({"start", "start_earliest", "start_latest", "apply_by"})
_NAMED: Final = NAMES - _LISTED - {"pay"}
"""Fields of one text, for which an object stands by its name."""


@dataclass(frozen=True, slots=True)
class Naming:
    """How one source's files are to be read: its columns and what all its rows have in common."""

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    currency: str = ""
    dates: Order = ""
    encoding: str = ""
    delimiter: str = ""
    skills_from: Sequence[str] = ()
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    apply_within_days: int = 0
    when: Sequence[Mapping[str, Any]] = ()

    def rename(self, values: Mapping[str, Any], dates: DateOrders | None = None) -> "Renamed":
        """Return the values under our names, what no field reads, and what is kept as words.

        ``dates`` says how the file writes dates in figures, unless this says so itself.
        """
        read = Renamed({}, [], {}, None if self.dates else dates)
        roots = set()
        for path, name in self.columns.items():
            if path in values:
                continue
            root = _STEP.match(path)[0]  # type: ignore[index]  # a path begins with a name
            roots.add(root)
            if (value := at_path(values, path)) not in (None, "", []):
                read.add(name, value, root)
        for column, value in values.items():
            name = self.columns.get(column, "")
            first = _AGAIN.sub("", column)
            if not name and first != column and first in values:
                name = self.columns.get(first, "") or field_called(first)
            elif not self.columns or (not name and folded(column) in NAMES):
                name = field_called(column)
            if name:
                read.add(name, _with_unit(value, column, name), column)
            elif column not in roots and value not in (None, "", []):
                read.unread.append(column)
        special = self.rows.get(str(read.values.get("title", "")), {})
        told = {**self.constants, **self._on_condition(values), **special, **read.values}
        return read._replace(values=told)

    def _on_condition(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the facts of every rule whose column says one of the words that it names."""
        told: dict[str, Any] = {}
        for rule in self.when:
            path = rule["column"]
            value = values[path] if path in values else at_path(values, path)
            said = {_word(item) for item in as_list(value)}
            if said & {_word(item) for item in as_list(rule["is"])}:
                told |= rule["constants"]
        return told


class Renamed(NamedTuple):
    """A row under our names.

    ``kept`` has the words of fields that several columns state, or of whose dates another column
    tells which figure is the day.
    """

    values: dict[str, Any]
    unread: list[str]
    kept: dict[str, str]
    dates: DateOrders | None = None

    def add(self, name: str, value: Any, column: str) -> None:
        """Add what a column says; the first that says something counts, and none is lost."""
        if isinstance(value, list) and name not in _LISTED:
            value = self._one_of(name, value)
        elif isinstance(value, Mapping) and name in _NAMED:
            value = next((value[key] for key in ("name", "label") if value.get(key)), value)
        note = ""
        if name in _DATES and self.dates and isinstance(value, str):
            value, note = self.dates.settle(value, column)
        before = self.values.get(name)
        if before in (None, "", []):
            self.values[name] = value
            if note:
                self.kept[name] = note
        elif value in (None, "", []) or _says(before, value):
            return
        elif _says(value, before):
            self.values[name] = value
        elif name in TEXTS:
            self.values[name] = f"{before}\n\n{value}"
        elif name == "location":
            self.values[name] = [*as_list(before), *as_list(value)]
        else:
            self.kept[name] = f"{self.kept.get(name, before)}; {value}"

    def _one_of(self, name: str, values: list[Any]) -> Any:
        """Return what a list says of a field that has one value: its first text, if it has texts.

        Texts of several paragraphs stay together; several amounts of pay are words, since none of
        them is sure.
        """
        if name in TEXTS or name == "pay":
            said = [str(item) for item in values if isinstance(item, str | int | float)]
            if len(said) == len(values) or name in TEXTS:
                return ("\n\n" if name in TEXTS else "; ").join(dict.fromkeys(said))
        if not all(isinstance(item, str) for item in values):
            return values
        texts = list(dict.fromkeys(item.strip() for item in values if item.strip()))
        if len(texts) > 1:
            self.kept[name] = "; ".join(texts)
        return texts[0] if texts else ""


def _says(one: Any, other: Any) -> bool:
    """Say whether one text says all that the other says."""
    if isinstance(one, str) and isinstance(other, str):
        return other.strip().casefold() in one.casefold()
    return bool(one == other)


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, and anything else as a list of it."""
    return value if isinstance(value, list) else [value]


def _word(value: Any) -> str:
    return str(value).strip().casefold()


def at_path(values: Any, path: str) -> Any:
    """Return what stands at a path such as ``places[0].city``; ``places[].city`` is a list."""
    found = values
    for step in _STEP.finditer(path):
        rest = path[step.end() :]
        if step["name"]:
            found = found.get(step["name"]) if isinstance(found, Mapping) else None
        elif not isinstance(found, list):
            return None
        elif step["place"]:
            place = int(step["place"])
            found = found[place] if place < len(found) else None
        else:
            each = [at_path(item, rest) if rest.strip(".") else item for item in found[:200]]
            return [item for item in each if item not in (None, "")]
        if found is None:
            return None
    return found


def folded(column: str) -> str:
    """Return a column's name in lower case with underscores: ``isListed`` is ``is_listed``."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column.strip())
    return re.sub(r"[\s_-]+", "_", parted.casefold())


def field_called(column: str) -> str:
    """Return the field that a column means by our own names or the usual ones, or nothing."""
    name = folded(column)
    if name in NAMES:
        return name
    words = name.replace("_", " ").strip(_AROUND)
    if known := _BOARDS.get(words):
        return known
    words = _ASIDE.sub("", words).strip(_AROUND)
    told = {_called(words)} if _called(words) else {_called(part) for part in words.split(" / ")}
    return told.pop() if len(told) == 1 else ""


_AROUND: Final = " :*?#"
_ASIDE: Final = re.compile(r" ?\((?P<words>[^()]*)\)$")
"""What a column says of itself in brackets: "Closing date (midday)", "Length (weeks)"."""
_RATES: Final[Mapping[str, str]] = {
    "hourly": "per hour", "weekly": "per week", "monthly": "per month", "annual": "per year",
    "yearly": "per year",
}  # fmt: skip
_MEASURED: Final = frozenset(("duration", "commitment", "pay"))
_A_WEEK: Final = re.compile(r"week|/ ?wk|\bp/?w\b|woche|semaine")
"""In the name of a column of hours: that they are those of a week."""
_LETTER: Final = re.compile(r"[^\W\d_]")


def _called(words: str) -> str:
    """Return the field of words of a column; what pay is for may stand before it."""
    if words in NAMES:
        return words
    rate, _space, rest = words.partition(" ")
    is_pay = rate in _RATES and (rest == "pay" or _BOARDS.get(rest) == "pay")
    return "pay" if is_pay else _BOARDS.get(words, "")


def _with_unit(value: Any, column: str, name: str) -> Any:
    """Return a figure with what its column says it counts: 6 under "Length (weeks)" is 6 weeks."""
    if name not in _MEASURED or isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    words = _AGAIN.sub("", " ".join(column.split()).strip(_AROUND))
    aside = _ASIDE.search(words)
    rate = _RATES.get(words.casefold().partition(" ")[0], "") if name == "pay" else ""
    figure = str(value).strip()
    unit = aside["words"].strip() if aside else ""
    if name == "commitment" and not unit and _A_WEEK.search(words.casefold()):
        unit = "hours a week"
    if not figure or not (unit or rate) or _LETTER.search(figure):
        return value
    if unit and not _LETTER.search(unit) and unit in figure:
        unit = ""  # The sign of the currency stands in the cell as well.
    return " ".join(part for part in (figure, unit, rate) if part)


_FACTS: Final = {"type": "object", "propertyNames": {"enum": sorted(NAMES)}}
_DAYS: Final = {"type": "integer", "minimum": 0, "maximum": MAX_APPLY_DAYS}
_SHAPE: Final = Draft7Validator(
    json.loads(files("opportunities.importing").joinpath("mapping.schema.json").read_text("utf-8"))
    | {"definitions": {"facts": _FACTS, "days": _DAYS}}
)


def read_naming(path: Path) -> Naming:
    """Read a mapping file: JSON with ``columns`` (a column to a field) and what else is known.

    ``constants`` are fields that every row has unless it states them; ``source``, ``currency``,
    ``dates`` (day_first or month_first), ``encoding`` and ``delimiter`` describe the file;
    ``skills_from`` names the texts in which skills may be found by their exact names; ``rows``
    holds further facts of single rows by their title; ``apply_within_days`` closes roles that
    state no last day so long after their import. A file without ``columns`` and ``constants`` is
    read as the columns themselves.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Unreadable(
            _("%(path)s cannot be read: %(strerror)s.") % {"path": path, "strerror": error.strerror}
        ) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            _("%(path)s is not a JSON file: %(error)s") % {"path": path, "error": error}
        ) from error
    return naming_of(content, of=str(path))


def naming_of(content: Any, *, of: str = "The mapping") -> Naming:
    """Return what the content of a mapping file says, or raise ``Unreadable`` with the place."""
    if isinstance(content, dict) and content and not content.keys() & {"columns", "constants"}:
        content = {"columns": content}
    if fault := next(_SHAPE.iter_errors(content), None):
        place = ".".join(str(part) for part in fault.absolute_path)
        raise Unreadable(f"{of}: {place + ': ' if place else ''}{fault.message[:300]}")
    return Naming(**{**content, "columns": _columns(of, content.get("columns", {}))})


def _columns(of: str, columns: Mapping[str, Any]) -> dict[str, str]:
    """Return columns to fields; a file that says it the other way round is understood too."""
    read = {}
    for one, other in columns.items():
        if other in (None, ""):
            continue
        if isinstance(other, str) and other in NAMES:
            read[one] = other
        elif one in NAMES and isinstance(other, str):
            read[other] = one
        else:
            raise Unreadable(
                _("%(of)s: %(one)s is mapped to %(other)s, which is no field of a role.")
                % {"of": of, "one": one, "other": other}
            )
    if wrong := next((path for path in read if not _BEGINNING.match(path)), None):
        raise Unreadable(
            _("%(of)s: %(wrong)s does not begin with the name of a column.")
            % {"of": of, "wrong": wrong[:60]}
        )
    return read
