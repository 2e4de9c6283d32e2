"""Tables that are kept as data, in a TOML file beside the module that reads them.

What stands in a file under a name that it lists as ``texts`` is said in the language that is active
when it is read off, and stands in the catalogue of its room; so do the pairs of singular and plural
under those that it lists as ``plurals``.
"""

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy


def read_beside(module: str) -> dict[str, Any]:
    """Return the tables of a module, given its ``__file__``; lists come as tuples."""
    said = tomllib.loads(Path(module).with_suffix(".toml").read_text("utf-8"))
    tables: dict[str, Any] = _read(said, said.get("texts", ()), is_text=False)
    return tables


def _read(said: Any, texts: Collection[str], *, is_text: bool) -> Any:
    if isinstance(said, dict):
        return {
            name: _read(inner, texts, is_text=is_text or name in texts)
            for name, inner in said.items()
        }
    if isinstance(said, list):
        return tuple(_read(inner, texts, is_text=is_text) for inner in said)
    return gettext_lazy(said) if is_text else said
