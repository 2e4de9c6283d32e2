"""Periodic tasks run what they name, and beat names tasks that exist."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.celery import app
from opportunities.core.lifecycle import ApplicationStatus, RoleStatus
from opportunities.moderation.models import Sanction
from opportunities.promises import tasks
from tests.factories import ApplicationFactory, OpportunityFactory


@pytest.mark.django_db
def test_one_run_of_each_keeps_the_promises_that_are_due():
    long_ago = timezone.now() - timedelta(days=60)
    silent = ApplicationFactory(at=long_ago)
    offered = ApplicationFactory(offered=True, at=long_ago)
    role = OpportunityFactory(open=True, at=long_ago)
    ApplicationFactory(no_show=True)

    for task in (tasks.keep_answers, tasks.keep_postings, tasks.keep_conduct):
        task()

    for row in (silent, offered, role):
        row.refresh_from_db()
    assert silent.status == ApplicationStatus.RELEASED
    assert offered.status == ApplicationStatus.LAPSED
    assert role.status == RoleStatus.CLOSED
    assert Sanction.objects.count() == 1


@pytest.mark.django_db  # Django checks the models as Celery imports them, and asks the server
def test_beat_and_routes_name_tasks_that_exist():
    app.loader.import_default_modules()

    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks
    for name in app.conf.task_routes:
        assert name in app.tasks
