"""Lists in pages: how many rows, both ways, and what is refused."""

import base64
import json

import pytest
from django.core.exceptions import FieldError
from django.test import RequestFactory

from opportunities.core.errors import Invalid
from opportunities.core.paging import Cursor, page_of
from opportunities.skills.models import Skill
from tests.factories import SkillFactory

pytestmark = pytest.mark.django_db


def page(order: tuple[str, ...] = ("name", "id"), **query: object) -> tuple[list[Skill], Cursor]:
    return page_of(Skill.objects.all(), RequestFactory().get("/skills", query), order=order)


def follow(link: str | None, order: tuple[str, ...]) -> tuple[list[Skill], Cursor]:
    assert link is not None
    return page_of(Skill.objects.all(), RequestFactory().get(link), order=order)


@pytest.mark.parametrize("order", [("name", "id"), ("-name", "id"), ("-id",)])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_every_row_stands_on_one_page_there_and_on_the_way_back(
    order: tuple[str, ...], count: int
) -> None:
    SkillFactory.create_batch(count)
    wanted = [*Skill.objects.order_by(*order)]

    rows, cursor = page(order, limit=2)
    assert cursor.get_previous_link() is None
    there = [rows]
    while link := cursor.get_next_link():
        rows, cursor = follow(link, order)
        there.append(rows)
    back = [rows]
    while link := cursor.get_previous_link():
        rows, cursor = follow(link, order)
        back.insert(0, rows)

    assert [row for each in there for row in each] == wanted
    assert back == there
    assert all(len(each) == 2 for each in there[:-1])


@pytest.mark.parametrize(("limit", "size"), [("1", 1), ("100", 100), ("007", 7)])
def test_a_page_has_one_to_a_hundred_rows(limit: str, size: int) -> None:
    assert page(limit=limit)[1].size == size


@pytest.mark.parametrize("limit", ["0", "101", "1000", "-1", "", "1.5", "\u00b2"])
def test_another_number_of_rows_is_refused(limit: str) -> None:
    with pytest.raises(Invalid, match="1 to 100"):
        page(limit=limit)


@pytest.mark.parametrize(
    "place",
    [
        {"a": 1}, [2, "a", 1], [0, "a"], [0, "a", 1, 1], [0, ["a"], 1], [0, "a\x00", 1],
        [0, "a", "b"],
    ],
)  # fmt: skip
def test_a_cursor_that_is_not_ours_is_refused(place: object) -> None:
    token = base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")

    with pytest.raises(Invalid) as refused:
        page(cursor=token)

    assert [fault.code for fault in refused.value.faults] == ["bad_cursor"]


def test_a_fault_of_ours_is_not_laid_on_the_cursor() -> None:
    with pytest.raises(FieldError):
        page(order=("nothing_of_ours",))
