"""Every model has a factory, and every factory and trait builds a row that the database takes."""

import inspect

import pytest
from django.apps import apps
from factory import Trait
from factory.django import DjangoModelFactory

from opportunities import ROOMS
from opportunities.accounts.models import StoredSession
from tests import factories

FACTORIES = {
    factory._meta.model: factory
    for _, factory in inspect.getmembers(factories, inspect.isclass)
    if issubclass(factory, DjangoModelFactory) and factory is not DjangoModelFactory
}
MODELS = [
    model
    for room in ROOMS
    for model in apps.get_app_config(room).get_models()
    if model is not StoredSession  # browsers make those
]
SITUATIONS = [
    (factory, name)
    for factory in FACTORIES.values()
    for name, declaration in factory._meta.parameters.items()
    if isinstance(declaration, Trait)
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_has_a_factory(model: type) -> None:
    assert model in FACTORIES


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_factory_builds_a_row(model: type) -> None:
    assert FACTORIES[model]().pk is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "trait"), SITUATIONS, ids=lambda part: getattr(part, "__name__", part)
)
def test_every_trait_builds_a_row(factory: type[DjangoModelFactory], trait: str) -> None:
    assert factory(**{trait: True}).pk is not None
