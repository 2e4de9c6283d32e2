"""The safety checks read English: precision and recall over sentences of both kinds.

``safety_sentences.tsv`` has one sentence a line: an "ask" has to be flagged, by whichever of the
checks, and a "clear" one must not be. Those "held out" were written after the rules; whoever
changes a rule because of one of them marks it as learnt and writes another.
"""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from opportunities.moderation.models import Verdict
from opportunities.roles import checks
from opportunities.roles.checks.posting import Posting
from opportunities.roles.models import Opportunity

FILE: Final = Path(__file__).with_name("safety_sentences.tsv")
BARS: Final = {"learnt": (0.99, 0.99), "held out": (0.97, 0.86)}
"""Least precision and recall. Held out, read once before anything was changed for them: 50 of 51
flagged were asks (.980), 50 of 58 asks were flagged (.862)."""


class Sentence(NamedTuple):
    """One line of the file."""

    written: str
    label: str
    kind: str
    sentence: str


def sentences() -> list[Sentence]:
    """Return the lines of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return [Sentence(*row) for row in rows]


def flagged(sentence: str) -> list[str]:
    """Return the names of the safety checks that are not clear about a sentence."""
    posting = Posting(Opportunity(description=sentence), date.min)
    return [
        check.name
        for check in checks.CHECKS
        if check.name in checks.PUBLIC_TEXT and any(True for _ in check.look(posting))
    ]


def test_the_file_is_large_and_holds_both_kinds_of_every_subject() -> None:
    labels = defaultdict(set)
    for row in sentences():
        labels[row.kind].add(row.label)

    rows = sentences()
    asks = sum(row.label == "ask" for row in rows)
    assert len({row.sentence for row in rows}) == len(rows) >= 300
    assert 0.45 < asks / len(rows) < 0.55
    assert len(labels) >= 12
    assert all(found == {"ask", "clear"} for found in labels.values())


@pytest.mark.parametrize("written", BARS)
def test_the_checks_reach_their_bars(written: str) -> None:
    rows = [row for row in sentences() if row.written == written]
    found = {row.sentence for row in rows if flagged(row.sentence)}
    asks = {row.sentence for row in rows if row.label == "ask"}

    precision, recall = len(found & asks) / len(found), len(found & asks) / len(asks)

    least_precision, least_recall = BARS[written]
    assert precision >= least_precision, (precision, sorted(found - asks))
    assert recall >= least_recall, (recall, sorted(asks - found))


@pytest.mark.parametrize(
    "sentence",
    [
        "Send us your three best photos.",
        "Please pay attention to detail.",
        "You must pay attention to detail.",
        "We pay the training costs.",
        "Do I have to pay a deposit?",
        "Will the trial day be unpaid for me?",
    ],
)
def test_what_reads_alike_and_asks_for_nothing_is_clear(sentence: str) -> None:
    assert flagged(sentence) == []
    assert checks.wording_stops(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("We pay you in exposure.", "3.2"),
        ("The deposit will be refunded.", "4.1"),
        ("You pay the training costs.", "4.1"),
        ("There is no fee, only a small deposit.", "4.1"),
        ("Send us a scan of your passport.", "4.2"),
        ("Please message me on WhatsApp.", "4.3"),
        ("Girls preferred.", "2.2"),
    ],
)
def test_a_public_question_or_answer_is_stopped_under_its_rule(sentence: str, rule: str) -> None:
    stops = checks.wording_stops(sentence)

    assert [stop.rule for stop in stops] == [rule]
    assert all(stop.verdict == Verdict.STOP for stop in stops)
