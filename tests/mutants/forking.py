"""A pytest plugin: collect once, then run the tests in a fork for every fault.

Starting Python, Django and the tests takes longer than most faults take to be noticed. A fault
inside of a function is put in by exchanging the function's code in the fork; one in a table of a
module is not, and has to be run by itself (``applying``), as has whatever no test noticed here:
what was computed before the fork is not computed anew.

``MUTANTS`` names a file with the faults and ``ANSWERS`` the open file that takes a line for each.
"""

import gc
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any, Final

import pytest
from django.db import connections

from tests.mutants.running import PATIENCE

GIVEN: Final = json.loads(os.environ["MUTANTS"])


def codes(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of every function of a module, in the order in which they stand."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from codes(constant)


def meaning(code: CodeType) -> tuple[Any, ...]:
    """Return what a code does, without the lines on which it stands."""
    constants = tuple(
        meaning(each) if isinstance(each, CodeType) else repr(each) for each in code.co_consts
    )
    return code.co_code, code.co_names, constants


def put_in(mutant: dict[str, str]) -> bool:
    """Exchange the code of the functions that differ; say whether any does.

    None does where the fault takes a function away, such as a lambda: its module is imported anew.
    """
    module = sys.modules.get(mutant["module"])
    path = getattr(module, "__file__", None)
    if path is None:
        return False
    with open(path, "rb") as sound, open(mutant["source"], "rb") as faulty:  # noqa: PTH123
        old, new = (
            list(codes(compile(file.read(), path, "exec", dont_inherit=True)))
            for file in (sound, faulty)
        )
    if len(old) != len(new):
        return False
    changed = {
        (before.co_qualname, before.co_firstlineno): after
        for before, after in zip(old, new, strict=True)
        if meaning(before) != meaning(after)
    }
    found = False
    for each in gc.get_objects():
        # Asking a dead proxy for its class, as isinstance does, raises.
        if type(each) is FunctionType and each.__code__.co_filename == path:
            code = changed.get((each.__code__.co_qualname, each.__code__.co_firstlineno))
            if code is not None:
                each.__code__ = code
                found = True
    return found


def run(session: pytest.Session) -> str:
    """Run the tests until one fails; return its name, or nothing."""
    items = session.items
    for item, following in zip(items, [*items[1:], None], strict=True):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return item.nodeid
    return ""


def ask(session: pytest.Session, mutant: dict[str, str] | None) -> tuple[str, str]:
    """Run the tests in a fork with one fault or none; return what came of it, by which test.

    A fork in which no test failed and that ended all the same says nothing: it is "unreached".
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            if mutant is None or put_in(mutant):
                failed = run(session)
                os.write(writing, failed.encode())
                status = bool(failed)
        finally:
            os._exit(status)
    os.close(writing)
    ends = time.monotonic() + PATIENCE
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            break
        if time.monotonic() > ends:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(reading)
            return "timeout", ""
        time.sleep(0.02)
    with os.fdopen(reading) as said:
        by = said.read()
    if status == 0:
        return "survived", ""
    return ("killed", by) if by else ("unreached", "")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run one test, so that the database is there; then all of them for every fault."""
    first = next(
        (item for item in session.items if "django_db_setup" in item.fixturenames),
        session.items[0],
    )
    session.config.hook.pytest_runtest_protocol(item=first, nextitem=session.items[-1])
    if session.testsfailed:
        return True
    with os.fdopen(int(os.environ["ANSWERS"]), "w") as answers:
        connections.close_all()
        outcome, by = ask(session, None)
        if outcome != "survived":
            answers.write(json.dumps(["", outcome, by, 0.0]) + "\n")
            return True
        for mutant in GIVEN:
            connections.close_all()
            began = time.monotonic()
            outcome, by = ask(session, mutant)
            seconds = round(time.monotonic() - began, 1)
            answers.write(json.dumps([mutant["name"], outcome, by, seconds]) + "\n")
            answers.flush()
    return True
