"""Money asked of candidates, or moved through them (rule 4.1): fees, deposits, cards, parcels.

Each phrase is an ask, judged within its clause (``grammar``).
"""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext_noop

from opportunities.moderation.models import Verdict
from opportunities.roles.checks.grammar import (
    ASKED_OF_PEOPLE,
    in_all_texts,
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

ASKS_FOR_A_DEPOSIT: Final = gettext_noop("It asks candidates for a deposit.")
ASKS_FOR_A_FEE: Final = gettext_noop("It asks candidates for a fee.")
ASKS_TO_BUY_OR_PAY: Final = gettext_noop("It asks candidates to buy or pay.")
ASKS_TO_BUY: Final = gettext_noop("It asks candidates to buy something.")
ASKS_TO_PAY: Final = gettext_noop("It asks candidates to pay.")
ASKS_FOR_GIFT_CARDS: Final = gettext_noop("It asks for gift cards.")
HANDLES_UNTRACED_MONEY: Final = gettext_noop(
    "It has candidates handle money that cannot be traced."
)
HANDLES_PARCELS: Final = gettext_noop("It has candidates handle parcels for others.")
PASSES_MONEY_ON: Final = gettext_noop("It has candidates pass money on.")
PAYS_FOR_RECRUITING: Final = gettext_noop("It pays for recruiting others.")
PROMISES_MONEY_BACK: Final = gettext_noop("It promises to give back what candidates pay.")
PUTS_COSTS_ON_PEOPLE: Final = gettext_noop("It puts costs on the candidate.")
SPEAKS_OF_UNTRACED_MONEY: Final = gettext_noop("It speaks of money that cannot be traced.")
TAKES_COSTS_OFF_THE_PAY: Final = gettext_noop("It takes costs off the pay.")

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
START: Final = r"(?:register|join|start|apply|enrol|reserve|secure|book|unlock|activate|hold|begin)"


MONEY: Final = (
    phrase(rf"\b(?:charge|contribution|sum|payment|fee) of {SUM}[^.!?\n]{{0,30}}\b(?:expected"
           rf"|required"
           r"|asked|customary)\b|\bwe charge (?:you|an?|each|every|interns?|candidates?) ", STOP,
           ASKS_FOR_A_FEE, unless=ASKED_OF_PEOPLE),
    phrase(r"\btop up (?:your|the) (?:\w+ )?(?:wallet|account|balance|card)\b|\bwith your (?:own"
           r" )?(?:savings"
           r"|money|cash|funds)\b|(?:^|(?<=[.!?;\n:,] )|\bplease |\byou )pay (?:now|today|first"
           r"|upfront|up"
           r" front|in advance)\b", STOP, ASKS_TO_PAY, unless=PAID),
    phrase(rf"\b(?:reimburse|refund|pay back)(?:s|ed)?\b[^.!?\n]{{0,25}}\b(?:{CARD}|fee|kit"
           rf"|deposit|purchase"
           r"|licence|course|uniform)", STOP, PROMISES_MONEY_BACK,
           unless=(*ASKED_OF_PEOPLE, is_of_others)),
    phrase(rf"\b(?:pay|wages?|bonus|salary|payment|reward)(?: \w+)? (?:is|are|comes? as|will be)"
           rf" (?:an? )?"
           rf"(?:\w+ )?(?:{CARD}|{COIN})", LOOK, SPEAKS_OF_UNTRACED_MONEY,
           unless=ASKED_OF_PEOPLE),
    phrase(rf"\b(?:read|send|text|tell|give|mail|e-?mail)\b[^.!?\n]{{0,40}}(?:{CARD} (?:numbers?"
           rf"|codes?|backs?)"
           rf"|codes?[^.!?\n]{{0,25}}{CARD})", STOP, ASKS_FOR_GIFT_CARDS,
           unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:re-?pack|re-?package|relabel)\w*\b[^.!?\n]{0,30}\b(?:at home|in your)\b|\b(?:use"
           r"|lend us)"
           r" your (?:own |home |private )?address\b|\byour address to (?:receive|accept|get)\b",
           STOP,
           HANDLES_PARCELS, unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:use|lend us|rent us|through) your (?:own |private |personal )?(?:bank )?account\b"
           r"|(?<!we )(?<!we will )\bpay(?:s|ment)? (?:\w+ )?into your (?:\w+ )?account\b", STOP,
           PASSES_MONEY_ON, unless=(*ASKED_OF_PEOPLE, is_after_offer)),
    phrase(r"\bthe more (?:people|friends|members|sellers) you\b|\b(?:person|member|friend|people"
           r"|friends"
           r"|members)(?: that| who| whom)? you (?:enrol|recruit|bring|sign up|invite"
           r"|introduce)\b[^.!?\n]"
           r"{0,25}\b(?:pays?|earns?|share|bonus|commission)\b", STOP, PAYS_FOR_RECRUITING,
           unless=ASKED_OF_PEOPLE),
    phrase(r"\bwithout (?:a|the|your) (?:\w+ )?(?:deposit|payment|fee)\b", STOP,
           ASKS_FOR_A_DEPOSIT, unless=(is_without, is_topic, is_asked)),
    phrase(r"\byou (?:advance|front|lay out) (?:the |all |your )?(?:\w+ )?(?:money|costs?|fees?"
           r"|price)\b"
           r"|\b(?:transfer|send|wire|pay) (?:us |me )?(?:the|this|a) (?:small |first |full "
           r"|remaining )?"
           r"(?:amount|sum|balance)\b", STOP, ASKS_TO_PAY, unless=PAID),
    phrase(rf"\b(?:you|candidates?|interns?|trainees?|applicants?|participants?|everyone|everybody"
           rf"|each"
           rf" \w+) (?:will )?(?:also )?(?:need|contribute|contributes|chip in|put in|bring|pays?"
           rf"|owes?)"
           rf" (?:only |about |just |us )?{SUM}", STOP, ASKS_TO_PAY, unless=PAID),
    phrase(rf"\b(?:boot ?camp|academy|session|seminar|class|exam|assessment|induction|test|access"
           rf"|training|course|kit|pack|account)\b[^.!?,\n]{{0,30}}\bcosts? (?:you )?(?:only"
           rf" )?{SUM}", STOP,
           ASKS_FOR_A_FEE, unless=PAID),
    phrase(r"\b(?:candidates?|applicants?|interns?|trainees?|you)(?: \w+)? (?:is|are|will be|gets?)"
           r" (?:\w+ )?(?:charged|billed|invoiced)\b", STOP, ASKS_FOR_A_FEE,
           unless=PAID),
    phrase(rf"\b(?:after|upon|against|requires?|on) (?:the |a |your )?(?:payment|transfer"
           rf"|purchase) of"
           rf" (?:\w+ )?{SUM}", STOP, ASKS_TO_PAY, unless=PAID),
    phrase(r"\b(?:take|deduct|keep|withhold|subtract|recover)s?\b[^.!?\n]{0,45}\b(?:out of|from"
           r"|off) your"
           r" (?:\w+ )?(?:pay|wages?|stipend|fee|month|salary|invoice|earnings)\b", STOP,
           TAKES_COSTS_OFF_THE_PAY, unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:invoice|bill) for your\b", STOP, ASKS_TO_PAY, unless=PAID),
    phrase(r"\b(?:buy|purchase|pay for) your own\b|(?:^|(?<=[.!?;\n:] )|\bplease |\bfirst |\byou "
           r"|\bmust |"
           r"\bshould |\bto )(?:buy|purchase|order)\b[^.!?\n]{0,25}\bfrom (?:us|our|a partner)\b",
           STOP, ASKS_TO_BUY, unless=PAID),
    phrase(rf"\b{FEE_OF}(?: and \w+)? (?:fee|charge|cost|payment|contribution)s?\b"
           r"(?! (?:us|nothing|you nothing)\b)", STOP, ASKS_FOR_A_FEE,
           unless=PAID),
    phrase(r"\b(?:fee|charge)s? (?:applies|apply|(?:is|are) (?:due|required|charged|taken|added)"
           r"|secures?)\b", STOP, ASKS_FOR_A_FEE, unless=PAID),
    phrase(rf"\b(?:we|they) (?:only |just |also )?(?:charge|ask (?:you )?for|take|require)"
           rf" (?:[\w-]+ ){{0,4}}(?:{SUM}|fee|contribution|payment|charge)", STOP,
           ASKS_FOR_A_FEE, unless=ASKED_OF_PEOPLE),
    phrase(rf"\b(?:course|training|kit|certificate|badge|uniform|workshop|programme|licence)"
           rf" (?:costs?"
           rf"|is|comes to|price is)(?: only| just)? {SUM}", STOP, ASKS_FOR_A_FEE,
           unless=PAID),
    phrase(rf"{SUM}[^.!?\n]{{0,30}}\b(?:to {START}|secures? your|for your (?:id|kit|badge"
           rf"|background"
           r"|training|starter|uniform|place|seat))\b", STOP, ASKS_TO_PAY,
           unless=PAID),
    phrase(rf"\b(?:reserve|secure|hold|book|guarantee|confirm) your (?:place|seat|spot"
           rf"|slot)[^.!?\n]"
           rf"{{0,20}}(?:payment|deposit|fee|paying|transfer|{SUM})", STOP,
           ASKS_TO_PAY, unless=PAID),
    phrase(r"\b(?:refundable |security |holding |returnable |cash |key |equipment |small |one-off"
           r" )+"
           r"deposit\b(?: (?:is|of|required|payable) )?", STOP, ASKS_FOR_A_DEPOSIT,
           unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:(?:the|a|your|any|this|every) )?deposit (?:is|of|required|payable|will|must|for"
           r"|up"
           r" front|before|has to|back|secures|covers)\b", STOP,
           ASKS_FOR_A_DEPOSIT,
           unless=(*ASKED_OF_PEOPLE, is_of_others)),
    phrase(r"\b(?:pay|leave|put down|send|transfer|take|charge|require|collect|ask for|need|bring"
           r"|prepare|hand over"
           r"|want) (?:you )?(?:a|the|your|us a)? ?(?:\w+ ){0,2}deposit\b(?! (?:scheme|return"
           r"|account|slip|protection|box|rate|insurance))", STOP,
           ASKS_FOR_A_DEPOSIT,
           unless=(*ASKED_OF_PEOPLE, is_of_others)),
    phrase(r"\b(?:pay|wire|remit) (?:us|me|a fee|an? (?:up ?front|advance|initial)|money|the (?:fee"
           r"|costs?|trainer|agency))\b", STOP, ASKS_TO_PAY, unless=PAID),
    phrase(r"\b(?:send|transfer|wire|give) (?:us |me |our \w+ )?(?:the |a |your |an |only )*(?:\w+"
           r" )"
           rf"{{0,2}}(?:money|fees?|payment|cash|funds|costs?|{SUM})", STOP,
           ASKS_TO_PAY, unless=PAID),
    phrase(r"\b(?:you|candidates?|interns?|applicants?|trainees?|participants?|starters|everyone"
           r"|we)"
           r" (?:must|need to|have to|should|will|shall|are (?:asked|expected|required) to|will"
           r" need"
           r" you to|need you to|ask you to|want you to)(?: (?:first|also|only|then|themselves))?"
           r" (?:buy|purchase|pay|prepay|top up|order and pay)\b(?! (?:\w+ )?(?:attention|heed"
           r"|tribute"
           r"|respect|visits?))", STOP, ASKS_TO_BUY_OR_PAY, unless=PAID),
    phrase(rf"\binvest (?:your |{SUM}|money|in (?:a|the|your|our|this) (?:\w+ )?(?:kit|starter"
           rf"|package|plan"
           r"|account|coin|token|platform|fund|shares?))"
           r"(?! ?(?:time|energy))", STOP, ASKS_TO_PAY, unless=PAID),
    phrase(r"\b(?:buy|purchase) (?:your own|the|our|a|an)(?: \w+)? (?:starter|kit|pack|equipment"
           r"|course|training|licen[cs]e|uniform|laptop|stock|toolkit|manual|headset)", STOP,
           ASKS_TO_BUY, unless=PAID),
    phrase(r"\b(?:you|trainees?|interns?|candidates?) (?:bear|carry|shoulder|meet|cover|fund)s?"
           r" (?:the"
           r"|all|your|any|their)(?: own)?(?: \w+)? ?(?:costs?|expenses?|fees?)\b", STOP,
           PUTS_COSTS_ON_PEOPLE, unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:deducted|taken|withheld|kept|recovered|comes|come|deduct) [^.!?\n]{0,25}?(?:from"
           r"|out"
           r" of) your (?:\w+ )?(?:pay|wages?|stipend|fee|month|salary|invoice|earnings)\b", STOP,
           TAKES_COSTS_OFF_THE_PAY, unless=(is_denied, is_topic, is_asked)),
    phrase(r"\b(?:kit|fee|payment|starter|uniform|course|licence|purchase)\b[^.!?\n]{0,40}\b(?:is"
           r"|are|be"
           r"|get)(?: \w+)? (?:refund(?:ed)?|returned|paid back|reimbursed|it back|that back)\b",
           STOP,
           PROMISES_MONEY_BACK, unless=ASKED_OF_PEOPLE),
    phrase(r"\bat your own (?:expense|cost)\b|\bout of your own pocket\b", LOOK,
           PUTS_COSTS_ON_PEOPLE),
    phrase(rf"\b(?:buy|purchase|send|pick up|pay with)\b[^.!?\n]{{0,40}}"
           rf"\b(?:{CARD}|steam cards?)|\b(?:scan|scratch|photograph|read|text"
           rf"|send)\b[^.!?\n]{{0,30}}"
           rf"(?:codes?|backs?|numbers?)\b[^.!?\n]{{0,20}}\b{CARD}", STOP,
           ASKS_FOR_GIFT_CARDS, unless=PAID),
    phrase(rf"\b(?:paid|pay|payment|wages?|salary|fee|bonus)\b{GAP}{{0,25}}\b(?:in|as|with|by"
           rf"|through) (?:\w+"
           rf" )?(?:{CARD}|{COIN})", LOOK, SPEAKS_OF_UNTRACED_MONEY,
           unless=(is_denied, is_topic, is_asked)),
    phrase(rf"\b(?:buy|send|deposit|transfer|invest|convert|exchange|open|top up|fund|set up"
           rf"|connect"
           rf"|forward|trade|need|settle|pay)\b{GAP}{{0,45}}\b(?:{COIN}|crypto wallet)\b", STOP,
           HANDLES_UNTRACED_MONEY, unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:crypto wallet|western union|moneygram|paysafecard)\b", LOOK,
           SPEAKS_OF_UNTRACED_MONEY, unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:receive|accept|collect|store|take in|re-?pack|re-?label|forward|re-?ship|send"
           r"|post)\b"
           r"[^.!?\n]{0,40}\b(?:parcels?|packages?|shipments?|goods|deliver(?:y|ies)|phones)\b"
           r"[^.!?\n]{0,40}\b(?:your (?:own )?(?:home|address|flat|door|house|name|room)|abroad"
           r"|overseas|send them on|relabel|reship)\b", STOP,
           HANDLES_PARCELS, unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:parcels?|packages?|shipments?|goods|deliveries|phones"
           r"|boxes)\b[^.!?\n]{0,40}\b(?:to|at"
           r"|in) your (?:own )?(?:home|address|flat|house|door|room)\b(?! and collect)", STOP,
           HANDLES_PARCELS, unless=(*ASKED_OF_PEOPLE, is_ours)),
    phrase(r"\b(?:receive|accept|get|take in)\b[^.!?\n]{0,25}\b(?:parcels?|packages?|boxes"
           r"|shipments?)"
           r"\b[^.!?\n]{0,25}\b(?:at|from) home\b|\b(?:parcels?|packages?|boxes"
           r"|shipments?)\b[^.!?\n]{0,40}"
           r"\b(?:to other countries|abroad|overseas|with new labels|onwards)\b|\blocal address\b",
           STOP,
           HANDLES_PARCELS, unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:withdraw|take out)\b[^.!?\n]{0,30}\b(?:cash|sum|money|amount)\b|\b(?:cash|money"
           r"|sum)\b"
           r"[^.!?\n]{0,40}\b(?:to (?:our|a|the) courier|by courier)\b", STOP,
           PASSES_MONEY_ON, unless=ASKED_OF_PEOPLE),
    phrase(r"\baccept deliveries in your\b|\bre-?ship(?:ping)?\b", STOP,
           HANDLES_PARCELS, unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:payments?|funds|money|transfers?|cheques?|cash)\b[^.!?\n]{0,40}\byour (?:own "
           r"|personal"
           r" |private |bank )*account\b|\byour (?:own |personal |private )+(?:bank )?account to\b",
           STOP, PASSES_MONEY_ON, unless=BEFORE_OFFER),
    phrase(r"\b(?:cash|deposit) (?:the|our|a|these) cheques?\b|\bkeep (?:your share|\w+ percent"
           r"|\d+ ?%)"
           r"(?: of it)? (?:for yourself|as)", STOP, PASSES_MONEY_ON,
           unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:recruit|bring in|sign up|enrol|introduce|invite)\b[^.!?\n]{0,40}\b(?:earn|bonus"
           r"|commission|get paid|percent|reward)", STOP, PAYS_FOR_RECRUITING,
           unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:earn|paid|bonus|commission|percent|%|reward)\b[^.!?\n]{0,60}\b(?:for (?:each"
           r"|every)"
           r" (?:friend|person|member|recruit|one|new \w+)|(?:who(?:m)? |that )?you (?:recruit"
           r"|bring"
           r"|sign up|enrol|introduce)|below you|under you|beneath you|downline)", STOP,
           PAYS_FOR_RECRUITING, unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:bring in|recruit|sign up|find) (?:\w+ )?(?:sellers?|members?|partners?|people"
           r"|friends"
           r"|agents)\b[^.!?\n]{0,30}\b(?:level|rank|move up|income|free)\b|\b(?:income|earnings?"
           r"|pay"
           r"|bonus|commission)\b[^.!?\n]{0,40}\b(?:members?|person|friends?|recruits?"
           r"|sellers?)\b[^.!?\n]"
           r"{0,20}\b(?:joins?|under|below)\b", STOP, PAYS_FOR_RECRUITING,
           unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:earn|profit|commission|share|cut|bonus|percent)\b[^.!?\n]{0,20}\b(?:from|of|on)"
           r" (?:their|your team's|the team's|your recruits'?) (?:sales|work|purchases|income"
           r"|earnings)\b",
           STOP, PAYS_FOR_RECRUITING, unless=ASKED_OF_PEOPLE),
    phrase(r"\b(?:network marketing|multi-?level|downline|be your own boss|unlimited (?:earning"
           r"|income)"
           r"\w*|financial freedom|passive income)\b", STOP, PAYS_FOR_RECRUITING,
           unless=ASKED_OF_PEOPLE),
)  # fmt: skip


def money_asked(posting: Posting) -> Iterator[Flag]:
    """Stop what asks candidates for money, or has them move it for others (rule 4.1)."""
    return in_all_texts(posting, MONEY)
