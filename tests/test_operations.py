"""Every command of docs/operations.md and README.md names what is there."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands, load_command_class

from config.embedded import postgres_binaries
from tests.test_kubernetes import DOCUMENTS, FOLDER

ROOT = Path(settings.BASE_DIR)
PAGES = ("docs/operations.md", "README.md")
BLOCK = re.compile(r"^    (\S.*)$", re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
PROGRAMS = ("docker", "kubectl", "make", "manage.py", ".venv/bin/python", "pg_dump", "pg_restore",
            "uv", "aws", "cp")  # fmt: skip
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
WITH_VALUE = {"--since", "--username"}


def commands():
    """Return the commands of the pages, as lists of words, by the line where each stands."""
    found = {}
    for page in PAGES:
        text = (ROOT / page).read_text()
        for line in BLOCK.findall(text) + INLINE.findall(text):
            plain = re.split(r" (?:#|<|>) ?", line)[0].replace("…", "X")
            if plain.startswith(PROGRAMS) and " " in plain:
                found[line] = shlex.split(plain)
    return found


COMMANDS = commands()


def of(*beginnings):
    """Return those that begin with one of these words, by their line."""
    return {line: words for line, words in COMMANDS.items() if words[0] in beginnings}


def plain(words):
    """Return the words that are no options, nor values of options."""
    return [word for before, word in zip(["", *words], words, strict=False)
            if not word.startswith("-") and before not in WITH_VALUE]  # fmt: skip


def test_the_pages_have_the_commands_that_this_module_reads():
    assert len(of("docker")) > 10
    assert len(of("kubectl")) > 7
    assert len(of("make")) > 4


MANAGED = [
    pytest.param(words[at + 1], words[at + 2 :], id=line)
    for line, words in COMMANDS.items()
    for at, word in enumerate(words[:-1])
    if word == "manage.py"
]
"""All calls of manage.py, alone or within another command."""


@pytest.mark.parametrize(("name", "words"), MANAGED)
def test_a_command_of_the_site_is_there_and_takes_its_options(name, words):
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    known = {option for action in parser._actions for option in action.option_strings}

    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("line", of("make"))
def test_a_target_of_make_is_there(line):
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert COMMANDS[line][1] in targets


@pytest.mark.parametrize("line", of("docker"))
def test_a_command_of_compose_names_services_and_programs_that_are_there(line):
    words = COMMANDS[line]
    if words[1] != "compose":
        assert words[1] in {"build", "buildx", "image", "push"}
        return
    verb, rest = words[2], plain(words[3:])
    if verb in {"exec", "run"}:
        assert rest[0] in COMPOSE["services"]
        user = COMPOSE["services"]["postgres"]["environment"]["POSTGRES_USER"]
        if "--username" in words:
            assert words[words.index("--username") + 1] == user
            # The image makes one database, of the name of its user.
            assert rest[-1] == user
    elif verb == "cp":
        service, there = rest[0].split(":")
        (mount,) = COMPOSE["services"][service]["volumes"]
        assert there.startswith(mount.split(":")[1])
    else:
        assert verb in {"up", "build", "stop", "logs"}
        assert set(rest) <= COMPOSE["services"].keys()


@pytest.mark.parametrize("program", ["createdb", "dropdb", "pg_dump", "pg_restore"])
def test_options_of_the_tools_of_postgresql_are_theirs(program):
    said = subprocess.run(
        [postgres_binaries() / program, "--help"], capture_output=True, text=True, check=True
    ).stdout
    used = {
        word.split("=")[0]
        for words in COMMANDS.values()
        if program in words
        for word in words[words.index(program) :]
        if word.startswith("--")
    }

    assert used
    assert {option for option in used if not re.search(rf"{option}\b", said)} == set()


@pytest.mark.parametrize("line", of("kubectl"))
def test_a_command_of_kubectl_names_what_the_manifests_make(line):
    words = COMMANDS[line]
    there = {f"{each['kind']}/{each['metadata']['name']}".lower() for each in DOCUMENTS.values()}

    if "--namespace" in words:
        assert words[words.index("--namespace") + 1] == "foothold"
    for word in words:
        if word.startswith(("deployment/", "job/")):
            assert word in there
        if word.startswith("config/deploy/"):
            path = ROOT / word
            assert path.is_file() or (path / "kustomization.yaml").is_file()
    for kind in {"deployment", "job"} & set(words):
        assert f"{kind}/{words[words.index(kind) + 1]}" in there


def test_the_files_of_the_manifests_that_the_page_names_are_there():
    text = (ROOT / "docs" / "operations.md").read_text()

    named = re.findall(r"`((?:image|migrate|site)/[\w.-]+|secret\.env\.example)`", text)
    assert len(named) >= 4
    assert [name for name in named if not (FOLDER / name).is_file()] == []
