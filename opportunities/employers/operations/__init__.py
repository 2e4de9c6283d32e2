"""What people do for an organization: found it, describe it, verify it, keep its team."""

from opportunities.employers.operations.organizations import (
    create_employer,
    domain_of,
    read_organization,
    remove_logo,
    set_logo,
    update_employer,
)
from opportunities.employers.operations.team import (
    accept_invitation,
    invite,
    read_address,
    remove_member,
    revoke_invitation,
    set_role,
)
from opportunities.employers.operations.verification import ask_verification, confirm_verification

__all__ = [
    "accept_invitation", "ask_verification", "confirm_verification", "create_employer", "domain_of",
    "invite", "read_address", "read_organization", "remove_logo", "remove_member",
    "revoke_invitation", "set_logo", "set_role", "update_employer",
]  # fmt: skip
