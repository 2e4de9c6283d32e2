import re
import time
from itertools import pairwise

from ulid import ULID

from opportunities.core import identifiers


def test_ids_name_their_type_and_never_repeat():
    made = {identifiers.opportunity_id() for _ in range(2000)}

    assert len(made) == 2000
    assert all(re.fullmatch(r"opp_[0-9a-hjkmnp-tv-z]{26}", name) for name in made)


def test_ids_sort_by_the_time_they_were_made():
    first = identifiers.ulid()
    time.sleep(0.002)

    assert first < identifiers.ulid()


def test_another_library_reads_in_an_id_when_it_was_made():
    before = time.time_ns() // 1_000_000
    name = identifiers.ulid()
    after = time.time_ns() // 1_000_000

    read = ULID.from_str(name.upper())

    assert before <= read.milliseconds <= after
    assert str(read).lower() == name


def test_an_id_does_not_tell_the_next_one():
    made = [ULID.from_str(identifiers.ulid().upper()) for _ in range(500)]

    steps = {int(after) - int(before) for before, after in pairwise(made)}
    assert len(steps) == 499
    assert min(map(abs, steps)) > 2**50
