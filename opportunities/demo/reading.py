"""Read the demo market's content from the files beside this module."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from opportunities.demo.content import DemoEmployer, Family, Post, Problem

_HERE: Final = Path(__file__).parent


@cache
def employers() -> tuple[DemoEmployer, ...]:
    """Return the employers in the order of their file."""
    return tuple(DemoEmployer(**row) for row in _load(_HERE / "employers.toml")["employers"])


@cache
def families() -> tuple[Family, ...]:
    """Return the families of roles, in order of their field."""
    found = []
    for path in sorted((_HERE / "roles").glob("*.toml")):
        content = _load(path)
        for family in content["families"]:
            posts = [Post(*post) for post in family.pop("posts")]
            found.append(Family(field=content["field"], posts=posts, **family))
    return tuple(found)


@cache
def problems() -> tuple[Problem, ...]:
    """Return the postings that a moderator has to look at, or has looked at."""
    found = []
    for row in _load(_HERE / "problems.toml")["problems"]:
        known = {name: row.pop(name) for name in Problem._fields if name in row}
        found.append(Problem(role=row, **known))
    return tuple(found)


@cache
def phrases() -> Mapping[str, Any]:
    """Return the stock of sentences, by their use."""
    return _load(_HERE / "phrases.toml")


@cache
def people() -> Mapping[str, Any]:
    """Return what people are called, study and can, and the one whom visitors sign in as."""
    return _load(_HERE / "people.toml")


def _load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))
