"""An advert that somebody pastes: what it surely says, each fact with the words that say it.

Pure functions of their text: no database, no clock, no network.
"""

from opportunities.importing.adverts.advert import Advert, Found, Unread
from opportunities.importing.adverts.proposing import Proposal, propose_format
from opportunities.importing.adverts.read import MAX_ADVERT, named_kind, read_advert

__all__ = [
    "MAX_ADVERT", "Advert", "Found", "Proposal", "Unread", "named_kind", "propose_format",
    "read_advert",
]  # fmt: skip
