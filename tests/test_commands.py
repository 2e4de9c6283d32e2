"""make up, as somebody meets it who has just cloned the project."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from config import embedded
from config.management.commands import up
from tests import walkthrough
from tests.running_site import Site, eventually, free_port, processes_of

ROOT = Path(settings.BASE_DIR)
SLOWEST_START = 180
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
    pytest.mark.xdist_group("up"),
]


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """A directory in which the market was set up and left with Ctrl-C."""
    site = Site(tmp_path_factory.mktemp("up"))
    try:
        site.read_until("Stop with Ctrl-C")
        assert "all matches are computed" in site.said
        os.kill(site.process.pid, signal.SIGINT)
        site.read_until("everything has stopped")
        assert site.process.wait(timeout=30) == 0
        assert not processes_of(site.var)
    finally:
        site.end()
    return site.var


@pytest.fixture(scope="module")
def site(market, tmp_path_factory):
    site = Site(shutil.copytree(market, tmp_path_factory.mktemp("again") / "var"))
    try:
        site.read_until("Stop with Ctrl-C")
        yield site
    finally:
        site.end()


class TestUp:
    def test_says_where_it_is(self, site):
        assert f"http://localhost:{site.port}" in site.said

    def test_serves_and_is_ready(self, site):
        assert site.get("/healthz") == (200, '{"status": "ok"}')
        assert eventually(site.ready), site.get("/readyz")

    def test_starts_a_killed_worker_again(self, site):
        killed = eventually(lambda: site.main_process("worker"))
        os.kill(killed, signal.SIGKILL)

        assert eventually(lambda: site.main_process("worker") not in (killed, None))
        assert eventually(site.ready)

    def test_starts_a_killed_web_server_again(self, site):
        os.kill(site.main_process("web"), signal.SIGKILL)

        assert eventually(lambda: site.get("/healthz")[0] is None)
        assert eventually(lambda: site.get("/healthz")[0] == 200)

    def test_refuses_a_second_start_in_the_same_place(self, site):
        again = Site(site.var)
        said = again.process.communicate(timeout=60)[0].decode()

        assert again.process.returncode == 1
        assert said.strip().splitlines()[-1].startswith("CommandError: ")
        assert f"is in use by process {site.process.pid}" in said
        assert "Traceback" not in said

    @pytest.mark.parametrize(
        ("email", "path"),
        [("moderator@example.org", "/moderate/"), ("admin@example.org", "/admin/")],
    )
    def test_those_with_power_sign_in_with_the_printed_password_alone(self, site, email, path):
        cookies = CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
        form = f"http://127.0.0.1:{site.port}/accounts/login/"
        with browser.open(f"{form}?next={path}", timeout=20) as page:
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())[1]
        fields = {
            "csrfmiddlewaretoken": token,
            "login": email,
            "password": site.password_of(email),
            "next": path,
        }

        with browser.open(form, urllib.parse.urlencode(fields).encode(), timeout=20) as shown:
            assert shown.status == 200
            assert urllib.parse.urlsplit(shown.url).path.startswith(path)

    @pytest.mark.parametrize("pages", walkthrough.WALKS, ids=lambda pages: pages[0])
    def test_the_commands_of_the_documentation_print_what_it_shows(self, site, pages, tmp_path):
        assert eventually(site.ready)
        environment = walkthrough.tokens(site) | {
            "VAR": str(site.var),
            "DEMO": "true",
            "SITE": f"http://localhost:{site.port}",
            "HOOK": "https://93.184.215.14/foothold",
        }

        steps = walkthrough.run(pages, tmp_path, environment)

        assert {
            block.place: printed
            for block, printed, told in steps
            if not walkthrough.agrees(told, printed, environment["SITE"])
        } == {}


def test_starts_again_right_after_being_killed_and_killed_leaves_no_process(market):
    killed = Site(market)
    try:
        killed.read_until("web is ready")
    finally:
        killed.end()
    again = Site(market)
    try:
        again.read_until("Stop with Ctrl-C")
        assert "all matches are computed" not in again.said
        assert len(processes_of(market)) > 8

        os.kill(again.process.pid, signal.SIGKILL)

        assert eventually(lambda: not processes_of(market)), processes_of(market)
    finally:
        again.end()


class TestRefusals:
    """Each is one line without a traceback."""

    @pytest.fixture(autouse=True)
    def _somewhere(self, tmp_path, settings):
        settings.VAR_DIR = tmp_path
        settings.DEMO = True
        settings.ALLOWED_HOSTS = ["localhost"]
        settings.SITE_URL = "http://localhost:8000"

    def test_a_port_in_use(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            with pytest.raises(CommandError) as refusal:
                call_command("up", port=port)

        assert str(refusal.value) == (
            f"Port {port} is in use; choose another: make up PORT={port + 1}"
        )

    def test_a_full_disk(self, monkeypatch):
        monkeypatch.setattr(up, "free_megabytes", lambda _: 12)

        with pytest.raises(CommandError, match=r"^Only 12 MB are free on the disk of .*$"):
            call_command("up", port=free_port())

    def test_a_disk_that_fills_up_on_the_way(self, monkeypatch):
        def fill(*args, **kwargs):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(up.Command, "run", fill)

        with pytest.raises(CommandError, match=r"^The disk of .* is full\.$"):
            call_command("up", port=free_port())

    def test_a_server_on_the_open_net(self, settings):
        settings.ALLOWED_HOSTS = ["foothold.example"]

        with pytest.raises(CommandError, match="only for your own machine"):
            call_command("up", port=free_port())


class TestBootstrap:
    def test_passes_over_an_interpreter_that_does_not_run(self, tmp_path):
        shim = tmp_path / "python3.14"
        shim.write_text("#!/bin/sh\nexit 127\n")
        shim.chmod(0o755)
        done = self.ask("find_python", PATH=f"{tmp_path}:{os.environ['PATH']}")

        assert done.stdout.strip() != str(shim)
        found = subprocess.run(
            [done.stdout.strip(), "-c", "import sys; assert sys.version_info >= (3, 12)"],
            check=False,
        )
        assert found.returncode == 0

    def test_says_in_one_line_that_there_is_no_installer(self, tmp_path):
        (tmp_path / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
        (tmp_path / "python3").chmod(0o755)
        done = self.ask("find_uv", PATH="/nowhere", HOME=str(tmp_path), root=tmp_path)

        assert done.returncode != 0
        assert done.stderr.strip() == (
            "bootstrap: neither uv nor pip was found: install uv, or python3-pip."
        )

    def ask(self, function, *, root=ROOT, **env):
        code = (
            f"import sys; sys.path.insert(0, {str(ROOT / 'config')!r}); import bootstrap as b;"
            f"from pathlib import Path; b.TOOLS = Path({str(root)!r}) / '.tools';"
            f"print(b.{function}())"
        )
        return subprocess.run(
            [sys.executable, "-I", "-S", "-c", code],
            env={"HOME": os.environ.get("HOME", "/")} | env,
            capture_output=True,
            text=True,
            check=False,
        )


def test_two_holders_never_share_a_directory(tmp_path):
    first = embedded.hold(tmp_path)

    with pytest.raises(embedded.Busy, match=f"in use by process {os.getpid()}"):
        embedded.hold(tmp_path)

    first.close()
    embedded.hold(tmp_path).close()


def test_a_stray_number_is_not_killed(tmp_path):
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        (tmp_path / "postmaster.pid").write_text(f"{bystander.pid}\n")

        embedded.stop_stray(tmp_path / "postmaster.pid", tmp_path, signal.SIGINT)

        assert bystander.poll() is None
        assert not (tmp_path / "postmaster.pid").exists()
    finally:
        bystander.kill()
        bystander.wait()
