"""What keeps people safe besides money: private data, ways off the site, who is shut out, pay.

Each phrase is an *ask* and is judged within its clause (``grammar``): who pays whom, what is
denied, what the work is only about. ``tests/moderation/safety_sentences.tsv`` holds sentences of
both kinds and the bars that the checks have to reach. Patterns meet folded text.
"""

import re
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext_noop

from opportunities.moderation.models import Verdict
from opportunities.roles.checks.grammar import (
    ASKED_OF_PEOPLE,
    Clause,
    found,
    in_all_texts,
    is_after_offer,
    is_asked,
    is_denied,
    is_of_others,
    is_topic,
    phrase,
)
from opportunities.roles.checks.posting import Posting
from opportunities.roles.checks.results import Flag

STOP, LOOK = Verdict.STOP, Verdict.LOOK

ASKS_TO_WRITE_ELSEWHERE: Final = gettext_noop("It asks candidates to write elsewhere.")
ASKS_FOR_APPLICATIONS_BY_E_MAIL: Final = gettext_noop("It asks for applications by email.")
ASKS_FOR_A_SECRET: Final = gettext_noop("It asks for a secret.")
ASKS_FOR_BANK_DATA: Final = gettext_noop("It asks for bank data.")
ASKS_FOR_BIRTH: Final = gettext_noop("It asks for the date or place of birth.")
ASKS_FOR_IDENTITY_PAPERS: Final = gettext_noop("It asks for identity papers.")
ASKS_FOR_PRIVATE_DATA: Final = gettext_noop("It asks for private data.")
ASKS_WHAT_PEOPLE_LOOK_LIKE: Final = gettext_noop("It asks what people look like.")
CHOOSES_BY_FAMILY: Final = gettext_noop("It chooses by family.")
CHOOSES_BY_GENDER: Final = gettext_noop("It chooses by gender.")
CHOOSES_BY_LOOKS: Final = gettext_noop("It chooses by looks.")
CHOOSES_BY_ORIGIN_OR_BELIEF: Final = gettext_noop("It chooses by origin or belief.")
CHOOSES_BY_ORIGIN: Final = gettext_noop(
    "It chooses by origin; the right to work has a field of its own."
)
COMMISSION_ALONE: Final = gettext_noop("Commission alone is no stated pay.")
HOLDS_AN_ADDRESS: Final = gettext_noop("It holds an email address.")
HOLDS_A_TELEPHONE: Final = gettext_noop("It holds what looks like a telephone number.")
EXPOSURE_IS_NO_PAY: Final = gettext_noop("Exposure is no pay.")
LEADS_TO_A_MESSENGER: Final = gettext_noop("It leads candidates to a private messenger.")
MAKES_PAY_CONDITIONAL: Final = gettext_noop("It makes pay conditional.")
MAY_SHUT_OUT_BY_AGE: Final = gettext_noop("It may shut out by age.")
MAY_SHUT_OUT_BY_LANGUAGE: Final = gettext_noop(
    "It may shut out by origin: say the level of the language instead."
)
NAMES_AN_AGE: Final = gettext_noop("It names an age.")
NAMES_ONE_GENDER: Final = gettext_noop("It names one gender.")
SHUTS_OUT_BY_DISABILITY: Final = gettext_noop("It shuts out people with a disability.")
TAKES_PAY_AWAY: Final = gettext_noop("It takes pay away.")
SPEAKS_OF_UNPAID_WORK: Final = gettext_noop("The text speaks of work without pay.")
WORK_ON_TRIAL_IS_PAID_AS_WELL: Final = gettext_noop("Work on trial is paid as well.")

BEFORE_OFFER: Final = (*ASKED_OF_PEOPLE, is_after_offer, is_of_others)

SEND: Final = (
    r"(?:send|give|share|provide|include|attach|enter|upload|submit|state|supply|quote|tell|confirm"
    r"|e-?mail|bring|reply with|need|want|require|ask for|show|list|note|add|forward|hold|scan"
    r"|photograph|fill in|verify)(?:ing|s)?"
)


EMAIL: Final = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
TELEPHONE: Final = re.compile(r"(?<![\w.,/-])(\+|00)?\(?\d[\d ()/.-]{7,16}\d(?![\w%])")
MESSENGER: Final = (
    r"(?:whats ?app|telegram|signal|we ?chat|viber|messenger|discord|instagram|skype|snapchat|line"
    r" app|facebook|tiktok)"
)
US: Final = (
    r"(?:me|us|him|her|them|our \w+(?: \w+)?|the (?:founder|manager|owner|team|recruiter|boss"
    r"|coordinator|director|organi[sz]er)|anna)"
)
MESSENGERS: Final = (
    phrase(rf"\b(?:hire|recruit|select|interview)s? (?:people |interns |only )?(?:over|via|on"
           rf"|through|by)"
           rf" (?:our |my )?{MESSENGER}\b", STOP, LEADS_TO_A_MESSENGER,
           unless=(is_denied, is_topic)),
    phrase(r"\b(t\.me|wa\.me|chat\.whatsapp\.com|discord\.gg|m\.me)/\S+", STOP,
           LEADS_TO_A_MESSENGER, unless=()),
    phrase(rf"\b(?:contact|message|text|write|write to|reach|dm|add|call|ping|find|chat with|talk"
           rf" to"
           rf"|get hold of) {US}\b[^.!?\n]{{0,30}}\b(?:on|via|through|over|by|in|using) (?:our |my"
           rf" |the"
           rf" |a )?{MESSENGER}\b", STOP, LEADS_TO_A_MESSENGER,
           unless=(is_denied, is_of_others)),
    phrase(rf"\b(?:us|me|(?:next|further|other|all) (?:steps?|details)|hiring|address|message to"
           rf" {US})\b[^.!?\n]{{0,30}}\b(?:on|via|through|over|by|using) (?:our |my |the |a"
           rf" )?{MESSENGER}"
           r"\b", STOP, LEADS_TO_A_MESSENGER,
           unless=(is_denied, is_topic, is_of_others)),
    phrase(rf"\b(?:apply|applications?|interviews?|details|conversation|chat|join|reply|get in"
           rf" touch"
           rf"|continue|move|talk|hear more|questions?|speak)\b(?: \w+){{0,5}}? (?:on|via|through"
           rf"|over"
           rf"|by|to|using) (?:our |my |the |a )?{MESSENGER}\b", STOP,
           LEADS_TO_A_MESSENGER, unless=(is_denied, is_topic)),
    phrase(rf"\b(?:write|message|text|reply|come|contact|send (?:it|them|this))(?: to| on| via)+"
           rf" (?:our|my|the)"
           rf" (?:\w+ )?{MESSENGER}\b|\b(?:in|into|to) (?:our|my) dms?\b", STOP,
           LEADS_TO_A_MESSENGER, unless=(is_denied, is_of_others)),
    phrase(r"\b(?:our|my) (?:\w+ )?(?:whats ?app|telegram|signal|we ?chat|viber) (?:number|group"
           r"|chat"
           r"|channel|handle|is)\b", STOP, LEADS_TO_A_MESSENGER,
           unless=(is_denied, is_topic)),
    phrase(r"\b(?:dm|pm|text) (?:me|us)\b|\b(?:please|just|simply|or|to apply,?) call (?:me|us)\b"
           r"|^call (?:me|us)\b", LOOK, ASKS_TO_WRITE_ELSEWHERE,
           unless=(is_denied, is_of_others)),
    phrase(r"\b(?:send|e-?mail|mail|forward) (?:me |us )?(?:your |a |an )?(?:cv|resume|application"
           r"|portfolio)\b(?![^.!?\n]{0,20}\b(?:here|this (?:site|page|form))\b)", LOOK,
           ASKS_FOR_APPLICATIONS_BY_E_MAIL),
)  # fmt: skip


def off_site_contact(posting: Posting) -> Iterator[Flag]:
    """Stop what leads applicants away from the site (rule 4.3)."""
    for text in posting.named():
        for match in EMAIL.finditer(text.text):
            if posting.domain and _within(match[1], posting.domain):
                continue
            yield Flag(STOP, HOLDS_AN_ADDRESS, (text.span(*match.span()),))
        for match in TELEPHONE.finditer(text.text):
            digits = sum(sign.isdigit() for sign in match[0])
            if 9 <= digits <= 15 and not re.fullmatch(r"\d{4}\D\d{2}\D\d{2}.*", match[0]):
                yield Flag(LOOK, HOLDS_A_TELEPHONE, (text.span(*match.span()),))
        yield from found(text, MESSENGERS)


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)


DATA: Final = (
    phrase(r"\b(?:send|text|tell|give|forward) (?:me|us) (?:the|that|your|any) (?:\w+ )?codes?\b",
           STOP,
           ASKS_FOR_A_SECRET, unless=(is_denied, is_topic, is_asked)),
    phrase(rf"\b(?:your|{SEND})\b[^.!?\n]{{0,40}}?\b(?P<mark>(?:bank|account|debit|credit|card"
           r"|payment) (?:account |card )?(?:details|numbers?|data|information|statements?))\b",
           STOP, ASKS_FOR_BANK_DATA, unless=BEFORE_OFFER),
    phrase(rf"\b(?:your|{SEND})\b[^.!?\n]{{0,30}}?\b(?P<mark>iban|sort code|routing number"
           r"|swift code|credit card|debit card|cvv|online banking|bank login|bank details)\b",
           STOP, ASKS_FOR_BANK_DATA, unless=BEFORE_OFFER),
    phrase(r"\b(?:cop(?:y|ies)|scans?|photos?|pictures?|images?|selfies?|both sides|front and back)"
           r" (?:of|with) (?:both sides of )?(?:your |the |an? )?(?:passport|id\b|identity|driv\w+"
           r" licen[cs]e|national id|birth certificate|residence permit|visa\b)", STOP,
           ASKS_FOR_IDENTITY_PAPERS, unless=BEFORE_OFFER),
    phrase(rf"\b(?:your|{SEND}) (?:us |me )?(?:a |an |the |your )?(?:\w+ )?(?:passport|id cards?"
           r"|identity cards?|identity papers?|(?:national insurance|social security|passport)"
           r" number"
           r"|ssn|aadhaar|pan card|driv\w+ licen[cs]e|birth certificate|tax (?:id|number|code)"
           r"|residence permit|utility bill)\b(?! (?:is|are) (?:not|never))", STOP,
           ASKS_FOR_IDENTITY_PAPERS, unless=BEFORE_OFFER),
    phrase(r"\b(?:passport|national insurance|social security|aadhaar|national id|id card|pan card"
           r"|driv\w+ licen[cs]e) (?:number|copy|scan|details)", STOP,
           ASKS_FOR_IDENTITY_PAPERS, unless=BEFORE_OFFER),
    phrase(rf"\b(?:{SEND}|what is|your)\b[^.!?\n]{{0,20}}?(?P<mark>\b(?:your )?(?:dates? of birth"
           r"|birth ?date|place of birth|mother's maiden name|birthday|star sign))\b", STOP,
           ASKS_FOR_BIRTH, unless=BEFORE_OFFER),
    phrase(r"(?P<mark>\byour (?:dates? of birth|birth ?date|birthday|star sign))\b", STOP,
           ASKS_FOR_BIRTH, unless=BEFORE_OFFER),
    phrase(rf"\b{SEND}\b (?:\w+ ){{0,4}}?(?:password|log-?in(?: details)?|pin code|one-time code"
           r"|verification code|security code)\b", STOP, ASKS_FOR_A_SECRET,
           unless=ASKED_OF_PEOPLE),
    phrase(rf"\b(?:{SEND}|what is|do you have) (?:\w+ ){{0,3}}?(?:religion|marital status|sexual"
           r" orientation|ethnic\w+|(?:home|full|postal) address|health (?:problems?|conditions?"
           r"|issues?|history|data)|illness(?:es)?|medical (?:history|records?|conditions?)"
           r"|(?:weight|height)(?: and (?:weight|height))?|blood (?:group|type)|political views"
           r"|trade union membership|parents' (?:names|income|jobs)|criminal record)\b", LOOK,
           ASKS_FOR_PRIVATE_DATA, unless=BEFORE_OFFER),
    phrase(r"\bare you (?:married|pregnant|single|religious|straight|planning (?:children|a family"
           r"|kids))\b"
           r"|\bdo you (?:have|plan|want|expect|intend|hope) (?:to have |for )?(?:\w+"
           r" )?(?:children|kids|a family|a boyfriend|a"
           r" girlfriend|a partner|a baby)\b", STOP, ASKS_FOR_PRIVATE_DATA,
           unless=(is_topic,)),
)  # fmt: skip


def data_asked(posting: Posting) -> Iterator[Flag]:
    """Stop what asks for bank, identity or other private data before an offer (rule 4.2)."""
    return in_all_texts(posting, DATA)


WORK_WITH: Final = re.compile(
    r"\b(?:children|pupils|kids|residents|visitors|readers|patients|respondents|learners|users"
    r"|customers|players|audiences?|teenagers|swimmers|runners|class|group)(?: who are|,)? ?$"
)


def _is_audience(clause: Clause) -> bool:
    """Say whether an age is that of those whom the work is for."""
    return bool(WORK_WITH.search(clause.before))


SOUGHT: Final = re.compile(
    r"\b(?:look(?:ing)?|search(?:ing)?|ask(?:ing)?|need|want|suited|ideal)"
    r" (?:for|as|to)\b"
)
FOR_THEM: Final = re.compile(
    r"\b(?:for|with|of|to|by|among|about|support|help|teach|reach|advise|mentor|interview|as|on)"
    r" (?:\w+ )?$"
)


def _is_served(clause: Clause) -> bool:
    """Say whether the people named are those whom the work is for."""
    return bool(FOR_THEM.search(clause.before)) and not SOUGHT.search(clause.before)


NUMBER: Final = r"(?:\d{2}|eighteen|twenty|twenty-five|thirty|thirty-five|forty|fifty|sixty)"
LOOKS: Final = (
    r"(?:attractive|good[- ]looking|pretty|handsome|slim|beautiful|well[- ]groomed|presentable"
    r"|photogenic|model[- ]like)"
)
EXCLUDING: Final = (
    phrase(r"\b(?:upper |strict )?age limit\b|\bupper age\b", STOP, NAMES_AN_AGE,
           unless=(is_denied, is_topic)),
    phrase(r"\b(?:job|role|position|work|internship|post|place)s? (?:is|are) (?:only |really"
           r" )?(?:for|meant for"
           r"|made for) (?:men|women|girls|boys|ladies|mothers)\b|\b(?:mothers|women|men|girls"
           r"|boys|parents"
           r"|fathers|foreigners)\b[^.!?\n]{0,25}\b(?:should|need|must|may|can|do) not apply\b",
           STOP,
           CHOOSES_BY_GENDER, unless=(is_topic,)),
    phrase(r"\bfull[- ](?:length|body)(?: one| shot)?\b", LOOK, ASKS_WHAT_PEOPLE_LOOK_LIKE,
           unless=(is_denied, is_topic)),
    phrase(r"\b(aged?|ages) (between )?\d{2} ?(-|\u2013|to|and) ?\d{2}\b", STOP, NAMES_AN_AGE,
           unless=(_is_audience, is_topic)),
    phrase(r"\b(under|below|younger than|not older than|no older than|max(imum)? age( of| is|:)?)"
           r" ?\d{2}( years| yo\b|\b(?! ?(hours|%|minutes|days|weeks|pages|words|k|items|people"
           r"|seconds|lines|slides|euros|pounds|degrees|metres|kilograms|characters|mb|steps)))",
           STOP, NAMES_AN_AGE, unless=(_is_audience, is_topic)),
    phrase(rf"\b(?:nobody|no one|not|people|anyone|candidates|applicants|you are|must be|somebody)"
           rf" (?:who (?:is|are) )?(?:over|older than|above|under|younger than|below) (?:the age of"
           rf" )?{NUMBER}\b(?! ?(?:hours|%|minutes|days|weeks|pages|words|items|people))", STOP,
           NAMES_AN_AGE, unless=(_is_audience, _is_served, is_topic)),
    phrase(rf"\b(?:under|over)[- ]?{NUMBER}s\b|\b(?:is|are|be|aged?|you) between {NUMBER} and"
           rf" {NUMBER}"
           rf" (?:years?\b|and\b|old\b)", STOP, NAMES_AN_AGE, unless=(_is_audience,
           _is_served, is_topic)),
    phrase(r"\b(?:fresh|straight|just) (?:out of|from) (?:school|college|university)\b|\b(?:not"
           r"|no) (?:a "
           r")?pensioners?\b", LOOK, MAY_SHUT_OUT_BY_AGE, unless=(is_denied, is_topic)),
    phrase(r"\b(?:must be|were|are|be|was) born (?:after|before|between|in or after)\b|\btoo old\b",
           STOP, NAMES_AN_AGE, unless=(is_topic,)),
    phrase(r"\byoung (and|team|people|person|talents?|candidates?|professionals?|lads?|graduates?"
           r"|blood|wom[ae]n|m[ae]n|guys?|girls?|boys?|faces?|crew)|\byouthful (team|energy|look"
           r"|appearance)",
           LOOK, MAY_SHUT_OUT_BY_AGE, unless=(is_denied, is_topic, _is_served, is_of_others)),
    phrase(r"\bdigital natives?\b", LOOK, MAY_SHUT_OUT_BY_AGE),
    phrase(r"\b(only |exclusively )?(females?|males?|wom[ae]n|men|ladies|girls|boys)"
           r"( are| is)? (only|candidates?|applicants?|preferred|wanted)\b", STOP,
           CHOOSES_BY_GENDER, unless=(is_denied, is_topic)),
    phrase(r"\b(looking for|seeking|need|hiring|want|look for|seek)(?: \d+| two| three| some| only"
           r"| an?"
           r")?(?: \w+)? (female|male|lad(y|ies)|girls?|guys?|boys?|wom[ae]n|m[ae]n)\b(?!')", STOP,
           CHOOSES_BY_GENDER, unless=(is_denied, is_topic)),
    phrase(r"\b(?:candidate|intern|person|applicant|assistant|you|colleague|helper)s? (?:is|are"
           r"|should be"
           r"|must be|has to be) (?:an? )?(?:young |strong |friendly )?(?:male|female|man|woman"
           r"|girl|boy|lady"
           r"|guy)\b", STOP, CHOOSES_BY_GENDER, unless=(is_denied, is_topic)),
    phrase(r"\b(?:preferably|ideally) (?:an? )?(?:male|female|woman|man|girl|boy|lady)\b"
           r"|\b(?:gender"
           r"|sex): ?(?:fe)?male|\b(?:ideal|suited|suitable|best|perfect|made|suits)(?: for| to)?"
           r" (?:an? |young |stay-at-home )*(?:men|women|girls|boys|ladies|housewi\w+|mums?|mothers"
           r"|fathers|male|female)\b", STOP, CHOOSES_BY_GENDER, unless=(is_denied, is_topic)),
    phrase(r"\b(?:lad(?:y|ies)|girls?|wom[ae]n|m[ae]n|guys?|boys?|females?"
           r"|males?)\b[^.!?,\n]{0,12}\b(?:is"
           r"|are)? ?(?:wanted|preferred|needed|sought|need not)\b|\b(?:too \w+|nothing|no (?:job"
           r"|work|place))"
           r" for (?:a )?(?:wom[ae]n|girls?|ladies|m[ae]n|boys?)\b", STOP, CHOOSES_BY_GENDER,
           unless=(is_topic,)),
    phrase(r"\b(?:no|not for) (?:women|men|girls|ladies|mothers|females|males)\b", STOP,
           CHOOSES_BY_GENDER, unless=()),
    phrase(r"\b(salesm[ae]n|saleswom[ae]n|waitress|hostess|handym[ae]n|cameram[ae]n|craftsm[ae]n"
           r"|businessm[ae]n|chairm[ae]n)\b", LOOK, NAMES_ONE_GENDER, unless=()),
    phrase(r"\b(he will|he is|his tasks|she will|she is|her tasks)\b", LOOK,
           NAMES_ONE_GENDER),
    phrase(r"\b(native|mother[- ]tongue)( \w+)? (speakers?|level)\b", LOOK,
           MAY_SHUT_OUT_BY_LANGUAGE),
    phrase(r"\b(\w+ )?(nationals|citizens|passport holders|natives) only\b", STOP,
           CHOOSES_BY_ORIGIN),
    phrase(r"\b(only|no) (foreigners|immigrants|locals|whites?|blacks?|asians?|christians?|muslims?"
           r"|hindus?|jews?)\b", STOP, CHOOSES_BY_ORIGIN_OR_BELIEF, unless=()),
    phrase(r"\b(able[- ]bodied|without (any )?(disabilit|handicap|health problem)\w*"
           r"|no (disabilit|handicap|health problem)\w*|perfect health|good health)", STOP,
           SHUTS_OUT_BY_DISABILITY, unless=()),
    phrase(r"\b(unmarried|childless|without (children|kids|family)|no (children|kids|family"
           r" (ties|commitments|obligations))|single (man|woman|person)s?|not pregnant)\b", STOP,
           CHOOSES_BY_FAMILY, unless=()),
    phrase(r"\b(?:photo(?:graph)?s?|pictures?|images?|portraits?|videos?) of (?:you\b|yourself|your"
           r" (?:face|body))|\b(?:full[- ](?:length|body)|passport|recent|smiling|bikini|beach)"
           r" (?:photo(?:graph)?|picture|image)s?\b|\bhead ?shots?\b|\bselfies?\b", STOP,
           ASKS_WHAT_PEOPLE_LOOK_LIKE, unless=(is_denied, is_topic, is_asked)),
    phrase(r"\b(?:cv|resume|application|profile)s?\b(?: must| should| needs? to| has to| have to)?"
           r" (?:with|include|includes|including|have|having|contain) (?:an? )?(?:your )?(?:\w+"
           r" )?(?:photo"
           r"|picture)|\b(?:attach|include|add|enclose|upload) (?:an? |your )(?:\w+ )?(?:photo"
           r"|picture|portrait)\b(?! of"
           r" (?!you))|\bphotos? (?:on|with|in) (?:your|the) (?:cv|resume|application)\b", STOP,
           ASKS_WHAT_PEOPLE_LOOK_LIKE, unless=(is_denied, is_topic, is_asked)),
    phrase(rf"\b{LOOKS} (?:and \w+ )?(?:candidates?|people|person|appearance|women|woman|girls?"
           rf"|staff"
           rf"|team|faces?|promoters?|host\w*|looks|man|men|lady|ladies)\b|\byou are (?:\w+ and"
           rf" )?{LOOKS}\b"
           r"|\b(?:pleasant|pleasing|neat|good) (?:looks(?! like)|appearance|face|figure)\b"
           r"|\b(?:looks"
           r"|figure|appearance) (?:matters?|counts?)\b", STOP, CHOOSES_BY_LOOKS,
           unless=(is_denied, is_topic)),
)  # fmt: skip


def excluding_wording(posting: Posting) -> Iterator[Flag]:
    """Stop what shuts people out by age, gender, origin, disability, family, looks (rule 2.2)."""
    return in_all_texts(posting, EXCLUDING)


KEEPING: Final = r"(?:exposure|equity|shares|visibility|followers|publicity|fame|likes|merch\w*)"
UNPAID: Final = (
    phrase(r"\bpay (?:you |interns )?in (?:experience|contacts|kind)\b|\bvoluntary (?:for now|at"
           r" first|role"
           r"|position|work for us)\b|\b(?:we have|there is) no budget\b|\bfor the love of it\b",
           STOP,
           EXPOSURE_IS_NO_PAY, unless=(is_topic, is_asked)),
    phrase(r"\byour \w+ (?:is|are|will be) used for free\b", STOP, SPEAKS_OF_UNPAID_WORK,
           unless=(is_denied, is_asked)),
    phrase(r"\bcommission[- ]only\b|\bonly commission\b|\b100 ?% commission\b|\b(?:commission|tips"
           r"|bonus)"
           r" alone\b|\bno (?:base|basic|fixed) (?:pay|salary)\b", STOP,
           COMMISSION_ALONE),
    phrase(rf"\b(?:paid|pay|pays|payment|compensat\w+|reward\w*|remunerat\w+)\b(?: \w+){{0,5}}?"
           rf" (?:in|of|with"
           rf"|through|by|is|as) (?:\w+ )?{KEEPING}\b|\b(?:paid|payment|compensat\w+) (?:(?:only "
           rf"|is )?(?:in"
           r"|with|through|by|is)) (?:the )?experience\b|\b(?:exposure|visibility|experience)"
           r" (?:instead of|rather than|in place of)"
           r" (?:a )?(?:pay|fee|money|wages?|payment)", STOP, EXPOSURE_IS_NO_PAY,
           unless=(is_denied, is_topic, is_asked)),
    phrase(rf"\b(?:in return|in exchange)\b[^.!?\n]{{0,40}}\b(?:{KEEPING}|experience)\b", STOP,
           EXPOSURE_IS_NO_PAY, unless=(is_denied, is_topic)),
    phrase(r"\bunpaid (?:trial|test|probation|training|shift|day|week|month|period|try-?out)\b"
           r"|\bfree trial"
           r" (?:day|week|work|shift)\b|\bwork(?:ing)? (?:\w+ ){0,3}(?:for free|for nothing"
           r"|without pay"
           r"|unpaid)\b", STOP, WORK_ON_TRIAL_IS_PAID_AS_WELL, unless=(is_denied, is_topic,
           is_asked)),
    phrase(r"\b(?:trial|test|first|probation\w*|sample) (?:(?:two|three|\d+) )?(?:days?|weeks?"
           r"|shifts?"
           r"|months?|periods?|tasks?|projects?|hours?)?(?: \w+){0,3} ?(?:is|are|remains?|stays?"
           r"|will be|goes|go)"
           r" (?:an? )?(?:\w+ )?(?:unpaid|free\b|not paid|without pay|not remunerated)", STOP,
           WORK_ON_TRIAL_IS_PAID_AS_WELL, unless=(is_topic, is_asked)),
    phrase(rf"\b(?:reward|pay|payment|fee|wage|salary)s? (?:is|are|will be|comes"
           rf" as)\b[^.!?\n]{{0,50}}\b"
           rf"(?:{KEEPING}|mention|reference|the experience)\b", STOP, EXPOSURE_IS_NO_PAY,
           unless=(is_denied, is_topic, is_asked)),
    phrase(r"\b(?:cannot|can't|can not|could not|unable to|not able to|will not|won't) pay\b"
           r"|\bonly (?:earn"
           r"|get paid|paid|pay(?: you)?) (?:if|when|once|for what you sell)\b", STOP,
           MAKES_PAY_CONDITIONAL, unless=(is_topic, is_asked, is_of_others)),
    phrase(r"\b(?:no|without) (?:pay|payment|wages?|salary|money)(?: \w+){0,2} (?:for|during|in"
           r"|until|yet"
           r"|at first|for now|at the beginning|while)\b|\b(?:no|not) (?:salary|pay|wage|paid)"
           r" (?:yet|at"
           r" first|for now|in the beginning)\b", STOP, TAKES_PAY_AWAY,
           unless=(is_topic, is_asked)),
    phrase(r"\b(?:get paid|pay you|are paid|be paid|pay starts|pay begins|payment (?:starts|begins"
           r"|follows))\b[^.!?\n]{0,20}\b(?:once|if|when|after|only when) (?:the|we|our|you|your)"
           r" (?:\w+ )?(?:funding|investors?|sales?|sell|first sale|raise|probation|trial|grant"
           r"|(?:get|have|find) (?:funding|investors?|customers)|(?:first|second|third|\d+)"
           r" (?:weeks?|months?))"
           r"|\b(?:pay|payment|wages?|salary) (?:starts?|begins?|follows?|comes?) (?:only"
           r" )?(?:after|once|when"
           r"|if) (?:the|we|you|your) (?:first|second|third|trial|probation|prove|like|\d+|funding"
           r"|first"
           r" sale)", STOP, MAKES_PAY_CONDITIONAL,
           unless=(is_denied, is_topic, is_asked)),
    phrase(r"\bwithout pay\b|\bvoluntary basis\b|\bunpaid\b(?! (?:invoices?|bills?|leave|debts?"
           r"|fines?"
           r"|care(?:rs?)?|labour|rent|tickets?|internships?|work of))", LOOK,
           SPEAKS_OF_UNPAID_WORK, unless=(is_denied, is_topic, is_asked)),
    phrase(r"\b(?:do|help|produce|deliver|write|design|film|shoot|play|perform|code|translate"
           r"|edit)s?\b"
           r"[^.!?\n]{0,30} for free\b", LOOK, SPEAKS_OF_UNPAID_WORK,
           unless=(is_denied, is_asked, is_of_others)),
)  # fmt: skip


def unpaid_work(posting: Posting) -> Iterator[Flag]:
    """Stop words that take away the pay which the facts state (rule 3.2)."""
    for flag in in_all_texts(posting, UNPAID):
        if posting.role.pay_kind != "unpaid" or flag.verdict == STOP:
            yield flag
