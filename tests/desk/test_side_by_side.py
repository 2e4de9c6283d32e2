"""A near-duplicate at the desk: both postings side by side, with what differs marked."""

import re
from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from opportunities.moderation.models import Finding
from opportunities.roles import review
from opportunities.roles.checks import marking
from opportunities.roles.models import Opportunity
from tests.factories import EmployerFactory, OpportunityFactory, UserFactory
from tests.roles.test_checks import LONG


def test_a_marked_text_is_shown_to_its_end() -> None:
    shown = marking.marked("Pay £5 & then apply.", [marking.Mark(0, 6, 2)])

    assert shown == '<mark>Pay £5<sup><a href="#c2">2</a></sup></mark> &amp; then apply.'


@pytest.mark.parametrize(
    ("here", "there", "left", "right"),
    [
        ("Sort old letters", "Sort new letters", "Sort <mark>old</mark> letters",
         "Sort <mark>new</mark> letters"),
        ("Sort", "Sort", "Sort", "Sort"),
        ("", "Sort letters", "", "<mark>Sort letters</mark>"),
        ("a <b> c", "a c", "a <mark>&lt;b&gt; </mark>c", "a c"),
    ],
)  # fmt: skip
def test_words_that_the_other_does_not_have_are_marked(
    here: str, there: str, left: str, right: str
) -> None:
    assert marking.differences(here, there) == (left, right)


def test_marks_that_meet_stand_side_by_side_and_overlaps_are_left_out() -> None:
    def found(*places: tuple[int, int]) -> Finding:
        return Finding(spans=[{"field": "title", "start": a, "end": b} for a, b in places])

    findings = [found((0, 3), (5, 9)), found((3, 5), (8, 12))]

    assert marking.marks_in("title", findings) == [(0, 3, 1), (3, 5, 2), (5, 9, 1)]


def pair(**changes: Any) -> tuple[Opportunity, Opportunity]:
    """Return a role in review and one of another employer that says nearly the same."""
    first = OpportunityFactory(
        open=True, title="Museum reader", description=LONG,
        employer=EmployerFactory(name="Elsewhere"),
    )  # fmt: skip
    values = {"title": "Museum reader", "description": LONG, **changes}
    second = OpportunityFactory(in_review=True, **values)
    now = timezone.now()
    review.examine(first, poster=None, refuses=False, at=now)
    results = review.examine(second, poster=None, refuses=False, at=now)
    review.keep_findings([(second, results)])
    return first, second


@pytest.mark.django_db
class TestPage:
    def test_shows_both_postings_with_what_differs_marked(self, client: Any) -> None:
        changed = LONG.replace("last summer", "this spring")
        first, second = pair(description=changed, weeks=3, hours_total=30)
        client.force_login(UserFactory(moderator=True))

        text = unescape(client.get(f"/moderate/roles/{second.public_id}/").text)

        assert "alike</h2>" in text
        assert f'href="/moderate/roles/{first.public_id}/"' in text
        assert "<mark>this</mark> <mark>spring,</mark>" in text
        assert "<mark>last</mark> <mark>summer,</mark>" in text
        rows = re.findall(r"<th scope=\"row\">Work</th><td>(.*?)</td><td>(.*?)</td>", text)
        assert [("<mark>" in here, "<mark>" in there) for here, there in rows] == [(True, True)]
        [same] = re.findall(r"The same in both: (.*?)\.", text)
        assert {"Title", "Starts"} <= set(same.split(", "))
        assert ">Title</h3>" not in text
        assert ">Starts</th>" not in text

    def test_shows_nothing_where_no_posting_is_alike(self, client: Any) -> None:
        _, second = pair(description="You count the swifts that nest under our roof each week.")
        client.force_login(UserFactory(moderator=True))

        assert "alike</h2>" not in client.get(f"/moderate/roles/{second.public_id}/").text
