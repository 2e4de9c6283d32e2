"""The words of adverts in English, German and French: labels, units, months, and their English.

The parsers of ``parsing`` read English. What a German or French advert says of time, money and
place is found here by the same patterns and handed to them in English words.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from opportunities.importing.columns import field_called
from opportunities.importing.parsing.numerals import NUMBER_WORDS

MOST_LABEL: Final = 48

_OF_ADVERTS: Final[Mapping[str, str]] = {
    label: name
    for name, labels in {
        "title": "post title|project|subject|micro-internship|placement|betreff|projekt"
        "|projekttitel|aufgabe|praktikum|objet|mission|projet|stage",
        "duration": "contract|internship length|time needed|zeitraum und umfang|durée du contrat"
        "|duration of internship|period of internship|duration and hours|duration/hours|time"
        "|timescale|term|vertragsart|vertragsdauer|vertragslaufzeit|befristung|praktikumsdauer",
        "period": "period|dates|when|zeitraum|wann|période|quand",
        "commitment": "hours per week|wochenarbeitszeit|stunden/woche|stundenumfang|arbeitsaufwand"
        "|zeitaufwand|nombre d'heures|rythme|effort|estimated effort|total hours",
        "pay": "what we pay|what you get paid|entlohnung|aufwandsentschädigung|stundenlohn"
        "|paiement|stipend/salary|fixed price|day rate|tagessatz|tarif journalier|was gibt's",
        "start": "begins|start ab|startzeitpunkt|beginnt|date de début souhaitée|démarrage"
        "|prise de poste|date de démarrage|starting date|starttermin|eintrittstermin"
        "|start of internship|start of placement|beginn des praktikums|début du stage",
        "apply_by": "applications close|bewerbung bis|bewerben bis|candidature avant"
        "|candidatures avant|candidatures avant le|date limite pour postuler|clôture"
        "|clôture des candidatures|applications by",
        "location": "venue|wo|où|place|lieu du stage|localisation|base",
        "mode": "arbeitsmodell|arbeitsweise|mode de travail|remote|working arrangement"
        "|work arrangement",
        "skills": "tools|tech stack|stack|you know|werkzeuge|outils|essential skills|technologies"
        "|du kannst|du kennst|logiciels|software",
        "deliverables": "output|what you will deliver|what you'll deliver|what you will produce"
        "|what you'll produce|you will deliver|you will produce|ergebnisse|ergebnis"
        "|was am ende steht|livrables|livrable|résultats attendus|what you hand over"
        "|at the end we have|expected results|results",
        "steps": "selection|selection process|selection steps|hiring process|interview process"
        "|how we choose|how we select|process|application process|auswahl|auswahlverfahren"
        "|bewerbungsprozess|so wählen wir aus|sélection|processus de sélection"
        "|processus de recrutement|étapes|recruitment process|how to apply|to apply|apply"
        "|so bewerben sie sich|so bewirbst du dich|bewerbung|pour postuler|candidature"
        "|comment postuler|application|documents|unterlagen|required documents|pièces à fournir",
        "schedule": "arbeitszeiten|arbeitszeitmodell|horaires|when you work|working times"
        "|hours of work",
        "capacity": "anzahl|places disponibles|freie plätze",
        "mentor_name": "mentor|supervisor|your mentor|betreuer|betreuerin|betreuung|mentorin"
        "|encadrant|encadrante|tuteur|tutrice|maître de stage|supervised by|mentored by"
        "|your supervisor",
        "mentoring": "mentoring|mentorship|supervision|encadrement|tutorat",
        "kind": "format|art|contrat|beschäftigungsart",
        "field": "bereich|fachbereich|domaine|secteur",
        "other": "about us|about|about the role|about the company|company|organisation"
        "|organization|employer|contact|website|reference|ref|requirements|responsibilities"
        "|who you are|what you will do|what you'll do|your tasks|nice to have|benefits"
        "|what we offer|perks|über uns|unternehmen|firma|kontakt|aufgaben|deine aufgaben"
        "|ihre aufgaben|profil|dein profil|ihr profil|wir bieten|anforderungen|à propos|entreprise"
        "|vos missions|missions|votre profil|profil recherché|nous offrons|avantages|tasks"
        "|the task|the work|description|who can apply|eligibility|what you bring"
        "|das bringst du mit|note|notes|please note|about the internship|about the project"
        "|background|the project|the role|the team|why|travel|expenses|experience|education"
        "|vacancy reference|job reference|job ref|job id|reference number|referenznummer"
        "|directorate|department|abteilung|service|laboratoire|posted",
    }.items()
    for label in labels.split("|")
}  # fmt: skip

_READ: Final = frozenset(_OF_ADVERTS.values()) | {
    "capacity", "apply_by", "min_age", "title", "schedule", "mode", "skills",
    "deliverables", "steps",
}  # fmt: skip


def field_labelled(label: str) -> str:
    """Return what a label of an advert names, by its own words or those of boards, or nothing."""
    plain = " ".join(label.casefold().replace("\u2019", "'").split()).strip(" *_#:.-\u2022")
    if not plain or len(plain) > MOST_LABEL:
        return ""
    if name := _OF_ADVERTS.get(plain, ""):
        return name
    name = field_called(plain)
    return name if name in _READ else ""


COUNTED: Final = r"(?:\d+(?:[.,]\d+)?|" + "|".join(
    sorted({word for words in NUMBER_WORDS.values() for word in words}, key=len, reverse=True)
) + ")"  # fmt: skip

MONTHS: Final[Mapping[str, str]] = {
    word: english
    for english, words in {
        "january": "januar jänner janvier janv",
        "february": "februar feber février fevrier févr",
        "march": "märz maerz mars",
        "april": "avril avr",
        "may": "mai",
        "june": "juni juin",
        "july": "juli juillet juil",
        "august": "août aout",
        "september": "septembre",
        "october": "oktober octobre okt",
        "november": "novembre",
        "december": "dezember décembre decembre dez déc",
    }.items()
    for word in words.split()
}
MONTH: Final = "|".join(
    sorted(
        [
            *MONTHS,
            "january", "february", "march", "april", "may", "june", "july", "august", "september",
            "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug",
            "sep", "sept", "oct", "nov", "dec",
        ],
        key=len,
        reverse=True,
    )
)  # fmt: skip
DATE: Final = (
    r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+(?:of\s+)?(?:{MONTH})\b\.?,?(?:\s+\d{{4}}"
    rf"|\s*'\s?\d{{2}})?|(?:{MONTH})\b\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!\d)(?:,?\s+\d{{4}})?)"
)
MONTH_YEAR: Final = rf"(?:{MONTH})\b\.?\s+\d{{4}}"
WEEKDAY: Final = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag"
    r"|mittwoch|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|mon|tue|wed|thu|fri|sat|sun)"
)
WEEKDAYS: Final[Mapping[str, int]] = {
    word: number
    for number, words in enumerate((
        "monday mon montag lundi", "tuesday tue dienstag mardi", "wednesday wed mittwoch mercredi",
        "thursday thu donnerstag jeudi", "friday fri freitag vendredi",
        "saturday sat samstag samedi", "sunday sun sonntag dimanche"))
    for word in words.split()
}  # fmt: skip

_MORE: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "de": (
        (r"\b(?:ein|eine|einen|einem|einer)\b(?=\s+(?:woch|mon|tag|stunde))", "1"),
        # A German point groups thousands: no euro has three decimals.
        (r"(?<![\d.,])(\d{1,3})\.(\d{3})(?![\d.])", r"\1\2"),
        (r"\bbis zu\b|\bmaximal\b|\bhöchstens\b", "up to"),
        (r"\bmindestens\b", "at least"),
        (r"\b(?:ca\.?|etwa|rund|ungefähr)(?=\s)", "about"),
        (r"(?<=\d)\s+bis\s+(?=\d)|(?<=\w)\s+bis\s+(?=\d+\s*(?:wochen|monate|stunden))", " to "),
        (r"\b(\d+)[- ]?wöchig\w*", r"\1 weeks"),
        (r"\b(\d+)[- ]?monatig\w*", r"\1 months"),
        (r"\bwochenstunden\b", "hours per week"),
        (r"\bhalbe tage\b", "half-days"),
        (r"\b(?:arbeitstagen?|werktagen?)\b", "working days"),
        (r"(?:\bpro|\bje|\bin der|\bdie|/)\s*woche\b|\bwöchentlich\b", " per week"),
        (r"(?:\bpro|\bje|\bim|/)\s*monat\b|\bmonatlich\b", " per month"),
        (r"(?:\bpro|\bje|\bdie|/)\s*(?:stunde|std\.?|h)(?!\w)|\bstündlich\b|\bstundenlohn\b",
         " per hour"),
        (r"(?:\bpro|\bam|/)\s*tag\b|\btäglich\b", " per day"),
        (r"(?:\bpro|\bje|\bim|/)\s*jahr\b", " per year"),
        (r"\bstunden?\b|\bstd\b\.?", "hours"),
        (r"\bwochen?\b", "weeks"), (r"\bmonaten?\b|\bmonats?\b", "months"),
        (r"\btag(?:en?)?\b", "days"),
        (r"\bpauschal\w*|\bfest(?:preis|betrag|honorar)\b|\binsgesamt\b|\bgesamt\b|\beinmalig\b",
         " fixed "),
        ((r"\bfür (?:das|die|den) (?:gesamte |ganze )?(?:projekt|aufgabe|auftrag"
         r"|monat)\b"), " fixed "),
        (r"\btagessatz\b", "daily rate"),
        (r"\bbrutto\b", " gross "),
        (r"\b(?:vergütung|bezahlung|gehalt|honorar|lohn|entgelt|von|monatsgehalt)\b", " "),
        ((r"\b(?:unbezahlt|unvergütet|unentgeltlich|ehrenamtlich|keine vergütung"
         r"|ohne vergütung)\w*"), "unpaid"),
        (r"\b(?:im )?home[- ]?office\b|\bvon zu ?hause(?: aus)?\b|\bortsunabhängig\b", "remote"),
        (r"\bvor ort\b|\bin präsenz\b|\bim büro\b", "on site"),
        (r"\bbefristet(?: auf)?\b", "fixed term"),
        (r"\bflexibel\b", "flexible"), (r"\bund\b", "and"), (r"\boder\b", "or"),
        (r"\büber\b|\bfür\b", "for"),
        (r"\bschweiz\b", "Switzerland"), (r"\bösterreich\b", "Austria"),
    ),
    "fr": (
        (r"(?<=\d)er\b", ""),
        (r"\bune?\b(?=\s+(?:sem|mois|jour|heure))", "1"),
        (r"\bjusqu'à\b|\bau maximum\b|\bmaximum\b", "up to"),
        (r"\bau moins\b|\bminimum\b", "at least"),
        (r"\b(?:environ|autour de)\b", "about"),
        (r"(?<=\d)\s+(?:à|a)\s+(?=\d)", " to "),
        (r"\bjours? (?:ouvrés|ouvrables|ouvré)\b", "working days"),
        (r"\bdemi-journées?\b", "half-days"),
        (r"(?:\bpar|/|\bla)\s*semaine\b|\bhebdomadaires?\b|\bhebdo\b", " per week"),
        (r"(?:\bpar|/|\ble)\s*mois\b|\bmensuel\w*\b", " per month"),
        (r"(?:\bpar|/|\bde l'|\bl')\s*(?:heure|h)(?!\w)", " per hour"),
        (r"(?:\bpar|/)\s*jour\b", " per day"),
        (r"(?:\bpar|/)\s*an\b", " per year"),
        (r"\bheures?\b", "hours"), (r"\bsemaines?\b", "weeks"), (r"\bmois\b", "months"),
        (r"\bjours?\b|\bjournées?\b", "days"),
        ((r"\b(?:au )?forfait\w*|\bau total\b|\ben tout\b|\bpour (?:la mission|le projet|le tout"
         r"|le mois)\b"), " fixed "),
        (r"\btarif journalier\b", "daily rate"),
        (r"\bbrute?s?\b", " gross "),
        (r"\b(?:gratification|rémunération|indemnité|salaire|de|est)\b", " "),
        (r"\b(?:non rémunéré|bénévole|sans rémunération|bénévolat)\w*", "unpaid"),
        (r"\b(?:en |100 ?% )?télétravail\b|\bà distance\b", "remote"),
        (r"\bsur (?:place|site)\b|\b(?:en )?présentiel\b", "on site"),
        (r"\bhybride\b", "hybrid"),
        (r"\bflexibles\b", "flexible"), (r"\bet\b", "and"), (r"\bou\b", "or"),
        (r"\bsur\b|\bpendant\b", "for"),
        (r"\bsuisse\b", "Switzerland"), (r"\bbelgique\b", "Belgium"),
        (r"\ballemagne\b", "Germany"),
    ),
    "en": (),
}  # fmt: skip
_ENGLISH: Final[Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]] = {
    language: (
        *((re.compile(rf"\b{word}\b", re.IGNORECASE), str(NUMBER_WORDS[language][word]))
          for word in sorted(NUMBER_WORDS[language], key=len, reverse=True)
          if language != "en" and NUMBER_WORDS[language][word] > 1),
        *((re.compile(rf"\b{word}\b(?=\.?[\s,]*\d|\s*$|\.)", re.IGNORECASE), english)
          for word, english in MONTHS.items()),
        *((re.compile(pattern, re.IGNORECASE), english) for pattern, english in pairs),
    )
    for language, pairs in _MORE.items()
}  # fmt: skip
_DE_NUMBER_HEAD: Final = re.compile(
    r"\b(" + "|".join(NUMBER_WORDS["de"]) + r")(?=(?:wöchig|monatig))", re.IGNORECASE
)


def in_english(words: str, language: str) -> str:
    """Return words of time, money or place in the English that the parsers read."""
    text = words.replace("\u2019", "'")
    if language == "de":
        text = _DE_NUMBER_HEAD.sub(lambda m: str(NUMBER_WORDS["de"][m[1].casefold()]), text)
    for pattern, english in _ENGLISH[language]:
        text = pattern.sub(english, text)
    return " ".join(text.split())


@lru_cache(maxsize=4096)
def translations(words: str) -> tuple[str, ...]:
    """Return what words of a table mean in English if they are German, or French.

    Remembered, since most rows of a table say their places and times alike.
    """
    plain = " ".join(words.replace("\u2019", "'").split())
    return tuple(text for name in ("de", "fr") if (text := in_english(plain, name)) != plain)


_TELLING: Final[Mapping[str, frozenset[str]]] = {
    "en": frozenset([
        "the", "and", "for", "you", "our", "with", "to", "of", "we", "is", "are", "your", "will",
        "by", "weeks", "hours",
    ]),
    "de": frozenset([
        "und", "der", "die", "das", "wir", "für", "mit", "ein", "eine", "du", "sie", "ist", "im",
        "wochen", "stunden", "bis", "ab", "oder", "zu", "von", "sich", "den", "auf", "ihre",
        "dein", "tage", "pro",
    ]),
    "fr": frozenset([
        "et", "le", "la", "les", "nous", "vous", "pour", "avec", "un", "une", "des", "est", "du",
        "en", "semaines", "heures", "au", "de", "votre", "notre", "dans", "sur", "à", "par",
        "jours",
    ]),
}  # fmt: skip


def language_of(text: str) -> str:
    """Return "en", "de" or "fr", by the small words that stand in a text most."""
    words = re.findall(r"[^\W\d_]+", text[:8000].casefold())
    counts = {name: sum(word in known for word in words) for name, known in _TELLING.items()}
    return max(counts, key=lambda name: (counts[name], name == "en"))
