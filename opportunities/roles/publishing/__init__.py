"""What employers do with roles: draft, submit, amend, keep alive, close, answer questions.

Every function locks the row, asks whether the actor may, whether the state allows it, writes,
records and announces; or it raises one of ``opportunities.core.errors``.
"""

from opportunities.roles.publishing.drafting import (
    assess,
    copy,
    create_draft,
    delete_draft,
    today_of,
    update_draft,
)
from opportunities.roles.publishing.living import (
    close,
    close_at_source,
    confirm,
    extend,
    pause,
    resume,
    state_outcome,
)
from opportunities.roles.publishing.questions import answer, ask, hide_own_question
from opportunities.roles.publishing.sourcing import keep_from_source
from opportunities.roles.publishing.submitting import (
    NewRole,
    amend,
    amend_imported,
    finish,
    post,
    require_may_submit,
    submit,
    submit_imported,
    submit_new,
    take_back,
    withdraw,
)

__all__ = [
    "NewRole", "amend", "amend_imported", "answer", "ask", "assess",
    "close", "close_at_source", "confirm", "copy", "create_draft", "delete_draft",
    "extend", "finish", "hide_own_question", "keep_from_source", "pause", "post",
    "require_may_submit", "resume", "state_outcome", "submit", "submit_imported", "submit_new",
    "take_back", "today_of", "update_draft", "withdraw",
]  # fmt: skip
