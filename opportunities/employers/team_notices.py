"""Who is told of a change in a team: owners of who joined, and whoever somebody else changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opportunities.accounts.models import User
from opportunities.employers.models import Employer, MemberRole, Membership
from opportunities.messaging.notify import notify

NOW_IN_THE_TEAM: Final[Mapping[MemberRole, tuple[str, str]]] = {
    MemberRole.OWNER: (
        gettext_noop("%(employer)s: you are now an owner"),
        gettext_noop(
            "%(person)s made you an owner of %(employer)s. You can now invite people, change their "
            "roles, and manage webhooks and the organization's name."
        ),
    ),
    MemberRole.MEMBER: (
        gettext_noop("%(employer)s: you are now a member"),
        gettext_noop(
            "%(person)s made you a member of %(employer)s. You can still post roles and answer "
            "applicants; only owners change the team, webhooks and the organization's name."
        ),
    ),
}
"""What the notice of a new role says: its subject, and what that role may do."""


def tell_owners(employer: Employer, membership: Membership, *, at: datetime) -> None:
    """Tell the owners that somebody joined."""
    person = membership.user.name or membership.user.email
    owners = User.objects.filter(
        memberships__employer=employer, memberships__role=MemberRole.OWNER
    ).exclude(pk=membership.user_id)
    notify(
        recipients=owners,
        kind="team_joined",
        key=f"team_joined:{membership.pk}",
        subject=lambda: _("%(employer)s: someone joined the team") % {"employer": employer.name},
        body=lambda: _("%(person)s joined the team.") % {"person": person},
        at=at,
        url="/employer/team/",
    )


def tell_of_role(membership: Membership, actor: User, *, at: datetime) -> None:
    """Tell a member whose role somebody else has changed what they may do now."""
    names = {"person": actor.name or actor.email, "employer": membership.employer.name}
    subject, body = NOW_IN_THE_TEAM[MemberRole(membership.role)]
    notify(
        recipients={membership.user} - {actor},
        kind="team_role",
        key=f"team_role:{membership.pk}:{at.isoformat()}",
        subject=lambda: _(subject) % names,
        body=lambda: _(body) % names,
        at=at,
        url="/employer/team/",
    )


def tell_of_removal(membership: Membership, actor: User, *, at: datetime) -> None:
    """Tell somebody whom an owner takes out of the team; whoever leaves knows it."""
    names = {"person": actor.name or actor.email, "employer": membership.employer.name}
    notify(
        recipients={membership.user} - {actor},
        kind="team_removed",
        key=f"team_removed:{membership.pk}",
        subject=lambda: _("%(employer)s: you were removed from the team") % names,
        body=lambda: (
            _(
                "%(person)s removed you from the team of %(employer)s. You no longer see its roles "
                "and applicants; everything else in your account stays. An owner can invite you "
                "back."
            )
            % names
        ),
        at=at,
    )
