"""Named checks of postings: each cites a public rule, says stop, look or clear, marks the words.

``CHECKS`` is the table. A *binding* stop rests on figures, not on words: such a posting is
refused at once, and no moderator can open it. Every other stop asks a moderator to decide, who
may overrule it for a reason, but none of the rules in ``NEVER_OVERRULED``.
There is no score: a number would hide which rule was broken. Sentences are kept, so they are
English here; ``retelling.retold`` says them in the language of whoever reads them.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Final, NamedTuple

from django.utils.translation import gettext_noop

from opportunities.employers.models import Employer
from opportunities.moderation.models import Verdict
from opportunities.moderation.rules import NEVER_OVERRULED
from opportunities.roles.checks import duplicates, facts, wording
from opportunities.roles.checks.phrases import found_in_all
from opportunities.roles.checks.posting import Posting, Standards, texts_of
from opportunities.roles.checks.results import Flag, Result, Span, summed
from opportunities.roles.drafts import Parts
from opportunities.roles.models import Opportunity

__all__ = [
    "CHECKS", "Check", "Flag", "Posting", "Result", "Span", "Standards", "binding_stops", "examine",
    "is_clear", "is_final", "texts_of", "wording_stops",
]  # fmt: skip


class Check(NamedTuple):
    """One named check: the rule it cites, what it says when all is well, and what it looks at."""

    name: str
    rule: str
    clear: str
    look: Callable[[Posting], Iterable[Flag]]
    binding: str = ""
    """The field in which a stop is corrected that nobody can overrule."""

    def result(self, posting: Posting) -> Result:
        """Return what it says of a posting."""
        flags = self.look(posting)
        return summed(self.name, self.rule, flags, clear=self.clear, binding=self.binding)


CHECKS: Final = (
    Check("employer_known", "1.1", gettext_noop("The employer is verified."),
          facts.employer_known),
    Check("job_title", "2.1", gettext_noop("The title names the work."),
          wording.job_title),
    Check("excluding_wording", "2.2", gettext_noop("Nobody is shut out."),
          partial(found_in_all, "excluding_wording")),
    Check("pay_floor", "3.1", gettext_noop("Pay is at or above the floor."),
          facts.pay_floor, binding="pay_amount"),
    Check("pay_stated", "3.2", gettext_noop("Pay is stated."),
          facts.pay_stated, binding="pay_kind"),
    Check("unpaid_work", "3.2", gettext_noop("The text takes no pay away."),
          wording.unpaid_work),
    Check("money_asked", "4.1", gettext_noop("Candidates pay nothing."),
          partial(found_in_all, "money_asked")),
    Check("data_asked", "4.2", gettext_noop("No bank or identity data is asked."),
          partial(found_in_all, "data_asked")),
    Check("off_site_contact", "4.3", gettext_noop("Applications stay here."),
          wording.off_site_contact),
    Check("foreign_links", "4.3", gettext_noop("No link leads to a foreign domain."),
          facts.foreign_links),
    Check("apply_link", "4.3", gettext_noop("People apply here or at the employer's."),
          facts.apply_link, binding="apply_url"),
    Check("facts_agree", "5.1", gettext_noop("The facts agree."),
          facts.facts_agree, binding="hours_total"),
    Check("format_rules", "5.2", gettext_noop("It takes as long as its format does."),
          facts.format_rules),
    Check("format_stated", "5.2", gettext_noop("The format's own rules hold."),
          facts.format_stated, binding="format"),
    Check("place_stated", "5.1", gettext_noop("It says where the work is done."),
          facts.place_stated),
    Check("excessive_requirements", "5.2", gettext_noop("It asks for what a beginner has."),
          wording.excessive_requirements),
    Check("vacancy_is_current", "5.3", gettext_noop("People can still apply."),
          facts.vacancy_is_current, binding="apply_by"),
    Check("near_duplicate", "5.3", gettext_noop("No other posting says the same."),
          facts.near_duplicate),
    Check("answer_promised", "6.1", gettext_noop("Applicants are answered in the usual time."),
          facts.answer_promised),
)  # fmt: skip

BINDING: Final = frozenset(check.name for check in CHECKS if check.binding)

PUBLIC_TEXT: Final = frozenset(
    {"excluding_wording", "unpaid_work", "money_asked", "data_asked", "off_site_contact"}
)
"""The checks that questions and answers on a role pass as well."""


def examine(
    role: Opportunity,
    parts: Parts,
    *,
    employer: Employer | None,
    poster_email: str = "",
    standards: Standards | None = None,
    twins: Sequence[duplicates.Twin] | None = None,
    at: datetime,
) -> list[Result]:
    """Return what every check says of a role, stored or not, in the order of the rules.

    Who examines many roles reads the site's ``standards`` once, and finds the ``twins`` of all.
    """
    standards = standards or Standards()
    today = role.today(at=at)
    posting = Posting(role, today, parts, employer, poster_email, standards, twins)
    results = [check.result(posting) for check in CHECKS]
    by_rule: dict[str, list[Flag]] = {}
    for rule, flag in wording.reserved_words(posting):
        by_rule.setdefault(rule, []).append(flag)
    results += [
        summed("reserved_words", rule, flags, clear="") for rule, flags in sorted(by_rule.items())
    ]
    return results


def is_clear(results: Iterable[Result]) -> bool:
    """Say whether every check is clear."""
    return all(result.verdict == Verdict.CLEAR for result in results)


def binding_stops(results: Iterable[Result]) -> list[Result]:
    """Return the stops that nobody can overrule."""
    return [result for result in results if result.binding and result.verdict == Verdict.STOP]


def is_final(name: str, rule: str) -> bool:
    """Say whether nobody can overrule a stop of this check under this rule."""
    return name in BINDING or rule in NEVER_OVERRULED


def wording_stops(text: str, *, employer: Employer | None = None) -> list[Result]:
    """Return what stops a short public text, such as a question about a role."""
    posting = Posting(Opportunity(description=text), date.min, employer=employer)
    results = [check.result(posting) for check in CHECKS if check.name in PUBLIC_TEXT]
    return [result for result in results if result.verdict == Verdict.STOP]
