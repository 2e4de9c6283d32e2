"""Multiply two matrices on one thread: the yardstick of plain arithmetic.

Run by ``bench_kernels``, as a process of its own: the library reads the number of its threads when
it is loaded, and threads that wait for each other would be charged for waiting.
"""

import json
import os
import subprocess
import sys
import time

import numpy as np

ASPECT_WIDTH = 21
"""Inner dimension of the product: the columns that a linear model of the aspects has."""

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def seconds_a_pair(rows: int, columns: int, rounds: int) -> list[float]:
    """Return the CPU seconds of one pair, in each of some rounds."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.product", *map(str, (rows, columns, rounds))],
        env=os.environ | ONE_THREAD,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def main(rows: int, columns: int, rounds: int) -> None:
    """Print the CPU seconds of one pair, in blocks that fit the cache; the first is not counted."""
    draw = np.random.default_rng(1)
    left = draw.random((rows, ASPECT_WIDTH), np.float32)
    right = draw.random((ASPECT_WIDTH, columns), np.float32)
    seconds = []
    for _ in range(rounds + 1):
        began = time.process_time()
        for start in range(0, rows, 500):
            left[start : start + 500] @ right
        seconds.append((time.process_time() - began) / rows / columns)
    sys.stdout.write(json.dumps(seconds[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
