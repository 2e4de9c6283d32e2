"""A language that nobody speaks, written from right to left, in which every text is marked.

It stands in for Arabic: each Latin letter of a text becomes an Arabic one, so that a Latin word on
a page is one that no catalogue knows.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.conf import settings
from django.test import override_settings

from config import catalogues

CODE = "ar"
LATIN = "abcdefghijklmnopqrstuvwxyz"
ARABIC = "ابجدهوزحطيكلمنسعفصقرشتثخذض"
LETTERS = str.maketrans(LATIN + LATIN.upper(), ARABIC + ARABIC)
KEPT = re.compile(r"%\(\w+\)[sdf]|%[sd%]|\{[^{}]*\}|<[^<>]*>|&\w+;")
"""What is filled in, and markup: these stay as they are."""


def written(text: str) -> str:
    """Return a text in the language."""
    parts, start = [], 0
    for kept in KEPT.finditer(text):
        parts += [text[start : kept.start()].translate(LETTERS), kept[0]]
        start = kept.end()
    return "".join([*parts, text[start:].translate(LETTERS)])


@cache
def catalogue() -> Catalog:
    """Return the texts of all rooms in the language."""
    catalog = Catalog(locale=CODE)
    for room in catalogues.rooms():
        for context, singular, plural in catalogues.texts(room) | catalogues.texts_of_libraries(
            room
        ):
            said = singular if context == "date" else written(singular)
            if plural:
                forms = (said, *[written(plural)] * (catalog.num_plurals - 1))
                catalog.add((singular, plural), forms, context=context or None)
            else:
                catalog.add(singular, said, context=context or None)
    return catalog


def write(folder: Path) -> None:
    """Write the compiled catalogue of all rooms into a folder, as ``LOCALE_PATHS`` takes it."""
    path = folder / CODE / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue())


@contextmanager
def spoken(folder: Path, *, called: str) -> Iterator[None]:
    """Let the site speak the language besides its own, from a catalogue in a folder.

    A change of languages makes Django read every catalogue anew: it is made for a module of tests,
    not for each.
    """
    write(folder)
    languages = [*settings.LANGUAGES, (CODE, called)]
    with override_settings(LANGUAGES=languages, LOCALE_PATHS=[folder]):
        yield
