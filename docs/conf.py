"""The documentation site: ``make docs`` builds it into ``var/docs`` and fails for a broken link."""

import re

from sphinx.application import Sphinx

project = "Foothold"
author = "The people who make Foothold"
extensions = ["myst_parser", "sphinx_copybutton", "sphinxcontrib.mermaid"]
nitpicky = True

myst_enable_extensions = ["deflist"]
myst_fence_as_directive = ["mermaid"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "Foothold"
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False

AT_THE_ROOT = re.compile(r"\]\((?:\.\./)+(CONTRIBUTING|SECURITY|CHANGELOG)\.md")


def lead_to_the_site(app: Sphinx, name: str, source: list[str]) -> None:
    """Let links to files beside ``docs``, as a repository shows them, lead to their pages here."""
    source[0] = AT_THE_ROOT.sub(lambda link: f"](/{link[1].lower()}.md", source[0])


def setup(app: Sphinx) -> None:
    """Register what Sphinx calls."""
    app.connect("source-read", lead_to_the_site)
