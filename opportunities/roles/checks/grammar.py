"""Who does what to whom, as far as a safety check needs it: clauses, denial, payer, topic.

Bare words mislead: "we pay the training costs" and "you pay the training costs" share all of them
but one. So a phrase is judged within its clause, which may take its meaning away in five ways.
Everything here reads folded text: lower case, plain letters.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from opportunities.moderation.models import Verdict
from opportunities.roles.checks.folding import Folded
from opportunities.roles.checks.posting import Posting
from opportunities.roles.checks.results import Flag

BREAKS: Final = re.compile(
    r"[.!?;\n]+(?=\s|$)|, (?=(?:please |just |simply |instead |only |then )*(?:write|message|text"
    r"|send|call|pay|apply|contact|come|add|bring)\b)|,? \b(?:but|however|although|though"
    r"|whereas)\b|,? and you\b(?! ?r)"
)
"""Where one clause ends: what is denied or paid before it says nothing of what follows."""


class Clause(NamedTuple):
    """A phrase in its clause: what stands before it, the phrase, what stands after it."""

    before: str
    phrase: str
    after: str
    is_question: bool

    @property
    def text(self) -> str:
        """Return the whole clause."""
        return self.before + self.phrase + self.after


def clause_of(text: str, start: int, end: int) -> Clause:
    """Return the clause in which the characters from ``start`` to ``end`` stand."""
    first, last, is_question = 0, len(text), False
    for found in BREAKS.finditer(text):
        if found.end() <= start:
            first = found.end()
        elif found.start() >= end:
            last, is_question = found.start(), "?" in found[0]
            break
    return Clause(text[first:start], text[start:end], text[end:last], is_question)


NO: Final = (
    r"(?:no|not|never|without|free of|\w+n't|nothing|zero|nor|neither|instead of|rather than"
    r"|nobody|no one|none|cannot)"
)
DENIED: Final = re.compile(
    rf"\b{NO}\b(?!,? (?:only|just|later|longer than|more than)\b)"
    r"(?:(?!\b(?:only|just|except|unless|until|till|before|without|besides|other than)\b)"
    r"[^:]){0,45}$"
)
ANY_NO: Final = re.compile(rf"\b{NO}\b")
DENIED_AFTER: Final = re.compile(
    r"^ ?(?:not|never)\b|^[^,:]{0,25}\b(?:(?:is|are|be|will be|was) (?:never|not|neither)\b"
    r"|(?:is|are|gets?) waived|(?:costs?|is|are) nothing|does not apply|do not apply"
    r"|(?:is|are) not (?:asked|needed|required|charged|due|read|wanted|welcome))"
)


LEFT_OUT: Final = re.compile(
    r"\b(?:omit|skip|avoid|remove|blur|refrain from|leave out|leave off|no need (?:for|of|to)"
    r"|instead of|beware of|watch out for)\b[^,:]{0,30}$"
)
LEAVE: Final = re.compile(r"\b(?:leave|keep|take)\b[^,:]{0,30}$")
OUT: Final = re.compile(r"^[^,:]{0,25}\b(?:out|off|away)\b")


def is_denied(clause: Clause) -> bool:
    """Say whether the clause says no: "there is no fee", "a fee is not charged".

    Two denials are none: "nobody starts without a deposit", "without a photo you are not read".
    """
    before = DENIED.search(clause.before)
    is_double = before is not None and bool(
        before[0].startswith("without") and ANY_NO.search(clause.before[: before.start()])
    )
    if LEFT_OUT.search(clause.before) or (LEAVE.search(clause.before) and OUT.search(clause.after)):
        return True
    return (before is not None and not is_double) != bool(DENIED_AFTER.search(clause.after))


US: Final = (
    r"(?:we|our (?:\w+ )?\w+|the (?:\w+ )?(?:employer|company|firm|charity|museum|school|council"
    r"|trust|foundation"
    r"|library|studio|team|city|university|theatre|association|office|organi[sz]ation|programme"
    r"|shop|agency|bank))"
)
BEARS: Final = r"(?:pay|cover|meet|bear|fund|sponsor|waive|buy|purchase|provide|lend)s?"
WE_PAY: Final = re.compile(
    rf"\b{US}(?:'ll)?(?: (?:will|also|always|fully|gladly|of course|happily|alone|then|can|and))*"
    rf" {BEARS}\b"
)
PAID_BY_US: Final = re.compile(
    r"^[^,:]{0,30}\b(?:is|are|be|being|gets?) (?:\w+ ){0,2}(?:(?:covered|met|borne|funded|sponsored"
    r"|waived|included|free|paid for)\b(?! by (?:you|the (?:intern|candidate|applicant|trainee)))"
    r"|paid (?:by|from) (?!you\b|the (?:intern|candidate|applicant|trainee))|on us\b)"
)
YOUR_SHARE: Final = re.compile(
    r"\b(?:you pay|your share|the rest|half|part of|back later|taken from|deducted|from your (?:\w+"
    r" )?(?:pay|wage|wages|stipend|fee))\b"
)
TO_YOU: Final = re.compile(
    r"\byour (?:own )?(?:fee|pay|payment|stipend|wage|salary)\b[^,]*\b(?:is|are) (?:paid|due|sent)"
    r"|\b(?:paid|pays?|goes|due|owed|transferred|sent) (?:\w+ )?to you\b"
)


OUR_MONEY: Final = re.compile(
    r"\b(?:with|on|from|using|out of) (?:our|the (?:company|shop|team|project|museum)'s?|petty)"
    r" (?:\w+"
    r" )?(?:card|account|budget|money|cash|float)\b"
)


def is_ours(clause: Clause) -> bool:
    """Say whether the employer pays: "we cover the fee", "the fee is paid by us"."""
    if YOUR_SHARE.search(clause.text):
        return False
    return bool(
        WE_PAY.search(clause.before + clause.phrase)
        or PAID_BY_US.search(clause.after)
        or TO_YOU.search(clause.text)
        or OUR_MONEY.search(clause.after)
    )


OTHERS: Final = re.compile(
    r"\b(?:clients?|customers?|members?|visitors?|readers?|they|guests?|shops?|schools?|libraries"
    r"|patrons|donors|people who \w+|firms?|residents|pensioners|families|fans|users|subscribers"
    r"|participants in the study|tenants|travellers|passengers|patients|pupils|parents|citizens"
    r"|(?:where|how|why|what|whether) (?!you\b|we\b|to\b|much\b|many\b)\w+)(?: asks?| wants?| how"
    r" to| whether to| (?:often|usually|already|who|can|may|will|should|must|have to"
    r"|want to|and \w+|to))*(?: \w+)? ?$"
)


def is_of_others(clause: Clause) -> bool:
    """Say whether somebody else is the subject: "clients pay us", "visitors write to us"."""
    return bool(OTHERS.search(clause.before))


WORK: Final = (
    r"(?:writ(?:e|es|ing)|wrote|draft|articles?|guides?|leaflets?|pages?|blogs?|reports?|research"
    r"(?:es|ing)?|explain(?:s|ing)?|describ(?:e|es|ing)|compar(?:e|es|ing)|draw(?:s|ing)?"
    r"|design(?:s|ing)?|test(?:s|ing)?|translat(?:e|es|ing)|count(?:s|ing)?|analy[sz](?:e|es|ing)"
    r"|stud(?:y|ies|ying)|review(?:s|ing)?|edit(?:s|ing)?|label(?:s|ling)?|classif(?:y|ies|ying)"
    r"|map(?:s|ping)?|charts?|plot(?:s|ting)?|investigat(?:e|es|ing)|warn(?:s|ing|ings)?"
    r"|summari[sz]"
    r"(?:e|es|ing)|moderat(?:e|es|ing)|plan(?:s|ning)?|clean(?:s|ing)?|anonymi[sz](?:e|es|ing)"
    r"|interview(?:s|ing)?|measur(?:e|es|ing)|check(?:s|ing)?|sort(?:s|ing)?|archiv(?:e|es|ing)"
    r"|build(?:s|ing)?|cod(?:e|es|ing)|film(?:s|ing)?|illustrat(?:e|es|ing)|read(?:s|ing)?"
    r"|learn(?:s|ing)? (?:how|why|about)|teach(?:es|ing)?|survey(?:s|ing)?|trac(?:e|es|ing)"
    r"|match(?:es|ing)?|manag(?:e|es|ing)|answer(?:s|ing)?|support(?:s|ing)?|help(?:s|ing)?"
    r"|advis(?:e|es|ing)|history of|podcasts?|quiz|poster|campaign|chase|proofread(?:s|ing)?"
    r"|fil(?:e|es|ing)|record(?:s|ing)?|enter(?:s|ing)?|log(?:s|ging)?|reconcil(?:e|es|ing)"
    r"|updat(?:e|es|ing)|tally"
    r"|digiti[sz](?:e|es|ing)|retouch|crop|schedul(?:e|es|ing)|organi[sz](?:e|es|ing)"
    r"|document(?:s|ing)?|model(?:s|ling)?|mapping|find out|look at|watch|observe|tag|list of)"
)
TOPIC: Final = re.compile(
    rf"(?<!your )(?<!free )(?<!first )(?<! a )(?<! an )(?<! the )(?<! our"
    rf" )\b{WORK}\b(?:(?!\b(?:your|yourself|us|me|pay us|pay a|send|must|need to|have to|and then"
    rf"|to"
    r" apply|first pay|for free|before you|after you)\b)[^:]){0,70}$"
)


ABOUT: Final = re.compile(
    r"\b(?:is|are|was|be|research|stor(?:y|ies)|films?|talks?|questions?|texts?|books?|lessons?"
    r"|letters?|songs?|exhibition) (?:about|on) (?:\w+ ){0,3}$"
)


def is_topic(clause: Clause) -> bool:
    """Say whether the work is *about* it: "write a warning about gift cards"."""
    if clause.phrase.startswith("your"):
        return False
    return bool(TOPIC.search(clause.before) or ABOUT.search(clause.before))


def is_without(clause: Clause) -> bool:
    """Say whether the phrase, which begins with "without", is the only denial of its clause."""
    return not (ANY_NO.search(clause.before) or ANY_NO.search(clause.after))


def is_asked(clause: Clause) -> bool:
    """Say whether a candidate asks: "do I have to pay a deposit?"."""
    return clause.is_question and bool(re.search(r"\b(?:i|me|my)\b", clause.text))


AFTER_OFFER: Final = re.compile(
    r"\b(?:after|once|when|as soon as)\b[^,]{0,30}\b(?:offer|accept\w*|hired|contract|signed)\b"
)


def is_after_offer(clause: Clause) -> bool:
    """Say whether it comes after an offer, when rule 4.2 no longer forbids it."""
    return bool(AFTER_OFFER.search(clause.text))


type Exempt = Callable[[Clause], bool]

ASKED_OF_PEOPLE: Final = (is_denied, is_topic, is_asked)
"""What takes the meaning of most asks away."""


class Phrase(NamedTuple):
    """Words to look for, and what in their clause takes their meaning away.

    A group named ``mark`` holds the words that are shown; without one all of them are.
    """

    pattern: re.Pattern[str]
    verdict: Verdict
    detail: str
    unless: tuple[Exempt, ...]


def phrase(
    pattern: str, verdict: Verdict, detail: str, *, unless: tuple[Exempt, ...] = (is_denied,)
) -> Phrase:
    """Return words to look for; without more, "no …" before them takes their meaning away."""
    return Phrase(re.compile(pattern), verdict, detail, unless)


def found(text: Folded, phrases: tuple[Phrase, ...]) -> Iterator[Flag]:
    """Iterate over what the phrases meet in one text, skipping what its clause takes away."""
    for one in phrases:
        for match in one.pattern.finditer(text.text):
            clause = clause_of(text.text, *match.span())
            if not any(exempts(clause) for exempts in one.unless):
                meant = match.span("mark" if "mark" in one.pattern.groupindex else 0)
                yield Flag(one.verdict, one.detail, (text.span(*meant),))


def in_all_texts(posting: Posting, phrases: tuple[Phrase, ...]) -> Iterator[Flag]:
    """Iterate over what the phrases meet in every text of a posting."""
    for text in posting.named():
        yield from found(text, phrases)
