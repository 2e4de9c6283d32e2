"""How long the site keeps what: the one table that settings, sweeps and pages read.

It knows no model, so that the settings may read it. What it says is what the privacy page shows
and what ``docs/operations.md`` lists.
"""

from typing import Final, NamedTuple

SESSION_DAYS: Final = 14
UNKEPT_DAYS: Final = 14
UNUSED_DAYS: Final = 730
WARNING_DAYS: Final = 30
PAPERS_DAYS: Final = 730
NOTICES_DAYS: Final = 365
SIGHTS_DAYS: Final = 90
LETTERS_DAYS: Final = 30
LINKS_DAYS: Final = 30
IMPORTS_DAYS: Final = 30
REASONS_DAYS: Final = 365
ANSWERS_DAYS: Final = 1
DRAFTS_DAYS: Final = 14
FORMS_DAYS: Final = 2
POLICY_REPORTS_DAYS: Final = 30


class Rule(NamedTuple):
    """One thing that is kept for a while; ``sweep`` is the name under which its sweep counts."""

    sweep: str
    what: str
    days: int
    since: str
    then: str = "deleted"

    @property
    def span(self) -> str:
        """Return how long in words, in years where they come out even."""
        if self.days % 365:
            return f"{self.days} day{'' if self.days == 1 else 's'}"
        years = self.days // 365
        return f"{years} year{'' if years == 1 else 's'}"


RULES: Final = (
    Rule(
        "sessions",
        "Session of a browser: being signed in, and answers given without a profile",
        SESSION_DAYS,
        "it last changed, or at once when the account is erased",
    ),
    Rule("unkept_profiles", "Profile without an account", UNKEPT_DAYS, "it was last looked at"),
    Rule(
        "unused_accounts",
        f"Account of a candidate, after a warning {WARNING_DAYS} days before",
        UNUSED_DAYS,
        "it was last used",
        "erased",
    ),
    Rule(
        "papers",
        "Letters, answers, notes, interview times and messages of an application",
        PAPERS_DAYS,
        "it ended",
        "emptied; that the application existed stays known",
    ),
    Rule("notices", "Notice to a person", NOTICES_DAYS, "it was written"),
    Rule("sights", "Which employer saw which profile", SIGHTS_DAYS, "that day"),
    Rule(
        "drafts",
        "Words typed into a form and not sent, of people who are signed in",
        DRAFTS_DAYS,
        "they were last changed, or at once when they are sent",
    ),
    Rule(
        "introductions",
        "Reasons with which a role and a candidate were introduced",
        REASONS_DAYS,
        "that moment",
        "emptied; that the pair was introduced stays known, so that nobody is told twice",
    ),
    Rule("letters", "E-mail to an address without an account", LETTERS_DAYS, "it was written"),
    Rule("team_links", "Invitation to a team", LINKS_DAYS, "it ran out"),
    Rule("address_links", "Link that verifies an employer's address", LINKS_DAYS, "it ran out"),
    Rule("imports", "File of roles that was imported", IMPORTS_DAYS, "it was handed in"),
    Rule("readings", "What a reading of a source did, row by row", IMPORTS_DAYS, "it began"),
    Rule("repeated_answers", "Answer to a repeatable API request", ANSWERS_DAYS, "it was given"),
    Rule(
        "sent_forms",
        "Mark that a form was sent, so that it is not taken twice",
        FORMS_DAYS,
        "that moment",
    ),
    Rule(
        "policy_reports",
        "How often browsers reported that a page broke the site's policy, without a person",
        POLICY_REPORTS_DAYS,
        "that day",
    ),
)
