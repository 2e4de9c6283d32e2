"""The rules of docs/architecture.md, executed."""

import ast
import importlib.metadata
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.permissions import AllowAny

from opportunities import ROOMS
from tests import factories

ROOT = Path(settings.BASE_DIR)
PRODUCT = ("config", "opportunities", "matching")
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "services", "managers", "base"}
LONGEST_FILE = 600
LONGEST_TEST_FILE = 800

# What matching computes is made by its operations, in tests too, and is shown where it is used.
COMPUTED = {"PackedCandidate", "PackedRole", "Price", "RoleList"}
COMPUTED |= {"RoleOdds", "RunCell", "RunInput", "RunPart", "RunRoles", "SiteOdds"}
NEEDS_NO_ADMIN = COMPUTED | {"Draft", "PromisedProfile", "StoredSession"}
NEEDS_NO_FACTORY = COMPUTED | {
    "StoredSession",
    "Dismissal",
    "Feedback",
    "Introduction",
    "IntroductionPreference",
    "Market",
    "OwedWork",
    "Run",
}
COMMANDS_OF_OTHERS = {"migrate", "check", "createsuperuser", "runserver", "collectstatic"}

# Every address that needs no sign-in, by its route. A new one fails until it is listed here.
PUBLIC_ROUTES = {
    "",
    ".well-known/change-password",
    ".well-known/security.txt",
    "accessibility/",
    "alerts/",
    "alerts/new/",
    "api/docs/",
    "api/schema/",
    "api/v1/adverts/read",
    "api/v1/meta",
    "api/v1/match-runs",
    "api/v1/moderation/rules",
    "api/v1/opportunities/assess",
    "api/v1/places",
    "api/v1/reports",
    "api/v1/skills",
    "api/v1/skills/<slug:slug>",
    ".well-known/did.json",
    "api/v1/credentials/<str:public_id>",
    "api/v1/credentials/status",
    "api/v1/credentials/verify",
    "api/docs/<slug:group>/",
    "compare/",
    "csp-reports/",
    "credentials/<str:public_id>/",
    "credentials/verify/",
    "contact/",
    "employer/paste/",
    "employer/roles/new/",
    "employer/roles/help/",
    "employer/roles/new/drop/",
    "employers/",
    "employers/<slug:slug>/",
    "employers/<slug:slug>/logo.png",
    "employers/<slug:slug>/report/",
    "feeds/deadlines.ics",
    "feeds/opportunities.atom",
    "feeds/opportunities.json",
    "formats/",
    "formats/<str:name>/",
    "healthz",
    "how-matching-works/",
    "k/",
    "k/<str:secret>/",
    "keep/",
    "llms.txt",
    "matches/",
    "matches/new/",
    "matches/new/<str:public_id>/",
    "matches/<str:public_id>/not-for-me/",
    "matches/<str:public_id>/why/",
    "matches/weights/",
    "me/profile/",
    "metrics",
    "notices/stop/<str:token>/",
    "opportunities/",
    "opportunities/<slug:slug>-<str:public_id>/",
    "opportunities/<slug:slug>-<str:public_id>/apply/there/",
    "opportunities/<slug:slug>-<str:public_id>/report/",
    "outbox/",
    "paths/",
    "paths/<slug:kind>.ics",
    "plans/",
    "plans/<str:public_id>.ics",
    "plans/<str:public_id>/",
    "plans/<str:public_id>/drop/",
    "plans/new/",
    "people/<str:public_id>/",
    "privacy/",
    "problems/<slug:slug>",
    "problems/<slug:slug>/",
    "places/",
    "readyz",
    "robots.txt",
    "rules/",
    "saved/",
    "saved/<str:public_id>/",
    "saved/<str:public_id>/remove/",
    "saved/searches/",
    "saved/searches/<str:search_id>/",
    "me/time-zone/",
    "settings/keys/",
    "settings/language/",
    "sitemap-<section>.xml",
    "sitemap.xml",
    "start/",
    "start/<slug:step>/",
    "start/check/",
    "start/forget/",
    "terms/",
}


def files(*suffixes, under=(*PRODUCT, "tests")):
    for directory in under:
        for path in sorted((ROOT / directory).rglob("*")):
            if path.suffix in suffixes and "migrations" not in path.parts:
                yield path


def our_models():
    return [
        model for label in (*ROOMS, "matching") for model in apps.get_app_config(label).get_models()
    ]


def routes(patterns=None, prefix=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def is_public(view):
    viewed = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if viewed is not None and hasattr(viewed, "permission_classes"):
        initkwargs = getattr(view, "initkwargs", {})
        allowed = initkwargs.get("permission_classes", viewed.permission_classes)
        return not allowed or AllowAny in allowed
    return getattr(view, "login_required", True) is False


def test_import_contracts_hold():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_engine_imports_without_django():
    code = (
        "import sys, matching.engine;"
        "bad = {'django', 'celery', 'redis', 'psycopg', 'rest_framework'} & set(sys.modules);"
        "assert not bad, bad"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr.decode()[-500:]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_other_package_is_called_matching():
    with pytest.raises(importlib.metadata.PackageNotFoundError):
        importlib.metadata.distribution("matching")
    spec = importlib.util.find_spec("matching")
    assert spec is not None
    assert Path(spec.origin).is_relative_to(ROOT)


def test_every_model_has_a_factory():
    made = {
        maker._meta.model
        for maker in vars(factories).values()
        if isinstance(maker, type) and hasattr(maker, "_meta") and maker._meta.model
    }
    missing = {model.__name__ for model in our_models() if model not in made}
    assert missing == NEEDS_NO_FACTORY


def test_every_model_is_in_the_admin():
    inlined = {inline.model for desk in admin.site._registry.values() for inline in desk.inlines}
    missing = {
        model.__name__
        for model in our_models()
        if model not in admin.site._registry and model not in inlined
    }
    assert missing == NEEDS_NO_ADMIN


def test_every_view_is_private_unless_it_is_listed():
    ours = [
        (route, view) for route, view in routes() if not route.startswith(("admin/", "accounts/"))
    ]
    assert {route for route, view in ours if is_public(view)} == PUBLIC_ROUTES


def test_no_template_is_unused():
    sources = [path.read_text() for path in files(".py", ".html", ".txt", under=PRODUCT)]
    unused = []
    for path in files(".html", ".txt", under=PRODUCT):
        if "templates" not in path.parts:
            continue
        name = "/".join(path.parts[path.parts.index("templates") + 1 :])
        # allauth, Django's own handlers and the admin look these up by name.
        looked_up = name.startswith(("account/", "mfa/", "allauth/", "admin/", "registration/"))
        looked_up |= re.fullmatch(r"(4|5)\d\d\.html", name) is not None
        if not looked_up and not any(name in source for source in sources):
            unused.append(name)
    assert unused == []


def test_no_file_has_a_name_that_says_nothing():
    named = {path.stem for path in files(".py", under=PRODUCT)}
    named |= {path.name for path in (ROOT / "opportunities").rglob("*") if path.is_dir()}
    assert named & FORBIDDEN_NAMES <= {"base"} & {p.stem for p in files(".html", under=PRODUCT)}


def test_no_file_is_too_long_to_read():
    long = {}
    for path in files(".py", ".html", ".css", ".js"):
        lines = path.read_text().count("\n")
        name = str(path.relative_to(ROOT))
        limit = LONGEST_TEST_FILE if name.startswith("tests/") else LONGEST_FILE
        if lines > limit and "oracle" not in path.parts:
            long[name] = lines
    assert long == {}


@pytest.mark.parametrize(
    "page", [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))], ids=lambda p: p.name
)
def test_documents_name_only_files_that_exist(page):
    text = page.read_text()
    linked = set(re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text))
    missing = {target for target in linked if not (page.parent / target).exists()}
    named = set(
        re.findall(
            r"`((?:config|opportunities|matching|tests|docs)/[\w./-]+\.(?:py|md|json|html|css))`",
            text,
        )
    )
    missing |= {target for target in named if not (ROOT / target).exists()}
    assert missing == set()


def test_documents_name_only_commands_that_exist():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    commands = {
        path.stem
        for path in ROOT.glob("[!.]*/**/management/commands/*.py")
        if not path.stem.startswith("_")
    } | {
        "migrate",
        "check",
        "createsuperuser",
        "runserver",
        "shell",
        "makemigrations",
        "spectacular",
        "collectstatic",
    }
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        text = page.read_text()
        assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets, page
        assert set(re.findall(r"manage\.py ([a-z_]+)", text)) <= commands, page


def named_in(page):
    """Return each file of the walks with the names that stand behind it."""
    text = " ".join((ROOT / page).read_text().split())
    steps = re.findall(
        r"`((?:config|opportunities|matching)/[\w/]+\.py)`((?:(?:,| and)? `\w+`)+)", text
    )
    return [(file, name) for file, names in steps for name in re.findall(r"`(\w+)`", names)]


def test_the_walks_of_the_architecture_name_functions_that_exist():
    walked = named_in("docs/architecture.md")
    assert len(walked) > 30
    missing = [
        (file, name)
        for file, name in walked
        if name
        not in {getattr(node, "name", "") for node in ast.parse((ROOT / file).read_text()).body}
    ]
    assert missing == []


def test_the_contract_of_the_rooms_is_their_order():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    [rooms] = [
        contract for contract in contracts if contract.get("containers") == ["opportunities"]
    ]
    assert rooms["layers"] == list(reversed(ROOMS))
    assert all(contract["exhaustive"] for contract in contracts if "containers" in contract)
