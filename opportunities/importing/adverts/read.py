"""Read an advert as a whole: its title, its facts, its lists, and what is left for a description."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from opportunities.core.text import LINE_END
from opportunities.importing.adverts.advert import Advert, Span
from opportunities.importing.adverts.facts import (
    Reading,
    _is_fact,
    fact_lists,
    find_labels,
    read_days,
    read_durations,
    read_pay,
    read_place,
)
from opportunities.importing.adverts.words import (
    COUNTED,
    NUMBER_WORDS,
    field_labelled,
    in_english,
    language_of,
)
from opportunities.importing.parsing import field_of_work, format_named, parse_place, schedule
from opportunities.roles.fields import FIELDS, PARTS
from opportunities.roles.formats import FormatName

MAX_ADVERT: Final = 20_000
"""Characters of an advert that is read."""

type Skills = Callable[[Iterable[str]], Mapping[str, str]]
"""Returns the slug of each text that is exactly the name of a skill."""

_I: Final = re.IGNORECASE
_PLAIN: Final = str.maketrans(
    {
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u2010": "-", "\u2011": "-",
        "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-", "\u2019": "'",
        "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
    }
)  # fmt: skip
"""Signs that are written in several ways, each with the one that is read; one for one."""


def read_advert(  # what is known of the reader besides the text
    text: str,
    *,
    today: date,
    currency: str = "",
    country: str = "",
    skills: Skills | None = None,
) -> Advert:
    """Return what an advert of at most ``MAX_ADVERT`` characters surely says.

    ``today`` tells the year of a day with its weekday; ``currency`` is that of labelled amounts
    without a sign and ``country`` tells dollars apart, both empty where nobody knows;
    ``skills`` looks names up. Positions count characters of the returned ``text``.
    """
    text = LINE_END.sub("\n", text[:MAX_ADVERT])
    plain = text.translate(_PLAIN)
    reading = Reading(text, plain, language_of(text), today, currency, country)
    reading.labelled = find_labels(plain)
    lists = fact_lists(reading)
    _read_title(reading, lists)
    read_durations(reading, lists)
    read_pay(reading, lists)
    read_days(reading)
    read_place(reading, lists, parse_place)
    _read_words(reading)
    _read_numbers(reading)
    _read_steps(reading)
    _read_deliverables(reading)
    _read_skills(reading, skills)
    order = {name: place for place, name in enumerate(FIELDS)}
    found = sorted(reading.found, key=lambda one: order[one.name])
    unread = [one for one in reading.unread if not _is_read(one.span, found)]
    unread.sort(key=lambda one: one.span)
    return Advert(text, reading.language, found, unread, _description(reading, unread))


def _is_read(span: Span, found: Iterable[object]) -> bool:
    spans = [one for each in found for one in each.spans]  # type: ignore[attr-defined]
    return any(one.start <= span.start and span.end <= one.end for one in spans)


def named_kind(advert: Advert) -> str:
    """Return the words by which an advert calls itself a format, or nothing."""
    plain = advert.text.translate(_PLAIN)
    for line in find_labels(plain):
        if line.name == "kind" and format_named(words := plain[line.value.start : line.value.end]):
            return words
    title = advert.find("title")
    head = str(title.value) if title else ""
    for words in (head, plain):
        if found := _FORMAT_NAMES.search(words):
            return found[0]
    return head_noun[0] if (head_noun := re.search(r"\binternship\b", head, _I)) else ""


_FORMAT_NAMES: Final = re.compile(
    r"\b(?:"
    + "|".join(
        re.escape(str(name.label)).replace(r"\ ", "[ -]").replace(r"\-", "[ -]?")
        for name in sorted(FormatName, key=lambda name: -len(str(name.label)))
        if name != FormatName.INTERNSHIP
    )
    + r")\b",
    _I,
)

# Title.

_TITLE_LABELS: Final = (
    re.compile(r"(?:job )?title|position title|role title|role|position|job|titel|stelle|poste"
               r"|intitulé(?: du poste)?|titre|vacancy|internship title|project title|projekttitel"),
    re.compile(r"project|projekt|projet|placement|internship|micro-internship|praktikum|stage"
               r"|mission|task|aufgabe|post|profile"),
    re.compile(r"subject|betreff|objet"),
)  # fmt: skip
_ROLE_WORD: Final = re.compile(
    r"\b(?:intern|interns|internship|micro-?internship|placement|assistant|analyst|researcher|developer"
    r"|engineer|designer|writer|editor|coordinator|officer|manager|volunteer|tutor|technician|trainee"
    r"|translator|copywriter|illustrator|apprentice|associate|helper|support|photographer|planner"
    r"|tester|programmer|scientist|ambassador|fellow|project|sprint|shadowing"
    r"|praktik\w+|mikropraktikum|werkstudent\w*|hilfskraft|assistenz|mitarbeiter\w*|projekt\w*"
    r"|redaktion\w*|mitarbeit|ehrenamt\w*|entwickler\w*|aushilfe|stage|stagiaire|assistante?|chargée? de|rédact\w+"
    r"|développeu\w+|mission|bénévole|graphiste|traduct\w+|analyste|micro-stage)\b",
    _I,
)
_GREETING: Final = re.compile(
    r"^(?:dear|hi|hello|hey|good (?:morning|afternoon)|to whom|all|liebe|lieber|hallo|sehr geehrte|guten"
    r"|bonjour|chers?|chères?|madame|re:|fwd?:|about|we are|we're|join|your|our|why|wir |nous |über)\b",
    _I,
)
_WANTED: Final = re.compile(
    r"\b(?:(?:is |are |'re |am )?(?:currently )?(?:looking for|seeking|searching for|recruiting|hiring|in need of|needs?|wants?)"
    r"|suchen(?: wir)?(?: ab sofort| aktuell| derzeit)?|sucht|gesucht(?: wird)?:?|cherch(?:e|ons)|recherch(?:e|ons)|recrut(?:e|ons))"
    r"\s+(?:(?:an?|one|eine[nr]?|une?)\s+)(?P<title>[^.,:;!?\n()|]{3,80}?)"
    r"(?=\s+(?:to|for|who|with|in|at|from|starting|over|on|that|and|für|zur|zum|der|die|im|ab|mit|pour|afin|qui|à|dans|sur|over|während|pendant|next|this)\b|[.,:;!?\n()|]|$)",
    _I,
)
_NOT_TITLE: Final = re.compile(
    r"^(?:small|little|bit|few|couple|new|enthusiastic|motivated|place|way|team|hand|home|jemand\w*)\b"
    r"|^(?:someone|somebody|students?|persons?|people|studierende\w*|personne|étudiante?s?|candidate)$"
    r"|\b(?:months?|weeks?|you|days?|or|oder|ou)\b",
    _I,
)
_PARTING: Final = re.compile(r"\s+(?:-|\||·|•|@)\s+|\s*[|·•]\s*|\s+\((?=[^)]*\)\s*$)|,\s+")


def _read_title(reading: Reading, lists: list[list[Span]]) -> None:
    lines = reading.of("title")
    for pattern in _TITLE_LABELS[:1]:
        for line in lines:
            if pattern.fullmatch(line.label) and _add_title(reading, line.value):
                return
    first = _first_line(reading)
    if first is not None and (
        _ROLE_WORD.search(reading.words(first)) or _heads_facts(reading, first)
    ):
        if _add_title(reading, first):
            return
    for match in _WANTED.finditer(reading.plain):
        span = Span(*match.span("title"))
        words = reading.words(span)
        if re.search(r"\beinen\s+$", match[0][: span.start - match.start()], _I) and words.endswith("en"):
            continue  # the accusative of a word is not its name
        if not _NOT_TITLE.search(words) and _ROLE_WORD.search(words):
            if _add_title(reading, span):
                return
    for pattern in _TITLE_LABELS[1:]:
        for line in lines:
            if pattern.fullmatch(line.label) and _add_title(reading, line.value):
                return
    _title_of_list(reading, lists)


def _heads_facts(reading: Reading, first: Span) -> bool:
    """Say whether a short line stands right above the labelled facts of a role."""
    below = reading.plain[first.end :].lstrip("*_# \t\n")
    line = below.split("\n", 1)[0]
    facts = {each.name for each in reading.labelled} - {"other", "title", "kind"}
    start = len(reading.plain) - len(below)
    stands_over = _is_fact(reading, Span(start, start + len(line.rstrip()))) or any(
        start <= each.line.start <= start + len(line) for each in reading.labelled
    )
    return len(facts) >= 3 and len(reading.words(first).split()) <= 8 and stands_over


def _first_line(reading: Reading) -> Span | None:
    """Return the first line if it may be a title: short, no greeting, no sentence."""
    for match in re.finditer(r"[^\n]+", reading.plain):
        line = match[0].strip(" *_#\t=-")
        if not line:
            continue
        if (
            len(line) > 110
            or line.endswith((".", "!", "?", ",", ":", ";"))
            or _GREETING.match(line)
            or re.search(r"[.!?]\s", line)
            or field_labelled(line.split(":")[0])
            or re.search(r"\b(?:we|you|is|are|our|wir|sind|nous|sommes|vous)\b", line, _I)
        ):
            return None
        start = match.start() + match[0].index(line)
        return Span(start, start + len(line))
    return None


def _add_title(reading: Reading, span: Span) -> bool:
    """Keep a title without the facts that follow it: "Survey analyst | 6 weeks | Leeds"."""
    words = reading.words(span)
    end = span.end
    for part in _PARTING.finditer(words):
        head = words[: part.start()]
        rest = words[part.end() :]
        tail = Span(span.start + part.end(), span.end)
        first = re.split(_PARTING, rest.rstrip(")"))[0]
        first_span = Span(tail.start, tail.start + len(first))
        if _ROLE_WORD.search(head) and (
            _is_fact(reading, first_span) or "@" in part[0] or "|" in part[0] or "·" in part[0] or "•" in part[0]
            or re.search(r"\b(?:weeks?|months?|hours?|wochen?|monate|stunden|semaines?|mois|heures|remote"
                         r"|hybrid|paid|unpaid|£|€)\b|[£€]", first, _I)
        ):  # fmt: skip
            end = span.start + len(head)
            break
    title = Span(span.start, end)
    value = " ".join(reading.words(title).split()).strip(' "*_-')
    most = FIELDS["title"].kind.most  # type: ignore[attr-defined]
    if not 3 <= len(value) <= min(most, 110) or not re.search(r"[^\W\d_]{3}", value):
        return False
    if reading.plain[title.start : title.end] != value:
        place = reading.plain.find(value, title.start, title.end)
        title = Span(place, place + len(value)) if place >= 0 else title
    shown = reading.text[title.start : title.end]
    value = " ".join(shown.split())
    reading.add("title", value[0].upper() + value[1:], [title])
    return True


def _title_of_list(reading: Reading, lists: list[list[Span]]) -> None:
    """Take the one part that is no fact, of an advert that is nothing but a list of them."""
    if len(lists) != 1 or reading.plain.strip().count("\n"):
        return
    others = [part for part in lists[0] if not _is_fact(reading, part)]
    others = [
        part for part in others
        if not re.search(r"\d|\b(?:remote|start|begin|apply|unpaid|from|by|home|office|ab|bis|à partir"
                         r"|avant|hours|flexible|unbezahlt|télétravail|beginn|début)\b",
                         reading.words(part), _I)
        and len(reading.words(part).split()) >= 2
    ]  # fmt: skip
    if len(others) == 1:
        _add_title(reading, others[0])


# Words that stand for one of our own.

_FLEXIBLE: Final = re.compile(
    r"\b(?:flexible (?:hours|work hours|working hours|schedule|timetable|timing)|hours are (?:entirely |fully |completely )?flexible"
    r"|flexi-?time|choose your (?:own )?hours|flexible arbeitszeiten?|flexible zeiteinteilung"
    r"|freie zeiteinteilung|gleitzeit|zeitlich flexibel|horaires? (?:flexibles?|libres?|souples?|aménageables)"
    r"|organise your own hours|pick your own hours|set your own hours|work the hours that suit you)\b",
    _I,
)
_CORE: Final = re.compile(r"\b(?:core (?:working )?hours|kernarbeitszeit|kernzeit)\b", _I)
_FIXED: Final = re.compile(
    r"\b(?:fixed hours|feste arbeitszeiten|horaires fixes|(?:mon(?:day)?)(?: ?- ?| to )fri(?:day)?,? (?:from )?"
    r"\d{1,2}(?:[:.]\d{2})?(?: ?am)? ?(?:-|to) ?\d{1,2}(?:[:.]\d{2})?(?: ?pm)?)\b",
    _I,
)
_ASYNC: Final = re.compile(
    r"\b(?:asynchronous(?:ly)?|fully async|async work|work whenever you like|in your own time"
    r"|whenever suits you|any hours,? by the deadline)\b",
    _I,
)
_SCHEDULES: Final = (
    ("core_hours", _CORE), ("asynchronous", _ASYNC), ("fixed", _FIXED), ("flexible", _FLEXIBLE),
)  # fmt: skip
_CREDIT: Final = re.compile(
    r"\b(?:(?:academic|course|university|college) credit (?:is |can be |will be )?(?:given|available|awarded|offered|possible)"
    r"|(?:counts|eligible|earns?|receive|earn|for) (?:for )?(?:academic |course |university |college )credit"
    r"|\d+ ects|ects(?:-punkte| credits| points))\b",
    _I,
)
_NEGATED: Final = re.compile(r"\b(?:no|not|without|cannot|can't|kein\w*|nicht|ohne|pas|sans|aucun\w*|don't|nor)\b[^.;]*$", _I)
_ENROLLED: Final = re.compile(
    r"\b(?:must be (?:currently )?(?:enrolled|registered)|only (?:open )?(?:to|for) (?:currently )?(?:enrolled|registered)"
    r"|currently enrolled (?:at|in|students)|enrol(?:l)?ment (?:is )?required|open to enrolled"
    r"|nur für (?:eingeschriebene|immatrikulierte)|immatrikuliert sein|(?:du bist|sie sind) (?:eingeschrieben|immatrikuliert)"
    r"|immatrikulation (?:ist )?(?:erforderlich|vorausgesetzt)|convention de stage (?:obligatoire|exigée|requise)"
    r"|être inscrite? (?:à|dans|en)|inscription universitaire (?:obligatoire|requise))\b",
    _I,
)
_AGE: Final = re.compile(
    r"\b(?:(?:must be|aged?|you are|be) (?:at least )?(?P<a>1[4-9]|2[01])(?: years)?(?: or (?:over|older|above)|\+| and over| years old or over)"
    r"|at least (?P<b>1[4-9]|2[01]) years (?:old|of age)|minimum age:? (?P<c>1[4-9]|2[01])|over (?P<d>18)s only"
    r"|mindestens (?P<e>1[4-9]|2[01]) jahre(?: alt)?|ab (?P<f>1[4-9]|2[01]) jahren?|mindestalter:? (?P<g>1[4-9]|2[01])"
    r"|avoir (?:au moins )?(?P<h>1[4-9]|2[01]) ans(?: révolus)?|âge minimum:? (?P<i>1[4-9]|2[01]))",
    _I,
)
_EVIDENCE: Final = (
    ("reference", re.compile(
        r"\b(?:(?:written |a |good |personal )reference(?: letter)?(?! number)|letter of (?:recommendation|reference)"
        r"|reference letter|arbeitszeugnis|empfehlungsschreiben|lettre de recommandation)\b", _I)),
    ("certificate", re.compile(
        r"\b(?:certificate of (?:completion|participation)|completion certificate|(?:get|receive|with|issue|and|offer|provide) an? certificate"
        r"|certificate(?= (?:at|on|upon|from us)|\s*(?:[,;\n]|$))|teilnahmebescheinigung|praktikumsbescheinigung|zertifikat|attestation(?: de stage| de fin)?|certificat de stage)\b", _I)),
    ("evaluation", re.compile(r"\b(?:written (?:evaluation|feedback|assessment)|(?:final|end-of-project) evaluation|schriftliche(?:s|n)? feedback|évaluation écrite)\b", _I)),
)  # fmt: skip
_GIVEN: Final = re.compile(
    r"\b(?:you(?:'ll| will)? (?:get|receive|leave|finish|have)|leave with|we(?:'ll| will)? (?:give|write|provide|offer|issue)|you get|receive"
    r"|at the end|on completion|upon completion|afterwards|in return|wir (?:bieten|stellen|schreiben|geben)|du (?:bekommst|erhältst)"
    r"|sie (?:bekommen|erhalten)|am ende|nous (?:offrons|remettons|délivrons|rédigeons)|vous (?:recevez|recevrez|repartez|repartirez)|à la fin|perks|certificate|en fin)",
    _I,
)  # fmt: skip


def _read_words(reading: Reading) -> None:
    """Fill schedule, field of work, flags and what people leave with."""
    for line in reading.of("schedule"):
        value = schedule(reading.english(line.value))
        if value:
            reading.add("schedule", value, [line.value])
    told: dict[str, list[Span]] = {}
    for name, pattern in _SCHEDULES:
        for match in pattern.finditer(reading.plain):
            if not _NEGATED.search(reading.before(match.start(), 25)):
                told.setdefault(name, []).append(Span(*match.span()))
    if not reading.has("schedule") and told:
        # Flexible hours around core hours are core hours.
        names = set(told) - ({"flexible"} if "core_hours" in told else set())
        if len(names) == 1:
            [name] = names
            reading.add("schedule", name, told[name])
        else:
            for spans in told.values():
                for span in spans:
                    reading.leave("schedule", span, "contradicts")
    for line in reading.of("schedule"):
        if not any(line.value.start <= one.start < line.value.end for spans in told.values()
                   for one in spans) and not reading.has("schedule"):  # fmt: skip
            reading.leave("schedule", line.value)
    for line in reading.of("field"):
        if value := field_of_work(reading.words(line.value)):
            reading.add("field", value, [line.value])
    for name, pattern in (("credit", _CREDIT), ("requires_enrolment", _ENROLLED)):
        spans = [
            Span(*match.span())
            for match in pattern.finditer(reading.plain)
            if not _NEGATED.search(reading.before(match.start()))
        ]
        if spans:
            reading.add(name, True, spans)
    evidence = {
        name: [
            Span(*match.span())
            for match in pattern.finditer(reading.plain)
            if _GIVEN.search(reading.sentence(Span(*match.span())))
            and not _NEGATED.search(reading.before(match.start()))
        ]
        for name, pattern in _EVIDENCE
    }
    if kept := [name for name, spans in evidence.items() if spans]:
        reading.add("evidence", kept, [span for name in kept for span in evidence[name]])


_PLACES: Final = re.compile(
    rf"\b(?P<n>{COUNTED})\s+(?:(?:paid|student|remote|summer|open|available|freie|bezahlte|offene)\s+){{0,2}}"
    r"(?:places?|openings?|vacancies|positions?|spots|interns|internships|students|plätze|praktikumsplätze|praktikant(?:en|innen|\*innen|:innen)"
    r"|stellen|places|postes|stagiaires|spaces)\b(?P<after> (?:available|open|frei|zu vergeben|disponibles|à pourvoir))?",
    _I,
)
_TAKEN: Final = re.compile(
    r"(?:\bwe (?:have|offer|can take|are taking|take)|\bthere are|\blooking for|\bhiring|\boffering|\brecruiting|\bseeking"
    r"|\bwir (?:haben|bieten|vergeben|suchen)|\bsuchen(?: wir)?|\bgibt|\bnous (?:proposons|offrons|avons|recrutons|recherchons|cherchons)|\bup to"
    r"|\bavailable:?|\boffers?|\bhas|\btakes?|\bbietet|\bsucht|\bpropose|\brecrute)\s*$",
    _I,
)
_WITH_MENTOR: Final = re.compile(
    rf"(?P<n>\d+|half an|an|{COUNTED})\s*-?(?P<unit>hours?|minutes?|mins?\b|stunden?|minuten|heures?|minutes)"
    r"(?P<mid>[^.!?\n]{0,60})",
    _I,
)
_MENTOR: Final = re.compile(r"mentor|supervis|betreu|encadr|tut(?:eur|rice)|1:1|one-to-one|one to one|maître de stage", _I)
_WEEKLY: Final = re.compile(
    r"\b(?:(?:a|per|each|every|pro|jede|die|par|chaque) (?:week|woche|semaine)|weekly|wöchentlich\w*|hebdomadaires?)\b", _I)
_PERSON: Final = r"(?P<name>(?:(?:Dr|Prof|Professor|Mr|Ms|Mrs|Mme|M|Frau|Herr|Doctor)\.? ){0,2}[A-ZÀ-Ý][\w'-]+(?: (?:van|de|von|der|al|le|la|da|du))*(?: [A-ZÀ-Ý][\w'-]+){1,2})"
_MENTORED: Final = re.compile(
    r"(?:[Yy]our (?:mentor|supervisor)(?: is| will be|,)|[Mm]entored by|[Ss]upervised by|[Mm]entor(?:in)? (?:is|ist)"
    r"|[Bb]etreut (?:dich |Sie |wirst du )?(?:von|durch)|[Ww]irst du von|[Ee]ncadrée? par|[Vv]otre (?:tuteur|tutrice|encadrante?) (?:est|sera,?)"
    r"|[Dd]eine? (?:Mentor(?:in)?|Betreuer(?:in)?) ist|[Ww]ith mentoring from|[Uu]nder (?:the supervision of)?)"
    rf",? {_PERSON}"
)


def _count(words: str, language: str) -> int | None:
    if words.isdigit():
        return int(words)
    plain = words.casefold()
    for name in (language, "en"):
        if plain in NUMBER_WORDS[name]:
            return NUMBER_WORDS[name][plain]
    return None


def _read_numbers(reading: Reading) -> None:
    """Fill places, least age, mentor and the mentor's minutes a week."""
    said: dict[int, list[Span]] = {}
    for line in reading.of("capacity"):
        words = reading.words(line.value)
        match = re.fullmatch(rf"({COUNTED})(?: (?:places?|openings?|interns?|plätze|students?|positions?|postes?|stagiaires?))?", words, _I)
        count = _count(match[1], reading.language) if match else None
        if count is None:
            reading.leave("capacity", line.value)
        else:
            said.setdefault(count, []).append(line.value)
    if not said:
        for match in _PLACES.finditer(reading.plain):
            count = _count(match["n"], reading.language)
            if count and (match["after"] or _TAKEN.search(reading.before(match.start()))):
                said.setdefault(count, []).append(Span(*match.span()))
    if len(said) == 1 and 1 <= (count := next(iter(said))) <= 500:
        reading.add("capacity", count, said[count])
    for line in reading.of("min_age"):
        if match := re.fullmatch(r"(1[4-9]|2[01])(?: years| jahre| ans)?", reading.words(line.value), _I):
            reading.add("min_age", int(match[1]), [line.value])
    ages = {next(age for age in match.groups() if age): Span(*match.span())
            for match in _AGE.finditer(reading.plain)}  # fmt: skip
    if len(ages) == 1:
        [(age, span)] = ages.items()
        reading.add("min_age", int(age), [span])
    _read_mentor(reading)


def _read_mentor(reading: Reading) -> None:
    for line in reading.of("mentor_name"):
        words = re.match(_PERSON, reading.words(line.value))
        if words:
            start = line.value.start
            span = Span(start, start + len(words["name"].rstrip(".")))
            reading.add("mentor_name", reading.text[span.start : span.end], [span])
    for match in _MENTORED.finditer(reading.plain):
        start = match.start("name")
        span = Span(start, start + len(match["name"].rstrip(".")))
        reading.add("mentor_name", reading.text[span.start : span.end], [span])
    said: dict[int, list[Span]] = {}
    for match in _WITH_MENTOR.finditer(reading.plain):
        span = Span(match.start(), match.end("unit"))
        sentence = reading.sentence(span)
        is_labelled = any(
            line.value.start <= span.start < line.value.end
            for line in reading.of("mentor_name", "mentoring")
        )
        if not (is_labelled or _MENTOR.search(sentence)) or not _WEEKLY.search(
            match["mid"] if not is_labelled else sentence
        ):
            if not re.search(r"(?:weekly|wöchentlich\w*|hebdomadaire)\s*$", reading.before(span.start), _I) or not (
                is_labelled or _MENTOR.search(sentence)
            ):
                continue
        words = match["n"].casefold()
        count = 0.5 if words == "half an" else _count(words, reading.language) or (1 if words == "an" else None)
        if count is None:
            continue
        minutes = count * (60 if match["unit"].casefold()[0] in "hs" else 1)
        if minutes <= 300:
            end = match.end("unit")
            if weekly := _WEEKLY.search(match["mid"]):
                end += weekly.end()
            said.setdefault(int(minutes), []).append(Span(match.start(), end))
    if len(said) == 1:
        [(minutes, spans)] = said.items()
        reading.add("mentor_minutes_per_week", minutes, spans)


# Steps, deliverables, skills.

_STEP_WORDS: Final = (
    ("resume", re.compile(r"\b(?:cvs?|resum[eé]s?|résumés?|lebensl(?:auf|äufe)|curriculum vitae)\b", _I)),
    ("cover_letter", re.compile(r"\b(?:cover(?:ing)? letters?|motivation(?:al)? letters?|letter of motivation|(?:motivations|an)schreiben|lettre de motivation)\b", _I)),
    ("portfolio", re.compile(r"\bportfolios?\b|\barbeitsproben\b", _I)),
    ("phone_screen", re.compile(r"\b(?:phone (?:screen|call|interview|chat)|telephone interview|telefonat|telefoninterview|entretien téléphonique|appel téléphonique|intro call)\b", _I)),
    ("panel_interview", re.compile(r"\bpanel interview\b", _I)),
    ("interview", re.compile(r"(?<!panel )(?<!phone )(?<!telephone )\b(?:interviews?|vorstellungsgespräch|bewerbungsgespräch|kennenlerngespräch|entretien)\b(?! téléphonique| process| skills)", _I)),
    ("work_sample", re.compile(r"\b(?:work sample|sample task|trial task|short task|test task|probeaufgabe|arbeitsprobe|exercice pratique|take-home task|writing sample)\b", _I)),
    ("test", re.compile(r"\b(?:coding test|online test|aptitude test|skills test|eignungstest|test technique|test en ligne)\b", _I)),
    ("reference_check", re.compile(r"\b(?:reference check|references? (?:are|will be) (?:checked|taken)|two references|referenzen)\b", _I)),
)  # fmt: skip
_APPLY_CUE: Final = re.compile(
    r"\b(?:apply|applying|application|applicants?|send|submit|email|e-mail|selection|hiring process|process|shortlist\w*|bewerb\w*|bewirb"
    r"|sende\w*|schick\w*|auswahl\w*|candidat\w*|postul\w*|envoye[rz]|sélection|recrutement|mailen|adressez|adresser|write to)\b",
    _I,
)


def _read_steps(reading: Reading) -> None:
    """Fill what applicants go through, in the order in which the advert names it."""
    places: list[tuple[int, str, Span]] = []
    for name, pattern in _STEP_WORDS:
        for match in pattern.finditer(reading.plain):
            span = Span(*match.span())
            in_label = any(
                line.value.start <= span.start < line.value.end for line in reading.of("steps")
            )
            if not in_label and not _APPLY_CUE.search(reading.sentence(span)):
                continue
            if _NEGATED.search(reading.before(span.start)) or re.match(
                r"\s*(?:is |are |ist |sind |est )?(?:not (?:needed|required)|optional|nicht (?:nötig|erforderlich)|facultati)",
                reading.after(span.end), _I,
            ):  # fmt: skip
                continue
            if re.search(r"\b(?:or|oder|ou)\s+(?:an? |une? |ein(?:e|en)? |your )?$", reading.before(span.start), _I) or re.match(
                r"\s+(?:or|oder|ou)\b", reading.after(span.end), _I
            ):
                reading.leave("steps", span)
                continue
            places.append((span.start, name, span))
    places.sort()
    if places:
        names = list(dict.fromkeys(name for _, name, _ in places))
        reading.add("steps", names, [span for _, _, span in places])


_ITEM: Final = re.compile(r"[^\n]+")
_MARK: Final = re.compile(r"^\s*(?:[-*•·–‣○]|\d{1,2}[.)])\s*")


def _items(reading: Reading, value: Span) -> Iterator[Span]:
    """Yield the entries of a list: its lines, or what stands between semicolons."""
    words = reading.words(value)
    lines = [line for line in _ITEM.finditer(words) if line[0].strip()]
    if len(lines) == 1 and not _MARK.match(words):
        pattern = r"(?:[^;])+"
        pieces = list(re.finditer(pattern, words))
    else:
        pieces = lines
    for piece in pieces:
        mark = _MARK.match(piece[0])
        start = value.start + piece.start() + (mark.end() if mark else 0)
        end = value.start + piece.end()
        while start < end and reading.plain[start] in " \t*_":
            start += 1
        while start < end and reading.plain[end - 1] in " \t*_.;,":
            end -= 1
        if start < end:
            yield Span(start, end)


def _read_deliverables(reading: Reading) -> None:
    found: list[Span] = []
    most = PARTS["deliverables"].fields["title"].most  # type: ignore[attr-defined]
    for line in reading.of("deliverables"):
        for item in _items(reading, line.value):
            words = reading.words(item)
            if len(words) > most:
                reading.leave("deliverables", item, "too_long")
            elif re.fullmatch(r"[\d\s]*|tbc|tbd|none|keine|aucun", words, _I):
                reading.leave("deliverables", item)
            else:
                found.append(item)
    if found and len(found) <= PARTS["deliverables"].most:
        entries = [{"title": " ".join(reading.text[s.start : s.end].split())} for s in found]
        reading.add("deliverables", entries, found)


_SKILL_CUE: Final = re.compile(
    r"\b(?P<cue>(?:experience|experienced|familiarity|familiar|comfortable|confident|proficien(?:t|cy)|skilled|knowledge|skills?|fluen(?:t|cy))"
    r" (?:with|in|of|using)|erfahrung(?:en)? (?:mit|in)|kenntnisse in|sicher (?:in|im umgang mit)|umgang mit|vertraut mit"
    r"|maîtrise (?:de|d'|du)|connaissances? (?:de|en|du|d')|à l'aise avec|expérience (?:de|avec|en))\s*(?P<list>[^.;:\n(]{2,120})",
    _I,
)  # fmt: skip
_BETWEEN: Final = re.compile(r"[,;|•·\n/]|\s+(?:and|or|und|oder|et|ou)\s+|&", _I)
_LEVELS: Final = re.compile(
    r"^(?:(?:some|basic|good|strong|solid|excellent|working|prior|sound|a|the|of|in|with|using|knowledge|experience|skills|level|very|gute|grundlegende"
    r"|sehr|erste|solide|kenntnisse|bonne|bonnes|très|maîtrise|de|d'|en|du|la|le|notions|connaissance|connaissances|at least|ideally"
    r"|intermediate|advanced|fluent|beginner|proficient|familiarity|proficiency|confident)[\s']+)+",
    _I,
)
_AFTER_SKILL: Final = re.compile(r"\s*(?:\(.*|skills?|kenntnisse|-kenntnisse|preferred|required|desirable|essential|is a plus|a plus|(?:\s(?:helps?|is|are|would|wäre|ist|sind|wünschenswert|appréciée?s?|souhaitée?s?|useful|welcome|needed)\b.*))$", _I)


def _read_skills(reading: Reading, lookup: Skills | None) -> None:
    """Fill the skills whose names stand in a list of skills or behind "experience with"."""
    if lookup is None:
        return
    candidates: list[tuple[Span, str, bool]] = []
    for line in reading.of("skills"):
        for item in _items(reading, line.value):
            candidates += [(span, words, True) for span, words in _names(reading, item)]
    for match in _SKILL_CUE.finditer(reading.plain):
        negated = _NEGATED.search(reading.before(match.start())) or re.search(
            r"\b(?:not|nicht|n'est pas|no)\b", match["list"], _I
        )
        if not negated:
            span = Span(*match.span("list"))
            candidates += [(span, words, False) for span, words in _names(reading, span)]
    known = lookup([words for _, words, _ in candidates])
    found: dict[str, list[Span]] = {}
    for span, words, is_listed in candidates:
        if slug := known.get(words):
            found.setdefault(slug, []).append(span)
        elif is_listed:
            reading.leave("skills", span, "unknown_skill")
    if found and len(found) <= PARTS["skills"].most:
        entries = [{"name": slug, "level": 1, "importance": 1, "must": False} for slug in found]
        reading.add("skills", entries, [span for spans in found.values() for span in spans])


def _names(reading: Reading, item: Span) -> Iterator[tuple[Span, str]]:
    words = reading.words(item)
    place = 0
    for cut in [*_BETWEEN.finditer(words), None]:
        end = cut.start() if cut else len(words)
        piece = words[place:end]
        lead = _LEVELS.match(piece.lstrip() + " ")
        start = place + len(piece) - len(piece.lstrip()) + (len(lead[0]) if lead and lead.end() < len(piece.strip()) else 0)
        name = _AFTER_SKILL.sub("", words[start:end].strip(" .*_'\"-"))
        begin = words.find(name, start, end) if name else -1
        if begin >= 0 and len(name) <= 60:
            yield Span(item.start + begin, item.start + begin + len(name)), name
        place = cut.end() if cut else end


# The rest.


def _description(reading: Reading, unread: Iterable[object]) -> str:
    """Return the text without the title's line and the labelled lines that were read whole."""
    cut: list[Span] = []
    title = next((one for one in reading.found if one.name == "title"), None)
    if title and not reading.text[: title.spans[0].start].strip(" *#_\n"):
        line_end = reading.text.find("\n", title.spans[0].end)
        end = len(reading.text) if line_end < 0 else line_end
        if not reading.text[title.spans[0].end : end].strip(" *#_"):
            cut.append(Span(0, end))
    spans = {span for one in reading.found for span in one.spans}
    left = [one.span for one in unread]  # type: ignore[attr-defined]
    for line in reading.labelled:
        inside = any(line.value.start <= one.start < line.value.end for one in left)
        if line.value in spans and not inside:
            cut.append(line.line)
    kept, place = [], 0
    for span in sorted(cut):
        if span.start >= place:
            kept.append(reading.text[place : span.start])
            place = span.end
    kept.append(reading.text[place:])
    lines = [line.rstrip() for line in "".join(kept).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(" \n|;·•")


_ = in_english
