"""What the documentation shows and a test cannot run is at least there: programs, names, files.

What can be run is run by ``tests/test_commands.py``, on the demo market.
"""

import json
import re
import shlex

import pytest
import yaml
from django.core.management import get_commands
from markdown_it import MarkdownIt

from tests import walkthrough
from tests.walkthrough import DOCS, ROOT

WALKED = {page for pages in walkthrough.WALKS for page in pages}
STRICTER = {"operations.md"}
"""Read by ``tests/test_operations.py``, options and all."""
READ = sorted(
    {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} - WALKED - STRICTER
    | {"../README.md", "../CONTRIBUTING.md"}
)
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
IMAGES = (ROOT / "docker-compose.yml").read_text() + (ROOT / "Dockerfile").read_text()
OF_COMPOSE = {"build", "exec", "run", "up"}
PICTURES = 1_500_000
"""Bytes of all pictures together."""


def commands_of(page):
    """Return the commands that a page shows.

    Each line of a block named ``sh`` is one; in other blocks those that begin like one we know.
    """
    found = []
    for token in MarkdownIt().parse((DOCS / page).read_text()):
        lines = token.content.replace("\\\n", " ").splitlines()
        if token.type == "fence" and token.info == "sh":
            found += [line for line in lines if line and not line.startswith("#")]
        elif token.type == "code_block" or (token.type == "fence" and not token.info):
            found += [line for line in lines if line.startswith(tuple(LOOKS))]
    return found


def objection_to(command):
    """Say what is wrong with a command, or None."""
    words = shlex.split(command.partition(" < ")[0].partition(" > ")[0], comments=True)
    for begin, look in LOOKS.items():
        if command.startswith(begin):
            return look(words)
    return "a program that nothing here knows"


def objection_to_compose(words):
    """Look at what follows ``docker compose``: its command, a service, and what runs there."""
    words = [word for word in words[2:] if word != "-T"]
    asked = words[0]
    if asked not in OF_COMPOSE:
        return "no command of compose that we use"
    scaled = [word.split("=")[0] for word in words if "=" in word and not word.startswith("-")]
    if set(scaled) - set(COMPOSE["services"]):
        return "no such service"
    if asked in {"exec", "run"}:
        service, *inside = [word for word in words[1:] if word != "--rm"]
        if service not in COMPOSE["services"]:
            return "no such service"
        if "manage.py" in inside:
            return objection_to_python(inside)
    return None


def objection_to_python(words):
    """Look at a command of ``manage.py``, or a module of this project."""
    if "manage.py" in words:
        name = words[words.index("manage.py") + 1]
        return None if name in get_commands() else "no command of manage.py"
    module = words[words.index("-m") + 1] if "-m" in words else ""
    folder = ROOT.joinpath(*module.split("."))
    is_there = folder.with_suffix(".py").exists() or (folder / "__main__.py").exists()
    return None if is_there else "no such module"


def objection_to_image(words):
    image = words[4].split(":")[0].split("/")[-1]
    return None if image in IMAGES else "an image that nothing here builds on"


def objection_to_file(name):
    return None if (ROOT / name).exists() else "no such file"


LOOKS = {
    "docker compose ": objection_to_compose,
    "docker buildx imagetools inspect ": objection_to_image,
    "make ": lambda words: None if words[1] in TARGETS else "no target of the Makefile",
    ".venv/bin/python ": objection_to_python,
    "cp ": lambda words: objection_to_file(words[1]),
    "caddy run --config ": lambda words: objection_to_file(words[3]),
    "git clone ": lambda _: None,
    "git pull": lambda _: None,
    "cd ": lambda _: None,
    "pg_dump ": lambda _: None,
    "pg_restore ": lambda _: None,
}
"""How a command begins, and what says whether it is wrong."""


@pytest.mark.parametrize("page", READ)
def test_every_command_of_a_page_names_what_exists(page):
    objections = {command: objection_to(command) for command in commands_of(page)}

    assert {command: said for command, said in objections.items() if said} == {}


@pytest.mark.parametrize(
    "command",
    [
        "make coffee",
        "docker compose exec kitchen python manage.py check",
        "docker compose up --scale cook=2",
        "docker compose exec web python manage.py brew",
        "docker compose dance",
        ".venv/bin/python manage.py brew",
        ".venv/bin/python -m tests.coffee",
        "cp .env.coffee .env",
        "caddy run --config docs/Coffee",
        "rm -rf /",
    ],
)
def test_a_command_that_would_not_work_is_objected_to(command):
    assert objection_to(command)


@pytest.mark.parametrize("page", READ)
def test_json_that_a_page_shows_is_json(page):
    for block in walkthrough.blocks(page):
        if block.language == "json":
            json.loads(block.text)


def test_the_pages_that_are_run_have_something_to_run():
    for page in WALKED:
        assert {"sh", "json"} <= {block.language for block in walkthrough.blocks(page)}, page


def test_the_first_change_of_the_guide_can_still_be_made():
    changed = ["tests/roles/test_checks.py", "opportunities/roles/checks/phrases.toml"]
    changes = [b.text for b in walkthrough.blocks("guides/developer.md") if b.language == "diff"]

    for name, change in zip(changed, changes, strict=True):
        lines = change.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] != "+")
        after = "".join(line[1:] for line in lines if line[0] != "-")
        text = (ROOT / name).read_text()
        assert before in text
        assert after not in text


NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def test_a_recipe_counts_its_files_and_names_such_as_there_are():
    recipes = (ROOT / "CONTRIBUTING.md").read_text().partition("## Recipes")[2].split("\n### ")[1:]
    counted = [recipe for recipe in recipes if recipe.partition("\n")[0].endswith(" files")]
    assert len(counted) >= 4
    for recipe in counted:
        title, _, text = recipe.partition("\n")
        steps = re.findall(r"^\d+\. (?:`([^`]+)`)?", text, re.MULTILINE)
        assert title.split()[-2] == NUMBERS[len(steps)], title
        assert [name for name in steps if not name or not (ROOT / name).exists()] == [], title


def test_pictures_are_few_small_and_shown():
    pictures = list((DOCS / "images").iterdir())
    text = "".join(path.read_text() for path in [*DOCS.rglob("*.md"), ROOT / "README.md"])

    assert sum(path.stat().st_size for path in pictures) < PICTURES
    assert [path.name for path in pictures if f"images/{path.name})" not in text] == []


class TestReading:
    """How what a page shows is compared with what was printed."""

    @pytest.mark.parametrize(
        ("shown", "printed"),
        [
            ({"a": 1}, {"a": 1, "b": 2}),
            ({"a": "evt_…"}, {"a": "evt_1"}),
            ([{"a": 1}, "…"], [{"a": 1, "b": 1}, {"c": 1}]),
            ("…", None),
        ],
    )
    def test_agrees(self, shown, printed):
        assert walkthrough.covers(shown, printed)

    @pytest.mark.parametrize(
        ("shown", "printed"),
        [
            ({"a": 1}, {"b": 1}),
            ({"a": 1}, {"a": 2}),
            ({"a": "evt_…"}, {"a": "app_1"}),
            ([{"a": 1}, "…"], [{"a": 2}]),
            ([1], [1, 2]),
            ({"a": None}, {"a": "x"}),
            ({"a": []}, {"a": None}),
        ],
    )
    def test_disagrees(self, shown, printed):
        assert not walkthrough.covers(shown, printed)
