"""The two sides of an application: whose it is to each, and where each finds its page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from opportunities.accounts.current import person
from opportunities.accounts.models import User
from opportunities.applications.models import Application
from opportunities.core.form_handling import act, act_on_form
from opportunities.core.forms import Blamed
from opportunities.core.providers import Provider

work_for: Final[Provider[..., dict[str, Any]]] = Provider("the work on an application's page")
"""What one side's page shows of the work; the room of the work provides it.

Takes the request and the application, ``by_employer`` for whose page it is, and ``failed``, the
forms that did not pass by name.
"""


@dataclass(frozen=True, slots=True)
class Side:
    """One side: which applications are its own, and what the address of their page is called."""

    page: str
    owns: Callable[[User], Q]

    def find(self, request: HttpRequest, public_id: str) -> Application:
        """Return one of the asker's applications with all that its page reads, or 404."""
        rows = Application.objects.filter(self.owns(person(request))).select_related(
            "opportunity__employer", "profile__user", "resume", "completion"
        )
        return get_object_or_404(rows, public_id=public_id)

    def key(self, request: HttpRequest, public_id: str) -> int:
        """Return the key of one of the asker's applications, to act on it, or 404."""
        rows = Application.objects.filter(self.owns(person(request))).only("pk")
        return get_object_or_404(rows, public_id=public_id).pk

    def address(self, public_id: str) -> str:
        """Return where this side finds an application."""
        return reverse(f"opportunities:{self.page}", args=[public_id])

    def act(
        self,
        request: HttpRequest,
        public_id: str,
        operation: Callable[..., object],
        *,
        said: str,
        **given: Any,
    ) -> HttpResponse:
        """Carry out an operation on an application, and return to its page."""
        done = partial(
            operation, application_id=self.key(request, public_id), at=timezone.now(), **given
        )
        return act(request, done, said=said, back=self.address(public_id))

    def act_on_form(
        self,
        request: HttpRequest,
        application: Application,
        form: Blamed,
        operation: Callable[..., object],
        *,
        said: str,
    ) -> HttpResponse | None:
        """Carry out an operation with what a form holds; None means that it is asked again."""
        common = {"application_id": application.pk, "actor": person(request), "at": timezone.now()}
        return act_on_form(
            request,
            form,
            lambda: operation(**form.given(), **common),
            said=said,
            back=self.address(application.public_id),
        )


CANDIDATE: Final = Side("application", lambda asker: Q(profile__user=asker))
EMPLOYER: Final = Side(
    "employer-application",
    lambda asker: Q(opportunity__employer__in=asker.memberships.values("employer")),
)
