"""The team of an organization: members, their roles, invitations."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from opportunities.accounts.current import asked, person
from opportunities.core.form_handling import act, row_of
from opportunities.employers import operations as employing
from opportunities.employers.membership import employers_of, own_employer
from opportunities.employers.models import MemberRole
from opportunities.employers.permissions import is_owner

MOST_MEMBERS = 200


@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """Go to the team of the only organization, or let choose among several."""
    employers = employers_of(request)
    if len(employers) == 1:
        return redirect("opportunities:team", employers[0].slug)
    if not employers:
        return redirect("opportunities:employer-home")
    return render(request, "roles/choose.html", {"employers": employers})


@require_safe
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """List members and open invitations."""
    employer = own_employer(request, slug)
    waiting = employer.invitations.filter(accepted_at__isnull=True).order_by("created_at", "id")
    members = list(
        employer.memberships.select_related("user").order_by("joined_at", "id")[:MOST_MEMBERS]
    )
    owners = [member.pk for member in members if member.role == MemberRole.OWNER]
    context = {
        "employer": employer,
        "members": members,
        "last_owner": owners[0] if len(owners) == 1 else None,
        "invitations": waiting[:MOST_MEMBERS],
        "roles": MemberRole.choices,
        "is_owner": is_owner(person(request), employer.pk),
        "now": timezone.now(),
    }
    return render(request, "employers/team.html", context)


@require_POST
def act_on_team(request: HttpRequest, slug: str, action: str) -> HttpResponse:
    """Invite, take an invitation back, change a role, or take somebody out."""
    employer = own_employer(request, slug)
    row, role = row_of(request.POST.get("row")), request.POST.get("role", "")
    member = employer.memberships.filter(pk=row).first()
    match action:
        case "invite":
            email = request.POST.get("email", "")
            known: dict[str, Any] = {"employer_id": employer.pk, "email": email, "role": role}
            operation: Callable[..., object] = employing.invite
            said = _("The invitation is on its way.")
        case "revoke" if employer.invitations.filter(pk=row).exists():
            operation, known = employing.revoke_invitation, {"invitation_id": row}
            said = _("The invitation no longer works.")
        case "role" if member is not None:
            operation, known = employing.set_role, {"membership_id": row, "role": role}
            said = _("The role is changed.")
        case "remove" if member is not None:
            operation, known = employing.remove_member, {"membership_id": row}
            said = _("No longer in the team.")
        case "revoke" | "role" | "remove" if row:
            messages.warning(request, _("That was removed already."))
            return redirect("opportunities:team", slug)
        case _:
            raise Http404
    left = action == "remove" and member is not None and member.user_id == person(request).pk
    back = "opportunities:employer-home" if left else "opportunities:team"
    address = reverse(back) if left else reverse(back, args=[slug])
    return act(request, asked(request, operation, **known), said=said, back=address)
