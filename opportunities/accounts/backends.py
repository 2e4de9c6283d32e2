"""The one way in by password: a single hash for every attempt, whoever the address belongs to."""

from collections.abc import Callable
from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, Value
from django.db.models.functions import Concat

from opportunities.accounts import second_factor
from opportunities.accounts.models import User
from opportunities.core.rows import asked_once


class OneHash(AuthenticationBackend):  # type: ignore[misc]  # untyped library
    """allauth's backend alone; Django's own beside it would hash every failure a second time."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the account of a session, with what is demanded of it and what it may do.

        All of it in one question: every page of somebody signed in asks it.
        """
        found = _question()(user_id)
        return found if found is not None and self.user_can_authenticate(found) else None

    def get_all_permissions(self, user_obj: Any, obj: object = None) -> set[str]:
        """Return what an account may do: as its session read it, else as Django reads it."""
        granted = getattr(user_obj, "granted", None)
        if granted is None or obj is not None or user_obj.is_superuser or not user_obj.is_active:
            found: set[str] = super().get_all_permissions(user_obj, obj)
            return found
        return set(granted)


@cache
def _question() -> Callable[[object], User | None]:
    account = OuterRef(OuterRef("pk"))
    alone: Any = User.user_permissions.through
    grouped: Any = Group.permissions.through
    granted = Permission.objects.filter(
        Q(pk__in=alone.objects.filter(user_id=account).values("permission"))
        | Q(pk__in=grouped.objects.filter(group__user=account).values("permission"))
    ).values(granted=Concat(F("content_type__app_label"), Value("."), F("codename")))
    accounts = second_factor.with_demand(User.objects.all())
    return asked_once(accounts.annotate(granted=ArraySubquery(granted)))
