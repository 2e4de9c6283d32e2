"""Run every benchmark in turn: ``make bench`` (``ARGS=--full`` for the large sizes)."""

import importlib
import sys
from pathlib import Path

BENCHES = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))


def main() -> None:
    """Run each benchmark's own ``main`` with the arguments given here."""
    for name in BENCHES:
        sys.stdout.write(f"\n== {name} ==\n")
        sys.stdout.flush()
        importlib.import_module(f"tests.benchmarks.{name}").main()


if __name__ == "__main__":
    main()
