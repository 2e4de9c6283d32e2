"""A server of feeds on this machine, with payloads of our own making, and the way to it.

The guard resolves every name to a public address; only the last step, the connection itself, is
led to the server here, and without TLS.
"""

import hashlib
import json
import socket
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.utils import timezone

from opportunities.core import outbound

PUBLIC = "93.184.216.34"
PATH = "/acme/jobs"
BOARD = f"https://boards.example{PATH}"


class Feeds:
    """What the server answers by path, and what it was asked."""

    def __init__(self):
        self.pages = {}
        self.asked = []
        """Path and headers of each request."""

    def put(self, path, content, status=200, **headers):
        """Answer a path with these bytes, text or JSON from now on."""
        if not isinstance(content, bytes | str):
            content = json.dumps(content)
        body = content if isinstance(content, bytes) else content.encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, body, named)

    def paths(self):
        return [path for path, _ in self.asked]


@contextmanager
def serving(monkeypatch):
    """Serve feeds for the length of a test; every name leads to them."""
    feeds = Feeds()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            feeds.asked.append((self.path, dict(self.headers)))
            status, body, headers = feeds.pages.get(self.path, (404, b"", {}))
            tag = headers.get("ETag", "")
            if tag and self.headers.get("If-None-Match") == tag:
                status, body = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Keep silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()

    class Local(HTTPConnection):
        def __init__(self, host, port, address):
            assert address == PUBLIC
            super().__init__("127.0.0.1", server.server_port, timeout=5)
            self.is_cut = False

        def cut(self):
            self.is_cut = True
            self.close()

    real = socket.getaddrinfo

    def resolve(host, port, *rest, **options):
        if not str(host).endswith(".example"):
            return real(host, port, *rest, **options)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, port))]

    monkeypatch.setattr(outbound, "Pinned", Local)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    try:
        yield feeds
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def job(number, **change):
    """Return one row that states all a role needs, under our own names."""
    return {
        "id": number,
        "title": f"Research intern {number}",
        "description": f"Help with study {hashlib.sha256(str(number).encode()).hexdigest()}.",
        "format": "micro_internship",
        "mode": "onsite",
        "place": "Leeds",
        "country": "GB",
        "hours_total": 20,
        "weeks": 2,
        "pay_kind": "fixed_fee",
        "pay_amount": "400.00",
        "pay_currency": "GBP",
        "apply_by": (timezone.localdate() + timedelta(days=60)).isoformat(),
    } | change


def posting(number, **change):
    """Return one row of a board, in the shape of Greenhouse."""
    return {
        "id": number,
        "title": f"Research intern {number}",
        "absolute_url": f"https://boards.example/acme/jobs/{number}",
        "location": {"name": "Leeds, United Kingdom"},
        "content": "<p>Help with our study.</p>",
    } | change


def board(*numbers, **change):
    """Return the board with these rows."""
    return {"jobs": [job(number, **change) for number in numbers]}
