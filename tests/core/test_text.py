"""One rule for text, wherever it comes in and wherever it goes out."""

import pytest

from opportunities.core.errors import Invalid
from opportunities.core.text import clean_line, clean_name, clean_text, is_readable, normal
from opportunities.core.validation import read_words

SPOILED = ["a\x02b", "a\x00b", "a\x7fb", "a\x85b", "a\u202eb", "a\u2066b", "a\ud800b", "a\uffffb"]


@pytest.mark.parametrize("text", SPOILED, ids=ascii)
def test_what_cannot_be_shown_is_refused_on_the_way_in_and_left_out_on_the_way_out(text):
    assert not is_readable(text)
    assert clean_line(text) in {"ab", "a b"}
    assert is_readable(clean_text(text))
    with pytest.raises(Invalid) as refused:
        read_words("text", text, most=10, detail="too long")
    assert refused.value.faults[0].code == "unreadable_characters"


@pytest.mark.parametrize(
    "text",
    ["Zürich", "שלום world", "日本語", "👩🏽‍🔬 helper", "a\tb", "e\u0301", "x\u200dy"],
    ids=ascii,
)
def test_honest_words_of_every_script_pass_unchanged(text):
    assert is_readable(text)
    assert clean_text(text) == text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=ascii)
def test_a_line_end_counts_once_however_it_is_sent(end):
    typed = end.join(["four"] * 4)

    assert normal(typed) == "four\nfour\nfour\nfour"
    assert read_words("text", typed, most=19, detail="too long") == normal(typed)
    with pytest.raises(Invalid, match="too long"):
        read_words("text", typed, most=18, detail="too long")


@pytest.mark.parametrize("sign", ["a", "ü", "日", "🧪"])
def test_a_character_counts_once_however_many_bytes_it_has(sign):
    assert read_words("text", sign * 8, most=8, detail="too long") == sign * 8
    with pytest.raises(Invalid, match="too long"):
        read_words("text", sign * 9, most=8, detail="too long")


@pytest.mark.parametrize("around", [" ", "\r\n", "\t\n \n"], ids=ascii)
def test_space_around_a_text_does_not_count(around):
    typed = f"{around * 9}four{around * 9}"

    assert read_words("text", typed, most=4, detail="too long") == "four"


def test_one_line_holds_no_line_end_that_a_subject_could_be_broken_with():
    assert clean_line("Role\r\nBcc: all@example.org") == "Role Bcc: all@example.org"
    assert clean_line(" a\u2028b \x0b c ") == "a b c"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ('my "cv".pdf', "my -cv-.pdf"),
        ("cv\u202efdp.exe", "cvfdp.exe"),
        ("\x00\x01", "file"),
        ("x" * 300, "x" * 120),
    ],
)
def test_the_name_of_a_file_names_no_folder_and_hides_no_ending(name, kept):
    assert clean_name(name) == kept
