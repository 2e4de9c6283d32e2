"""What others see of somebody: a higher room knows, since it is the one that shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from opportunities.candidates.models import CandidateProfile
from opportunities.core.providers import Provider


def _nothing(profile: CandidateProfile, *, at: datetime) -> Mapping[str, str]:
    return {}


seen_by_employers: Final = Provider("what employers see of somebody", otherwise=_nothing)
"""For each value of ``Visibility``, what employers see before an application, as HTML."""
