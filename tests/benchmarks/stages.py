"""The yardstick of the compiled kernel's own parts: each as a bare loop over full columns.

What the kernel does to a pair falls into four stages: compare the gates of every role that a
candidate's places lead to, and for the pairs that pass look up the skills asked for, add up the
aspects and compare with the floors of two lists. Here each runs alone, on columns that fit the
cache and without anything to decide, so that the processor may use its widest instructions. Their
sum is what no kernel of this design can beat.
"""

import time
from collections.abc import Callable

import numpy as np
from numba import njit

from matching.engine import Candidates, Opportunities
from matching.engine.candidate_view import view_candidates
from matching.engine.numpy_kernel import open_buckets
from matching.engine.role_index import build_index
from matching.engine.skills import IDENTITY

ROLES = 4096
ASPECTS, POSTINGS, SKILLS = 12, 7, 8_000
LEAST_SECONDS = 0.2


@njit(nogil=True, error_model="numpy")
def gates(columns, codes, out):
    for role in range(len(out)):
        out[role] = (
            (columns[0, role] <= codes[0])
            & (columns[1, role] >= codes[1])
            & (columns[2, role] >= codes[2])
            & (columns[3, role] <= codes[3])
            & (columns[4, role] <= codes[4])
            & ((columns[5, role] & codes[5]) == 0)
            & (columns[6, role] <= codes[6])
        )


@njit(nogil=True, error_model="numpy")
def skills(postings, cell, shares, out):
    for role in range(len(out)):
        total = np.int64(0)
        for place in range(POSTINGS):
            total += cell[postings[role, place]] * shares[role, place]
        out[role] = total


@njit(nogil=True, error_model="numpy")
def aspects(values, weights, suit, out):
    for role in range(len(out)):
        fit = 0.0
        for aspect in range(ASPECTS):
            fit += weights[aspect] * values[aspect, role]
        out[role] = np.floor(np.sqrt(fit * suit[role]) + 0.5)


@njit(nogil=True, error_model="numpy")
def floors(scores, own, theirs, out):
    for role in range(len(out)):
        key = (scores[role] << 32) | role
        out[role] = (key > own) | (key > theirs[role])


def seconds_a_role(stage: Callable[..., None], *columns: np.ndarray) -> float:
    """Return CPU seconds of a stage for one role."""
    stage(*columns)
    runs, began = 0, time.process_time()
    while time.process_time() - began < LEAST_SECONDS:
        for _ in range(100):
            stage(*columns)
        runs += 100
    return (time.process_time() - began) / runs / ROLES


def bare_seconds(visited: int, eligible: int) -> float:
    """Return what the stages alone take for so many pairs read and so many that pass."""
    draw = np.random.default_rng(1)
    long = draw.integers(0, 1 << 20, (ASPECTS, ROLES))
    flags = np.zeros(ROLES, np.uint8)
    sums = np.zeros(ROLES, np.int64)
    gate = seconds_a_role(
        gates, draw.integers(0, 9, (7, ROLES), np.int16), np.full(7, 4, np.int16), flags
    )
    others = (
        (skills, draw.integers(0, SKILLS, (ROLES, POSTINGS)), draw.integers(0, 9, SKILLS),
         long[:POSTINGS].T.copy(), sums),
        (aspects, long * 1.0, long[:, 0] * 1.0, long[0] * 1.0, sums * 1.0),
        (floors, long[0].copy(), np.int64(1 << 50), long[1] << 32, flags),
    )  # fmt: skip
    passed = sum(seconds_a_role(stage, *columns) for stage, *columns in others)
    return visited * gate + eligible * passed


def visited_pairs(people: Candidates, jobs: Opportunities) -> int:
    """Return how many pairs stand in the places that the candidates' modes and rights open."""
    index = build_index(jobs, vocabulary=IDENTITY)
    view = view_candidates(people, index)
    _, bucket = open_buckets(view, index, np.arange(len(people)))
    return int(np.diff(index.bucket_at)[bucket].sum())
