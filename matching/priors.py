"""Hand the engine the priors of the formats, which the marketplace's catalogue holds."""

from typing import Final

from matching.engine.records import Priors
from opportunities.roles.formats import FORMATS

PRIORS: Final[Priors] = {str(slug): entry.prior for slug, entry in FORMATS.items()}
