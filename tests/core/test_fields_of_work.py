"""Fields of work, and which lie next to each other."""

from opportunities.core.fields_of_work import RELATED, Field, related_fields


def test_only_fields_of_work_are_related_and_none_to_itself():
    assert {field for pair in RELATED for field in pair} <= set(Field.values)
    assert all(len(pair) == 2 for pair in RELATED)


def test_a_field_is_next_to_those_that_name_it_and_that_it_names():
    assert related_fields("sales") == ["events", "marketing"]
