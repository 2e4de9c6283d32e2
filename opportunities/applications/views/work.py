"""The part of an application's page that tells of the work; the room of the work provides it."""

from typing import Any, Final

from opportunities.core.providers import Provider

work_for: Final[Provider[..., dict[str, Any]]] = Provider("the work on an application's page")
"""Returns what one side's page shows of the work.

Takes the request and the application, ``by_employer`` for whose page it is, and ``failed``, the
forms that did not pass by name.
"""
