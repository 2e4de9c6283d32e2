"""Which decisions there are, and what can be said against them."""

from typing import Final

from opportunities.moderation.models import DecisionAction

APPEALABLE: Final = (
    DecisionAction.REJECT,
    DecisionAction.REMOVE,
    DecisionAction.WARN,
    DecisionAction.SUSPEND,
    DecisionAction.BLOCK,
)
