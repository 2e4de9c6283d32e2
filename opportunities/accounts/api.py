"""Who may use parts of the API."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from opportunities.accounts.permissions import is_moderator


class IsModerator(BasePermission):
    """Lets moderators in; which rows they may decide on is the operations' question."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Delegate to the one predicate."""
        return is_moderator(request.user)
