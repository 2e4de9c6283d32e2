"""Pay in a currency without a rate: no floor shuts it out, and people are told to look."""

from dataclasses import replace

import numpy as np
import pytest
from django.utils import timezone

from matching.engine import (
    ASPECTS,
    Candidate,
    Opportunity,
    explain,
    gates,
    pack_candidates,
    pack_opportunities,
    packing,
    rank,
)
from matching.engine.columns import PAY_BY_HAND
from matching.engine.scored_pairs import may_take
from matching.priors import PRIORS
from matching.recommending import reasons
from matching.recommending.queries import Shown
from matching.recommending.serializers import explained
from matching.store import read_roles
from tests.factories import OpportunityFactory

PERSON = Candidate(
    id=1,
    available_from="2026-11-23",
    hours_per_week=40,
    modes=frozenset({"remote"}),
    rate_floor=900,
)
LITTLE = Opportunity(id=1, hours_total=10, weeks=2, pay_kind="hourly", pay_amount=12.0)
UNCOMPARED = replace(LITTLE, id=2, is_pay_comparable=False)
SILENT = replace(LITTLE, id=3, pay_kind=None)


def test_a_floor_shuts_out_what_pays_less_or_says_nothing_but_not_what_cannot_be_compared():
    roles = [LITTLE, UNCOMPARED, SILENT]

    assert [gates(PERSON, role, priors=PRIORS) for role in roles] == [
        ["rate_floor"],
        [],
        ["rate_floor"],
    ]
    packed = pack_opportunities(roles, priors=PRIORS)
    people = pack_candidates([PERSON])
    for kernel in ("numpy", "fast"):
        found = rank(people, packed, k=3, kernel=kernel).candidates.ids
        assert found.tolist() == [[2, -1, -1]]
    assert [bool(may_take(people, packed, place)[0]) for place in range(3)] == [False, True, False]


def test_no_further_aspect_is_taken_for_pay_to_be_checked_by_hand(monkeypatch):
    assert 1 << len(ASPECTS) <= PAY_BY_HAND
    monkeypatch.setattr(packing, "ASPECTS", (*ASPECTS, "thirteenth"))

    packed = pack_opportunities([LITTLE, UNCOMPARED], priors=PRIORS)

    assert packed.gate_rate.tolist() == [12.0, float("inf")]


def test_its_pay_counts_as_unstated():
    told, silent = (
        explain(replace(PERSON, rate_floor=0.0), role, priors=PRIORS)
        for role in (UNCOMPARED, SILENT)
    )

    assert told.fit == silent.fit
    assert [line for line in told.aspects if not line.known] == [
        line for line in silent.aspects if not line.known
    ]
    assert told.by_hand == ()


@pytest.mark.django_db
def test_people_are_told_to_check_it_by_hand():
    role = OpportunityFactory(
        open=True, pay_kind="hourly", pay_amount_minor=90_000, pay_currency="ISK"
    )
    [facts] = read_roles([role.pk], at=timezone.now()).values()
    assert not facts.opportunity.is_pay_comparable
    assert np.isinf(pack_opportunities([facts.opportunity], priors=PRIORS).gate_rate[0])

    explanation = explain(PERSON, facts.opportunity, priors=PRIORS)
    shown = Shown(role, PERSON, explanation, 0.0, "GBP")
    [pay] = [
        must for must in explained(shown, facts.opportunity)["musts"] if must["key"] == "rate_floor"
    ]

    assert explanation.by_hand == ("rate_floor",)
    assert pay["met"] is None
    told = reasons.reasons(explanation, role, PERSON)[-1]
    assert (told.sign, told.code) == ("?", "rate_floor_by_hand")
    assert "ISK" in told.text
