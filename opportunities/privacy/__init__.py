"""A person's data is hers: see all of it, take it along, erase it, choose who is shown what.

``inventory`` lists every table that speaks of a person and what erasing does to it; export,
erasure and the retention sweeps all work from that list.
"""

from opportunities.privacy.archiving import archive
from opportunities.privacy.erasing import erase
from opportunities.privacy.inventory import INVENTORY, Entry, Fate
from opportunities.privacy.retaining import sweep
from opportunities.privacy.sharing import block_employer, unblock_employer

__all__ = [
    "INVENTORY",
    "Entry",
    "Fate",
    "archive",
    "block_employer",
    "erase",
    "sweep",
    "unblock_employer",
]
