"""Tables beside a module: what they say, and in whose language."""

from django.utils.translation import override

from opportunities.core.data import read_beside

TABLES = """
texts = ["said", "levels"]
levels = ["aware"]
order = ["b", "a"]

[steps.resume]
said = "CV"
minutes = 5
"""


def test_a_text_is_said_in_the_language_that_is_active(tmp_path):
    (tmp_path / "shop.toml").write_text(TABLES)

    tables = read_beside(str(tmp_path / "shop.py"))

    assert tables["order"] == ("b", "a")
    assert tables["steps"]["resume"]["minutes"] == 5
    assert str(tables["steps"]["resume"]["said"]) == "CV"
    with override("de"):
        assert str(tables["steps"]["resume"]["said"]) == "Lebenslauf"
        assert [str(level) for level in tables["levels"]] == ["davon gehört"]
