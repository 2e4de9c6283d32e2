"""What may matter to somebody in a role: the aspects, which matching names and scores."""

from collections.abc import Mapping
from typing import Final

from opportunities.core.languages import Translatable
from opportunities.core.providers import Provider

labels: Final[Provider[[], Mapping[str, Translatable]]] = Provider("the aspects of matching")
"""The label of every aspect by its name, as a form asks for it."""
