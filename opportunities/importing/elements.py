"""XML as values: parsed without a document type, and told as JSON would have it.

Names are without namespace and in lower case. What stands beside the facts (attributes, names of
other namespaces) gets a name of its own, so that whoever reads the values can say it was not read.
"""

import codecs
import re
from collections.abc import Iterable, Mapping
from html import escape
from html.entities import html5
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from opportunities.importing.columns import TEXTS, as_list, field_called
from opportunities.importing.encoding import encoding_of
from opportunities.importing.parsing.choices import NAMED
from opportunities.importing.rows import Unreadable

MAX_DEPTH: Final = 12

_DECLARED: Final = re.compile(rb"\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_CODECS: Final = re.compile(
    r"utf-8|ascii|iso8859|cp\d|koi8|mac|shift_jis|euc|gb|big5|tis|iso2022_jp"
)
"""Codecs of plain text whose first line is ASCII, by the beginning of Python's names for them."""
_UNDEFINED_ENTITY: Final = 11
"""The code of expat for an entity that nothing declares."""
_ENTITY: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML: Final = frozenset(("amp", "lt", "gt", "quot", "apos"))

_XHTML: Final = "http://www.w3.org/1999/xhtml"
_HTML: Final = frozenset(
    ("p", "br", "div", "span", "ul", "ol", "li", "b", "i", "u", "em", "strong", "a", "h1", "h2",
     "h3", "h4", "h5", "h6", "table", "tbody", "tr", "td", "th", "blockquote", "hr", "font")
)  # fmt: skip
_LONG: Final = TEXTS | {"content", "encoded"}
"""Fields of several paragraphs, and what feeds call them."""
_ITEM: Final = frozenset(("item", "li", "entry", "element", "string"))
_OF_WRITING: Final = frozenset(("lang", "ispermalink", "scheme", "domain"))
_TYPES_OF_TEXT: Final = re.compile(r"text|x?html|[\w.+-]+/[\w.+-]+(?:;.*)?|(?:xs|xsd):\w+")
"""Attributes that say how a text is written, and nothing of the role."""


def parse(content: bytes) -> Element:
    """Return the root of an XML document, or raise ``Unreadable`` with the reason."""
    try:
        return _parsed(_text(content))
    except DefusedXmlException as refusal:
        raise Unreadable(_("XML with a document type or entities is not read.")) from refusal
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable(
            _("This is not a table of roles: it is no well-formed XML (%(error)s).")
            % {"error": str(error)[:100]}
        ) from error


def _parsed(text: str) -> Element:
    """Parse a document; entities that HTML names are read where nothing declares them."""
    try:
        root: Element = fromstring(text, forbid_dtd=True)
    except ParseError as error:
        if error.code != _UNDEFINED_ENTITY:
            raise
        root = fromstring(_ENTITY.sub(_numbered, text), forbid_dtd=True)
    return root


def _numbered(found: re.Match[str]) -> str:
    letters = "" if found[1] in _OF_XML else html5.get(f"{found[1]};", "")
    return "".join(f"&#{ord(letter)};" for letter in letters) or found[0]


def _text(content: bytes) -> str:
    """Decode a document: as it begins, as it says itself, or as tables are decoded.

    The blank line before the declaration, which many programs write, is left out.
    """
    encoding = encoding_of(content[: 1 << 20])
    declared = _DECLARED.match(content)
    if declared and encoding in {"utf-8-sig", "cp1252"}:
        name = codecs.lookup(declared[1].decode("ascii")).name
        if _CODECS.match(name):
            # What calls itself Latin-1 is Windows-1252, as browsers know.
            encoding = {"utf-8": encoding, "iso8859-1": "cp1252"}.get(name, name)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "cp1252":
            raise
        text = content.decode("latin-1")
    return text.lstrip("\ufeff \r\n\t")


def name_of(element: Element) -> str:
    """Return the name of an element without its namespace, in lower case."""
    return local_name(element).casefold()


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _space(element: Element) -> str:
    return str(element.tag).rpartition("}")[0].removeprefix("{")


def values_of(element: Element, *, depth: int = 0) -> dict[str, Any]:
    """Return what an element says: its parts by name, and attributes where no part says it.

    A name that stands in several namespaces is the element's own; that of another one is written
    with a word of its namespace before it.
    """
    own = _space(element)
    values: dict[str, Any] = {}
    foreign: list[tuple[Element, Any]] = []
    for child in element:
        value = _value_of(child, depth + 1)
        if _space(child) == own:
            add(values, name_of(child), value)
            _add_beside(values, child)
        else:
            foreign.append((child, value))
    stated = {name for name, value in values.items() if value not in ("", [], {})}
    for child, value in foreign:
        name = name_of(child)
        if name in stated:
            word = re.split(r"[/#:]+", _space(child).rstrip("/#:"))[-1] or "other"
            name = f"{word}:{name}"
        add(values, name, value)
        _add_beside(values, child)
    for name, value in _attributes(element).items():
        values.setdefault(name, value)
    return values


def add(values: dict[str, Any], name: str, value: Any) -> None:
    """Add a part; the same name again makes a list, which grows, and nothing adds nothing."""
    known = values.get(name)
    if known in (None, "", [], {}):
        values[name] = value
    elif value not in ("", [], {}):
        if not isinstance(known, list):
            known = values[name] = [known]
        known += as_list(value)


def _attributes(element: Element) -> dict[str, str]:
    """Return the attributes of no namespace, by their names in lower case."""
    return {
        name.casefold(): value.strip()
        for name, value in element.attrib.items()
        if "}" not in name and value.strip()
    }


def _add_beside(values: dict[str, Any], child: Element) -> None:
    """Name the attributes of a text that its value does not hold, so that they are not lost."""
    if len(child) or not (child.text or "").strip() or field_called(name_of(child)) == "pay":
        return
    for name, value in _attributes(child).items():
        if not _is_of_writing(name, value):
            add(values, f"{name_of(child)}@{name}", value)


def _value_of(element: Element, depth: int) -> Any:
    """Return an element as JSON would have it: text, an object of its parts, or a list of them."""
    name = name_of(element)
    field = field_called(name)
    if not len(element):
        return _leaf(element, field)
    if depth >= MAX_DEPTH:
        return words_of(element)
    if _is_text(element) or name in _LONG or field in _LONG:
        return markup_of(element) if name in _LONG or field in _LONG else words_of(element)
    if (items := _items(element, depth)) is not None:
        return items
    values = values_of(element, depth=depth)
    return _money(values) if field == "pay" else values


def _leaf(element: Element, field: str) -> Any:
    text = (element.text or "").strip()
    attributes = _attributes(element)
    if field == "pay" and attributes:
        return _money({**attributes, **({"value": text} if text else {})})
    if text or not attributes:
        return text
    said = {name: each for name, each in attributes.items() if not _is_of_writing(name, each)}
    names = ("value", "label", "term", "name", "href", "resource", "content")
    return next((said[name] for name in names if name in said), said or "")


def _is_of_writing(name: str, value: str) -> bool:
    return name in _OF_WRITING or (name == "type" and bool(_TYPES_OF_TEXT.fullmatch(value)))


def _money(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return an amount under the names of ``postings.amount_in_words``."""
    read: dict[str, Any] = {}
    for name, said in values.items():
        known = "currency" if name.endswith("@currency") else NAMED["amounts"].get(name, name)
        is_period = known == "unit" and isinstance(said, str)
        read.setdefault(known, NAMED["periods"].get(said.casefold(), said) if is_period else said)
    return read


def _items(element: Element, depth: int) -> list[Any] | None:
    """Return the parts of an element that only lists them, as ``skills`` does each ``skill``."""
    names = {name_of(child) for child in element}
    if len(names) != 1:
        return None
    (one,) = names
    singular = one.removesuffix("y")
    if len(element) > 1 or one in _ITEM or name_of(element).startswith(singular):
        return [value for each in element if (value := _value_of(each, depth + 1)) != ""]
    return None


def _is_text(element: Element) -> bool:
    """Say whether an element is a text with marks in it, and no object of parts."""
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        return True
    return all(_space(child) == _XHTML or name_of(child) in _HTML for child in element)


def words_of(element: Element) -> str:
    """Return the words of an element and of all inside it, on one line."""
    return " ".join(" ".join(element.itertext()).split())


def markup_of(element: Element) -> str:
    """Return what stands inside an element as HTML; parts that are no HTML are paragraphs."""
    return "".join(_marked(element, 0)).strip()


def _marked(element: Element, depth: int) -> Iterable[str]:
    # The text of a leaf may be HTML already, written with entities or as character data.
    yield escape(element.text or "", quote=False) if len(element) else (element.text or "")
    for child in element:
        name = name_of(child)
        tag = name if name in _HTML else "p"
        inner = words_of(child) if depth >= MAX_DEPTH else "".join(_marked(child, depth + 1))
        yield f"<{tag}>{inner}</{tag}>" if tag not in {"br", "hr"} else f"<{tag}>"
        yield escape(child.tail or "", quote=False)
