"""Rows that several tests stand on: made once, and taken away after the last of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker


@contextmanager
def shared_rows[Made](blocker: DjangoDbBlocker, make: Callable[[], Made]) -> Iterator[Made]:
    """Make rows in a transaction around several tests, each of which takes back its own changes.

    Foreign keys are checked here: as long as any wait for the end of the transaction, every test
    would check all of them before it ends.
    """
    with blocker.unblock(), transaction.atomic():
        made = make()
        connection.check_constraints()
        yield made
        transaction.set_rollback(True)
