"""The pages of reference that follow from the code: ``.venv/bin/python -m tests.reference``.

Settings come from ``config/settings.py``, with the words of ``.env.example``; states from the
tables of steps; tables from the models. A test holds the pages equal to what is written here.
"""

import ast
import os
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
PAGES: Final = ROOT / "docs" / "reference"
KINDS: Final = {
    "text": "text", "with_extra": "text", "flag": "true or false", "number": "number",
    "words": "list",
}  # fmt: skip
WRITTEN: Final = "<!-- Written by `.venv/bin/python -m tests.reference`. -->\n\n"
MAIN: Final = frozenset(
    {
        "Application", "CandidateProfile", "CandidateSkill", "Completion", "Decision",
        "Deliverable", "Employer", "Membership", "Opportunity", "OpportunitySkill", "Question",
        "Review", "SavedRole", "Skill", "TargetSkill", "User",
    }
)  # fmt: skip
"""The tables that most of the product is about."""
ONLY_COMPOSE: Final = "# Only for docker compose."


class Example(NamedTuple):
    """What ``.env.example`` says of a setting."""

    value: str
    words: str


def examples(text: str) -> dict[str, Example]:
    """Return the settings of a file like ``.env.example`` with the comments above them."""
    found, words, is_comment = {}, "", False
    for line in text.splitlines():
        if (said := re.match(r"# ?(.+)", line)) and not re.match(r"#\w+=", line):
            words = f"{words} {said[1]}".strip() if is_comment else said[1]
            is_comment = True
            continue
        if given := re.match(r"#?([A-Z0-9_]+)=(.*)", line):
            found[given[1]] = Example(given[2], words)
        else:
            words = ""
        is_comment = False
    return found


def settings_read() -> dict[str, tuple[str, str]]:
    """Return kind and default, in production, of each variable that the settings read."""
    found = {}
    for node in ast.walk(ast.parse((ROOT / "config" / "settings.py").read_text())):
        if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in KINDS):
            continue
        name, *rest = node.args
        rest += [word.value for word in node.keywords if word.arg == "default"]
        if node.func.id == "with_extra":  # type: ignore[attr-defined]
            rest = [ast.Constant("")]
        if isinstance(name, ast.Constant):
            kind = KINDS[node.func.id]  # type: ignore[attr-defined]
            found[str(name.value)] = (kind, _default(kind, rest[0] if rest else None))
    return found


def _default(kind: str, node: ast.expr | None) -> str:
    """Return the default in words, of the branch for production where there are two."""
    if isinstance(node, ast.IfExp):
        node = node.orelse
    if node is None:
        return {"true or false": "`false`", "list": "empty"}.get(kind, "must be set")
    if isinstance(node, ast.UnaryOp):
        return "`true`" if isinstance(node.op, ast.Not) else "must be set"
    if not isinstance(node, ast.Constant):
        return "follows from the others"
    if node.value is None:
        return "must be set"
    shown = str(node.value).lower() if isinstance(node.value, bool) else str(node.value)
    return f"`{shown}`" if shown else "empty"


def settings_page() -> str:
    """Return the page of settings."""
    example = (ROOT / ".env.example").read_text()
    offered, _, compose = example.partition(ONLY_COMPOSE)
    told, only_compose, read = examples(offered), examples(compose), settings_read()
    lines = [
        "# Settings",
        "",
        "Settings are variables of the environment, or lines of a file `.env` beside `manage.py`;",
        "what the environment says wins. The defaults are those of production; `make up` needs no",
        "setting at all.",
        "",
        "| Setting | Kind | Without it | What it is for |",
        "|---|---|---|---|",
    ]
    for name, said in told.items():
        # What a library reads by itself has the default that the example shows.
        shown = f"`{said.value}`" if said.value else "empty"
        kind, default = read.get(name, ("text", shown))
        lines.append(f"| `{name}` | {kind} | {default} | {said.words} |")
    lines += [
        "",
        "## Only for docker compose",
        "",
        "`docker-compose.yml` reads these and makes the others of them.",
        "",
        "| Setting | Without it | What it is for |",
        "|---|---|---|",
    ]
    services = (ROOT / "docker-compose.yml").read_text()
    for name, said in only_compose.items():
        default = re.search(rf"\$\{{{name}:-([^}}]*)\}}", services)
        shown = f"`{default[1]}`" if default else "must be set"
        lines.append(f"| `{name}` | {shown} | {said.words} |")
    lines += [
        "",
        "## Set by the programs themselves",
        "",
        "The commands of `config/processes.py`, the image and the tests set these; a deployment",
        "leaves them alone.",
        "",
        "| Setting | Kind | Without it |",
        "|---|---|---|",
    ]
    for name in sorted(read.keys() - told.keys()):
        kind, default = read[name]
        lines.append(f"| `{name}` | {kind} | {default} |")
    return "\n".join(lines) + "\n"


def states_page() -> str:
    """Return the page of the states of roles and applications."""
    from opportunities.core import lifecycle  # noqa: PLC0415  (Django stands by then)
    from opportunities.moderation import outcomes  # noqa: PLC0415

    def by_whom(step: str) -> str:
        if step in outcomes.OUTCOMES:
            return "a moderator" if outcomes.OUTCOMES[step].verb else "a rule, or after an appeal"
        return "the employer, or time" if step in {"close", "pause"} else "the employer"

    takers = dict.fromkeys(("withdraw", "accept", "decline"), "the candidate")
    takers |= dict.fromkeys(("release", "lapse"), "time")
    takers["complete"] = "both, by their signatures"
    return "\n".join(
        [
            "# States",
            "",
            "A role and an application are always in one state, and move by the steps below; every",
            "other move is refused with the problem `state`. The tables are those of the code,",
            "`opportunities/core/lifecycle.py` and `opportunities/moderation/outcomes.py`.",
            "",
            "## A role",
            "",
            *_diagram(lifecycle.RoleStatus.DRAFT, outcomes.ROLE_STEPS),
            *_steps(lifecycle.RoleStatus, outcomes.ROLE_STEPS, by_whom),
            "A role whose last day to apply has passed is still *open* in the database but open to",
            "nobody: that it has expired is read off the date.",
            "",
            "## An application",
            "",
            *_diagram(lifecycle.ApplicationStatus.SUBMITTED, lifecycle.APPLICATION_STEPS),
            *_steps(
                lifecycle.ApplicationStatus,
                lifecycle.APPLICATION_STEPS,
                lambda step: takers.get(step, "the employer"),
            ),
        ]
    )


def _diagram(first: str, steps: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a state diagram; steps between the same states share an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for name, step in steps.items():
        for source in sorted(step.sources):
            arrows.setdefault((source, step.target), []).append(name.replace("_", " "))
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {first}"
    for (source, target), names in arrows.items():
        yield f"    {source} --> {target}: {', '.join(names)}"
    sources = {source for source, _ in arrows}
    for end in sorted({target for _, target in arrows} - sources):
        yield f"    {end} --> [*]"
    yield "```"
    yield ""


def _steps(labels: Any, steps: Mapping[str, Any], by_whom: Any) -> Iterator[str]:
    """Yield a table that says what the diagram shows."""
    yield "| Step | From | To | Taken by |"
    yield "|---|---|---|---|"
    for name, step in steps.items():
        sources = ", ".join(str(each.label) for each in labels if each in step.sources)
        target = labels(step.target).label
        yield f"| {name.replace('_', ' ')} | {sources} | {target} | {by_whom(name)} |"
    yield ""


def tables_page() -> str:
    """Return the page of tables: a diagram and a list for each room."""
    from django.apps import apps  # noqa: PLC0415

    lines = [
        "# Tables",
        "",
        "Each part is a room of the code ([Architecture](../architecture.md)); lines lead to the",
        "tables that a row names. Names are those of the classes in the room's models.",
        "",
        "## The main ones",
        "",
    ]
    main = [model for model in apps.get_models() if model.__name__ in MAIN]
    lines += _entities(
        line
        for model in sorted(main, key=lambda model: model.__name__)
        for line in sorted(_relations(model, only=MAIN))
    )
    for config in apps.get_app_configs():
        if not config.name.startswith(("opportunities.", "matching")):
            continue
        models = sorted(config.get_models(), key=lambda model: model.__name__)
        if models:
            lines += [f"## {config.name.removeprefix('opportunities.')}", "", *_room(models)]
    return "\n".join(lines).rstrip() + "\n"


def _room(models: list[Any]) -> Iterator[str]:
    """Yield the diagram of a room, and what a row of each of its tables is."""
    yield from _entities(line for model in models for line in sorted(_relations(model)))
    yield "| Table | A row is |"
    yield "|---|---|"
    for model in models:
        said = " ".join((model.__doc__ or "").split("\n\n")[0].split()).replace("``", "`")
        yield f"| `{model.__name__}` | {said} |"
    yield ""


def _entities(relations: Iterable[str]) -> Iterator[str]:
    """Yield the lines of an entity diagram, if there are relations."""
    lines = list(relations)
    if lines:
        yield from ["```mermaid", "erDiagram", *lines, "```", ""]


def _relations(model: Any, *, only: Container[str] = ()) -> Iterator[str]:
    """Yield one line for each relation that a table holds itself, to ``only`` some if named."""
    for field in model._meta.get_fields():
        if field.auto_created or not field.is_relation or field.related_model is None:
            continue
        other = field.related_model.__name__
        if only and other not in only:
            continue
        if field.many_to_many:
            ends = "}o--o{"
        else:
            ends = f"{'|o' if field.one_to_one else '}o'}--{'o|' if field.null else '||'}"
        yield f"    {model.__name__} {ends} {other} : {field.name}"


def pages() -> dict[Path, str]:
    """Return every page as it should be."""
    return {
        PAGES / "settings.md": WRITTEN + settings_page(),
        PAGES / "states.md": WRITTEN + states_page(),
        PAGES / "tables.md": WRITTEN + tables_page(),
    }


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    for path, text in pages().items():
        path.write_text(text)
