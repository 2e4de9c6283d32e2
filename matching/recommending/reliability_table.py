"""How true chances were, as lines to read."""

from matching.engine.hindsight import JudgedChances


def table_of(found: JudgedChances) -> list[str]:
    """Return lines that show how true chances were."""
    lines = []
    for way, judged in (("as counted", found.counted), ("corrected", found.corrected)):
        measures = (f"Brier {judged.brier:.4f}", f"gap {judged.gap:.4f}")
        same = f"the same for everybody: Brier {judged.base_brier:.4f}"
        lines.append(f"chances {way}: {judged.count} told, {', '.join(measures)}; {same}")
        lines += [
            f"{row.count:9} told {row.told:.3f}  happened {row.happened:.3f}" for row in judged.bins
        ]
    return lines
