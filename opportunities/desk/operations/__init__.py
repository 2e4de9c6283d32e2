"""What moderators do: claim, decide, hear appeals, answer reports, climb the ladder of sanctions.

Nobody decides about an employer of their own. Every decision is a row that is never edited, gives
its reason to whom it concerns, and can be appealed once to somebody else.
"""

from opportunities.desk.operations.appeals import appeal, appeals_for, appeals_waiting, hear_appeal
from opportunities.desk.operations.decisions import (
    carry_out_held,
    decide,
    hold,
    on_employer,
    undo,
    undoable,
    verify_employer,
    what_bars,
)
from opportunities.desk.operations.queue import claim, claim_next, release_claim, waiting
from opportunities.desk.operations.record import decisions_about, recorded
from opportunities.desk.operations.reports import (
    answer_report,
    report,
    report_by_rule,
    reports_for,
    reports_waiting,
)
from opportunities.desk.operations.sanctions import (
    blocks_proposed,
    blocks_waiting,
    end_suspensions,
    sanction,
    sanction_by_rule,
    sanctions_in_force,
    settle_sanction,
)

__all__ = [
    "answer_report", "appeal", "appeals_for", "appeals_waiting", "blocks_proposed",
    "blocks_waiting", "carry_out_held", "claim", "claim_next", "decide", "decisions_about",
    "end_suspensions", "hear_appeal", "hold", "on_employer", "recorded", "release_claim", "report",
    "report_by_rule", "reports_for", "reports_waiting", "sanction", "sanction_by_rule",
    "sanctions_in_force", "settle_sanction", "undo", "undoable", "verify_employer", "waiting",
    "what_bars",
]  # fmt: skip
