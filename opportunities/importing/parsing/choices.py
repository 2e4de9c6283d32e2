"""Words that stand for one of our own: formats, fields of work, schedules, yes and no."""

import re
from collections.abc import Mapping
from typing import Final

from opportunities.core.fields_of_work import Field
from opportunities.roles.formats import FormatName

_FORMATS: Final[Mapping[str, str]] = {
    **{name.value: name.value for name in FormatName},
    **{str(name.label).casefold(): name.value for name in FormatName},
    "intern": "internship", "internships": "internship", "internship job": "internship",
    "micro": "micro_internship", "micro internship": "micro_internship",
    "microinternship": "micro_internship",
    "virtual shadowing": "virtual_job_shadowing", "sprint": "sprint_internship",
    "gig": "gigternship", "gigs": "gigternship", "one-off gig": "gigternship",
    "placement": "internship", "work placement": "internship", "student placement": "internship",
    "summer placement": "internship", "industrial placement": "internship",
    "summer internship": "internship", "intern (fixed term)": "internship",
    "micro placement": "industry_micro_placement", "microplacement": "industry_micro_placement",
    "micro coop": "remote_micro_coop", "micro co-op": "remote_micro_coop",
    "remote micro co-op": "remote_micro_coop", "microlearning": "experiential_microlearning",
}  # fmt: skip

_SHADOWING: Final = re.compile(
    r"(?:(?:work|job|virtual|online|remote) )*shadowing(?: (?:day|week|placement|opportunity)s?)?"
    r"|insight (?:day|week|visit|event|programme|program)s?"
)
_FIELDS: Final[Mapping[str, str]] = {
    **{field.value: field.value for field in Field},
    **{str(field.label).casefold(): field.value for field in Field},
    **{
        word: field
        for field, words in {
            "software": "software development|web development|mobile app development"
            "|full stack development|front end development|backend development"
            "|software engineering|programming|software testing",
            "data": "data science|data analytics|data analysis|business analytics|analytics"
            "|machine learning",
            "design": "graphic design|ui/ux design|ux design|ui/ux|product design",
            "marketing": "digital marketing|social media marketing|social media|advertising|seo",
            "sales": "business development|business development (sales)|partnerships",
            "writing": "content writing|copywriting|editing|journalism|creative writing",
            "media": "video editing|videography|photography|animation|film|video",
            "policy": "public policy|government|public sector",
            "finance": "accounting|accounts|finance & accounting|banking",
            "operations": "administration|customer service|general management|office management",
            "people": "human resources|human resources (hr)|hr|recruitment|recruiting|talent",
            "engineering": "mechanical engineering|civil engineering|electrical engineering"
            "|electronics",
            "science": "laboratory|biology|chemistry|physics|biotechnology",
            "health": "healthcare|health care|medicine|nursing|public health",
            "education": "teaching|training|tutoring",
            "events": "event management|hospitality|events management",
            "sustainability": "environment|climate",
            "law": "legal|law/legal",
            "logistics": "supply chain|supply chain management (scm)|supply chain management",
        }.items()
        for word in words.split("|")
    },
}  # fmt: skip

_SCHEDULES: Final[Mapping[str, str]] = {
    "fixed": "fixed", "fixed hours": "fixed", "fixed schedule": "fixed", "core_hours": "core_hours",
    "core hours": "core_hours", "flexible": "flexible", "flexible hours": "flexible",
    "flexible schedule": "flexible", "flexitime": "flexible", "flextime": "flexible",
    "asynchronous": "asynchronous", "async": "asynchronous",
    "any hours": "asynchronous", "own schedule": "asynchronous",
}  # fmt: skip

_TRUE: Final = frozenset(["true", "yes", "y", "1", "t", "on", "x", "✓", "✔"])
_FALSE: Final = frozenset(["false", "no", "n", "0", "f", "off", "-", "✗", "✘"])


def format_named(text: str) -> str:
    """Return the format that a text names, or the empty text."""
    plain = " ".join(text.casefold().split())
    return _FORMATS.get(plain) or _FORMATS.get(plain.replace("-", " "), "")


def is_shadowing(text: str) -> bool:
    """Say whether a text names work that is watched; only remote shadowing is a format of ours."""
    plain = " ".join(text.casefold().replace("-", " ").split())
    return bool(_SHADOWING.fullmatch(plain))


def field_of_work(text: str) -> str:
    """Return the field of work that a text names, or the empty text."""
    return _FIELDS.get(" ".join(text.casefold().split()), "")


def schedule(text: str) -> str:
    """Return the kind of schedule that a text names, or the empty text."""
    return _SCHEDULES.get(" ".join(text.casefold().replace("-", " ").split()), "")


def truth(text: str) -> bool | None:
    """Return what a yes or no says, or None where the text is neither."""
    plain = text.strip().casefold()
    if plain in _TRUE:
        return True
    return False if plain in _FALSE else None


def words_of(text: str) -> list[str]:
    """Split a list written as text at commas, semicolons, bars and line ends."""
    parts = re.split(r"[;|\n\u2022]|,(?![^()]*\))", text)
    return [part for part in (" ".join(part.split()) for part in parts) if part]
