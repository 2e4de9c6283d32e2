"""Public identifiers of what matching makes."""

from opportunities.core.identifiers import ulid


def run_id() -> str:
    """Return a new public id of a run."""
    return f"run_{ulid()}"
