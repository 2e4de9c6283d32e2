"""Requests are answered in one piece of Python's stack, whichever calls they make."""

import resource

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.middleware import one_piece_of_stack

DEEPEST = 300
CALLS = 1000


def call_nothing() -> None:
    pass


def calls_at(depth: int) -> None:
    """Call something many times, so many calls further down."""
    if depth:
        calls_at(depth - 1)
    else:
        for _ in range(CALLS):
            call_nothing()


def new_pages(depth: int) -> int:
    """Return how many pages of memory the system handed out for that."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    calls_at(depth)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_no_call_of_a_request_asks_the_system_for_memory_again_and_again():
    def most(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(max(map(new_pages, range(DEEPEST)))))

    answer = one_piece_of_stack(most)(RequestFactory().get("/"))

    assert int(answer.content) < CALLS / 10


def test_every_test_runs_in_one_piece():
    assert max(map(new_pages, range(DEEPEST))) < CALLS / 10


def test_every_request_has_its_piece():
    path = f"{one_piece_of_stack.__module__}.{one_piece_of_stack.__name__}"
    assert settings.MIDDLEWARE[0] == path
