"""Each outcome that a moderator may choose, as an operation of its own."""

from functools import partial

from opportunities.desk import operations as moderating
from opportunities.moderation import outcomes

approve = partial(moderating.decide, outcomes.APPROVE)
ask_changes = partial(moderating.decide, outcomes.ASK_CHANGES)
reject = partial(moderating.decide, outcomes.REJECT)
remove = partial(moderating.decide, outcomes.REMOVE)
warn = partial(moderating.sanction, outcomes.WARN)
suspend = partial(moderating.sanction, outcomes.SUSPEND)
propose_block = partial(moderating.sanction, outcomes.PROPOSE_BLOCK)
confirm_block = partial(moderating.settle_sanction, outcomes.BLOCK)
refuse_block = partial(moderating.settle_sanction, outcomes.REFUSE_BLOCK)
lift = partial(moderating.settle_sanction, outcomes.LIFT)
