"""Texts are found where they stand, and catalogues follow them without GNU gettext."""

import gettext
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.translation import trans_real

from config import catalogues

TEMPLATE = """{% load i18n %}
<a title="{% translate "Go" %}">{% translate "May" context "month" %}</a>
{% blocktranslate trimmed count n=rows|length with who=name %}
  {{ who }} has {{ n }} role.
{% plural %}
  {{ who }} has {{ n }} roles, 100% open.
{% endblocktranslate %}{{ name|default:_("You") }}{# {% translate "No" %} #}"""
CODE = """
words = {"a": gettext_lazy("One")}
said = _("It is %(what)s"
         " here.") % {"what": ngettext("%(n)d day", "%(n)d days", n)}
other = pgettext("month", "May"); none = _(name)
"""
DATA = """
texts = ["says", "words"]
plurals = ["counted"]
words = ["up", "down"]
counted = { day = ["%(n)s day", "%(n)s days"] }
[[checks.title]]
says = "It shouts."
look = ["!"]
[checks.pay]
says = "It is silent."
"""


@pytest.fixture
def room(tmp_path, monkeypatch):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text('{% load i18n %}{% translate "Go" %}')
    monkeypatch.setattr(catalogues, "rooms", lambda: iter([tmp_path]))
    return tmp_path


def po(room):
    return room / "locale" / "de" / "LC_MESSAGES" / "django.po"


def translate(room, english, german):
    path = po(room)
    text = path.read_text(encoding="utf-8")
    told = f'msgid "{english}"\nmsgstr '
    path.write_text(text.replace(told + '""', f'{told}"{german}"'))


def said(room, english):
    with po(room).with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file).gettext(english)


def test_texts_of_templates():
    assert set(catalogues.texts_of_template(TEMPLATE)) == {
        ("", "Go", ""),
        ("month", "May", ""),
        ("", "%(who)s has %(n)s role.", "%(who)s has %(n)s roles, 100%% open."),
        ("", "You", ""),
    }


def test_texts_of_code():
    assert set(catalogues.texts_of_python(CODE)) == {
        ("", "One", ""),
        ("", "It is %(what)s here.", ""),
        ("", "%(n)d day", "%(n)d days"),
        ("month", "May", ""),
    }


def test_texts_of_data():
    assert set(catalogues.texts_of_data(DATA)) == {
        ("", "It shouts.", ""),
        ("", "It is silent.", ""),
        ("", "up", ""),
        ("", "down", ""),
        ("", "%(n)s day", "%(n)s days"),
    }
    assert not set(catalogues.texts_of_data('says = "It is no text."'))


def test_a_catalogue_gains_what_is_new_and_loses_what_nothing_says(room):
    assert catalogues.update(room, "de") == (1, 1)
    translate(room, "Go", "Los")
    page = room / "templates" / "page.html"
    page.write_text(page.read_text() + '{% translate "Stop" %}')

    assert catalogues.update(room, "de") == (2, 1)
    assert 'msgstr "Los"' in po(room).read_text()

    page.write_text('{% load i18n %}{% translate "Stop" %}')
    assert catalogues.update(room, "de") == (1, 1)
    assert "Los" not in po(room).read_text()


def test_what_has_not_changed_is_not_written_otherwise(room):
    catalogues.update(room, "de")
    before = po(room).read_bytes()
    catalogues.update(room, "de")

    assert po(room).read_bytes() == before


def test_a_process_that_starts_compiles_what_has_changed_and_no_more(room):
    catalogues.update(room, "de")
    translate(room, "Go", "Los")

    assert catalogues.compile_stale() == 1
    assert said(room, "Go") == "Los"
    os.utime(po(room), (1, 1))
    assert catalogues.compile_stale() == 0
    assert [path.name for path in po(room).parent.iterdir() if path.suffix == ".part"] == []


def test_the_command_names_a_room_that_is_not_there(room):
    with pytest.raises(CommandError, match="no room kitchen"):
        call_command("catalogues", "kitchen")


def test_the_command_says_what_is_left(room, capsys):
    call_command("catalogues", room.name, language="de")

    assert capsys.readouterr().out == f"de {room.name}: 1 texts, 1 to translate\n"
    assert po(room).with_suffix(".mo").exists()


@pytest.mark.parametrize("code", [code for code, _ in settings.LANGUAGES])
def test_languages_laid_flat_say_what_they_said(code, monkeypatch):
    monkeypatch.setattr(trans_real, "_translations", {})
    catalogues.lay_flat()
    flat, plain = trans_real.translation(code), trans_real.DjangoTranslation(code)
    texts = list(trans_real.DjangoTranslation("de")._catalog.keys())
    several = {text[0] for text in texts if isinstance(text, tuple)}
    single = {text for text in texts if isinstance(text, str)} | several
    single |= {f"month{trans_real.CONTEXT_SEPARATOR}{text}" for text in several} | {"No such text"}

    def as_used(spoken, text):
        # A text of a context that has no translation comes back with its context, or without.
        return spoken.gettext(text).rpartition(trans_real.CONTEXT_SEPARATOR)[2]

    assert len(single) > 1000
    assert {text: as_used(flat, text) for text in single} == {
        text: as_used(plain, text) for text in single
    }
    for number in range(3):
        assert {text: flat.ngettext(text, "many", number) for text in several} == {
            text: plain.ngettext(text, "many", number) for text in several
        }


def test_a_process_that_starts_looks_each_language_up_in_few_dictionaries():
    program = (
        "import django; django.setup();"
        "from django.utils.translation.trans_real import translation;"
        "print(*(len(translation(code)._catalog._catalogs) for code in ('en-gb', 'de')))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert max(map(int, found.stdout.split())) <= 3, found.stdout


STARTING = """
import django
from django.utils.translation import trans_real
from config import catalogues

catalogues.compile_stale = lambda: print("compiled, loaded:", sorted(trans_real._translations))
django.setup()
print("set up, loaded:", sorted(trans_real._translations))
"""


def test_catalogues_are_compiled_before_a_process_that_starts_reads_one():
    done = subprocess.run(
        [sys.executable, "-c", STARTING], check=True, capture_output=True, text=True
    )

    compiled, set_up = done.stdout.splitlines()
    assert compiled == "compiled, loaded: []"
    assert set_up == "set up, loaded: ['de', 'en-gb']"
