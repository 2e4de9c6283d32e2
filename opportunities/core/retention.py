"""How long the site keeps what: the one table that settings, sweeps and pages read.

It knows no model, so that the settings may read it. What it says is what the privacy page shows
and what ``docs/operations.md`` lists.
"""

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

SESSION_DAYS: Final = 14
UNKEPT_DAYS: Final = 14
UNUSED_DAYS: Final = 730
WARNING_DAYS: Final = 30
PAPERS_DAYS: Final = 730
NOTICES_DAYS: Final = 365
SIGHTS_DAYS: Final = 90
LETTERS_DAYS: Final = 30
LINKS_DAYS: Final = 30
TOKENS_DAYS: Final = 30
IMPORTS_DAYS: Final = 30
REASONS_DAYS: Final = 365
ANSWERS_DAYS: Final = 1
DRAFTS_DAYS: Final = 14
FORMS_DAYS: Final = 2
EVENTS_DAYS: Final = 30
POLICY_REPORTS_DAYS: Final = 30


class Rule(NamedTuple):
    """One thing that is kept for a while; ``sweep`` is the name under which its sweep counts."""

    sweep: str
    what: str | Promise
    days: int
    since: str | Promise
    then: str | Promise = _("deleted")

    @property
    def span(self) -> str:
        """Return how long in words, in years where they come out even."""
        if self.days % 365:
            return ngettext("%(n)d day", "%(n)d days", self.days) % {"n": self.days}
        years = self.days // 365
        return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}


RULES: Final = (
    Rule(
        "sessions",
        _("Session of a browser: being signed in, and answers given without a profile"),
        SESSION_DAYS,
        _("it last changed, or at once when the account is erased"),
    ),
    Rule(
        "unkept_profiles", _("Profile without an account"), UNKEPT_DAYS, _("it was last looked at")
    ),
    Rule(
        "unused_accounts",
        format_lazy(
            _("Account of a candidate, after a warning {days} days before"), days=WARNING_DAYS
        ),
        UNUSED_DAYS,
        _("it was last used"),
        _("erased"),
    ),
    Rule(
        "papers",
        _("Letters, answers, notes, interview times and messages of an application"),
        PAPERS_DAYS,
        _("it ended"),
        _("emptied; that the application existed stays known"),
    ),
    Rule("notices", _("Notice to a person"), NOTICES_DAYS, _("it was written")),
    Rule("sights", _("Which employer saw which profile"), SIGHTS_DAYS, _("that day")),
    Rule(
        "drafts",
        _("Words typed into a form and not sent, of people who are signed in"),
        DRAFTS_DAYS,
        _("they were last changed, or at once when they are sent"),
    ),
    Rule(
        "introductions",
        _("Reasons with which a role and a candidate were introduced"),
        REASONS_DAYS,
        _("that moment"),
        _("emptied; that the pair was introduced stays known, so that nobody is told twice"),
    ),
    Rule("letters", _("Email to an address without an account"), LETTERS_DAYS, _("it was written")),
    Rule("team_links", _("Invitation to a team"), LINKS_DAYS, _("it ran out")),
    Rule(
        "address_links", _("Link that verifies an employer's address"), LINKS_DAYS, _("it ran out")
    ),
    Rule("tokens", _("Token of the API, its name and scopes"), TOKENS_DAYS, _("it ran out")),
    Rule("imports", _("File of roles that was imported"), IMPORTS_DAYS, _("it was handed in")),
    Rule("readings", _("What a reading of a source did, row by row"), IMPORTS_DAYS, _("it began")),
    Rule(
        "repeated_answers", _("Answer to a repeatable API request"), ANSWERS_DAYS, _("it was given")
    ),
    Rule(
        "sent_forms",
        _("Mark that a form was sent, so that it is not taken twice"),
        FORMS_DAYS,
        _("that moment"),
    ),
    Rule(
        "events",
        _("Event for other systems: what happened, when, and to which role or application"),
        EVENTS_DAYS,
        _("it happened"),
    ),
    Rule(
        "policy_reports",
        _("How often browsers reported that a page broke the site's policy, without a person"),
        POLICY_REPORTS_DAYS,
        _("that day"),
    ),
)
