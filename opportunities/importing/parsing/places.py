"""Places and ways of working: "Work from home", "Mumbai (Hybrid)", "Remote - US", "London, UK"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from opportunities.importing.parsing.numerals import spell_out

_REMOTE: Final = (
    r"(?:100% |100 % |fully |completely |entirely )?(?:remote(?:ly)?|work[ -]from[ -]home|wfh"
    r"|home[ -]?based|telecommut(?:e|ing)|telework|virtual|online|work from anywhere|anywhere"
    r"|distributed)(?: (?:work|internship|position|role|job|only|option|first))?"
)
_HYBRID: Final = (
    r"hybrid(?: (?:remote|work|role))?|(?:partially|partly|part) remote|remote ?/ ?on-?site"
    r"|remote and on-?site|on-?site ?/ ?remote"
)
_ONSITE: Final = (
    r"on-?\s?site(?: only)?|in[ -]?office|office[ -]based|in[ -]person|at our office|from office"
    r"|work from office"
)
_CHOICE: Final = re.compile(rf"(?:{_REMOTE}) or (?:{_ONSITE})|(?:{_ONSITE}) or (?:{_REMOTE})")
_EITHER: Final = re.compile(
    rf"(?P<place>.+?)(?:\s*/\s*|\s+or\s+)(?:{_REMOTE})"
    rf"|(?:{_REMOTE})(?:\s*/\s*|\s+or\s+)(?P<other>.+)",
    re.IGNORECASE,
)
"""A place or from home, as each likes: neither is sure."""
_MODES: Final = (
    ("hybrid", re.compile(rf"\b(?:{_HYBRID})\b")),
    ("remote", re.compile(rf"(?<!\w)(?:{_REMOTE})\b")),
    ("onsite", re.compile(rf"\b(?:{_ONSITE})\b")),
)

COUNTRIES: Final[Mapping[str, str]] = {
    name: code
    for code, names in {
        "AE": "united arab emirates|uae", "AR": "argentina", "AT": "austria", "AU": "australia",
        "BD": "bangladesh", "BE": "belgium", "BG": "bulgaria", "BR": "brazil|brasil",
        "CA": "canada", "CH": "switzerland", "CL": "chile", "CN": "china", "CO": "colombia",
        "CZ": "czechia|czech republic", "DE": "germany|deutschland", "DK": "denmark",
        "EE": "estonia", "EG": "egypt", "ES": "spain", "FI": "finland", "FR": "france",
        "GB": "united kingdom|uk|u.k.|great britain|gb|gbr|england|scotland|wales|northern ireland",
        "GH": "ghana", "GR": "greece", "HK": "hong kong", "HR": "croatia", "HU": "hungary",
        "ID": "indonesia", "IE": "ireland", "IL": "israel", "IN": "india|ind", "IS": "iceland",
        "IT": "italy", "JP": "japan", "KE": "kenya", "KR": "south korea", "LK": "sri lanka",
        "LT": "lithuania", "LU": "luxembourg", "LV": "latvia", "MA": "morocco", "MX": "mexico",
        "MY": "malaysia", "NG": "nigeria", "NL": "netherlands|the netherlands", "NO": "norway",
        "NP": "nepal", "NZ": "new zealand", "PE": "peru", "PH": "philippines", "PK": "pakistan",
        "PL": "poland", "PT": "portugal", "RO": "romania", "RS": "serbia", "RW": "rwanda",
        "SA": "saudi arabia", "SE": "sweden", "SG": "singapore", "SI": "slovenia",
        "SK": "slovakia", "TH": "thailand", "TN": "tunisia", "TR": "turkey|türkiye",
        "TW": "taiwan", "TZ": "tanzania", "UA": "ukraine", "UG": "uganda",
        "US": "united states|united states of america|usa|u.s.a.|u.s.|us", "VN": "vietnam",
        "ZA": "south africa",
    }.items()
    for name in names.split("|")
}  # fmt: skip

_STATES: Final = frozenset(
    [
        "AK",
        "CT",
        "DC",
        "FL",
        "HI",
        "IA",
        "KS",
        "MI",
        "ND",
        "NH",
        "NJ",
        "NM",
        "NV",
        "NY",
        "OH",
        "OK",
        "OR",
        "RI",
        "TX",
        "UT",
        "VT",
        "WA",
        "WI",
        "WV",
        "WY",
    ]
)
"""Two-letter states of the USA that are no country's code: they alone tell the country."""

_NOWHERE: Final = re.compile(
    r"(?:multiple|various|several|any|all) (?:locations?|places?|cities)|worldwide|global(?:ly)?"
    r"|tbd|tba|n/a|-|not specified"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the work is done; ``mode`` None where the words leave it open."""

    mode: str | None = None
    name: str = ""
    country: str = ""


def country_code(text: str) -> str:
    """Return the ISO 3166-1 code of a country's name or code, or the empty text."""
    plain = text.strip()
    if re.fullmatch(r"[A-Z]{2}", plain):
        return "GB" if plain == "UK" else plain
    return COUNTRIES.get(spell_out(plain).strip(" ."), COUNTRIES.get(spell_out(plain), ""))


def parse_place(text: str) -> Place:
    """Return mode, place and country; a place without a word of remote work is on site."""
    line = " ".join(re.sub(r"[\u2010-\u2015]", "-", text[:300]).split())
    low = line.casefold()
    if len(low) != len(line):
        low = line.lower()
    if _CHOICE.search(low):
        return Place(name=_cut(line))
    if (either := _EITHER.fullmatch(line)) and not any(
        pattern.search((either["place"] or either["other"]).casefold()) for _, pattern in _MODES
    ):
        name = _cut(either["place"] or either["other"])
        return Place(name=name[:120], country=_country(name))
    mode = None
    for name, pattern in _MODES:
        found = pattern.search(low)
        if found and len(low) == len(line):
            mode = mode or name
            line = line[: found.start()] + "\n" + line[found.end() :]
            low = line.casefold() if len(line.casefold()) == len(line) else line.lower()
    name = _cut(line)
    if _NOWHERE.fullmatch(name.casefold()):
        name = ""
    country = _country(name)
    if country and country == country_code(name):
        name = ""
    if mode is None and (name or country):
        mode = "onsite"
    return Place(mode, name[:120], country)


def _cut(line: str) -> str:
    """Return what stands around the words already read, without brackets and separators."""
    parts = [part.strip(" ()[]-,;:/|.&\t") for part in line.split("\n")]
    kept = [part for part in parts if part and part.casefold() not in {"in", "within", "from"}]
    joined = ", ".join(kept)
    return re.sub(r"^(?:in|within|from|only in)\s+", "", joined, flags=re.IGNORECASE)


def _country(name: str) -> str:
    if code := country_code(name):
        return code if not re.fullmatch(r"[A-Z]{2}", name) or code in COUNTRIES.values() else ""
    last = re.split(r"[,(/-]", name)[-1].strip(" )")
    if last in _STATES:
        return "US"
    return (
        COUNTRIES.get(last.casefold(), "")
        if not re.fullmatch(r"[A-Z]{2}", last)
        else ({"UK": "GB", "US": "US"}.get(last, ""))
    )
