"""Who may decide, and what every decision must say."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opportunities.accounts.models import User
from opportunities.accounts.permissions import is_moderator
from opportunities.core import validation
from opportunities.core.errors import Fault, Invalid, NotAllowed, NotFound
from opportunities.employers.models import Employer
from opportunities.employers.permissions import can_moderate_employer
from opportunities.moderation.outcomes import Need, Outcome
from opportunities.moderation.rules import RULES
from opportunities.roles.models import Opportunity
from opportunities.roles.permissions import can_moderate, can_view

MAX_REASON = 2000
OWN = gettext_lazy("You act for this employer; another moderator decides.")


def require_moderator(moderator: User, role: Opportunity) -> None:
    """Refuse everybody but moderators who do not act for the role's employer."""
    if can_moderate(moderator, role):
        return
    if is_moderator(moderator):
        raise NotAllowed(OWN)
    if can_view(moderator, role):
        raise NotAllowed(_("Only moderators may do this."))
    raise NotFound(_("There is no such role."))


def require_moderator_of(moderator: User, employer: Employer) -> None:
    """Refuse everybody but moderators who do not act for the employer."""
    if can_moderate_employer(moderator, employer):
        return
    raise NotAllowed(OWN if is_moderator(moderator) else _("Only moderators may do this."))


def require_moderator_at_all(moderator: User) -> None:
    """Refuse everybody who does not moderate."""
    if not is_moderator(moderator):
        raise NotAllowed(_("Only moderators may do this."))


def read_text(field: str, raw: str, *, most: int = MAX_REASON, required: bool = True) -> str:
    """Return a text that the other side reads, or raise ``Invalid`` naming the field."""
    missing = _("Say why; the other side reads it.") if required else ""
    return validation.read_text(field, raw, most=most, missing=missing)


def read_reason(raw: str, outcome: Outcome) -> str:
    """Return the reason that an outcome asks for, or raise ``Invalid``."""
    return read_text("reason", raw, required=outcome.reason == Need.MUST)


def read_rules(rules: Iterable[str], outcome: Outcome) -> tuple[str, ...]:
    """Return the numbers of the rules that an outcome cites, in order, or raise ``Invalid``."""
    if outcome.rules == Need.NO:
        return ()
    named = tuple(sorted(set(rules)))
    if unknown := [number for number in named if number not in RULES]:
        raise Invalid(
            Fault(
                "rules",
                "unknown_rule",
                _("There is no rule %(number)s.") % {"number": unknown[0][:10]},
            )
        )
    if foreign := [number for number in named if number not in outcome.cites]:
        detail = _("%(outcome)s does not cite rule %(number)s.") % {
            "outcome": outcome.verb,
            "number": foreign[0],
        }
        raise Invalid(Fault("rules", "foreign_rule", detail))
    if outcome.rules == Need.MUST and not named:
        raise Invalid(Fault("rules", "required", _("Name the rule that is not kept.")))
    return named
