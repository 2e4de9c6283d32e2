"""What an employer reads of the skills asked is true of the points beside it."""

import pytest

from matching.engine import Candidate, Explanation, Line
from matching.shortlists.reasons import told


def part(value, points, *, known=True, weight=0.64):
    """Return the part of the skills asked, which make up so much of 100 points."""
    line = Line("competence", weight, value, 100 * weight * value, points, known)
    found = Explanation(
        fit=50.0, low=50.0, high=50.0, suit=points, mutual=50.0, aspects=(), parts=(line,)
    )
    return told(found, Candidate(id=1)).parts[0]


@pytest.mark.parametrize(
    ("value", "points", "text"),
    [
        (3 / 8, 24, "States none of the skills asked, nor related ones."),
        (1 / 2, 32, "Covers little of what is asked; related skills count in part."),
        (5 / 8, 40, "Has half of the skills asked at most."),
        (3 / 4, 48, "Has more than half of the skills asked."),
    ],
)
def test_points_that_rest_on_nothing_stated_are_named(value, points, text):
    found = part(value, points)

    assert found.text == text
    assert found.note == (
        "Everybody gets at least 24 points of these: a skill that is not stated may still be there."
    )


@pytest.mark.parametrize("points", [22, 23])
def test_what_everybody_gets_is_the_same_for_all_however_theirs_were_rounded(points):
    assert part(3 / 8, points, weight=0.605).note == (
        "Everybody gets at least 22 points of these: a skill that is not stated may still be there."
    )


def test_no_part_has_more_points_than_there_are():
    assert (part(1.0, 65).points, part(1.0, 65).most) == (65, 65)
    assert (part(1.0, 64).points, part(1.0, 64).most) == (64, 64)


def test_nothing_is_said_of_them_where_the_skills_are_there():
    assert part(1.0, 64).note == ""


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (32, "32 points stand for what is not known."),
        (1, "1 point stands for what is not known."),
        (0, ""),
    ],
)
def test_points_for_what_is_not_known_are_called_so(points, said):
    assert part(0.5, points, known=False).note == said
