"""What is deployed is what make up shows: the same commands, closed doors, a clean check."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from config import bootstrap, environment
from config.processes import PROCESSES

ROOT = Path(settings.BASE_DIR)
PRODUCTION = {
    "PATH": os.environ["PATH"],
    "DEBUG": "false",
    "DEMO": "false",
    "SECRET_KEY": "a-key-of-more-than-fifty-letters-and-of-many-different-ones-0123456789",
    "SITE_URL": "https://foothold.example",
    "DATABASE_URL": os.environ["DATABASE_URL"],
    "REDIS_URL": os.environ["REDIS_URL"],
    "MAIL_HOST": "mail.example",
    "TRUSTED_PROXIES": "1",
}


def manage(*args, **env):
    return subprocess.run(
        [sys.executable, "manage.py", *args],
        env=PRODUCTION | env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def names_in(example):
    """Return the settings that a file like .env names, commented out or not."""
    return set(re.findall(r"^#?([A-Z0-9_]+)=", example, re.MULTILINE))


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.mark.parametrize("name", PROCESSES)
def test_compose_runs_the_commands_of_make_up(compose, name):
    command = compose["services"][name]["command"]

    assert command == ["python", "-m", *PROCESSES[name].command]


@pytest.mark.parametrize("name", PROCESSES)
def test_compose_gives_each_program_the_environment_of_make_up(compose, name):
    assert PROCESSES[name].environment.items() <= compose["services"][name]["environment"].items()


def test_a_migration_may_take_an_hour(compose):
    # Fifteen seconds, as a page has, would stop the index of a large table half way.
    assert compose["services"]["migrate"]["environment"]["STATEMENT_TIMEOUT_MS"] == "3600000"


def test_the_image_serves_with_the_command_of_make_up():
    last = (ROOT / "Dockerfile").read_text().strip().splitlines()[-1]

    assert yaml.safe_load(last.removeprefix("CMD ")) == ["python", "-m", *PROCESSES["web"].command]


def test_the_image_runs_as_a_numbered_user_who_cannot_write_the_code(compose):
    image = (ROOT / "Dockerfile").read_text()

    assert "\nUSER 10001:10001\n" in image
    assert "--chown=root:root /app /app" in image
    for name in ("migrate", *PROCESSES):
        program = compose["services"][name]
        assert program["read_only"]
        assert program["tmpfs"] == ["/tmp"]  # noqa: S108
        assert program["cap_drop"] == ["ALL"]
        assert program["security_opt"] == ["no-new-privileges:true"]


def test_compose_passes_every_setting_of_the_example(compose):
    example = (ROOT / ".env.example").read_text()
    offered, _, only_compose = example.partition("# Only for docker compose.")
    documented = names_in(offered)
    passed = set(compose["services"]["web"]["environment"])

    assert only_compose
    assert documented - passed == {
        "DEBUG",
        "WEBHOOKS_TO_LOOPBACK",
        "VAR",
        "PLACES_DIR",
    }  # for developers, and set by the image
    assert {"SITE_HOST", "POSTGRES_PASSWORD"} <= names_in(only_compose)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_NAME", "Foothold"), ("MAIL_USE_TLS", "true"), ("LOG_LEVEL", "INFO"),
        ("API_QUOTA_FACTOR", "1"), ("RUN_EVENTS_SECONDS", "60"), ("ROLE_LIST_MAX_AGE", "900"),
        ("GUEST_PROFILES_PER_ADDRESS", "30"), ("GUEST_PROFILES_IN_ALL", "1000"),
        ("OTEL_SERVICE_NAME", "foothold"), ("OTEL_TRACES_SAMPLER", "parentbased_always_on"),
        ("OTEL_TRACES_SAMPLER_ARG", "1"), ("SENTRY_ENVIRONMENT", "production"),
        ("HSTS_PRELOAD", "false"), ("MAIL_PORT", "587"), ("SECRET_KEY_FALLBACKS", ""),
    ],
)  # fmt: skip
def test_what_compose_passes_by_default_is_the_default(compose, name, value):
    assert compose["services"]["web"]["environment"][name] == f"${{{name}:-{value}}}"
    example = (ROOT / ".env.example").read_text()
    assert f"#{name}={value}\n" in example


def test_every_service_of_compose_is_watched(compose):
    watched = {name for name, service in compose["services"].items() if "healthcheck" in service}

    assert watched == {"postgres", "redis", *PROCESSES}


def test_compose_is_what_the_specification_of_compose_says():
    program = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [program, "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dockerfile_passes_its_linter():
    program = Path(sys.executable).parent / "hadolint"
    done = subprocess.run(
        [program, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_the_image_holds_what_the_bill_of_materials_names():
    chosen = " ".join(bootstrap.SBOM[: bootstrap.SBOM.index("--format")]).removeprefix("export ")

    assert f"uv sync {chosen} --no-cache\n" in (ROOT / "Dockerfile").read_text()


def test_any_number_of_workers_may_run(compose):
    worker = compose["services"]["worker"]

    assert not {"ports", "container_name", "hostname"} & set(worker)
    # Not an option of a command: whoever forgets it in the next one would stop all but one.
    assert worker["scale"] == "${WORKERS:-1}"


def test_any_password_of_the_database_will_do(compose):
    given = compose["services"]["web"]["environment"]

    assert environment.database(given["DATABASE_URL"])["PASSWORD"] == ""
    assert given["PGPASSWORD"].startswith("${POSTGRES_PASSWORD:?")


def test_a_new_database_is_waited_for_until_it_is_made(compose):
    # The server that the image starts meanwhile answers on its socket, and then stops.
    assert "--host" in compose["services"]["postgres"]["healthcheck"]["test"]


def test_requests_that_have_begun_are_answered_before_the_web_server_is_killed(compose):
    command = PROCESSES["web"].command
    given = int(command[command.index("--graceful-timeout") + 1])

    assert compose["services"]["web"]["stop_grace_period"] == f"{2 * given}s"


def test_logs_do_not_fill_the_disk(compose):
    assert {each["logging"]["driver"] for each in compose["services"].values()} == {"local"}


def test_production_settings_pass_every_check_of_deployment():
    done = manage("check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "SITE_URL", "DATABASE_URL", "REDIS_URL"])
def test_production_does_not_start_without(name):
    done = manage("check", **{name: ""})

    assert done.returncode != 0
    assert f"Set the environment variable {name}" in done.stderr


def test_a_clone_that_nobody_configured_serves_only_its_own_machine(tmp_path):
    unset = dict.fromkeys(PRODUCTION.keys() - {"PATH", "HOME"}, "")
    done = manage(
        "shell",
        "--no-imports",
        "-c",
        "from django.conf import settings as s; print(s.LOCAL, s.DEBUG, s.DEMO, s.ALLOWED_HOSTS)",
        **unset | {"VAR": str(tmp_path), "DEBUG": "false"},
    )

    assert done.stdout.strip() == "True False False ['localhost', '127.0.0.1', '[::1]']", (
        done.stderr
    )


def test_a_database_that_is_away_is_said_in_two_lines(tmp_path):
    nowhere = f"postgresql://foothold@/foothold?host={tmp_path}"
    done = manage("normalize_skills", "-", DATABASE_URL=nowhere)

    assert done.returncode == 1
    assert "No such file" in done.stderr
    assert done.stderr.endswith("make services starts a database; DATABASE_URL names another.\n")
    assert "Traceback" not in done.stderr


def test_production_refuses_demo_mode():
    done = manage("check", DEMO="true")

    assert done.returncode != 0
    assert "production refuses to start with DEMO set" in done.stderr


def test_the_web_server_refuses_demo_mode_too():
    done = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        env=PRODUCTION | {"DEMO": "true"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "production refuses to start with DEMO set" in done.stderr


def test_a_switch_that_is_neither_on_nor_off_is_refused():
    done = manage("check", DEBUG="maybe")

    assert "DEBUG must be true or false" in done.stderr


def test_the_example_environment_names_every_setting():
    source = (ROOT / "config" / "settings.py").read_text()
    example = (ROOT / ".env.example").read_text()
    calls = ("text(", "flag(", "number(", "words(", "with_extra(")
    used = {
        part.split('"')[1]
        for call in calls
        for part in source.split(call)[1:]
        if part.startswith('"')
    }

    internal = {"DEMO", "DATABASE_POOL_SIZE", "STATIC_ROOT", "UPLOADS_DIR", "SSL_REDIRECT"}
    internal |= {"STATEMENT_TIMEOUT_MS", "LOCK_TIMEOUT_MS"}
    assert used - internal <= names_in(example)
