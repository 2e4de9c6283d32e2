"""Turn tables into engine records and columns: the one place that knows both."""

from matching.store.loading import advance, load_frozen, load_published, share
from matching.store.profiles import read_profiles
from matching.store.roles import draft_record, read_roles
from matching.store.state import State, new_state
from matching.store.vocabulary import read_vocabulary

__all__ = [
    "State",
    "advance",
    "draft_record",
    "load_frozen",
    "load_published",
    "new_state",
    "read_profiles",
    "read_roles",
    "read_vocabulary",
    "share",
]
