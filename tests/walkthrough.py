"""The commands and programs of the documentation, run as a reader would, page after page.

On the pages that are run, every block of ``sh`` and ``python`` is one step of one shell session.
A block of ``json`` or ``text`` that follows is what the step before it prints: JSON may leave out
what it does not talk about, and ``…`` stands for anything.
"""

import json
import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt

from opportunities.accounts.models import SCOPES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PLACE = "http://localhost:8000"
"""Where the documentation says that the site is."""
WALKS = [
    ("api/first-calls.md", "api/reliable-clients.md", "api/webhooks.md"),
    ("importing-by-example.md",),
]
"""Pages that a reader goes through in one session."""
LONGEST = 300
PEOPLE = ("employer", "candidate", "moderator")


class Block(NamedTuple):
    """A fenced block and where it stands."""

    page: str
    line: int
    language: str
    text: str

    @property
    def place(self):
        return f"{self.page}:{self.line}"


def blocks(page):
    """Return the fenced blocks of a page, named by its path below ``docs``."""
    tokens = MarkdownIt().parse((DOCS / page).read_text())
    return [
        Block(page, token.map[0] + 1, token.info.strip(), token.content)
        for token in tokens
        if token.type == "fence"
    ]


def _as_shell(block, site):
    """Return a step as Bash runs it, with this site's address; who runs it has set the tokens."""
    text = block.text.replace(PLACE, site)
    if block.language == "python":
        return f"python3 - <<'END OF PYTHON'\n{text}END OF PYTHON\n"
    return re.sub(r"^export \w+=….*\n", "", text, flags=re.MULTILINE)


def tokens(site):
    """Return a token with every scope for each of the people that the pages speak of."""
    return {
        name.upper(): _token_of(f"{name}@example.org", f"http://localhost:{site.port}", site)
        for name in PEOPLE
    }


def _token_of(email, address, site):
    """Sign in, confirm the password, and make a token on the page for it."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    there, password = "/me/tokens/", site.password_of(email)
    page = browser.open(f"{address}/accounts/login/?next={there}", timeout=20)
    for fields in (
        {"login": email, "password": password, "next": there},
        {"password": password, "next": there},
        {"name": "Documentation", "days": "30", "scopes": SCOPES},
    ):
        secret = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())[1]
        sent = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": secret}, doseq=True)
        page = browser.open(page.url, sent.encode(), timeout=20)
    return re.search(r'id="secret">(\w+)<', page.read().decode())[1]


def run(pages, folder, environment):
    """Run the pages in one session, and return each step that should print something with it."""
    site = environment["SITE"]
    told = [block for page in pages for block in blocks(page)]
    session, steps = ["set -euo pipefail"], []
    for block in told:
        if block.language in {"sh", "python"}:
            printed = folder / f"step-{len(steps)}"
            steps.append([block, printed, None])
            session += [
                f"echo {block.place} > at",
                f"{{\n:\n{_as_shell(block, site)}}} > {printed}",
            ]
        elif block.language in {"json", "text"}:
            steps[-1][2] = block
    programs = folder / "bin"
    programs.mkdir()
    (programs / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (programs / "python3").chmod(0o755)
    for name in ("manage.py", ".venv"):
        (folder / name).symlink_to(ROOT / name)
    done = subprocess.run(
        ["bash", "-c", "\n".join(session)],
        cwd=folder,
        env={"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(folder)} | environment,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    at = (folder / "at").read_text().strip()
    if done.returncode:
        printed = [file.read_text() for _, file, _ in steps if file.exists()]
        raise AssertionError(f"{at} ended with {done.returncode}: {done.stderr}\n{printed[-1]}")
    return [(block, file.read_text(), told) for block, file, told in steps if told]


def agrees(told, printed, site):
    """Say whether what was printed is what the page shows."""
    shown = told.text.replace(PLACE, site)
    if told.language == "json":
        return covers(json.loads(shown), json.loads(printed))
    return is_like(shown.strip(), printed.strip().replace("\r", ""))


def is_like(shown, printed):
    """Say whether a text is what is shown, where ``…`` stands for a part of a line."""
    pattern = ".*".join(re.escape(part) for part in shown.split("…"))
    return re.fullmatch(pattern, printed) is not None


def covers(shown, printed):
    """Say whether JSON has all that is shown; ``…`` at the end of a list stands for the rest."""
    if shown == "…":
        return True
    if isinstance(shown, str):
        return isinstance(printed, str) and is_like(shown, printed)
    if isinstance(shown, dict):
        return isinstance(printed, dict) and all(
            name in printed and covers(value, printed[name]) for name, value in shown.items()
        )
    if isinstance(shown, list):
        if not isinstance(printed, list):
            return False
        if shown[-1:] == ["…"]:
            shown, printed = shown[:-1], printed[: len(shown) - 1]
        return len(shown) == len(printed) and all(map(covers, shown, printed))
    return shown == printed
