"""How much is told: the limits of introductions, in one place.

They bound what one person or one role can bring about, so that a market in motion stays quiet.
"""

from typing import Final

FRESH_DAYS: Final = 14
"""How long a match is new: after that it is neither shown as new nor told."""
CANDIDATE_A_DAY: Final = 5
"""Roles introduced to one candidate within 24 hours."""
CANDIDATE_A_WEEK: Final = 15
"""Roles introduced to one candidate within seven days."""
CANDIDATES_PER_ROLE: Final = 200
"""Candidates to whom one role is introduced, over its life."""
EMPLOYER_A_DAY: Final = 3
"""Candidates introduced to the employer of one role within 24 hours."""
EMPLOYER_A_WEEK: Final = 10
"""Candidates introduced to the employer of one role within seven days."""
EMPLOYERS_PER_CANDIDATE: Final = 10
"""Roles whose employers one candidate is introduced to within seven days."""
NAMED_AT_ONCE: Final = 5
"""Matches that one notice or one page names; the others stand on the page of all."""
