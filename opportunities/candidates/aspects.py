"""What may matter to somebody in a role: the aspects, which matching names and scores."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from opportunities.core.providers import Provider

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

labels: Final[Provider[[], Mapping[str, "StrOrPromise"]]] = Provider("the aspects of matching")
"""The label of every aspect by its name, as a form asks for it."""
