"""The contrast of an ink is judged once on all pages, and no faint text is missed for that."""

import pytest

from tests.journeys.browser.looking import Look

CLEAR = '<p style="color: #595959">Words that all can read.</p>'
FAINT = '<p style="color: #999">Words that few can read.</p>'
GREY = '<div style="position: absolute; inset: 0; background: #777"></div>'


@pytest.fixture
def look(browser):
    context = browser.new_context()
    look = Look(context.new_page(), "en")
    look.right = set()
    yield look
    context.close()


@pytest.fixture
def show(look):
    def show(body):
        look.page.goto("about:blank")
        look.page.set_content(f'<html lang="en"><title>A page</title><body>{body}')

    return show


@pytest.fixture
def contrast(look, show):
    def contrast(body):
        show(f'<div style="background: #fff">{body}')
        return list(look.low_contrast(look.page.evaluate("axe.ours.look().inks")))

    return contrast


@pytest.mark.parametrize(
    "before",
    [
        "",
        CLEAR,
        '<p style="color: #999">+</p>',
        '<p style="color: #999; visibility: hidden">Words that nobody sees.</p>',
        '<details>A fold<p style="color: #999">Words in a fold.</p></details>',
        '<p style="color: #999; background: #000">Words on another ground.</p>',
        '<p style="color: #999; font-size: 40px">Large words.</p>',
        FAINT,
    ],
)
def test_a_faint_text_is_found_whatever_was_looked_at_before(contrast, before):
    contrast(before)

    assert contrast(CLEAR + FAINT) == ["color-contrast ['p:nth-child(2)']"]


@pytest.mark.parametrize(
    "faint",
    [
        f'<div style="opacity: .5">{CLEAR}</div>',
        f'<div style="background: #777">{CLEAR}</div>',
        f'<div style="filter: opacity(1); background: #666">{CLEAR}</div>',
        f'<p style="background: #777; height: 50px"></p><div style="margin-top: -60px">{CLEAR}',
        f'{GREY}<div style="position: relative">{CLEAR}</div>',
    ],
)
def test_a_text_is_judged_by_all_that_is_painted_under_it(contrast, faint):
    assert contrast(CLEAR) == []
    assert contrast(faint) != []


def test_what_was_found_right_is_asked_once(look, contrast):
    contrast(CLEAR)

    assert len(look.right) == 1
    assert look.page.evaluate("axe.ours.look().inks") == [*look.right]


def test_what_a_page_shows_late_is_asked_about_there(look, show):
    show(
        "<style>button { display: none; width: 60px; height: 60px }"
        " @media (min-width: 1000px) { button { display: block } }</style>"
        "<main><h1>A page</h1><button></button></main>"
    )
    look.here()

    assert look.wrong == ["blank at 1280 in light: button-name ['button']"]


def test_a_link_that_a_theme_hides_among_words_is_found_there(look, show):
    show(
        "<style>:root { color-scheme: light dark; background: light-dark(#fff, #000) }"
        " p { color: light-dark(#000, #fff) }"
        " a { color: light-dark(#c33, #ddd); text-decoration: none }</style>"
        '<main><h1>A page</h1><p>Words around <a href="/there">a link</a>, on and on.</p></main>'
    )
    look.here()

    assert look.wrong == ["blank at 390 in dark: link-in-text-block ['a']"]
