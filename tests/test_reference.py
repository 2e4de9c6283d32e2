import pytest
from django.apps import apps

from tests import reference


@pytest.mark.parametrize("path", sorted(reference.PAGES.glob("*.md")), ids=lambda path: path.name)
def test_a_page_of_reference_says_what_the_code_says(path):
    assert path.read_text() == reference.pages()[path], "python -m tests.reference"


def test_every_page_of_reference_is_there():
    assert set(reference.PAGES.glob("*.md")) == set(reference.pages())


def test_the_main_tables_exist():
    assert {model.__name__ for model in apps.get_models()} >= reference.MAIN


def test_every_setting_is_explained_in_words():
    example = (reference.ROOT / ".env.example").read_text()

    assert [name for name, told in reference.examples(example).items() if not told.words] == []


def test_words_stand_above_the_settings_that_they_explain():
    found = reference.examples("# One\n# thing.\nA=1\n#B=2\n\nC=\n# Another.\n#D=x y\n")

    assert found == {
        "A": ("1", "One thing."),
        "B": ("2", "One thing."),
        "C": ("", ""),
        "D": ("x y", "Another."),
    }
