import re
import time

from opportunities.core import identifiers


def test_ids_name_their_type_and_never_repeat():
    made = {identifiers.opportunity_id() for _ in range(2000)}

    assert len(made) == 2000
    assert all(re.fullmatch(r"opp_[0-9a-hjkmnp-tv-z]{26}", name) for name in made)


def test_ids_sort_by_the_time_they_were_made():
    first = identifiers.ulid()
    time.sleep(0.002)

    assert first < identifiers.ulid()
