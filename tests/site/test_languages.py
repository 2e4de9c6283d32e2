"""Every text that people see stands in a catalogue, and each catalogue is whole."""

import re
from collections import defaultdict
from html.parser import HTMLParser

import pytest
from django.conf import settings

from config import catalogues

OF_THE_API = catalogues.ROOT / "config" / "templates" / "api"
"""Pages about the API, which speaks English."""
ROOMS = {room.name: room for room in catalogues.rooms()}
OTHERS = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
HOLE = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{[^{}]*\}")
WORD = re.compile(r"[^\W\d_]{2,}")
COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}", re.DOTALL)
TRANSLATED = re.compile(r"\{% blocktrans(?:late)?\b.*?endblocktrans(?:late)? %\}", re.DOTALL)
CALLED = re.compile(r"\{% trans(?:late)? .*?%\}|_\((?:\"[^\"]*\"|'[^']*')\)", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
LITERAL = re.compile(r"(\w+)(?::|=)(?:\"([^\"]*)\"|'([^']*)')")
SAID_BY = {"default", "default_if_none", "label", "hint", "title", "text", "said", "heading", "why"}
"""Filters and arguments of tags whose literals are shown."""
SHOWN = {"alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription"}
"""Attributes whose values people read or hear."""
UNSAID = {"script", "style", "code", "kbd", "pre", "symbol"}
"""Elements that hold no words of a language."""
OF_NO_LANGUAGE = {
    "API", "CSV", "XLSX", "ODS", "JSON", "PDF", "DOCX", "URL", "RSS", "Atom", "iCal", "UTC",
    "ID", "HTML", "SHA", "HMAC", "POST", "GET", "kB", "MB",
}  # fmt: skip
"""What is called the same everywhere."""


class Words(HTMLParser):
    """Collects the words of a page that stand in no tag of Django."""

    def __init__(self):
        super().__init__()
        self.inside, self.found = [], []

    def handle_starttag(self, tag, attrs):
        if tag in UNSAID:
            self.inside.append(tag)
        for name, value in attrs:
            if name in SHOWN or (name == "content" and ("name", "description") in attrs):
                self._add(value or "")
            if tag == "input" and name == "value" and ("type", "submit") in attrs:
                self._add(value or "")

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self._add(data)

    def _add(self, text):
        if set(WORD.findall(text)) - OF_NO_LANGUAGE:
            self.found.append(" ".join(text.split()))


def templates(room):
    for path in sorted(room.rglob("*")):
        if "templates" not in path.parts or OF_THE_API in path.parents or not path.is_file():
            continue
        if path.parent.parts[-2:] == ("templates", "admin"):  # English for everybody (decision 32)
            continue
        if path.suffix in {".html", ".txt"}:
            yield path


def untranslated(source):
    """Return what a template says in words of its own, and literals that its tags show."""
    bare = CALLED.sub(" ", TRANSLATED.sub(" ", COMMENT.sub(" ", source)))
    found = []
    for tag in TAG.findall(bare):
        for name, double, single in LITERAL.findall(tag):
            text = double or single
            if name in SAID_BY and WORD.search(text) and not text.startswith(("/", "#")):
                found.append(f"{name}: {text}")
            if name in {"yesno", "pluralize"}:
                found.append(f"{name}: {text}")
        if "|pluralize" in tag:
            found.append(tag)
    words = Words()
    words.feed(TAG.sub("", bare))
    words.close()
    return found + words.found


@pytest.mark.parametrize("room", ROOMS)
class TestTemplates:
    def test_say_nothing_outside_of_the_catalogues(self, room):
        found = {
            str(path.relative_to(ROOMS[room])): texts
            for path in templates(ROOMS[room])
            if (texts := untranslated(path.read_text(encoding="utf-8")))
        }

        assert found == {}


@pytest.mark.parametrize("room", ROOMS)
def test_english_spells_email_one_way(room):
    said = {text for each in catalogues.texts(ROOMS[room]) for text in each}
    if room == "accounts":
        said |= {text for texts in words_for_libraries().values() for text in texts}

    assert {text for text in said if re.search(r"\be-mail", text, re.IGNORECASE)} == set()


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("room", ROOMS)
class TestCatalogues:
    def messages(self, room, language):
        path = ROOMS[room] / "locale" / language / "LC_MESSAGES" / "django.po"
        return [each for each in catalogues.read(path) if each.id] if path.exists() else []

    def test_hold_every_text_of_the_room_and_no_other(self, room, language):
        known = set()
        for message in self.messages(room, language):
            singular, plural = message.id if isinstance(message.id, tuple) else (message.id, "")
            known.add((message.context or "", singular, plural))
        of_libraries = catalogues.texts_of_libraries(ROOMS[room])

        assert known - of_libraries == catalogues.texts(ROOMS[room]) - of_libraries

    def test_translate_each_with_what_is_filled_in(self, room, language):
        faults = []
        ours = words_for_libraries()
        for message in self.messages(room, language):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            if ids[0] in ours and room == "accounts":
                ids = ours[ids[0]]
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            if message.fuzzy or not all(strings):
                faults.append(f"not translated: {ids[0]}")
                continue
            asked = set(HOLE.findall(ids[-1])) | set(HOLE.findall(ids[0]))
            for said in strings:
                given = set(HOLE.findall(said))
                if given - asked or (len(strings) == 1 and asked - given):
                    faults.append(f"{ids[0]} -> {said}")
            if set(HOLE.findall(ids[-1])) - set(HOLE.findall(strings[-1])):
                faults.append(f"{ids[-1]} -> {strings[-1]}")

        assert faults == []


def words_for_libraries():
    """Return what libraries say, each with this site's English for it, in all its forms."""
    path = ROOMS["accounts"] / "locale" / catalogues.LIBRARIES / "LC_MESSAGES" / "django.po"
    return {
        message.id[0] if isinstance(message.id, tuple) else message.id: message.string
        if isinstance(message.string, tuple)
        else (message.string,)
        for message in catalogues.read(path)
        if message.id
    }


def test_no_word_of_ours_is_one_that_a_library_says_otherwise():
    ours = words_for_libraries()
    found = {
        (name, singular)
        for name, room in ROOMS.items()
        for context, singular, _ in catalogues.texts(room)
        if not context and ours.get(singular, (singular,))[0] != singular
    }

    assert found == set()


@pytest.mark.parametrize("language", OTHERS)
def test_no_two_rooms_disagree(language):
    said = defaultdict(dict)
    for path in catalogues.po_files(language):
        for message in catalogues.read(path):
            if message.id:
                singular = message.id[0] if isinstance(message.id, tuple) else message.id
                said[message.context, singular].setdefault(str(message.string), path.parts[-5])

    assert {key: rooms for key, rooms in said.items() if len(rooms) > 1} == {}
