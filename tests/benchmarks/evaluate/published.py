"""Reproduce published figures of reciprocal recommendation.

Six instances whose outputs Tomita and Yokoyama (2024) made public, for the method of Tomita and
others (arXiv 2306.09060): matches when lists are ranked by one side's wishes, by the product of
both, and by the equilibrium with transferable utility. Written from the formulas; only the recipe
of the random numbers is shared.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Instance:
    """A published market: how attention falls with rank, its size, and the figures."""

    attention: str
    left: int
    right: int
    crowding: float
    seed: int
    published: tuple[float, float, float]
    """Matches by one side's wishes, by the product, by the equilibrium."""


INSTANCES = (
    Instance("log", 20, 20, 0.8, 0, (17.60842105984251, 18.688271746801888, 18.878958793092856)),
    Instance("log", 20, 20, 0.8, 1, (17.336265054555607, 18.461396791303038, 18.202807700960946)),
    Instance("log", 20, 20, 0.8, 2, (17.363624909885505, 18.168309198809787, 17.55196318346743)),
    Instance("log", 20, 20, 0.8, 3, (17.524642829678548, 18.542982473672012, 18.281735899508224)),
    Instance("log", 20, 20, 0.8, 4, (17.920544029903585, 18.751801902411458, 18.953163766503536)),
    Instance(
        "inverse", 30, 20, 0.5, 0, (6.097606001793401, 13.214715194901732, 15.447528483780438)
    ),
)


def matches(instance: Instance) -> tuple[float, float, float]:
    """Return our figures for an instance, in the order of ``published``."""
    left, right = _wishes(instance)
    product = left * right.T
    equilibrium = _equilibrium(left + right.T)
    rankings = ((left, right), (product, product.T), (equilibrium, equilibrium.T))
    return tuple(_expected_matches(left, right, *ranking, instance) for ranking in rankings)


def _wishes(instance: Instance) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.RandomState(instance.seed)
    left = draw.random_sample((instance.left, instance.right))
    right = draw.random_sample((instance.right, instance.left))
    share = instance.crowding
    return (
        (1 - share) * left + share * np.linspace(1, 0, instance.right),
        (1 - share) * right + share * np.linspace(1, 0, instance.left),
    )


def _equilibrium(surplus: np.ndarray) -> np.ndarray:
    """Return matches per pair with transferable utility, by iterated proportional fitting."""
    kernel = np.exp(surplus / 2)
    single_left, single_right = (np.ones(size) for size in surplus.shape)
    change = np.inf
    while change > 1e-10:
        half = kernel @ single_right / 2
        left = 1 / (np.sqrt(1 + half * half) + half)
        half = kernel.T @ left / 2
        right = 1 / (np.sqrt(1 + half * half) + half)
        change = max(np.abs(left - single_left).max(), np.abs(right - single_right).max())
        single_left, single_right = left, right
    return kernel * single_left[:, None] * single_right


def _expected_matches(left, right, left_scores, right_scores, instance: Instance) -> float:
    likes_left = left * _attention(left_scores, instance)
    likes_right = right * _attention(right_scores, instance)
    return float((likes_left * likes_right.T).sum())


def _attention(scores: np.ndarray, instance: Instance) -> np.ndarray:
    """Return how likely each entry of each row's list is looked at."""
    order = np.argsort(-scores, axis=1)
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(scores.shape[1])[None, :], axis=1)
    return 1 / (rank + 1) if instance.attention == "inverse" else 1 / np.log2(rank + 2)
