"""How a sweep takes its rows: one transaction each, passing over what another sweep holds."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import QuerySet

from opportunities.applications.models import Application
from opportunities.core.claims import each_id
from opportunities.roles.models import Opportunity


def each_application(due: QuerySet[Application], act: Callable[[Application], object]) -> int:
    """Act on every application that is due; one that is held, or no longer due, is passed over."""
    done = 0
    for application_id in each_id(due):
        with transaction.atomic():
            application = (
                due.select_for_update(of=("self",), no_key=True, skip_locked=True)
                .select_related("opportunity__employer", "profile__user")
                .filter(pk=application_id)
                .first()
            )
            if application is not None:
                act(application)
                done += 1
    return done


def each_role(due: QuerySet[Opportunity], act: Callable[[Opportunity], object]) -> int:
    """Act on every role that is due; one that is held, or no longer due, is passed over."""
    done = 0
    for opportunity_id in each_id(due):
        with transaction.atomic():
            role = (
                due.select_for_update(of=("self",), no_key=True, skip_locked=True)
                .select_related("employer")
                .filter(pk=opportunity_id)
                .first()
            )
            if role is not None:
                act(role)
                done += 1
    return done
