"""Lists of roles are cut, ordered and stored as one would by hand."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from matching.engine.scored_pairs import RolePairs
from matching.models import RoleList
from matching.models.market import KEPT
from matching.store import role_lists
from matching.store.role_lists import Rows


def pairs(role, candidate, mutual) -> RolePairs:
    columns = (np.array(column, np.int64) for column in (candidate, role, mutual))
    return RolePairs(*columns, shown=np.ones(len(role), np.bool_))


def test_the_best_come_first_and_ties_go_to_the_lower_id():
    found = Rows.of(np.array([2, 3, 7]), pairs([7, 7, 7, 2], [9, 4, 1, 5], [50, 50, 60, 10]))

    assert found.roles.tolist() == [2, 3, 7]
    assert found.lengths.tolist() == [1, 0, 3]
    assert found.ids.tolist() == [5, 1, 4, 9]
    assert found.scores.tolist() == [10, 60, 50, 50]


def test_a_list_ends_where_no_more_are_kept():
    many = np.arange(KEPT + 5)
    found = Rows.of(np.array([1, 2]), pairs(np.ones_like(many), many, 100 - many))

    assert found.lengths.tolist() == [KEPT, 0]
    assert found.ids.tolist() == many[:KEPT].tolist()


@pytest.mark.django_db
@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_what_is_written_in_portions_is_read_again(monkeypatch, at_once):
    monkeypatch.setattr(role_lists, "AT_ONCE", at_once)
    now = timezone.now()
    rows = Rows.of(
        np.array([2, 3, 7]), pairs([7, 7, 2, 2, 2], [9, 4, 5, 6, 8], [50, 60, 10, 30, 20])
    )

    role_lists.write(rows, version=1, seq=4, at=now)
    role_lists.write(rows, version=1, seq=3, at=now + timedelta(hours=1))

    assert list(RoleList.objects.order_by("pk").values_list("pk", "ids", "scores")) == [
        (2, [6, 8, 5], [30, 20, 10]),
        (3, [], []),
        (7, [4, 9], [60, 50]),
    ]
    assert set(RoleList.objects.values_list("version", "seq", "computed_at")) == {(1, 4, now)}
