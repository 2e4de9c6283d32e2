"""Checks that read words. Patterns meet folded text: lower case, plain letters."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from opportunities.moderation.models import Verdict
from opportunities.roles.checks.folding import Folded
from opportunities.roles.checks.posting import Posting
from opportunities.roles.checks.results import Flag

STOP, LOOK = Verdict.STOP, Verdict.LOOK
NEGATED: Final = re.compile(
    r"\b(no|not|never|without|free of|don't|do not|won't|nothing|zero|nor|neither"
    r"|instead of)\b[^.!?\n]{0,25}$"
)


class Phrase(NamedTuple):
    """Words to look for; ``denied`` says that "no …" before them takes the meaning away."""

    pattern: re.Pattern[str]
    verdict: Verdict
    detail: str
    denied: bool = True


def _phrase(pattern: str, verdict: Verdict, detail: str, *, denied: bool = True) -> Phrase:
    return Phrase(re.compile(pattern), verdict, detail, denied)


def found(text: Folded, phrases: tuple[Phrase, ...]) -> Iterator[Flag]:
    """Iterate over what the phrases meet in one text, skipping what the sentence denies."""
    for phrase in phrases:
        for match in phrase.pattern.finditer(text.text):
            if phrase.denied and NEGATED.search(text.text, 0, match.start()):
                continue
            yield Flag(phrase.verdict, phrase.detail, (text.span(*match.span()),))


def _in_all_texts(posting: Posting, phrases: tuple[Phrase, ...]) -> Iterator[Flag]:
    for text in posting.named():
        yield from found(text, phrases)


MONEY: Final = (
    _phrase(
        r"\b(registration|application|enrol?l?ment|joining|admin(istration)?|processing|placement"
        r"|training|onboarding|certificate|programme|program) (fee|charge|cost)s?\b(?! (is|are)"
        r" (paid|covered|met) by us)",
        STOP,
        "It asks candidates for a fee.",
    ),
    _phrase(r"\b(refundable |security |cash )?deposit (is |of |required|payable)", STOP,
            "It asks candidates for a deposit."),
    _phrase(r"\b(pay|send|transfer|wire) (us|a fee|an? (up ?front|advance)|money|the fee)", STOP,
            "It asks candidates to pay."),
    _phrase(r"\b(you|candidates?|interns?|applicants?) (must|need to|have to|should|will|shall)"
            r" (first )?(buy|purchase|pay|invest)\b", STOP, "It asks candidates to buy or pay."),
    _phrase(r"\b(buy|purchase) (your own|the|our|a) (starter|kit|equipment|course|training"
            r"|licen[cs]e|uniform|software)", STOP, "It asks candidates to buy something."),
    _phrase(r"\bat your own (expense|cost)\b", LOOK, "It puts costs on the candidate."),
    _phrase(r"\b(gift cards?|bitcoin|crypto wallet|western union|moneygram)\b", LOOK,
            "It speaks of money that cannot be traced."),
)  # fmt: skip


def money_asked(posting: Posting) -> Iterator[Flag]:
    """Stop what asks candidates for money (rule 4.1)."""
    return _in_all_texts(posting, MONEY)


EMAIL: Final = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
TELEPHONE: Final = re.compile(r"(?<![\w.,/-])(\+|00)?\(?\d[\d ()/.-]{7,16}\d(?![\w%])")
MESSENGERS: Final = (
    _phrase(r"\b(t\.me|wa\.me|chat\.whatsapp\.com|discord\.gg|m\.me)/\S+", STOP,
            "It leads candidates to a private messenger.", denied=False),
    _phrase(r"\b(contact|message|text|write|reach|apply|dm|add|call|ping|join)\b[^.!?\n]{0,40}"
            r"\b(whats ?app|telegram|signal|we ?chat|viber|messenger|discord|instagram|skype)\b",
            STOP, "It leads candidates to a private messenger."),
    _phrase(r"\b(dm|pm|text|call) (me|us)\b", LOOK, "It asks candidates to write elsewhere."),
    _phrase(r"\b(send|e-?mail|mail|forward) (me |us )?(your |a |an )?(cv|resume|application"
            r"|portfolio)"
            r"\b", LOOK, "It asks for applications by e-mail."),
)  # fmt: skip


def off_site_contact(posting: Posting) -> Iterator[Flag]:
    """Stop what leads applicants away from the site (rule 4.3)."""
    for text in posting.named():
        for match in EMAIL.finditer(text.text):
            if posting.domain and _within(match[1], posting.domain):
                continue
            yield Flag(STOP, "It holds an e-mail address.", (text.span(*match.span()),))
        for match in TELEPHONE.finditer(text.text):
            digits = sum(sign.isdigit() for sign in match[0])
            if 9 <= digits <= 15 and not re.fullmatch(r"\d{4}\D\d{2}\D\d{2}.*", match[0]):
                detail = "It holds what looks like a telephone number."
                yield Flag(LOOK, detail, (text.span(*match.span()),))
        yield from found(text, MESSENGERS)


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)


DATA: Final = (
    _phrase(r"\b(bank|account|card|payment) (account )?(details|number|data|information"
            r"|statement)s?"
            r"\b", STOP, "It asks for bank data."),
    _phrase(r"\b(iban|sort code|routing number|swift code|credit card|debit card|cvv|online banking"
            r"|bank login)\b", STOP, "It asks for bank data."),
    _phrase(r"\b(copy|copies|scan|photo|picture|image)s? of (your |the |an? )?(passport|id\b"
            r"|identity"
            r"|driv\w+ licen[cs]e|national id)", STOP, "It asks for identity papers."),
    _phrase(r"\b(passport|national insurance|social security|aadhaar|national id|id card|pan card"
            r"|driv\w+ licen[cs]e) (number|copy|scan"
            r"|details)", STOP, "It asks for identity papers."),
    _phrase(r"\b(ssn|your passport|your id card)\b", STOP, "It asks for identity papers."),
    _phrase(r"\b(your )?(date of birth|birth ?date|mother's maiden name)\b", STOP,
            "It asks for data of birth."),
)  # fmt: skip


def data_asked(posting: Posting) -> Iterator[Flag]:
    """Stop what asks for bank or identity data before an offer (rule 4.2)."""
    return _in_all_texts(posting, DATA)


EXCLUDING: Final = (
    _phrase(r"\b(aged?|ages) (between )?\d{2} ?(-|\u2013|to"
            r"|and) ?\d{2}\b", STOP, "It names an age.",
            denied=False),
    _phrase(r"\b(under|below|younger than|not older than|no older than|max(imum)? age( of| is|:)?)"
            r" ?\d{2}( years| yo\b|\b(?! ?(hours|%|minutes|days|weeks|pages|words|k|items"
            r"|people)))",
            STOP, "It names an age.", denied=False),
    _phrase(r"\b(young|youthful) (and|team|people|person|talent|candidate|professional|lad"
            r"|graduate)",
            LOOK, "It may shut out by age."),
    _phrase(r"\bdigital natives?\b", LOOK, "It may shut out by age."),
    _phrase(r"\b(only |exclusively )?(females?|males?|wom[ae]n|men|ladies|girls|boys)"
            r" (only|candidates?|applicants?|preferred|wanted)\b", STOP, "It chooses by gender."),
    _phrase(r"\b(looking for|seeking|need|hiring|want) (an? )?(female|male|lady|girl|guy|boy"
            r"|woman|man)"
            r"\b", STOP, "It chooses by gender."),
    _phrase(r"\b(salesm[ae]n|saleswom[ae]n|waitress|hostess|handym[ae]n|cameram[ae]n|craftsm[ae]n"
            r"|businessm[ae]n|chairm[ae]n)\b", LOOK, "It names one gender.", denied=False),
    _phrase(r"\b(he will|he is|his tasks|she will|she is"
            r"|her tasks)\b", LOOK, "It names one gender."),
    _phrase(r"\b(native|mother[- ]tongue)( \w+)? (speakers?|level)\b", LOOK,
            "It may shut out by origin: say the level of the language instead."),
    _phrase(r"\b(\w+ )?(nationals|citizens|passport holders|natives) only\b", STOP,
            "It chooses by origin; the right to work has a field of its own."),
    _phrase(r"\b(only|no) (foreigners|immigrants|locals|whites?|blacks?|asians?|christians?"
            r"|muslims?"
            r"|hindus?|jews?)\b", STOP, "It chooses by origin or belief.", denied=False),
    _phrase(r"\b(able[- ]bodied|without (any )?(disabilit|handicap|health problem)\w*"
            r"|no (disabilit|handicap|health problem)\w*|perfect health|good health)", STOP,
            "It shuts out people with a disability.", denied=False),
    _phrase(r"\b(unmarried|childless|without (children|kids|family)|no (children|kids|family"
            r" (ties|commitments|obligations))|single (man|woman|person)s?|not pregnant)\b", STOP,
            "It chooses by family.", denied=False),
)  # fmt: skip


def excluding_wording(posting: Posting) -> Iterator[Flag]:
    """Stop what shuts people out by age, gender, origin, disability or family (rule 2.2)."""
    return _in_all_texts(posting, EXCLUDING)


TITLE: Final = (
    _phrase(r"(https?://|www\.)\S+", STOP, "The title holds an address.", denied=False),
    _phrase(r"[£$€₹]\s?\d|\b\d+\s?(gbp|usd|eur|inr|per hour|an hour|/ ?h(ou)?r?\b)", LOOK,
            "The title holds pay.", denied=False),
    _phrase(r"[!?]{2,}|\*{2,}|!\s*$", LOOK, "The title shouts.", denied=False),
    _phrase(r"\b(urgent(ly)?|hiring|earn|easy money|quick cash|make money|apply now|opportunity of"
            r"|guaranteed|immediate start|work from home)\b", LOOK,
            "The title advertises instead of naming the work.", denied=False),
    _phrase(r"\b(rock ?star|ninja|guru|wizard|hero|unicorn|superstar)\b", LOOK,
            "The title is no job title.", denied=False),
)  # fmt: skip


def job_title(posting: Posting) -> Iterator[Flag]:
    """Look at titles that are no job title (rule 2.1)."""
    for text in posting.named("title"):
        yield from found(text, TITLE)
        original = posting.texts["title"]
        letters = [sign for sign in original if sign.isalpha()]
        if len(letters) >= 8 and sum(sign.isupper() for sign in letters) > 0.7 * len(letters):
            yield Flag(LOOK, "The title is in capitals.", (text.span(0, len(text.text)),))


UNPAID: Final = (
    _phrase(r"\bcommission[- ]only\b|\bonly commission\b|\b100 ?% commission\b", STOP,
            "Commission alone is no stated pay."),
    _phrase(r"\b(paid|payment|compensat\w+) (in|with|through|by) (exposure|experience|equity"
            r"|shares)\b",
            STOP, "Exposure is no pay."),
    _phrase(r"\bunpaid (trial|test|probation|training)\b|\bfree trial (day|week|work"
            r"|shift)\b", STOP,
            "Work on trial is paid as well."),
    _phrase(r"\bfor free\b|\bwithout pay\b|\bunpaid\b|\bvoluntary basis\b", LOOK,
            "The text speaks of work without pay."),
)  # fmt: skip


def unpaid_work(posting: Posting) -> Iterator[Flag]:
    """Stop words that take away the pay which the facts state (rule 3.2)."""
    for flag in _in_all_texts(posting, UNPAID):
        if posting.role.pay_kind != "unpaid" or flag.verdict == STOP:
            yield flag


DEMANDS: Final = (
    _phrase(r"\b(senior|principal|head of|director of)\b", LOOK, "It names a senior role."),
    _phrase(r"\b(proven track record|extensive experience|expert (level|knowledge)"
            r"|industry veteran)",
            LOOK, "It asks for more than a beginner has."),
    _phrase(r"\b(master's( degree)?|msc|mba|ph\.?d|doctorate)( degree)? (is )?(required|needed"
            r"|mandatory|a must)\b", LOOK, "It asks for a higher degree."),
)  # fmt: skip
YEARS: Final = re.compile(
    r"\b(\d{1,2}|one|two|three|four|five|six|seven|eight|ten)\+?( ?(-|to) ?\d{1,2})?"
    r"( or more|\+)? years?'?( of)?( \w+){0,3} experience\b"
)


def excessive_requirements(posting: Posting) -> Iterator[Flag]:
    """Look at roles for beginners that ask for what only others have (rule 5.2)."""
    for text in posting.named():
        yield from found(text, DEMANDS if text.field != "mentor_name" else ())
        for match in YEARS.finditer(text.text):
            if match[1] not in {"1", "one", "0"} and not NEGATED.search(
                text.text, 0, match.start()
            ):
                detail = "It asks a beginner for years of experience."
                yield Flag(LOOK, detail, (text.span(*match.span()),))
    musts = [level for level, must in posting.skills if must]
    if len(musts) > 8:
        yield Flag(LOOK, f"It makes {len(musts)} skills a must.")
    if any(level >= 4 for level in musts):
        yield Flag(LOOK, "It makes a skill at the highest level a must.")


def reserved_words(posting: Posting) -> Iterator[tuple[str, Flag]]:
    """Iterate over the site's own reserved words, each with the rule it concerns."""
    for word in posting.words:
        pattern = re.compile(rf"\b{re.escape(word.text.casefold())}\b")
        for text in posting.named():
            for match in pattern.finditer(text.text):
                verdict = STOP if word.stops else LOOK
                detail = f"It says “{word.text}”."
                yield word.rule, Flag(verdict, detail, (text.span(*match.span()),))
