"""Skills are related by the hierarchy and by their words, and weighed by how rare they are."""

import math

import numpy as np
import pytest

from matching.engine import (
    IDENTITY,
    Candidate,
    Opportunity,
    Skill,
    code_of,
    explain,
    pack_opportunities,
    relate,
)
from matching.engine.fixed_point import RELATED
from matching.engine.taxonomy import BROADER, COUSIN, NARROWER, SIBLING, WORDED
from matching.priors import PRIORS

SKILLS = ["cooking", "baking", "bread", "cakes", "welding", "soldering", "law", "tax law"]
EDGES = [
    ("baking", "cooking"),
    ("bread", "baking"),
    ("cakes", "baking"),
    ("welding", "metal"),
    ("soldering", "metal"),
    ("metal", "trades"),
]
WORDS = {"law": ["law"], "tax law": ["tax", "law"], "bread": ["bake", "bread"]}


def covered(vocabulary, held):
    """Return how much of each skill somebody has who holds one."""
    names = {code_of(name): name for name in SKILLS}
    found = {held: 1}
    for row in np.flatnonzero(vocabulary.held == code_of(held)):
        cut = slice(*vocabulary.near_at[row : row + 2])
        for code, much in zip(vocabulary.near[cut], vocabulary.nearness[cut], strict=True):
            found[names[int(code)]] = int(much) / RELATED
    return found


def closeness(members):
    return math.log(len(SKILLS) / members) / math.log(len(SKILLS))


def about(value):
    return pytest.approx(value, abs=0.5 / RELATED)


class TestRelate:
    def test_a_narrower_skill_covers_more_than_a_broader_one(self):
        vocabulary = relate(SKILLS, broader=EDGES)

        assert covered(vocabulary, "bread") == {
            "bread": 1,
            "baking": about(NARROWER),
            "cooking": about(NARROWER**2),
            "cakes": about(SIBLING * closeness(2)),
        }
        assert covered(vocabulary, "cooking") == {
            "cooking": 1,
            "baking": about(BROADER),
            "bread": about(BROADER**2),
            "cakes": about(BROADER**2),
        }

    def test_members_of_a_group_are_related_less_than_siblings(self):
        assert covered(relate(SKILLS, broader=EDGES), "welding") == {
            "welding": 1,
            "soldering": about(COUSIN * closeness(2)),
        }

    def test_labels_with_the_same_words_are_related(self):
        vocabulary = relate(SKILLS, words=WORDS)
        tax, law = math.log(1 + 8), math.log(1 + 8 / 2)

        assert covered(vocabulary, "law") == {
            "law": 1,
            "tax law": about(WORDED * law / math.hypot(tax, law)),
        }
        assert covered(vocabulary, "bread") == {"bread": 1}

    def test_the_strongest_of_several_kinships_counts(self):
        both = relate(SKILLS, broader=[*EDGES, ("bread", "cooking")], words=WORDS)

        assert covered(both, "bread")["cooking"] == about(NARROWER)

    def test_rings_in_the_hierarchy_do_no_harm(self):
        ring = relate(["a", "b"], broader=[("a", "b"), ("b", "a"), ("a", "a")])

        assert [int(code) for code in ring.held] == sorted([code_of("a"), code_of("b")])

    def test_an_alias_is_the_same_skill(self):
        vocabulary = relate(SKILLS, aliases={"pastry": "cakes", "baking": "law", "x": "unknown"})

        assert vocabulary.code("Pastry ") == code_of("cakes")
        assert vocabulary.code("baking") == code_of("baking")
        assert vocabulary.code("x") == code_of("x")

    def test_nothing_relates_nothing(self):
        empty = relate([])

        assert len(empty.held) == 0
        assert empty.near_at.tolist() == [0]

    def test_relatedness_stays_within_bounds(self):
        vocabulary = relate(SKILLS, broader=EDGES, words=WORDS)

        assert (vocabulary.nearness > 0).all()
        assert (vocabulary.nearness < RELATED).all()
        assert vocabulary.near_at[-1] == len(vocabulary.near) == len(vocabulary.nearness)
        assert (np.diff(vocabulary.held) > 0).all()


class TestRarity:
    ROLES = (
        Opportunity(id=1, skills=(Skill("law"), Skill("bread"))),
        Opportunity(id=2, skills=(Skill("law"),)),
        Opportunity(id=3, skills=(Skill("law"), Skill("law"))),
        Opportunity(id=4),
    )

    def test_is_the_logarithm_of_how_few_roles_ask(self):
        weighed = IDENTITY.weigh(pack_opportunities(self.ROLES, priors=PRIORS))

        assert weighed.rarity == pytest.approx(
            {code_of("law"): math.log(1 + 4 / 3), code_of("bread"): math.log(1 + 4)}
        )
        unseen = weighed.rarities(np.array([code_of("new")]))
        assert unseen.tolist() == [max(weighed.rarity.values())]

    def test_moves_competence_towards_the_rare_skill(self):
        weighed = IDENTITY.weigh(pack_opportunities(self.ROLES, priors=PRIORS))
        person = Candidate(id=1, skills={"bread": 1})

        plain, rare = (
            explain(person, self.ROLES[0], priors=PRIORS, vocabulary=known).parts[0].value
            for known in (IDENTITY, weighed)
        )

        assert plain == pytest.approx(3 / 8 + 5 / 8 * 0.5, abs=1e-5)
        covered = math.log(5) / (math.log(5) + math.log(1 + 4 / 3))
        assert rare == pytest.approx(3 / 8 + 5 / 8 * covered, abs=1e-5)

    def test_of_no_roles_is_harmless(self):
        weighed = IDENTITY.weigh(pack_opportunities([], priors=PRIORS))

        assert weighed.rarities(np.array([1, 2])).tolist() == [1.0, 1.0]
