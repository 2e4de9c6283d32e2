"""The staff desk: settings to edit, history to read, buttons that call operations.

No status can be edited here, and no row of history changed or deleted.
"""

from opportunities.admin import moderation, outgoing, people, settings

# isort: split
from opportunities.admin import records  # registers whatever has no desk of its own

__all__ = ["moderation", "outgoing", "people", "records", "settings"]
