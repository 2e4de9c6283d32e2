"""What keeps people safe: money, private data, ways off the site, who is shut out, unpaid work.

Each phrase is an *ask* and is judged within its clause (``grammar``): who pays whom, what is
denied, what the work is only about. ``tests/moderation/safety_sentences.tsv`` holds sentences of
both kinds and the bars that the checks have to reach. Patterns meet folded text.
"""

import re
from collections.abc import Iterator
from typing import Final

from opportunities.moderation.models import Verdict
from opportunities.roles.checks.grammar import (
    Clause,
    Phrase,
    found,
    is_after_offer,
    is_asked,
    is_denied,
    is_of_others,
    is_ours,
    is_topic,
    is_without,
    phrase,
)
from opportunities.roles.checks.posting import Posting
from opportunities.roles.checks.results import Flag

STOP, LOOK = Verdict.STOP, Verdict.LOOK

ASKED_OF_PEOPLE: Final = (is_denied, is_topic, is_asked)
PAID: Final = (*ASKED_OF_PEOPLE, is_ours, is_of_others)
BEFORE_OFFER: Final = (*ASKED_OF_PEOPLE, is_after_offer, is_of_others)

SUM: Final = r"(?:[£$€₹] ?\d[\d.,]*|\d[\d.,]* ?(?:pounds?|euros?|dollars?|rupees|gbp|eur|usd|inr))"
COIN: Final = r"(?:bitcoins?|btc|ethereum|usdt|tether|crypto(?:currency|currencies)?|stablecoins?)"
CARD: Final = (
    r"(?:(?:gift|itunes|steam|google play|apple|amazon|prepaid|store) ?(?:gift )?"
    r"(?:cards?|vouchers?|codes?))"
)
FEE_OF: Final = (
    r"(?:registration|application|enrol?l?ment|joining|sign-?up|admin(?:istration|istrative)?"
    r"|processing|placement|training|onboarding|certificate|certification|programme|program"
    r"|membership|starter|screening|background[- ]check|visa|handling|booking|course|kit|insurance"
    r"|uniform|activation|interview|seat|workshop|reservation|induction)"
)
GAP: Final = r"(?:(?!\b(?:no|not|never|nor)\b)[^.!?\n])"
SEND: Final = (
    r"(?:send|give|share|provide|include|attach|enter|upload|submit|state|supply|quote|tell|confirm"
    r"|e-?mail|bring|reply with|need|want|require|ask for|show|list|note|add|forward|hold|scan"
    r"|photograph|fill in|verify)(?:ing|s)?"
)
START: Final = r"(?:register|join|start|apply|enrol|reserve|secure|book|unlock|activate|hold|begin)"


def _all_texts(posting: Posting, phrases: tuple[Phrase, ...]) -> Iterator[Flag]:
    for text in posting.named():
        yield from found(text, phrases)


MONEY: Final = (
    phrase(rf"\b(?:charge|contribution|sum|payment|fee) of {SUM}[^.!?\n]{{0,30}}\b(?:expected"
           rf"|required"
           r"|asked|customary)\b|\bwe charge (?:you|an?|each|every|interns?|candidates?) ", STOP,
           "It asks candidates for a fee.", unless=ASKED_OF_PEOPLE),
    phrase(r"\btop up (?:your|the) (?:\w+ )?(?:wallet|account|balance|card)\b|\bwith your (?:own"
           r" )?(?:savings"
           r"|money|cash|funds)\b|(?:^|(?<=[.!?;\n:,] )|\bplease |\byou )pay (?:now|today|first"
           r"|upfront|up"
           r" front|in advance)\b", STOP, "It asks candidates to pay.", unless=PAID),
    phrase(rf"\b(?:reimburse|refund|pay back)(?:s|ed)?\b[^.!?\n]{{0,25}}\b(?:{CARD}|fee|kit"
           rf"|deposit|purchase"
           r"|licence|course|uniform)", STOP, "It promises to give back what candidates pay.",
           unless=(*ASKED_OF_PEOPLE, is_of_others)),
    phrase(rf"\b(?:pay|wages?|bonus|salary|payment|reward)(?: \w+)? (?:is|are|comes? as|will be)"
           rf" (?:an? )?"
           rf"(?:\w+ )?(?:{CARD}|{COIN})", LOOK, "It speaks of money that cannot be traced.",
           unless=ASKED_OF_PEOPLE),
    phrase(rf"\b(?:read|send|text|tell|give|mail|e-?mail)\b[^.!?\n]{{0,40}}(?:{CARD} (?:numbers?"
           rf"|codes?|backs?)"
           rf"|codes?[^.!?\n]{{0,25}}{CARD})", STOP, "It asks for gift cards.",
           unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:re-?pack|re-?package|relabel)\w*\b[^.!?\n]{0,30}\b(?:at home|in your)\b|\b(?:use"
           r"|lend us)"
           r" your (?:own |home |private )?address\b|\byour address to (?:receive|accept|get)\b",
           STOP,
           "It has candidates handle parcels for others.", unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:use|lend us|rent us|through) your (?:own |private |personal )?(?:bank )?account\b"
           r"|(?<!we )(?<!we will )\bpay(?:s|ment)? (?:\w+ )?into your (?:\w+ )?account\b", STOP,
           "It has candidates pass money on.", unless=(*ASKED_OF_PEOPLE, is_after_offer)),
    phrase(r"\bthe more (?:people|friends|members|sellers) you\b|\b(?:person|member|friend|people"
           r"|friends"
           r"|members)(?: that| who| whom)? you (?:enrol|recruit|bring|sign up|invite"
           r"|introduce)\b[^.!?\n]"
           r"{0,25}\b(?:pays?|earns?|share|bonus|commission)\b", STOP, "It pays for recruiting"
           " others.",
           unless=ASKED_OF_PEOPLE),
    phrase(r"\bwithout (?:a|the|your) (?:\w+ )?(?:deposit|payment|fee)\b", STOP,
           "It asks candidates for a deposit.", unless=(is_without, is_topic, is_asked)),
    phrase(r"\byou (?:advance|front|lay out) (?:the |all |your )?(?:\w+ )?(?:money|costs?|fees?"
           r"|price)\b"
           r"|\b(?:transfer|send|wire|pay) (?:us |me )?(?:the|this|a) (?:small |first |full "
           r"|remaining )?"
           r"(?:amount|sum|balance)\b", STOP, "It asks candidates to pay.", unless=PAID),
    phrase(rf"\b(?:you|candidates?|interns?|trainees?|applicants?|participants?|everyone|everybody"
           rf"|each"
           rf" \w+) (?:will )?(?:also )?(?:need|contribute|contributes|chip in|put in|bring|pays?"
           rf"|owes?)"
           rf" (?:only |about |just |us )?{SUM}", STOP, "It asks candidates to pay.", unless=PAID),
    phrase(rf"\b(?:boot ?camp|academy|session|seminar|class|exam|assessment|induction|test|access"
           rf"|training|course|kit|pack|account)\b[^.!?,\n]{{0,30}}\bcosts? (?:you )?(?:only"
           rf" )?{SUM}", STOP,
           "It asks candidates for a fee.", unless=PAID),
    phrase(r"\b(?:candidates?|applicants?|interns?|trainees?|you)(?: \w+)? (?:is|are|will be|gets?)"
           r" (?:\w+ )?(?:charged|billed|invoiced)\b", STOP, "It asks candidates for a fee.",
           unless=PAID),
    phrase(rf"\b(?:after|upon|against|requires?|on) (?:the |a |your )?(?:payment|transfer"
           rf"|purchase) of"
           rf" (?:\w+ )?{SUM}", STOP, "It asks candidates to pay.", unless=PAID),
    phrase(r"\b(?:take|deduct|keep|withhold|subtract|recover)s?\b[^.!?\n]{0,45}\b(?:out of|from"
           r"|off) your"
           r" (?:\w+ )?(?:pay|wages?|stipend|fee|month|salary|invoice|earnings)\b", STOP,
           "It takes costs off the pay.", unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:invoice|bill) for your\b", STOP, "It asks candidates to pay.", unless=PAID),
    phrase(r"\b(?:buy|purchase|pay for) your own\b|(?:^|(?<=[.!?;\n:] )|\bplease |\bfirst |\byou "
           r"|\bmust |"
           r"\bshould |\bto )(?:buy|purchase|order)\b[^.!?\n]{0,25}\bfrom (?:us|our|a partner)\b",
           STOP, "It asks candidates to buy something.", unless=PAID),
    phrase(rf"\b{FEE_OF}(?: and \w+)? (?:fee|charge|cost|payment|contribution)s?\b"
           r"(?! (?:us|nothing|you nothing)\b)", STOP, "It asks candidates for a fee.",
           unless=PAID),
    phrase(r"\b(?:fee|charge)s? (?:applies|apply|(?:is|are) (?:due|required|charged|taken|added)"
           r"|secures?)\b", STOP, "It asks candidates for a fee.", unless=PAID),
    phrase(rf"\b(?:we|they) (?:only |just |also )?(?:charge|ask (?:you )?for|take|require)"
           rf" (?:[\w-]+ ){{0,4}}(?:{SUM}|fee|contribution|payment|charge)", STOP,
           "It asks candidates for a fee.", unless=ASKED_OF_PEOPLE),
    phrase(rf"\b(?:course|training|kit|certificate|badge|uniform|workshop|programme|licence)"
           rf" (?:costs?"
           rf"|is|comes to|price is)(?: only| just)? {SUM}", STOP, "It asks candidates for a fee.",
           unless=PAID),
    phrase(rf"{SUM}[^.!?\n]{{0,30}}\b(?:to {START}|secures? your|for your (?:id|kit|badge"
           rf"|background"
           r"|training|starter|uniform|place|seat))\b", STOP, "It asks candidates to pay.",
           unless=PAID),
    phrase(rf"\b(?:reserve|secure|hold|book|guarantee|confirm) your (?:place|seat|spot"
           rf"|slot)[^.!?\n]"
           rf"{{0,20}}(?:payment|deposit|fee|paying|transfer|{SUM})", STOP,
           "It asks candidates to pay.", unless=PAID),
    phrase(r"\b(?:refundable |security |holding |returnable |cash |key |equipment |small |one-off"
           r" )+"
           r"deposit\b(?: (?:is|of|required|payable) )?", STOP, "It asks candidates for a deposit.",
           unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:(?:the|a|your|any|this|every) )?deposit (?:is|of|required|payable|will|must|for"
           r"|up"
           r" front|before|has to|back|secures|covers)\b", STOP,
           "It asks candidates for a deposit.",
           unless=(*ASKED_OF_PEOPLE, is_of_others)),
    phrase(r"\b(?:pay|leave|put down|send|transfer|take|charge|require|collect|ask for|need|bring"
           r"|prepare|hand over"
           r"|want) (?:you )?(?:a|the|your|us a)? ?(?:\w+ ){0,2}deposit\b(?! (?:scheme|return"
           r"|account|slip|protection|box|rate|insurance))", STOP,
           "It asks candidates for a deposit.",
           unless=(*ASKED_OF_PEOPLE, is_of_others)),
    phrase(r"\b(?:pay|wire|remit) (?:us|me|a fee|an? (?:up ?front|advance|initial)|money|the (?:fee"
           r"|costs?|trainer|agency))\b", STOP, "It asks candidates to pay.", unless=PAID),
    phrase(r"\b(?:send|transfer|wire|give) (?:us |me |our \w+ )?(?:the |a |your |an |only )*(?:\w+"
           r" )"
           rf"{{0,2}}(?:money|fees?|payment|cash|funds|costs?|{SUM})", STOP,
           "It asks candidates to pay.", unless=PAID),
    phrase(r"\b(?:you|candidates?|interns?|applicants?|trainees?|participants?|starters|everyone"
           r"|we)"
           r" (?:must|need to|have to|should|will|shall|are (?:asked|expected|required) to|will"
           r" need"
           r" you to|need you to|ask you to|want you to)(?: (?:first|also|only|then|themselves))?"
           r" (?:buy|purchase|pay|prepay|top up|order and pay)\b(?! (?:\w+ )?(?:attention|heed"
           r"|tribute"
           r"|respect|visits?))", STOP, "It asks candidates to buy or pay.", unless=PAID),
    phrase(rf"\binvest (?:your |{SUM}|money|in (?:a|the|your|our|this) (?:\w+ )?(?:kit|starter"
           rf"|package|plan"
           r"|account|coin|token|platform|fund|shares?))"
           r"(?! ?(?:time|energy))", STOP, "It asks candidates to pay.", unless=PAID),
    phrase(r"\b(?:buy|purchase) (?:your own|the|our|a|an)(?: \w+)? (?:starter|kit|pack|equipment"
           r"|course|training|licen[cs]e|uniform|laptop|stock|toolkit|manual|headset)", STOP,
           "It asks candidates to buy something.", unless=PAID),
    phrase(r"\b(?:you|trainees?|interns?|candidates?) (?:bear|carry|shoulder|meet|cover|fund)s?"
           r" (?:the"
           r"|all|your|any|their)(?: own)?(?: \w+)? ?(?:costs?|expenses?|fees?)\b", STOP,
           "It puts costs on the candidate.", unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:deducted|taken|withheld|kept|recovered|comes|come|deduct) [^.!?\n]{0,25}?(?:from"
           r"|out"
           r" of) your (?:\w+ )?(?:pay|wages?|stipend|fee|month|salary|invoice|earnings)\b", STOP,
           "It takes costs off the pay.", unless=(is_denied, is_topic, is_asked)),
    phrase(r"\b(?:kit|fee|payment|starter|uniform|course|licence|purchase)\b[^.!?\n]{0,40}\b(?:is"
           r"|are|be"
           r"|get)(?: \w+)? (?:refund(?:ed)?|returned|paid back|reimbursed|it back|that back)\b",
           STOP,
           "It promises to give back what candidates pay.", unless=ASKED_OF_PEOPLE),
    phrase(r"\bat your own (?:expense|cost)\b|\bout of your own pocket\b", LOOK,
           "It puts costs on the candidate."),
    phrase(rf"\b(?:buy|purchase|send|pick up|pay with)\b[^.!?\n]{{0,40}}"
           rf"\b(?:{CARD}|steam cards?)|\b(?:scan|scratch|photograph|read|text"
           rf"|send)\b[^.!?\n]{{0,30}}"
           rf"(?:codes?|backs?|numbers?)\b[^.!?\n]{{0,20}}\b{CARD}", STOP,
           "It asks for gift cards.", unless=PAID),
    phrase(rf"\b(?:paid|pay|payment|wages?|salary|fee|bonus)\b{GAP}{{0,25}}\b(?:in|as|with|by"
           rf"|through) (?:\w+"
           rf" )?(?:{CARD}|{COIN})", LOOK, "It speaks of money that cannot be traced.",
           unless=(is_denied, is_topic, is_asked)),
    phrase(rf"\b(?:buy|send|deposit|transfer|invest|convert|exchange|open|top up|fund|set up"
           rf"|connect"
           rf"|forward|trade|need|settle|pay)\b{GAP}{{0,45}}\b(?:{COIN}|crypto wallet)\b", STOP,
           "It has candidates handle money that cannot be traced.", unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:crypto wallet|western union|moneygram|paysafecard)\b", LOOK,
           "It speaks of money that cannot be traced.", unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:receive|accept|collect|store|take in|re-?pack|re-?label|forward|re-?ship|send"
           r"|post)\b"
           r"[^.!?\n]{0,40}\b(?:parcels?|packages?|shipments?|goods|deliver(?:y|ies)|phones)\b"
           r"[^.!?\n]{0,40}\b(?:your (?:own )?(?:home|address|flat|door|house|name|room)|abroad"
           r"|overseas|send them on|relabel|reship)\b", STOP,
           "It has candidates handle parcels for others.", unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:parcels?|packages?|shipments?|goods|deliveries|phones"
           r"|boxes)\b[^.!?\n]{0,40}\b(?:to|at"
           r"|in) your (?:own )?(?:home|address|flat|house|door|room)\b(?! and collect)", STOP,
           "It has candidates handle parcels for others.", unless=(*ASKED_OF_PEOPLE, is_ours)),
    phrase(r"\b(?:receive|accept|get|take in)\b[^.!?\n]{0,25}\b(?:parcels?|packages?|boxes"
           r"|shipments?)"
           r"\b[^.!?\n]{0,25}\b(?:at|from) home\b|\b(?:parcels?|packages?|boxes"
           r"|shipments?)\b[^.!?\n]{0,40}"
           r"\b(?:to other countries|abroad|overseas|with new labels|onwards)\b|\blocal address\b",
           STOP,
           "It has candidates handle parcels for others.", unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:withdraw|take out)\b[^.!?\n]{0,30}\b(?:cash|sum|money|amount)\b|\b(?:cash|money"
           r"|sum)\b"
           r"[^.!?\n]{0,40}\b(?:to (?:our|a|the) courier|by courier)\b", STOP,
           "It has candidates pass money on.", unless=ASKED_OF_PEOPLE),
    phrase(r"\baccept deliveries in your\b|\bre-?ship(?:ping)?\b", STOP,
           "It has candidates handle parcels for others.", unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:payments?|funds|money|transfers?|cheques?|cash)\b[^.!?\n]{0,40}\byour (?:own "
           r"|personal"
           r" |private |bank )*account\b|\byour (?:own |personal |private )+(?:bank )?account to\b",
           STOP, "It has candidates pass money on.", unless=BEFORE_OFFER),
    phrase(r"\b(?:cash|deposit) (?:the|our|a|these) cheques?\b|\bkeep (?:your share|\w+ percent"
           r"|\d+ ?%)"
           r"(?: of it)? (?:for yourself|as)", STOP, "It has candidates pass money on.",
           unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:recruit|bring in|sign up|enrol|introduce|invite)\b[^.!?\n]{0,40}\b(?:earn|bonus"
           r"|commission|get paid|percent|reward)", STOP, "It pays for recruiting others.",
           unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:earn|paid|bonus|commission|percent|%|reward)\b[^.!?\n]{0,60}\b(?:for (?:each"
           r"|every)"
           r" (?:friend|person|member|recruit|one|new \w+)|(?:who(?:m)? |that )?you (?:recruit"
           r"|bring"
           r"|sign up|enrol|introduce)|below you|under you|beneath you|downline)", STOP,
           "It pays for recruiting others.", unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:bring in|recruit|sign up|find) (?:\w+ )?(?:sellers?|members?|partners?|people"
           r"|friends"
           r"|agents)\b[^.!?\n]{0,30}\b(?:level|rank|move up|income|free)\b|\b(?:income|earnings?"
           r"|pay"
           r"|bonus|commission)\b[^.!?\n]{0,40}\b(?:members?|person|friends?|recruits?"
           r"|sellers?)\b[^.!?\n]"
           r"{0,20}\b(?:joins?|under|below)\b", STOP, "It pays for recruiting others.",
           unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:earn|profit|commission|share|cut|bonus|percent)\b[^.!?\n]{0,20}\b(?:from|of|on)"
           r" (?:their|your team's|the team's|your recruits'?) (?:sales|work|purchases|income"
           r"|earnings)\b",
           STOP, "It pays for recruiting others.", unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:network marketing|multi-?level|downline|be your own boss|unlimited (?:earning"
           r"|income)"
           r"\w*|financial freedom|passive income)\b", STOP, "It pays for recruiting others.",
           unless=ASKED_OF_PEOPLE),
)  # fmt: skip


def money_asked(posting: Posting) -> Iterator[Flag]:
    """Stop what asks candidates for money, or has them move it for others (rule 4.1)."""
    return _all_texts(posting, MONEY)


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
           rf" (?:our |my )?{MESSENGER}\b", STOP, "It leads candidates to a private messenger.",
           unless=(is_denied, is_topic)),
    phrase(r"\b(t\.me|wa\.me|chat\.whatsapp\.com|discord\.gg|m\.me)/\S+", STOP,
           "It leads candidates to a private messenger.", unless=()),
    phrase(rf"\b(?:contact|message|text|write|write to|reach|dm|add|call|ping|find|chat with|talk"
           rf" to"
           rf"|get hold of) {US}\b[^.!?\n]{{0,30}}\b(?:on|via|through|over|by|in|using) (?:our |my"
           rf" |the"
           rf" |a )?{MESSENGER}\b", STOP, "It leads candidates to a private messenger.",
           unless=(is_denied, is_of_others)),
    phrase(rf"\b(?:us|me|(?:next|further|other|all) (?:steps?|details)|hiring|address|message to"
           rf" {US})\b[^.!?\n]{{0,30}}\b(?:on|via|through|over|by|using) (?:our |my |the |a"
           rf" )?{MESSENGER}"
           r"\b", STOP, "It leads candidates to a private messenger.",
           unless=(is_denied, is_topic, is_of_others)),
    phrase(rf"\b(?:apply|applications?|interviews?|details|conversation|chat|join|reply|get in"
           rf" touch"
           rf"|continue|move|talk|hear more|questions?|speak)\b(?: \w+){{0,5}}? (?:on|via|through"
           rf"|over"
           rf"|by|to|using) (?:our |my |the |a )?{MESSENGER}\b", STOP,
           "It leads candidates to a private messenger.", unless=(is_denied, is_topic)),
    phrase(rf"\b(?:write|message|text|reply|come|contact|send (?:it|them|this))(?: to| on| via)+"
           rf" (?:our|my|the)"
           rf" (?:\w+ )?{MESSENGER}\b|\b(?:in|into|to) (?:our|my) dms?\b", STOP,
           "It leads candidates to a private messenger.", unless=(is_denied, is_of_others)),
    phrase(r"\b(?:our|my) (?:\w+ )?(?:whats ?app|telegram|signal|we ?chat|viber) (?:number|group"
           r"|chat"
           r"|channel|handle|is)\b", STOP, "It leads candidates to a private messenger.",
           unless=(is_denied, is_topic)),
    phrase(r"\b(?:dm|pm|text) (?:me|us)\b|\b(?:please|just|simply|or|to apply,?) call (?:me|us)\b"
           r"|^call (?:me|us)\b", LOOK, "It asks candidates to write elsewhere.",
           unless=(is_denied, is_of_others)),
    phrase(r"\b(?:send|e-?mail|mail|forward) (?:me |us )?(?:your |a |an )?(?:cv|resume|application"
           r"|portfolio)\b(?![^.!?\n]{0,20}\b(?:here|this (?:site|page|form))\b)", LOOK,
           "It asks for applications by e-mail."),
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
    phrase(r"\b(?:send|text|tell|give|forward) (?:me|us) (?:the|that|your|any) (?:\w+ )?codes?\b",
           STOP,
           "It asks for a secret.", unless=(is_denied, is_topic, is_asked)),
    phrase(rf"\b(?:your|{SEND})\b[^.!?\n]{{0,40}}?\b(?P<mark>(?:bank|account|debit|credit|card"
           r"|payment) (?:account |card )?(?:details|numbers?|data|information|statements?))\b",
           STOP, "It asks for bank data.", unless=BEFORE_OFFER),
    phrase(rf"\b(?:your|{SEND})\b[^.!?\n]{{0,30}}?\b(?P<mark>iban|sort code|routing number"
           r"|swift code|credit card|debit card|cvv|online banking|bank login|bank details)\b",
           STOP, "It asks for bank data.", unless=BEFORE_OFFER),
    phrase(r"\b(?:cop(?:y|ies)|scans?|photos?|pictures?|images?|selfies?|both sides|front and back)"
           r" (?:of|with) (?:both sides of )?(?:your |the |an? )?(?:passport|id\b|identity|driv\w+"
           r" licen[cs]e|national id|birth certificate|residence permit|visa\b)", STOP,
           "It asks for identity papers.", unless=BEFORE_OFFER),
    phrase(rf"\b(?:your|{SEND}) (?:us |me )?(?:a |an |the |your )?(?:\w+ )?(?:passport|id cards?"
           r"|identity cards?|identity papers?|(?:national insurance|social security|passport)"
           r" number"
           r"|ssn|aadhaar|pan card|driv\w+ licen[cs]e|birth certificate|tax (?:id|number|code)"
           r"|residence permit|utility bill)\b(?! (?:is|are) (?:not|never))", STOP,
           "It asks for identity papers.", unless=BEFORE_OFFER),
    phrase(r"\b(?:passport|national insurance|social security|aadhaar|national id|id card|pan card"
           r"|driv\w+ licen[cs]e) (?:number|copy|scan|details)", STOP,
           "It asks for identity papers.", unless=BEFORE_OFFER),
    phrase(rf"\b(?:{SEND}|what is|your)\b[^.!?\n]{{0,20}}?(?P<mark>\b(?:your )?(?:dates? of birth"
           r"|birth ?date|place of birth|mother's maiden name|birthday|star sign))\b", STOP,
           "It asks for data of birth.", unless=BEFORE_OFFER),
    phrase(r"(?P<mark>\byour (?:dates? of birth|birth ?date|birthday|star sign))\b", STOP,
           "It asks for data of birth.", unless=BEFORE_OFFER),
    phrase(rf"\b{SEND}\b (?:\w+ ){{0,4}}?(?:password|log-?in(?: details)?|pin code|one-time code"
           r"|verification code|security code)\b", STOP, "It asks for a secret.",
           unless=ASKED_OF_PEOPLE),
    phrase(rf"\b(?:{SEND}|what is|do you have) (?:\w+ ){{0,3}}?(?:religion|marital status|sexual"
           r" orientation|ethnic\w+|(?:home|full|postal) address|health (?:problems?|conditions?"
           r"|issues?|history|data)|illness(?:es)?|medical (?:history|records?|conditions?)"
           r"|(?:weight|height)(?: and (?:weight|height))?|blood (?:group|type)|political views"
           r"|trade union membership|parents' (?:names|income|jobs)|criminal record)\b", LOOK,
           "It asks for private data.", unless=BEFORE_OFFER),
    phrase(r"\bare you (?:married|pregnant|single|religious|straight|planning (?:children|a family"
           r"|kids))\b"
           r"|\bdo you (?:have|plan|want|expect|intend|hope) (?:to have |for )?(?:\w+"
           r" )?(?:children|kids|a family|a boyfriend|a"
           r" girlfriend|a partner|a baby)\b", STOP, "It asks for private data.",
           unless=(is_topic,)),
)  # fmt: skip


def data_asked(posting: Posting) -> Iterator[Flag]:
    """Stop what asks for bank, identity or other private data before an offer (rule 4.2)."""
    return _all_texts(posting, DATA)


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
    phrase(r"\b(?:upper |strict )?age limit\b|\bupper age\b", STOP, "It names an age.",
           unless=(is_denied, is_topic)),
    phrase(r"\b(?:job|role|position|work|internship|post|place)s? (?:is|are) (?:only |really"
           r" )?(?:for|meant for"
           r"|made for) (?:men|women|girls|boys|ladies|mothers)\b|\b(?:mothers|women|men|girls"
           r"|boys|parents"
           r"|fathers|foreigners)\b[^.!?\n]{0,25}\b(?:should|need|must|may|can|do) not apply\b",
           STOP,
           "It chooses by gender.", unless=(is_topic,)),
    phrase(r"\bfull[- ](?:length|body)(?: one| shot)?\b", LOOK, "It asks what people look like.",
           unless=(is_denied, is_topic)),
    phrase(r"\b(aged?|ages) (between )?\d{2} ?(-|\u2013|to|and) ?\d{2}\b", STOP, "It names an age.",
           unless=(_is_audience, is_topic)),
    phrase(r"\b(under|below|younger than|not older than|no older than|max(imum)? age( of| is|:)?)"
           r" ?\d{2}( years| yo\b|\b(?! ?(hours|%|minutes|days|weeks|pages|words|k|items|people"
           r"|seconds|lines|slides|euros|pounds|degrees|metres|kilograms|characters|mb|steps)))",
           STOP, "It names an age.", unless=(_is_audience, is_topic)),
    phrase(rf"\b(?:nobody|no one|not|people|anyone|candidates|applicants|you are|must be|somebody)"
           rf" (?:who (?:is|are) )?(?:over|older than|above|under|younger than|below) (?:the age of"
           rf" )?{NUMBER}\b(?! ?(?:hours|%|minutes|days|weeks|pages|words|items|people))", STOP,
           "It names an age.", unless=(_is_audience, _is_served, is_topic)),
    phrase(rf"\b(?:under|over)[- ]?{NUMBER}s\b|\b(?:is|are|be|aged?|you) between {NUMBER} and"
           rf" {NUMBER}"
           rf" (?:years?\b|and\b|old\b)", STOP, "It names an age.", unless=(_is_audience,
           _is_served, is_topic)),
    phrase(r"\b(?:fresh|straight|just) (?:out of|from) (?:school|college|university)\b|\b(?:not"
           r"|no) (?:a "
           r")?pensioners?\b", LOOK, "It may shut out by age.", unless=(is_denied, is_topic)),
    phrase(r"\b(?:must be|were|are|be|was) born (?:after|before|between|in or after)\b|\btoo old\b",
           STOP, "It names an age.", unless=(is_topic,)),
    phrase(r"\byoung (and|team|people|person|talents?|candidates?|professionals?|lads?|graduates?"
           r"|blood|wom[ae]n|m[ae]n|guys?|girls?|boys?|faces?|crew)|\byouthful (team|energy|look"
           r"|appearance)",
           LOOK, "It may shut out by age.", unless=(is_denied, is_topic, _is_served, is_of_others)),
    phrase(r"\bdigital natives?\b", LOOK, "It may shut out by age."),
    phrase(r"\b(only |exclusively )?(females?|males?|wom[ae]n|men|ladies|girls|boys)"
           r"( are| is)? (only|candidates?|applicants?|preferred|wanted)\b", STOP,
           "It chooses by gender.", unless=(is_denied, is_topic)),
    phrase(r"\b(looking for|seeking|need|hiring|want|look for|seek)(?: \d+| two| three| some| only"
           r"| an?"
           r")?(?: \w+)? (female|male|lad(y|ies)|girls?|guys?|boys?|wom[ae]n|m[ae]n)\b(?!')", STOP,
           "It chooses by gender.", unless=(is_denied, is_topic)),
    phrase(r"\b(?:candidate|intern|person|applicant|assistant|you|colleague|helper)s? (?:is|are"
           r"|should be"
           r"|must be|has to be) (?:an? )?(?:young |strong |friendly )?(?:male|female|man|woman"
           r"|girl|boy|lady"
           r"|guy)\b", STOP, "It chooses by gender.", unless=(is_denied, is_topic)),
    phrase(r"\b(?:preferably|ideally) (?:an? )?(?:male|female|woman|man|girl|boy|lady)\b"
           r"|\b(?:gender"
           r"|sex): ?(?:fe)?male|\b(?:ideal|suited|suitable|best|perfect|made|suits)(?: for| to)?"
           r" (?:an? |young |stay-at-home )*(?:men|women|girls|boys|ladies|housewi\w+|mums?|mothers"
           r"|fathers|male|female)\b", STOP, "It chooses by gender.", unless=(is_denied, is_topic)),
    phrase(r"\b(?:lad(?:y|ies)|girls?|wom[ae]n|m[ae]n|guys?|boys?|females?"
           r"|males?)\b[^.!?,\n]{0,12}\b(?:is"
           r"|are)? ?(?:wanted|preferred|needed|sought|need not)\b|\b(?:too \w+|nothing|no (?:job"
           r"|work|place))"
           r" for (?:a )?(?:wom[ae]n|girls?|ladies|m[ae]n|boys?)\b", STOP, "It chooses by gender.",
           unless=(is_topic,)),
    phrase(r"\b(?:no|not for) (?:women|men|girls|ladies|mothers|females|males)\b", STOP,
           "It chooses by gender.", unless=()),
    phrase(r"\b(salesm[ae]n|saleswom[ae]n|waitress|hostess|handym[ae]n|cameram[ae]n|craftsm[ae]n"
           r"|businessm[ae]n|chairm[ae]n)\b", LOOK, "It names one gender.", unless=()),
    phrase(r"\b(he will|he is|his tasks|she will|she is|her tasks)\b", LOOK,
           "It names one gender."),
    phrase(r"\b(native|mother[- ]tongue)( \w+)? (speakers?|level)\b", LOOK,
           "It may shut out by origin: say the level of the language instead."),
    phrase(r"\b(\w+ )?(nationals|citizens|passport holders|natives) only\b", STOP,
           "It chooses by origin; the right to work has a field of its own."),
    phrase(r"\b(only|no) (foreigners|immigrants|locals|whites?|blacks?|asians?|christians?|muslims?"
           r"|hindus?|jews?)\b", STOP, "It chooses by origin or belief.", unless=()),
    phrase(r"\b(able[- ]bodied|without (any )?(disabilit|handicap|health problem)\w*"
           r"|no (disabilit|handicap|health problem)\w*|perfect health|good health)", STOP,
           "It shuts out people with a disability.", unless=()),
    phrase(r"\b(unmarried|childless|without (children|kids|family)|no (children|kids|family"
           r" (ties|commitments|obligations))|single (man|woman|person)s?|not pregnant)\b", STOP,
           "It chooses by family.", unless=()),
    phrase(r"\b(?:photo(?:graph)?s?|pictures?|images?|portraits?|videos?) of (?:you\b|yourself|your"
           r" (?:face|body))|\b(?:full[- ](?:length|body)|passport|recent|smiling|bikini|beach)"
           r" (?:photo(?:graph)?|picture|image)s?\b|\bhead ?shots?\b|\bselfies?\b", STOP,
           "It asks what people look like.", unless=(is_denied, is_topic, is_asked)),
    phrase(r"\b(?:cv|resume|application|profile)s?\b(?: must| should| needs? to| has to| have to)?"
           r" (?:with|include|includes|including|have|having|contain) (?:an? )?(?:your )?(?:\w+"
           r" )?(?:photo"
           r"|picture)|\b(?:attach|include|add|enclose|upload) (?:an? |your )(?:\w+ )?(?:photo"
           r"|picture|portrait)\b(?! of"
           r" (?!you))|\bphotos? (?:on|with|in) (?:your|the) (?:cv|resume|application)\b", STOP,
           "It asks what people look like.", unless=(is_denied, is_topic, is_asked)),
    phrase(rf"\b{LOOKS} (?:and \w+ )?(?:candidates?|people|person|appearance|women|woman|girls?"
           rf"|staff"
           rf"|team|faces?|promoters?|host\w*|looks|man|men|lady|ladies)\b|\byou are (?:\w+ and"
           rf" )?{LOOKS}\b"
           r"|\b(?:pleasant|pleasing|neat|good) (?:looks(?! like)|appearance|face|figure)\b|\b(?:looks"
           r"|figure|appearance) (?:matters?|counts?)\b", STOP, "It chooses by looks.",
           unless=(is_denied, is_topic)),
)  # fmt: skip


def excluding_wording(posting: Posting) -> Iterator[Flag]:
    """Stop what shuts people out by age, gender, origin, disability, family, looks (rule 2.2)."""
    return _all_texts(posting, EXCLUDING)


KEEPING: Final = r"(?:exposure|equity|shares|visibility|followers|publicity|fame|likes|merch\w*)"
UNPAID: Final = (
    phrase(r"\bpay (?:you |interns )?in (?:experience|contacts|kind)\b|\bvoluntary (?:for now|at"
           r" first|role"
           r"|position|work for us)\b|\b(?:we have|there is) no budget\b|\bfor the love of it\b",
           STOP,
           "Exposure is no pay.", unless=(is_topic, is_asked)),
    phrase(r"\byour \w+ (?:is|are|will be) used for free\b", STOP, "The text speaks of work"
           " without pay.",
           unless=(is_denied, is_asked)),
    phrase(r"\bcommission[- ]only\b|\bonly commission\b|\b100 ?% commission\b|\b(?:commission|tips"
           r"|bonus)"
           r" alone\b|\bno (?:base|basic|fixed) (?:pay|salary)\b", STOP,
           "Commission alone is no stated pay."),
    phrase(rf"\b(?:paid|pay|pays|payment|compensat\w+|reward\w*|remunerat\w+)\b(?: \w+){{0,5}}?"
           rf" (?:in|of|with"
           rf"|through|by|is|as) (?:\w+ )?{KEEPING}\b|\b(?:paid|payment|compensat\w+) (?:(?:only "
           rf"|is )?(?:in"
           r"|with|through|by|is)) (?:the )?experience\b|\b(?:exposure|visibility|experience)"
           r" (?:instead of|rather than|in place of)"
           r" (?:a )?(?:pay|fee|money|wages?|payment)", STOP, "Exposure is no pay.",
           unless=(is_denied, is_topic, is_asked)),
    phrase(rf"\b(?:in return|in exchange)\b[^.!?\n]{{0,40}}\b(?:{KEEPING}|experience)\b", STOP,
           "Exposure is no pay.", unless=(is_denied, is_topic)),
    phrase(r"\bunpaid (?:trial|test|probation|training|shift|day|week|month|period|try-?out)\b"
           r"|\bfree trial"
           r" (?:day|week|work|shift)\b|\bwork(?:ing)? (?:\w+ ){0,3}(?:for free|for nothing"
           r"|without pay"
           r"|unpaid)\b", STOP, "Work on trial is paid as well.", unless=(is_denied, is_topic,
           is_asked)),
    phrase(r"\b(?:trial|test|first|probation\w*|sample) (?:(?:two|three|\d+) )?(?:days?|weeks?"
           r"|shifts?"
           r"|months?|periods?|tasks?|projects?|hours?)?(?: \w+){0,3} ?(?:is|are|remains?|stays?"
           r"|will be|goes|go)"
           r" (?:an? )?(?:\w+ )?(?:unpaid|free\b|not paid|without pay|not remunerated)", STOP,
           "Work on trial is paid as well.", unless=(is_topic, is_asked)),
    phrase(rf"\b(?:reward|pay|payment|fee|wage|salary)s? (?:is|are|will be|comes"
           rf" as)\b[^.!?\n]{{0,50}}\b"
           rf"(?:{KEEPING}|mention|reference|the experience)\b", STOP, "Exposure is no pay.",
           unless=(is_denied, is_topic, is_asked)),
    phrase(r"\b(?:cannot|can't|can not|could not|unable to|not able to|will not|won't) pay\b"
           r"|\bonly (?:earn"
           r"|get paid|paid|pay(?: you)?) (?:if|when|once|for what you sell)\b", STOP,
           "It makes pay depend.", unless=(is_topic, is_asked, is_of_others)),
    phrase(r"\b(?:no|without) (?:pay|payment|wages?|salary|money)(?: \w+){0,2} (?:for|during|in"
           r"|until|yet"
           r"|at first|for now|at the beginning|while)\b|\b(?:no|not) (?:salary|pay|wage|paid)"
           r" (?:yet|at"
           r" first|for now|in the beginning)\b", STOP, "It takes pay away.",
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
           r" sale)", STOP, "It makes pay depend.",
           unless=(is_denied, is_topic, is_asked)),
    phrase(r"\bwithout pay\b|\bvoluntary basis\b|\bunpaid\b(?! (?:invoices?|bills?|leave|debts?"
           r"|fines?"
           r"|care(?:rs?)?|labour|rent|tickets?|internships?|work of))", LOOK,
           "The text speaks of work without pay.", unless=(is_denied, is_topic, is_asked)),
    phrase(r"\b(?:do|help|produce|deliver|write|design|film|shoot|play|perform|code|translate"
           r"|edit)s?\b"
           r"[^.!?\n]{0,30} for free\b", LOOK, "The text speaks of work without pay.",
           unless=(is_denied, is_asked, is_of_others)),
)  # fmt: skip


def unpaid_work(posting: Posting) -> Iterator[Flag]:
    """Stop words that take away the pay which the facts state (rule 3.2)."""
    for flag in _all_texts(posting, UNPAID):
        if posting.role.pay_kind != "unpaid" or flag.verdict == STOP:
            yield flag
