"""What the names of skills may mean that nobody knows: near names, and nothing far off.

``unknown_names.tsv`` has 169 names, as adverts write them, that are no name of ours: 87 slips and
longer forms with the skills that they mean, 82 other things. The least likeness was chosen by every
second one; precision .89 there and .93 on the rest. Names that begin so or share letters, as a
search shows them, were right in .23.
"""

import csv
from pathlib import Path

import pytest

from opportunities.skills import loading, lookup
from tests.shared_rows import shared_rows

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("unknown names")]
NAMES = Path(__file__).parent / "unknown_names.tsv"


@pytest.fixture(scope="module", autouse=True)
def _skills(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker, loading.load_own_skills):
        yield


def labelled() -> dict[str, set[str]]:
    with NAMES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {row["name"]: set(filter(None, row["skills"].split("|"))) for row in rows}


def alike(*texts: str, limit: int = 3) -> dict[str, list[str]]:
    found = lookup.skills_alike(texts=texts, limit=limit)
    return {text: [skill.slug for skill in skills] for text, skills in found.items()}


def test_none_of_the_names_is_one_of_ours():
    assert lookup.skills_named(texts=labelled()) == {}


def test_what_is_offered_is_right_and_far_off_skills_are_not_offered():
    right = labelled()
    offered = alike(*right)
    said = [(name, slug) for name, slugs in offered.items() for slug in slugs]
    meant = [name for name, skills in right.items() if skills]
    others = [name for name, skills in right.items() if not skills]

    assert sum(slug in right[name] for name, slug in said) >= 0.9 * len(said)
    assert sum(bool(right[name] & set(offered[name])) for name in meant) >= 0.9 * len(meant)
    assert sum(bool(offered[name]) for name in others) <= 0.04 * len(others)


def test_a_name_that_stands_in_the_words_comes_first():
    assert alike("Advanced Excel formulas", "Frensh") == {
        "Advanced Excel formulas": ["excel"],
        "Frensh": ["french"],
    }


def test_at_most_as_many_as_were_asked_for():
    assert len(alike("Lesson plannning", limit=1)["Lesson plannning"]) == 1
