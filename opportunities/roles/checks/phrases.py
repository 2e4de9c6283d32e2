"""Phrases that the checks look for, from ``phrases.toml``: what is asked, promised or shut out.

Each is judged within its clause (``grammar``). ``tests/moderation/safety_sentences.tsv`` holds
sentences of both kinds and the bars that the checks have to reach. Patterns meet folded text.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from django.utils.translation import gettext_noop

from opportunities.moderation.models import Verdict
from opportunities.roles.checks.folding import Folded
from opportunities.roles.checks.grammar import EXEMPTIONS, SAID, Clause, clause_of
from opportunities.roles.checks.posting import Posting
from opportunities.roles.checks.results import Flag

SENTENCES: Final[Mapping[str, str]] = {
    "asks_for_a_deposit": gettext_noop("It asks candidates for a deposit."),
    "asks_for_a_fee": gettext_noop("It asks candidates for a fee."),
    "asks_for_a_higher_degree": gettext_noop("It asks for a higher degree."),
    "asks_for_a_secret": gettext_noop("It asks for a secret."),
    "asks_for_applications_by_e_mail": gettext_noop("It asks for applications by email."),
    "asks_for_bank_data": gettext_noop("It asks for bank data."),
    "asks_for_birth": gettext_noop("It asks for the date or place of birth."),
    "asks_for_gift_cards": gettext_noop("It asks for gift cards."),
    "asks_for_identity_papers": gettext_noop("It asks for identity papers."),
    "asks_for_more_than_a_beginner_has": gettext_noop("It asks for more than a beginner has."),
    "asks_for_private_data": gettext_noop("It asks for private data."),
    "asks_to_buy": gettext_noop("It asks candidates to buy something."),
    "asks_to_buy_or_pay": gettext_noop("It asks candidates to buy or pay."),
    "asks_to_pay": gettext_noop("It asks candidates to pay."),
    "asks_to_write_elsewhere": gettext_noop("It asks candidates to write elsewhere."),
    "asks_what_people_look_like": gettext_noop("It asks what people look like."),
    "chooses_by_family": gettext_noop("It chooses by family."),
    "chooses_by_gender": gettext_noop("It chooses by gender."),
    "chooses_by_looks": gettext_noop("It chooses by looks."),
    "chooses_by_origin": gettext_noop(
        "It chooses by origin; the right to work has a field of its own."
    ),
    "chooses_by_origin_or_belief": gettext_noop("It chooses by origin or belief."),
    "commission_alone": gettext_noop("Commission alone is no stated pay."),
    "exposure_is_no_pay": gettext_noop("Exposure is no pay."),
    "handles_parcels": gettext_noop("It has candidates handle parcels for others."),
    "handles_untraced_money": gettext_noop("It has candidates handle money that cannot be traced."),
    "leads_to_a_messenger": gettext_noop("It leads candidates to a private messenger."),
    "makes_pay_conditional": gettext_noop("It makes pay conditional."),
    "may_shut_out_by_age": gettext_noop("It may shut out by age."),
    "may_shut_out_by_language": gettext_noop(
        "It may shut out by origin: say the level of the language instead."
    ),
    "names_a_senior_role": gettext_noop("It names a senior role."),
    "names_an_age": gettext_noop("It names an age."),
    "names_one_gender": gettext_noop("It names one gender."),
    "passes_money_on": gettext_noop("It has candidates pass money on."),
    "pays_for_recruiting": gettext_noop("It pays for recruiting others."),
    "promises_money_back": gettext_noop("It promises to give back what candidates pay."),
    "puts_costs_on_people": gettext_noop("It puts costs on the candidate."),
    "shuts_out_by_disability": gettext_noop("It shuts out people with a disability."),
    "speaks_of_unpaid_work": gettext_noop("The text speaks of work without pay."),
    "speaks_of_untraced_money": gettext_noop("It speaks of money that cannot be traced."),
    "takes_costs_off_the_pay": gettext_noop("It takes costs off the pay."),
    "takes_pay_away": gettext_noop("It takes pay away."),
    "title_advertises": gettext_noop("The title advertises instead of naming the work."),
    "title_holds_an_address": gettext_noop("The title holds an address."),
    "title_holds_pay": gettext_noop("The title holds pay."),
    "title_is_no_job_title": gettext_noop("The title is no job title."),
    "title_shouts": gettext_noop("The title shouts."),
    "work_on_trial_is_paid_as_well": gettext_noop("Work on trial is paid as well."),
}
"""What is said of phrases, by the names that ``phrases.toml`` has for it."""


class Phrase(NamedTuple):
    """Words to look for, what is said of them, and what in their clause takes that away."""

    pattern: re.Pattern[str]
    verdict: Verdict
    detail: str
    unless: tuple[Callable[[Clause], bool], ...]


PHRASES: Final[Mapping[str, tuple[Phrase, ...]]] = {
    check: tuple(
        Phrase(
            re.compile(SAID.whole(pattern)),
            verdict,
            SENTENCES[entry["says"]],
            tuple(EXEMPTIONS[name] for name in entry.get("unless", ("denied",))),
        )
        for entry in entries
        for verdict in (Verdict.STOP, Verdict.LOOK)
        for pattern in entry.get(verdict, ())
    )
    for check, entries in SAID.said["checks"].items()
}
"""The phrases of each check."""


def found(text: Folded, check: str) -> Iterator[Flag]:
    """Iterate over what the phrases of a check meet in a text, but for what a clause takes away."""
    for phrase in PHRASES[check]:
        for match in phrase.pattern.finditer(text.text):
            clause = clause_of(text.text, *match.span())
            if not any(exempts(clause) for exempts in phrase.unless):
                meant = match.span("mark" if "mark" in phrase.pattern.groupindex else 0)
                yield Flag(phrase.verdict, phrase.detail, (text.span(*meant),))


def found_in_all(check: str, posting: Posting) -> Iterator[Flag]:
    """Iterate over what the phrases of a check meet in every text of a posting."""
    for text in posting.named():
        yield from found(text, check)
