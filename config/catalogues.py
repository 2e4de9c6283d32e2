"""The catalogues of translations: each room's ``locale/<language>/LC_MESSAGES/django.po``.

Git holds what people write, the ``.po``; the ``.mo`` that gettext reads is compiled from it when a
process starts and is newer than it or not there. Babel does both, so no machine needs GNU gettext.
"""

import io
import os
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import trans_real
from django.utils.translation.template import templatize
from django.utils.translation.trans_real import CONTEXT_SEPARATOR

ROOT: Final = Path(__file__).resolve().parent.parent
HEADER: Final = """msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
_PLAIN: Final = ("_", "gettext", "gettext_lazy", "gettext_noop")
KEYWORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(_PLAIN),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
"""Calls whose strings are texts, and which string is the text, its plural or its context ("c")."""
LIBRARIES: Final = "en"
"""A catalogue that puts words of libraries into those of this site, and holds none of its own."""

type Text = tuple[str, str, str]
"""Context, singular, plural; what there is none of is empty."""


def rooms() -> Iterator[Path]:
    """Yield the folder of every room that may have catalogues."""
    yield ROOT / "config"
    yield ROOT / "matching"
    yield from sorted(path.parent for path in (ROOT / "opportunities").glob("*/__init__.py"))


def po_files(language: str = "*") -> list[Path]:
    """Return every catalogue, or those of one language."""
    return [
        path
        for room in rooms()
        for path in sorted(room.glob(f"locale/{language}/LC_MESSAGES/django.po"))
    ]


def read(path: Path) -> Catalog:
    """Return what stands in a catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def compile_stale() -> int:
    """Compile what has changed since it was compiled; return how many catalogues that were."""
    stale = [path for path in po_files() if _is_stale(path)]
    for path in stale:
        _compile(path)
    return len(stale)


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime <= path.stat().st_mtime


def _compile(path: Path) -> None:
    """Write the compiled catalogue whole or not at all: other processes start at the same time."""
    number, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(number, "wb") as file:
        write_mo(file, read(path))
    part = Path(name)
    part.chmod(0o644)
    part.replace(path.with_suffix(".mo"))


def lay_flat() -> None:
    """Let each language of the site be looked up in one dictionary.

    Django means to merge catalogues of one plural rule, but compares the rule's code with its
    function: it keeps a dictionary for each app, 29 in German, and asks all of them twice for a
    text that has no translation, as nearly every one in English. What is found stays the same.
    """
    spoken: dict[str, Any] = {
        code: trans_real.translation(code) for code, _name in settings.LANGUAGES
    }
    for language in spoken.values():
        _merge(language)
    english = spoken[settings.LANGUAGE_CODE]._catalog  # noqa: SLF001  (there is no other way in)
    known = {key for language in spoken.values() for key in language._catalog.keys()}  # noqa: SLF001, SIM118
    own = {key: key.rpartition(CONTEXT_SEPARATOR)[2] for key in known if isinstance(key, str)}
    english._catalogs[-1] = own | english._catalogs[-1]  # noqa: SLF001


def _merge(language: Any) -> None:
    """Merge the catalogues of a language into one, if all of them count alike."""
    found = list(zip(language._catalog._catalogs, language._catalog._plurals, strict=True))  # noqa: SLF001
    beneath = language._fallback  # noqa: SLF001
    while beneath and not isinstance(beneath, trans_real.DjangoTranslation):
        found.append((beneath._catalog, beneath.plural))  # noqa: SLF001
        beneath = beneath._fallback  # noqa: SLF001
    plural = found[0][1]
    if all(other(number) == plural(number) for _, other in found for number in range(1000)):
        merged = {key: text for said, _ in reversed(found) for key, text in said.items()}
        language._catalog._catalogs, language._catalog._plurals = [merged], [plural]  # noqa: SLF001
        language._fallback = beneath  # noqa: SLF001


def texts(room: Path) -> set[Text]:
    """Return every text of a room, from its templates, its code and its tables of texts."""
    found: set[Text] = set()
    for path in sorted(room.rglob("*")):
        if "migrations" in path.parts or not path.is_file():
            continue
        if path.suffix == ".py":
            found |= set(texts_of_python(path.read_text(encoding="utf-8")))
        elif path.suffix == ".toml":
            found |= set(texts_of_data(path.read_text(encoding="utf-8")))
        elif "templates" in path.parts and path.suffix in {".html", ".txt"}:
            found |= set(texts_of_template(path.read_text(encoding="utf-8")))
    return found


def texts_of_template(source: str) -> Iterator[Text]:
    """Yield the texts of a template; Django turns its tags into calls of gettext."""
    lines = (line.strip() for line in templatize(source).splitlines())
    yield from texts_of_python("\n".join(lines))


def texts_of_data(source: str) -> Iterator[Text]:
    """Yield the texts of a TOML file: what stands under the names that it lists as ``texts``.

    Under those that it lists as ``plurals`` stand pairs, the singular and the plural.
    """
    said = tomllib.loads(source)
    for text in _strings_under(said.get("texts", []), said):
        yield "", text, ""
    pairs = _strings_under(said.get("plurals", []), said)
    for singular, plural in zip(pairs, pairs, strict=True):
        yield "", singular, plural


def _strings_under(names: list[str], said: Any, *, is_under: bool = False) -> Iterator[str]:
    if isinstance(said, Mapping):
        for name, inner in said.items():
            yield from _strings_under(names, inner, is_under=is_under or name in names)
    elif isinstance(said, list):
        for inner in said:
            yield from _strings_under(names, inner, is_under=is_under)
    elif is_under:
        yield said


def texts_of_python(source: str) -> Iterator[Text]:
    """Yield the texts of calls of gettext."""
    for _, message, _, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
        yield _text(message, context)


def _text(message: Any, context: str | None) -> Text:
    singular, plural = message if isinstance(message, (tuple, list)) else (message, "")
    return context or "", str(singular), str(plural)


def update(room: Path, language: str) -> tuple[int, int]:
    """Bring a room's catalogue up to its texts; return how many there are, and are to translate.

    What is translated stays, what no text asks for any longer goes, what is new is empty.
    """
    wanted = texts(room) | texts_of_libraries(room)
    path = room / "locale" / language / "LC_MESSAGES" / "django.po"
    if not wanted:
        path.unlink(missing_ok=True)
        return 0, 0
    template = Catalog()
    for context, singular, plural in wanted:
        template.add((singular, plural) if plural else singular, context=context or None)
    catalog = read(path) if path.exists() else Catalog(locale=language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    missing = 0
    for message in catalog:
        message.flags.discard("fuzzy")  # what gained a plural has its new form to translate
        forms: Any = message.string if message.pluralizable else [message.string]
        missing += bool(message.id) and not all(forms)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        plurals = catalog.plural_forms
        file.write(HEADER.format(language=language, plurals=plurals).encode())
        write_po(file, catalog, width=100, no_location=True, omit_header=True, sort_output=True)
    return len(wanted), missing


def texts_of_libraries(room: Path) -> set[Text]:
    """Return what libraries say that a room says in the site's own words, in English too."""
    path = room / "locale" / LIBRARIES / "LC_MESSAGES" / "django.po"
    kept = read(path) if path.exists() else ()
    return {_text(message.id, message.context) for message in kept if message.id}
