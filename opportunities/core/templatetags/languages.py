"""Filters that every template has: what depends on the reader's language beside its words."""

from typing import Any

from django import template
from django.conf import settings
from django.template.defaultfilters import date as plain_date
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from opportunities.core import languages

register = template.Library()


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, pattern: str | None = None) -> str:
    """Write a day as Django's ``date``, by the pattern that the language has for this one."""
    return plain_date(value, pgettext("date", pattern) if pattern else None)


@register.filter
def listed(words: list[object]) -> str:
    """Join words as the language does: a, b and c."""
    return languages.listed(words)


@register.simple_tag
def language_of_page() -> SafeString:
    """Return the attributes of ``<html>`` that name the language and where its lines begin."""
    code = translation.get_language() or settings.LANGUAGE_CODE
    direction = "rtl" if translation.get_language_bidi() else "ltr"
    return format_html('lang="{}" dir="{}"', languages.tag(code), direction)


@register.simple_tag
def other_languages() -> list[tuple[str, str, str]]:
    """Return the languages that a page may be switched to: code, tag and own name of each."""
    here = translation.get_language()
    return [
        (code, languages.tag(code), str(name)) for code, name in settings.LANGUAGES if code != here
    ]
