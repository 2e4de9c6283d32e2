"""The market as this process knows it: open roles as columns, kept warm for requests.

A request asks for the state; one query says whether it is still current, and only what changed
since is read. Before the first run there are no packed rows: the tables themselves are read.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from matching.engine import IDENTITY, pack_opportunities
from matching.models import Market
from matching.priors import PRIORS
from matching.snapshot import State, advance, load_published, new_state, read_roles
from opportunities.roles.models import Opportunity

UNRUN: Final = 0
"""The version of a market that no run has published yet."""


@dataclass
class _Shelf:
    """The one state of this process, and the lock under which it is replaced."""

    state: State | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


_shelf = _Shelf()


def market(*, at: datetime) -> State:
    """Return the roles, prices and vocabulary as of the market's last commit."""
    row = Market.objects.filter(pk=1, run__isnull=False).values_list("run_id", "seq").first()
    if row is None:
        return _from_tables(at)
    version, seq = row
    known = _shelf.state
    if known is not None and (known.version, known.seq) == (version, seq):
        return known
    with _shelf.lock:
        known = _shelf.state
        if known is None or known.version != version or known.seq > seq:
            known = load_published(version, seq, with_candidates=False)
        else:
            known = advance(known, seq, with_candidates=False)
        _shelf.state = known
    return known


def forget() -> None:
    """Drop what this process knows, so that it reads the market anew."""
    _shelf.state = None


def _from_tables(at: datetime) -> State:
    """Return what stands before the first run, which relates the skills."""
    ids = Opportunity.objects.listed(at=at).order_by("id").values_list("id", flat=True)
    roles = [facts.opportunity for facts in read_roles(ids, at=at).values()]
    return new_state(
        version=UNRUN,
        seq=0,
        vocabulary=IDENTITY,
        prices={},
        roles=pack_opportunities(
            sorted(roles, key=lambda role: role.id), priors=PRIORS, vocabulary=IDENTITY
        ),
    )
