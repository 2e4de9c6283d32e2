"""Why a fault that no test noticed is none, by the name that the report gives it."""

from typing import Final

WHY: Final[dict[str, str]] = {}
