"""The compiled kernel leaves out what cannot enter a list: each such bound matters, to the unit."""

import os
import subprocess
import sys


def test_a_bound_that_is_too_tight_by_one_unit_changes_some_list():
    done = subprocess.run(
        [sys.executable, "-m", "tests.matching.engine.kernel_mutants"],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("61 mutants, 0 not noticed\n")
