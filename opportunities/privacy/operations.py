"""What people may do with their data: see all of it, take it along, erase it, choose who sees what.

``inventory`` lists every table that speaks of a person and what erasing does to it; export,
erasure and the retention sweeps all work from that list.
"""

from opportunities.privacy.erase import erase
from opportunities.privacy.export import archive
from opportunities.privacy.inventory import INVENTORY, Entry, Fate
from opportunities.privacy.retention import sweep

__all__ = [
    "INVENTORY",
    "Entry",
    "Fate",
    "archive",
    "erase",
    "sweep",
]
