"""The rows that employing locks, and who may change them."""

import hashlib
import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.accounts.permissions import is_suspended
from opportunities.core.errors import NotAllowed, NotFound
from opportunities.employers.locking import lock_employer
from opportunities.employers.models import Employer
from opportunities.employers.permissions import is_member, is_owner


def own(employer_id: int, actor: User, *, at: datetime) -> Employer:
    """Lock an employer and return it to one of its members, or raise ``NotFound``."""
    employer = lock_employer(employer_id)
    if not is_member(actor, employer.pk):
        raise NotFound(_("There is no such employer of yours."))
    if is_suspended(actor, at=at):
        raise NotAllowed(_("A sanction keeps you from acting at present."))
    return employer


def require_owner(employer: Employer, actor: User) -> None:
    """Refuse members who do not own the employer."""
    if not is_owner(actor, employer.pk):
        raise NotAllowed(_("Only an owner of the organization may do this."))


def new_secret() -> tuple[str, str]:
    """Return a secret for a link, and the digest that is stored."""
    secret = secrets.token_urlsafe(32)
    return secret, digest(secret)


def digest(secret: str) -> str:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
