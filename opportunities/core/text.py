"""One rule for text: what none may hold, how lines end, and how it leaves the site.

At every entrance ``normal`` settles line ends before anything is counted, and ``is_readable``
says whether a text may be kept. On every way out (feeds, mails, subjects, file names, calendars,
tables) ``clean_line`` and ``clean_text`` leave out what a reader or a format cannot bear, so that
one row that came in otherwise spoils nothing for others.
"""

import re
from typing import Final

UNREADABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What no text may hold: control characters, marks that turn text around, half characters."""
LINE_END: Final = re.compile("\r\n?")


def normal(text: str) -> str:
    """Return a text with one character for each line end, and no space around it."""
    return LINE_END.sub("\n", text).strip()


def is_readable(text: str) -> bool:
    """Say whether a text holds nothing that cannot be shown."""
    return not UNREADABLE.search(text)


def clean_text(text: str) -> str:
    """Return a text of several lines as it may leave the site."""
    return normal(UNREADABLE.sub("", LINE_END.sub("\n", text)))


def clean_line(text: str) -> str:
    """Return a text as it may leave the site on one line, for subjects, titles and names."""
    return " ".join(UNREADABLE.sub("", " ".join(text.split())).split())


def clean_name(name: str) -> str:
    """Return the name of a file without folders, quotes and what no file system bears."""
    plain = re.sub(r'[<>:"/\\|?*]+', "-", clean_line(name)).strip(" .-")
    return plain[:120].strip(" .") or "file"
