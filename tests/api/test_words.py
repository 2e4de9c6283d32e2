"""A word that is none of those that the API knows is refused with the words that are."""

from collections.abc import Iterator

import pytest
from rest_framework import serializers
from rest_framework.test import APIClient

from opportunities.core.api import MOST_WORDS, OneOf, known_words
from opportunities.moderation.models import ReportReason
from tests.factories import UserFactory

API = "/api/v1"


def declared() -> Iterator[tuple[type, str, serializers.Field]]:
    """Yield every field that a shape of the API declares, and what its lists hold."""
    waiting, seen = [serializers.Serializer], set()
    while waiting:
        kind = waiting.pop()
        if kind in seen:
            continue
        seen.add(kind)
        waiting += kind.__subclasses__()
        for name, field in getattr(kind, "_declared_fields", {}).items():
            yield kind, name, getattr(field, "child", field)


@pytest.mark.django_db
class TestARefusal:
    @pytest.fixture
    def api(self):
        api = APIClient()
        api.force_authenticate(UserFactory())
        return api

    def test_of_a_field_names_the_words(self, api):
        answer = api.put(f"{API}/notices/rhythm", {"rhythm": "hourly"}, format="json")

        [fault] = answer.json()["errors"]
        assert (fault["code"], fault["pointer"]) == ("unknown_choice", "#/rhythm")
        assert fault["detail"] == "One of: each, daily, off."

    @pytest.mark.parametrize("path", ["applications?status=moon", "plans?kind=moon"])
    def test_of_a_parameter_names_the_words(self, api, path):
        answer = api.get(f"{API}/{path}")

        assert answer.status_code == 422
        assert answer.json()["detail"].startswith("One of: ")


def test_every_choice_of_a_shape_names_its_words():
    fields = [each for each in declared() if isinstance(each[2], serializers.ChoiceField)]

    assert len(fields) > 20
    assert [each for each in fields if not isinstance(each[2], OneOf)] == []


def test_many_words_are_told_with_how_many_more_there_are():
    words = [f"w{number}" for number in range(MOST_WORDS + 3)]

    assert known_words(words[:2]) == "One of: w0, w1."
    assert known_words(words).endswith(f"w{MOST_WORDS - 1} and 3 more.")
    assert known_words(["", *ReportReason.values]) == known_words(ReportReason.values)
