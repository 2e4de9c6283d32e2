"""Filters that every template has: what depends on the reader's language beside its words."""

import json
from typing import Any, Final

from django import template
from django.conf import settings
from django.template.base import FilterExpression, Parser, Token, Variable
from django.template.context import Context
from django.template.defaultfilters import date as plain_date
from django.templatetags import i18n
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop, pgettext
from django.utils.translation.trans_real import DjangoTranslation, catalog

from opportunities.core import languages

register = template.Library()
register.filter("listed", languages.listed)

SAID_BY_SCRIPT: Final = (
    gettext_noop("Discard it"),
    gettext_noop("What you wrote here and did not send is back."),
    gettext_noop("What you wrote on another device is here."),
    gettext_noop("You wrote something else here on another device."),
    gettext_noop("Use that"),
    gettext_noop("{length} of {most} characters"),
    gettext_noop("{length} of {most} characters: {over} too many"),
)
"""What the script of the site says; a test holds it equal to what they ask for."""


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, pattern: str | None = None) -> str:
    """Write a day as Django's ``date``, by the pattern that the language has for this one."""
    return plain_date(value, pgettext("date", pattern) if pattern else None)


@register.simple_tag
def language_of_page() -> SafeString:
    """Return the attributes of ``<html>`` that name the language and where its lines begin."""
    code = translation.get_language() or settings.LANGUAGE_CODE
    direction = "rtl" if translation.get_language_bidi() else "ltr"
    return format_html('lang="{}" dir="{}"', languages.tag(code), direction)


@register.simple_tag
def said_by_script() -> str:
    """Return what the script says in the language of the page, as JSON; nothing in English."""
    if translation.get_language() == settings.LANGUAGE_CODE:
        return ""
    return json.dumps({text: gettext(text) for text in SAID_BY_SCRIPT}, ensure_ascii=False)


@register.simple_tag
def other_languages() -> list[tuple[str, str, str]]:
    """Return the languages that a page may be switched to: code, tag and own name of each."""
    here = translation.get_language()
    return [
        (code, languages.tag(code), str(name)) for code, name in settings.LANGUAGES if code != here
    ]


class SaidOnce(i18n.TranslateNode):
    """Django's ``translate`` of a text that stands in the template, looked up once a language."""

    def __init__(self, plain: i18n.TranslateNode) -> None:
        vars(self).update(vars(plain))
        self.said: dict[DjangoTranslation, str] = {}

    def render(self, context: Context) -> str:
        """Return the text as Django does, and remember it."""
        language = catalog()
        text = self.said.get(language)
        if text is None:
            text = super().render(context)
            if isinstance(language, DjangoTranslation):
                self.said[language] = text
        return text


@i18n.register.tag("translate")  # type: ignore[untyped-decorator]
def translate(parser: Parser, token: Token) -> i18n.TranslateNode:
    """Read ``{% translate %}``, in every template that loads Django's ``i18n``."""
    node: i18n.TranslateNode = i18n.do_translate(parser, token)
    parts = [part for part in (node.filter_expression, node.message_context) if part is not None]
    if node.noop or node.asvar or not all(map(_is_text, parts)):
        return node
    return SaidOnce(node)


def _is_text(written: FilterExpression) -> bool:
    """Say whether this is a text and nothing looked up or filtered."""
    text = written.var.literal if isinstance(written.var, Variable) else written.var
    return isinstance(text, str) and not written.filters
