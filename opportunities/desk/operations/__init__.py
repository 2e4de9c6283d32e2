"""What moderators do: claim, decide, hear appeals, answer reports, climb the ladder of sanctions.

Nobody decides about an employer of their own. Every decision is a row that is never edited, gives
its reason to whom it concerns, and can be appealed once to somebody else.
"""

from opportunities.desk.operations.appeals import appeal, appeals_waiting, hear_appeal
from opportunities.desk.operations.decisions import approve, ask_changes, reject, remove
from opportunities.desk.operations.queue import claim, claim_next, release_claim, waiting
from opportunities.desk.operations.reports import answer_report, report, reports_waiting
from opportunities.desk.operations.sanctions import (
    blocks_waiting,
    confirm_block,
    end_suspensions,
    lift,
    propose_block,
    refuse_block,
    sanctions_in_force,
    suspend,
    warn,
)
from opportunities.desk.operations.verification import verify_employer

__all__ = [
    "answer_report", "appeal", "appeals_waiting", "approve", "ask_changes",
    "blocks_waiting", "claim", "claim_next", "confirm_block", "end_suspensions", "hear_appeal",
    "lift", "propose_block", "refuse_block", "reject", "release_claim", "remove", "report",
    "reports_waiting", "sanctions_in_force", "suspend", "verify_employer", "waiting", "warn",
]  # fmt: skip
