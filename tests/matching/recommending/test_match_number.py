"""The number shown is the order: on random pairs, random markets and the demo market."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import POINT, Explanation
from matching.recommending import queries
from matching.recommending.match_number import number_of, place_in_list
from matching.store import live, read_profiles
from opportunities.candidates.models import CandidateProfile
from opportunities.roles.models import Opportunity
from tests.demo.market import AT, demo_market
from tests.factories import ApplicationFactory
from tests.matching.markets import build_market, publish

scores = st.integers(0, 100 * POINT)


def pair(fit: int, suit: int) -> Explanation:
    mutual = int((fit * suit) ** 0.5)
    return Explanation(
        fit=fit / POINT, low=0, high=100, suit=suit / POINT, mutual=mutual / POINT,
        aspects=(), parts=(),
    )  # fmt: skip


class TestNumber:
    @given(
        st.sampled_from(["mutual", "fit"]),
        scores,
        scores,
        st.integers(0, 60 * POINT),
        st.booleans(),
    )
    def test_parts_add_up_and_none_has_the_wrong_sign(self, order, fit, suit, price, is_late):
        number = number_of(pair(fit, suit), order=order, price=price, is_late=is_late)

        assert 0 <= number.value <= 100
        assert sum(part.points for part in number.parts) == number.value
        for part in number.parts:
            assert part.points >= 0 if part.key in {"fit", "suit"} else part.points < 0

    @given(st.sampled_from(["mutual", "fit"]), st.data())
    def test_who_stands_higher_never_shows_less_and_the_same_number_has_the_same_word(
        self, order, data
    ):
        one, other = (
            data.draw(st.tuples(scores, scores, st.integers(0, 20 * POINT), st.booleans()))
            for _ in range(2)
        )
        found = []
        for fit, suit, price, is_late in (one, other):
            explanation = pair(fit, suit)
            rank = fit if order == "fit" else round(explanation.mutual * POINT) - price
            number = number_of(explanation, order=order, price=price, is_late=is_late)
            found.append((place_in_list(rank, is_late=is_late), number))
        (low, lower), (high, higher) = sorted(found, key=lambda each: each[0])

        assert low <= high
        assert lower.value <= higher.value
        if lower.value == higher.value:
            assert lower.band == higher.band


def assert_the_order_is_the_number(found, *, at):
    order = queries.listing(found, at=at)
    rows = [
        row
        for offset in range(0, len(order.ids), 100)
        for row in queries.part(found, order, offset=offset, limit=100)
    ]
    numbers = [row.number for row in rows]
    assert [row.role.pk for row in rows] == order.ids
    assert numbers == sorted(numbers, reverse=True)
    for row in rows:
        assert sum(part.points for part in row.match.parts) == row.number
        assert row.low <= row.number <= row.high
        if found.order == "fit":
            assert row.score == row.match.points_of("fit")
    return rows


def api_numbers(client, *, order=None, limit=50):
    asked = {"limit": limit} | ({"order": order} if order else {})
    answer = client.post("/api/v1/match-runs", json.dumps(asked), content_type="application/json")
    assert answer.status_code == 200
    rows = answer.json()["matches"]
    for row in rows:
        explained = row["explanation"]
        assert row["match"] == explained["match"]
        assert sum(part["points"] for part in explained["match_parts"]) == row["match"]
    return [(row["opportunity"]["id"], row["match"]) for row in rows]


def page_numbers(client, *, sort="", pages=5):
    """Read the numbers off the cards themselves."""
    found = []
    for page in range(pages):
        text = client.get(f"/matches/?offset={page * 10}" + (f"&sort={sort}" if sort else "")).text
        for card in text.split('data-card id="match-')[1:]:
            [number] = re.findall(r'class="fit">\s*<p><b>(\d+)</b>', card)
            found.append((card.split('"')[0], int(number)))
    return found


@pytest.fixture
def _fresh(settings):
    settings.API_QUOTA_FACTOR = 1000  # one address asks for many pages at once
    live.forget()
    caches["rankings"].clear()
    caches["pages"].clear()
    yield
    live.forget()


@pytest.mark.django_db
@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize("number", range(3))
def test_on_a_random_market_every_list_falls_with_its_numbers(number):
    with time_machine.travel(AT, tick=False):
        draw = build_market(number, roles=40, candidates=60, at=AT)
        publish()
        for role in draw.sample(list(Opportunity.objects.order_by("pk")), 12):
            ApplicationFactory(opportunity=role, answer_due_on=AT.date() - timedelta(days=3))
        shown = late = priced = 0
        for facts in read_profiles(
            CandidateProfile.objects.filter(user__email__startswith="market-").values_list(
                "pk", flat=True
            )[:25],
            at=AT,
        ).values():
            for order in ("mutual", "fit"):
                found = live.rank_roles(facts.candidate, at=AT, order=order)
                rows = assert_the_order_is_the_number(found, at=AT)
                shown += len(rows)
                late += sum(row.is_late for row in rows)
                priced += sum(row.in_demand > 0 for row in rows)

    assert shown > 100
    assert late
    assert priced


@pytest.mark.django_db
@pytest.mark.usefixtures("_fresh")
def test_on_the_demo_market_cards_and_api_show_the_same_falling_numbers(client):
    with time_machine.travel(AT, tick=False):
        demo_market()
        publish()
        profile = CandidateProfile.objects.get(user__email="candidate@example.org")
        client.force_login(profile.user)
        for sort, order in (("", None), ("match", "mutual"), ("fit", "fit")):
            numbers = page_numbers(client, sort=sort)
            assert len(numbers) >= 30
            assert [number for _, number in numbers] == sorted(
                (number for _, number in numbers), reverse=True
            )
            assert numbers == api_numbers(client, order=order)[: len(numbers)]
        for public_id, number in page_numbers(client, pages=1):
            why = client.get(f"/matches/{public_id}/why/").text
            assert int(re.findall(r'class="fit">\s*<p><b>(\d+)</b>', why)[0]) == number
            one = client.get(f"/api/v1/matches/{public_id}/explanation")
            assert one.json()["match"] == number
