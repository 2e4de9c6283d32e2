"""From a pasted advert to a draft: read it, show where each fact stands, keep what is wanted."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final, cast

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opportunities.accounts.models import User
from opportunities.core import languages
from opportunities.core.errors import Fault, Invalid
from opportunities.core.iso_names import countries
from opportunities.core.text import UNREADABLE, normal
from opportunities.core.validation import COUNTRY, Choice, Flag, Text, Words
from opportunities.importing import markup
from opportunities.importing.adverts.advert import REASONS, UNKNOWN_SKILL, Advert, Span
from opportunities.importing.adverts.lists import named_skill
from opportunities.importing.adverts.proposing import Proposal, propose_format
from opportunities.importing.adverts.read import MAX_ADVERT, named_kind, read_advert
from opportunities.roles import wording
from opportunities.roles.fields import FIELDS, PARTS
from opportunities.roles.models import Opportunity
from opportunities.roles.publishing import drafting
from opportunities.skills.lookup import skills_alike, skills_named
from opportunities.skills.models import Skill

_ONLY_A_LINK: Final = re.compile(r"https?://\S+")
_MARKUP: Final = re.compile(r"<(?:p|div|li|br|h[1-6]|span|ul|table|html)\b[^<>]*>", re.IGNORECASE)

MAX_DESCRIPTION: Final = cast("Text", FIELDS["description"].kind).most

MAX_SHOWN: Final = 8_000
"""Characters of a text that is shown whole with its marks."""
MOST_ASKED: Final = 12
"""Unknown names of skills for which similar ones are looked up."""
MOST_SUGGESTED: Final = 3

AROUND: Final = 60
"""Characters before and behind a mark that are shown of a longer one."""

TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {
    "pay": ("pay_kind", "pay_amount", "pay_max", "pay_currency"),
    "start": ("start_earliest", "start_latest"),
    "place": ("place", "country"),
}
"""Fields that stand or fall together, since the same words say them."""
_OF: Final = {name: group for group, names in TOGETHER.items() for name in names}
_LABELS: Final = {
    "pay": gettext_lazy("Pay"),
    "start": gettext_lazy("Start"),
    "place": gettext_lazy("Place"),
    "location": gettext_lazy("Place"),
    "duration": gettext_lazy("Duration"),
    "commitment": gettext_lazy("Hours"),
}
"""What is said of several fields, and of words that are of none alone."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what was found: a fact in words, and the words of the advert it is from."""

    key: str
    label: str
    value: str
    words: tuple[str, ...]
    suggested: tuple[Skill, ...] = ()
    """Skills that a name may mean which the vocabulary does not have; for a person to choose."""


def given_text(raw: str) -> str:
    """Return the text of an advert as it is read, or raise ``Invalid`` naming field and rule.

    The source of a web page is turned into its words first.
    """
    if len(raw) > 20 * MAX_ADVERT:
        raise _too_long()
    text = normal(raw)
    if _MARKUP.search(text):
        text = markup.plain(text)
    if not text:
        raise Invalid(Fault("text", "required", _("Paste the text of the advert, or send a file.")))
    if len(text) > MAX_ADVERT:
        raise _too_long()
    if UNREADABLE.search(text):
        detail = _("The text holds a character that cannot be shown. Take it out.")
        raise Invalid(Fault("text", "unreadable_characters", detail))
    if _ONLY_A_LINK.fullmatch(text):
        detail = _("We do not follow links. Open the page, and paste its text here.")
        raise Invalid(Fault("text", "only_a_link", detail))
    return text


def _too_long() -> Invalid:
    detail = _("At most %(most)s characters. Leave out what is not about the role.") % {
        "most": languages.number(MAX_ADVERT)
    }
    return Invalid(Fault("text", "too_long", detail))


def read(text: str, *, today: date, currency: str = "", country: str = "") -> Advert:
    """Read an advert with the site's vocabulary of skills."""
    return read_advert(text, today=today, currency=currency, country=country, skills=_slugs)


def _slugs(names: Iterable[str]) -> dict[str, str]:
    return {name: skill.slug for name, skill in skills_named(texts=list(names)[:200]).items()}


def proposal(advert: Advert) -> Proposal:
    """Return the format that the advert is proposed for, with the reason."""
    return propose_format(advert.values, named_kind(advert))


def lines_of(advert: Advert) -> list[Line]:
    """Return what was found, a line for each fact, in the order of the fields of a role."""
    said: dict[str, dict[Span, None]] = {}
    for found in advert.fields:
        said.setdefault(_OF.get(found.name, found.name), {}).update(dict.fromkeys(found.spans))
    values = advert.values
    slugs = [entry["name"] for entry in values.get("skills", ())]
    names = dict(Skill.objects.filter(slug__in=slugs).values_list("slug", "name")) if slugs else {}
    return [
        Line(key, _label(key), _said(key, values, names), tuple(map(advert.words, spans)))
        for key, spans in said.items()
    ]


def _said(key: str, values: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if key == "pay":
        return _pay(values)
    if key == "skills":
        return ", ".join(names.get(each["name"], each["name"]) for each in values[key])
    if key == "deliverables":
        return "; ".join(each["title"] for each in values[key])
    if key == "place":
        place = values.get("place", "")
        country = wording.country_beside(place, values.get("country", ""))
        return ", ".join(filter(None, [place, country]))
    words = [_word(name, values[name]) for name in TOGETHER.get(key, (key,)) if name in values]
    if key == "start" and len(words) == 2:
        return _("%(first)s to %(last)s") % {"first": words[0], "last": words[1]}
    return ", ".join(words)


def _word(name: str, value: Any) -> str:
    kind = FIELDS[name].kind
    if isinstance(kind, Choice):
        return str(dict(kind.choices).get(str(value), value))
    if isinstance(kind, Words):
        return ", ".join(str(dict(kind.choices)[each]) for each in value)
    if isinstance(kind, Flag):
        return _("Yes")
    if kind == COUNTRY:
        return countries().name(value)
    if isinstance(value, float):
        return languages.number(value)
    return languages.day(value, "j F Y") if isinstance(value, date) else str(value)


def _pay(values: Mapping[str, Any]) -> str:
    kind = _word("pay_kind", values["pay_kind"])
    if "pay_amount" not in values:
        return kind
    least = languages.major_money(Decimal(values["pay_amount"]), values["pay_currency"])
    if "pay_max" not in values:
        return f"{kind}, {least}"
    most = languages.major_money(Decimal(values["pay_max"]), values["pay_currency"])
    return _("%(kind)s, %(least)s to %(most)s") % {"kind": kind, "least": least, "most": most}


def pieces_of(advert: Advert) -> list[tuple[str, str, str]]:
    """Return the text in pieces, marked; of a long one only what stands around the marks.

    The whole text stands in its box as well, and a page has a weight.
    """
    pieces = list(advert.pieces())
    if len(advert.text) <= MAX_SHOWN:
        return pieces
    return [
        (words if kind or len(words) <= 2 * AROUND else f"{words[:AROUND]} … {words[-AROUND:]}",
         kind, names)
        for words, kind, names in pieces
    ]  # fmt: skip


def unread_of(advert: Advert) -> list[Line]:
    """Return what was not understood: field, words and why, and what a skill may mean."""
    meant = suggestions(advert)
    return [
        Line(
            one.name,
            _label(one.name),
            str(REASONS[one.why]),
            (advert.words(one.span),),
            tuple(meant.get(one.span, ())),
        )
        for one in advert.unread
    ]


def suggestions(advert: Advert) -> dict[Span, list[Skill]]:
    """Return what the names of skills may mean that are unknown: near names, never taken.

    Those that the advert names otherwise are left out, as are all but the first few names.
    """
    known = {entry["name"] for entry in advert.values.get("skills", ())}
    unknown = {
        one.span: advert.words(one.span) for one in advert.unread if one.why == UNKNOWN_SKILL
    }
    asked = dict(islice(unknown.items(), MOST_ASKED))
    if not asked:
        return {}
    alike = skills_alike(texts=asked.values(), limit=MOST_SUGGESTED + len(known))
    meant = {
        span: [skill for skill in alike[words] if skill.slug not in known][:MOST_SUGGESTED]
        for span, words in asked.items()
    }
    return {span: skills for span, skills in meant.items() if skills}


def chosen(advert: Advert, slugs: Collection[str]) -> tuple[list[str], list[Span]]:
    """Return those of the slugs that were suggested, and the words that are settled by them."""
    meant = suggestions(advert)
    settled = [span for span, skills in meant.items() if {one.slug for one in skills} & set(slugs)]
    taken = [skill.slug for span in settled for skill in meant[span] if skill.slug in slugs]
    return list(dict.fromkeys(taken)), settled


def _label(name: str) -> str:
    row = FIELDS.get(name)
    return str(_LABELS.get(name) or (row.label if row else name.capitalize()))


def draft_of(
    advert: Advert,
    *,
    title: str = "",
    chosen_format: str = "",
    without: Collection[str] = (),
    skills: Collection[str] = (),
) -> dict[str, Any]:
    """Return the values of a draft from an advert, without the facts that somebody took out.

    ``skills`` are slugs that somebody chose beside those that the advert names.
    A way of working that is not stated stays open: it is never taken for remote. Where no language
    of the work is stated, it is the one in which the advert is written.
    """
    values: dict[str, Any] = {"mode": None, "language": advert.language} | {
        name: value for name, value in advert.values.items() if _OF.get(name, name) not in without
    }
    values["description"] = described(advert.text if without else advert.description)[0]
    if title:
        values["title"] = title
    if chosen_format:
        values["format"] = chosen_format
    if skills:
        named = [*values.get("skills", ()), *map(named_skill, skills)]
        values["skills"] = named[: PARTS["skills"].most]
    return values


def described(text: str) -> tuple[str, str]:
    """Return what a description takes of a text, to the end of a line, and what it leaves out."""
    if len(text) <= MAX_DESCRIPTION:
        return text, ""
    end = text.rfind("\n", MAX_DESCRIPTION // 2, MAX_DESCRIPTION)
    end = end if end > 0 else MAX_DESCRIPTION
    return text[:end].strip(), text[end:].strip()


@transaction.atomic
def keep_draft(
    *,
    employer_id: int,
    actor: User,
    advert: Advert,
    values: Mapping[str, Any],
    settled: Collection[Span] = (),
    at: datetime,
) -> Opportunity:
    """Begin a draft with what an advert says; what was not understood goes to the moderator too.

    Words that are ``settled`` were understood by who keeps it.
    """
    role = drafting.create_draft(employer_id=employer_id, actor=actor, values=values, at=at)
    unread: dict[str, str] = {}
    for one in advert.unread:
        if one.span in settled:
            continue
        words = advert.words(one.span)[:300]
        unread[one.name] = f"{unread[one.name]}; {words}"[:1000] if one.name in unread else words
    if unread:
        role.unparsed = unread
        role.save(update_fields=["unparsed"])
    return role
