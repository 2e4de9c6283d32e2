"""The box in which people write: one component for every form that has no class of its own."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm
from django.template.context import RequestContext
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from opportunities.core.given_back import page_of

register = template.Library()


@register.filter
def options(names: Iterable[str]) -> SafeString:
    """Draw the options from which a browser completes what is typed; long lists are drawn once."""
    return _options(tuple(names))


@lru_cache(maxsize=32)
def _options(names: tuple[str, ...]) -> SafeString:
    return format_html_join("", '<option value="{}">', ([name] for name in names))


@register.inclusion_tag("forms/_box.html", takes_context=True)
def box(  # noqa: PLR0913  (the attributes of one element)
    context: RequestContext,
    key: str,
    name: str,
    *,
    label: str,
    most: int,
    rows: int = 3,
    hint: str = "",
    value: str = "",
    required: bool | None = False,
) -> dict[str, Any]:
    """Draw a box with its label; one that was refused keeps its words and says what is wrong.

    ``key`` names the box among all of the page, ``name`` is what the form sends it as. Where
    another answer of the form decides whether it is ``required``, that is None, and the hint says
    so.
    """
    typed, error = None, ""
    if (refusal := _refusal(context)) and (typed := refusal.take(key, name)) is not None:
        error = _wrong_with(refusal, name)
        lines = refusal.typed.keys() - {name}
        if not error and not {fault.field for fault in refusal.faults} & lines:
            error = refusal.sentence
    return {
        "key": key, "name": name, "label": label, "most": most, "rows": rows, "hint": hint,
        "required": required, "value": value if typed is None else typed, "error": error,
    }  # fmt: skip


@register.simple_tag(takes_context=True)
def page_before(context: RequestContext) -> str:
    """Return the page of this site from which somebody came here, or nothing."""
    request = context.get("request")
    return page_of(request, otherwise="") if request else ""


@register.filter
def without_placeholders(form: BaseForm) -> BaseForm:
    """Return a library's form whose boxes do not repeat the labels that stand above them."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


@register.simple_tag(takes_context=True)
def opened(context: RequestContext, key: str) -> str:
    """Return ``open`` for the fold around a box that was refused."""
    refusal = _refusal(context)
    return "open" if refusal and refusal.box == key else ""


@register.simple_tag(takes_context=True)
def typed(context: RequestContext, key: str, name: str) -> str:
    """Return what was typed into a line of the form of this key, if that was refused."""
    refusal = _refusal(context)
    return (refusal.take(key, name) or "") if refusal else ""


@register.simple_tag(takes_context=True)
def fault(context: RequestContext, key: str, name: str) -> str:
    """Say what is wrong with a line beside the box of this key, if that was refused."""
    refusal = _refusal(context)
    return _wrong_with(refusal, name) if refusal and refusal.box == key else ""


@register.simple_tag(takes_context=True)
def given(context: RequestContext, key: str, name: str) -> str:
    """Return what else was chosen in the form of a box that was refused."""
    refusal = _refusal(context)
    return refusal.typed.get(name, "") if refusal and refusal.box == key else ""


def _wrong_with(refusal: Any, name: str) -> str:
    return " ".join(str(each.detail) for each in refusal.faults if each.field == name)


def _refusal(context: RequestContext) -> Any:
    return getattr(context.get("request"), "refusal", None)
