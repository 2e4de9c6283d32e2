"""Read a vocabulary of skills from files: our own list, ESCO's compact files or its CSV zips.

A path may be one file (``skills.csv``, ``skills.csv.gz``, a zip) or a folder of them. Rows that
cannot be used are reported by file and line and the rest is kept; a source that is no vocabulary
at all raises ``VocabularyError``. Nothing is read beyond the stated bounds.
"""

import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, NamedTuple

ESCO_NOTICE: Final = (
    "This service uses the ESCO classification of the European Commission. "
    "It was modified: descriptions are left out, and concepts that equal a skill of our own list "
    "are merged with it."
)
"""What ESCO's reuse terms ask a service to show, with the statement that it was changed."""

MAX_SIGNS: Final = 256 * 1024 * 1024
MAX_ROWS: Final = 200_000
MAX_LABEL: Final = 200
MAX_ID: Final = 100
MAX_ALIASES: Final = 200
MAX_PROBLEMS: Final = 1_000

_SKILLS_FILE: Final = re.compile(r"^skills(_[a-z]{2})?\.csv(\.gz)?$", re.IGNORECASE)
_GROUPS_FILE: Final = re.compile(r"^skillGroups(_[a-z]{2})?\.csv(\.gz)?$", re.IGNORECASE)
_BROADER_FILE: Final = re.compile(
    r"^(skill_broader|broaderRelationsSkillPillar)(_[a-z]{2})?\.csv(\.gz)?$", re.IGNORECASE
)


class VocabularyError(ValueError):
    """The source as a whole cannot be read as a vocabulary."""


class VocabularySkill(NamedTuple):
    """One skill; ``includes`` are the aliases that name something narrower: a tool, a variety."""

    id: str
    label: str
    aliases: tuple[str, ...]
    includes: tuple[str, ...] = ()


class Broader(NamedTuple):
    """One edge of the hierarchy; an end that is no skill is a group."""

    child: str
    parent: str


class UnusableRow(NamedTuple):
    """One row that was left out, and why."""

    file: str
    line: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class VocabularyFile:
    """A whole vocabulary: skills in id order of their file, edges, group labels where given."""

    skills: tuple[VocabularySkill, ...]
    broader: tuple[Broader, ...]
    groups: dict[str, str]
    problems: tuple[UnusableRow, ...]


class _Layout(NamedTuple):
    """The columns of one known kind of skills file; it has the first two at least."""

    id: str
    label: str
    aliases: str
    kind: str


_LAYOUTS: Final = (
    _Layout("id", "label", "alt_labels", "type"),
    _Layout("conceptUri", "preferredLabel", "altLabels", "skillType"),
    _Layout("slug", "name", "aliases", "kind"),
)
_KINDS: Final = frozenset({"", "s", "k", "skill/competence", "skill", "knowledge"})
_GROUPS: Final = (("conceptUri", "preferredLabel"),)
_EDGES: Final = (("child", "parent"), ("conceptUri", "broaderUri"))

type _Row = dict[str, str]


def read_vocabulary(path: str | Path) -> VocabularyFile:
    """Return the vocabulary at a path, with the rows that had to be left out."""
    reader = _Reader()
    try:
        reader.read(Path(path))
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise VocabularyError(f"{path} cannot be read: {error}") from error
    return reader.result()


def read_groups(path: Path) -> dict[str, str]:
    """Return slug to name from a file of our own groups of skills."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["slug"]: row["name"] for row in csv.DictReader(file)}


def short_id(identifier: str) -> str:
    """Return the last part of a concept's address; a plain id stays as it is."""
    return identifier.strip().rstrip("/").rpartition("/")[2]


type _Source = Path | zipfile.Path
"""A file, or a member of a zip."""


def _sources(path: Path) -> Iterator[_Source]:
    if path.is_dir():
        for child in sorted(path.iterdir()):
            if child.is_file() and (child.suffix == ".zip" or ".csv" in child.suffixes):
                yield from _sources(child)
    elif path.suffix == ".zip":
        yield from (member for member in zipfile.Path(path).rglob("*") if member.is_file())
    else:
        yield path


def _preferred(sources: list[_Source], pattern: re.Pattern[str]) -> _Source | None:
    """Return the one source of a kind: English before other languages, then by name."""
    matching = [source for source in sources if pattern.match(source.name)]
    matching.sort(key=lambda source: ("_en." not in source.name.lower(), source.name))
    return matching[0] if matching else None


class _Reader:
    """Collects skills, edges and problems over the files of one vocabulary."""

    def __init__(self) -> None:
        self.skills: dict[str, VocabularySkill] = {}
        self.broader: dict[Broader, None] = {}
        self.groups: dict[str, str] = {}
        self.problems: list[UnusableRow] = []

    def read(self, path: Path) -> None:
        if not path.exists():
            raise VocabularyError(f"{path} does not exist.")
        beside = list(_sources(path))
        skills = _preferred(beside, _SKILLS_FILE)
        if skills is None and path.is_file() and path.suffix != ".zip":
            skills = beside[0]
        if skills is None:
            raise VocabularyError(f"{path} holds no skills file (skills.csv or skills_en.csv).")
        self._take(skills, _LAYOUTS, self._take_skill)
        if path.is_file() and path.suffix != ".zip":
            beside = list(_sources(path.parent)) if _SKILLS_FILE.match(path.name) else []
        if groups := _preferred(beside, _GROUPS_FILE):
            self._take(groups, _GROUPS, self._take_group)
        if broader := _preferred(beside, _BROADER_FILE):
            self._take(broader, _EDGES, self._take_edge)

    def result(self) -> VocabularyFile:
        return VocabularyFile(
            tuple(self.skills.values()),
            tuple(self.broader),
            {key: label for key, label in self.groups.items() if key not in self.skills},
            tuple(self.problems),
        )

    def _take[Columns: tuple[str, ...]](
        self,
        source: _Source,
        known: Iterable[Columns],
        take: Callable[[_Row, Columns], Iterator[tuple[str, str]]],
    ) -> None:
        """Take the rows of a file with one of the known headers, which begin with what it needs.

        ``take`` yields column and reason of what it leaves out.
        """
        rows = _rows(source, self._report)
        header = next(rows)[1].keys()
        columns = next((each for each in known if header >= set(each[:2])), None)
        if columns is None:
            headers = ", or ".join(f"{one} and {other}" for one, other, *_ in known)
            raise VocabularyError(f"{source.name} has none of the known headers: {headers}.")
        for line, row in rows:
            for refusal in take(row, columns):
                self._report(UnusableRow(source.name, line, *refusal))

    def _take_skill(self, row: _Row, layout: _Layout) -> Iterator[tuple[str, str]]:
        identifier = short_id(row[layout.id])
        label = " ".join(row[layout.label].split())
        refusal = _refusal(identifier, layout.id) or _refusal(label, layout.label, MAX_LABEL)
        if refusal is None and identifier in self.skills:
            refusal = (layout.id, "is used by an earlier row")
        if refusal is None and row.get(layout.kind, "").strip().lower() not in _KINDS:
            refusal = (layout.kind, "is neither a skill nor knowledge")
        if refusal is not None:
            yield refusal
            return
        included = _split(row.get("includes", ""))
        aliases = dict.fromkeys(
            alias for alias in (*_split(row.get(layout.aliases, "")), *included) if alias != label
        )
        fitting = [alias for alias in aliases if len(alias) <= MAX_LABEL][:MAX_ALIASES]
        if lost := len(aliases) - len(fitting):
            yield layout.aliases, f"holds {lost} too long or too many"
        skill = VocabularySkill(identifier, label, tuple(fitting), tuple(included))
        self.skills[identifier] = skill
        for column in ("group", "broader"):
            if row.get(column):
                self.broader[Broader(identifier, row[column].strip())] = None

    def _take_group(self, row: _Row, columns: tuple[str, str]) -> Iterator[tuple[str, str]]:
        identifier, label = short_id(row[columns[0]]), " ".join(row[columns[1]].split())
        if refusal := _refusal(identifier, columns[0]) or _refusal(label, columns[1], MAX_LABEL):
            yield refusal
        else:
            self.groups[identifier] = label

    def _take_edge(self, row: _Row, columns: tuple[str, str]) -> Iterator[tuple[str, str]]:
        edge = Broader(*(short_id(row[column]) for column in columns))
        refusal = _refusal(edge.child, columns[0]) or _refusal(edge.parent, columns[1])
        if refusal is None and edge.child == edge.parent:
            refusal = (columns[1], "is the skill itself")
        if refusal is not None:
            yield refusal
        else:
            self.broader[edge] = None

    def _report(self, problem: UnusableRow) -> None:
        if len(self.problems) >= MAX_PROBLEMS:
            raise VocabularyError(f"More than {MAX_PROBLEMS} bad rows; the last was {problem}.")
        self.problems.append(problem)


def _split(cell: str) -> list[str]:
    return [alias for text in re.split(r"[|\n]", cell) if (alias := " ".join(text.split()))]


def _refusal(text: str, column: str, longest: int = MAX_ID) -> tuple[str, str] | None:
    if not text:
        return column, "is empty"
    if len(text) > longest:
        return column, f"is longer than {longest} characters"
    if "\x00" in text or "\ufffd" in text:
        return column, "holds characters that are not UTF-8 text"
    return None


def _lines(text: IO[str], name: str) -> Iterator[str]:
    """Yield the lines of a file, and refuse one of more than ``MAX_SIGNS``."""
    seen = 0
    while line := text.readline(MAX_SIGNS):
        seen += len(line)
        if seen > MAX_SIGNS:
            raise VocabularyError(f"{name} is larger than {MAX_SIGNS} characters.")
        yield line


def _rows(
    source: _Source, report: Callable[[UnusableRow], None]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the header as (1, {column: column}), then each usable row with its line."""
    with source.open("rb") as raw:
        stream: IO[bytes] = (
            gzip.GzipFile(fileobj=raw) if source.name.lower().endswith(".gz") else raw  # type: ignore[assignment]
        )
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
        reader = csv.reader(_lines(text, source.name))
        header = next(reader, [])
        yield 1, {column: column for column in header}
        count = 0
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                report(UnusableRow(source.name, line, "row", str(error)))
                continue
            count += 1
            if count > MAX_ROWS:
                raise VocabularyError(f"{source.name} has more than {MAX_ROWS} rows.")
            if len(cells) != len(header):
                if cells:
                    reason = f"has {len(cells)} cells, the header {len(header)}"
                    report(UnusableRow(source.name, line, "row", reason))
                continue
            yield line, dict(zip(header, cells, strict=True))
