"""The web process: gunicorn's threads, with lanes beside them for what must not wait, or may.

A request that waits for a thread waits behind everything that came before it. So the first bytes
of each request decide, before any thread is taken: the two questions of machines have a thread each
of their own, and views that cost much share a few threads and wait in a short line for those alone.
The other threads are there for everybody else. An answer by which the gate refuses is sent a second
later, and waits for that without a thread.
"""

import gc
import selectors
import socket
import sys
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any, Final
from urllib.parse import unquote

from gunicorn.workers.gthread import ThreadWorker

from config.processes import COSTLY_AT_ONCE, METERED_AT_ONCE, REFUSED

MOST_WAITING: Final = {"costly": 64, "metered": 16}
"""Requests that wait for a lane; the gate answers further ones at once."""
LATE_SECONDS: Final = 1.0
"""How long a refusal is held back, so that asking again at once costs the site nothing."""
MOST_LATE: Final = 200
PEEKED: Final = 4096
SWITCH_SECONDS: Final = 0.0002
"""How long a thread that computes keeps the others waiting (Python's own: 0.005)."""
PROBES: Final = ("/healthz", "/readyz")


class _Refused(Exception):
    """A refusal of the gate, with all that is to be sent."""

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        super().__init__(status)
        self.status, self.headers, self.body = status, headers, body

    def written(self) -> bytes:
        """Return the answer as it is sent; the connection ends with it."""
        own = {"connection", "content-length"}
        lines = [f"{name}: {value}" for name, value in self.headers if name.lower() not in own]
        lines += [f"Content-Length: {len(self.body)}", "Connection: close"]
        head = "\r\n".join([f"HTTP/1.1 {self.status}", *lines])
        return f"{head}\r\n\r\n".encode("latin-1") + self.body


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn is untyped
    """gunicorn's threaded worker with lanes."""

    def init_process(self) -> None:
        """Make the lanes and serve."""
        sys.setswitchinterval(SWITCH_SECONDS)
        self.refusals: dict[Any, bytes] = {}
        self.late: deque[tuple[float, Any, bytes]] = deque()
        self.waiting = dict.fromkeys(MOST_WAITING, 0)
        self.lanes = {
            lane: ThreadPoolExecutor(threads, thread_name_prefix=f"lane {lane}")
            for lane, threads in {
                **dict.fromkeys(PROBES, 1),
                "costly": COSTLY_AT_ONCE,
                "metered": METERED_AT_ONCE,
            }.items()
        }
        super().init_process()

    def load_wsgi(self) -> None:
        """Load the site; only then does anybody know which views cost much.

        What is loaded now stays as long as the process. The collector never looks through it
        again: doing so stopped every thread, those of the probes too, for up to 0.3 s.
        """
        super().load_wsgi()
        lane_of(b"GET / HTTP/1.1")
        gc.collect()
        gc.freeze()
        site: Any = self.wsgi
        self.wsgi: Any = partial(self._answer, site)

    def _answer(self, site: Any, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer a request; a refusal is raised, so that it can be sent later."""
        head: list[Any] = []
        body = site(environ, lambda *given: head.extend(given))
        if environ.get(REFUSED) and len(self.late) < MOST_LATE:
            raise _Refused(head[0], head[1], b"".join(body))
        start_response(*head)
        return body

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Keep a refusal until its time; tell of everything else."""
        if isinstance(exc, _Refused):
            self.refusals[client] = exc.written()
        else:
            super().handle_error(req, client, addr, exc)

    def finish_request(self, conn: Any, fs: "Future[Any]") -> None:
        """Set a refused connection aside, where it holds no thread, or go on as usual."""
        refusal = self.refusals.pop(conn.sock, None)
        if refusal is None:
            super().finish_request(conn, fs)
        else:
            self.late.append((monotonic() + LATE_SECONDS, conn, refusal))

    def murder_pending(self) -> None:
        """Send the refusals whose time has come; the loop calls this at least once a second."""
        super().murder_pending()
        while self.late and self.late[0][0] <= monotonic():
            _, conn, refusal = self.late.popleft()
            with suppress(OSError):
                conn.sock.settimeout(0)
                conn.sock.send(refusal)
            self.nr_conns -= 1
            conn.close()

    def enqueue_req(self, conn: Any) -> None:
        """Give a connection whose request has begun to its lane; let others wait without a thread.

        A client that connects and says nothing never holds a thread.
        """
        head = _peek(conn)
        if head is None:
            conn.sock.settimeout(0)
            conn.timeout = monotonic() + self.cfg.keepalive
            self.pending_conns.append(conn)
            answer = partial(self.on_pending_socket_readable, conn)
            self.poller.register(conn.sock, selectors.EVENT_READ, answer)
            return
        lane = lane_of(head)
        if lane in MOST_WAITING:
            if self.waiting[lane] >= MOST_WAITING[lane]:
                lane = ""
            else:
                self.waiting[lane] += 1
        pool: Any = self.lanes.get(lane, self.tpool)
        future: Future[Any] = pool.submit(self.handle, conn)
        future.add_done_callback(lambda done: self.method_queue.defer(self._end, lane, conn, done))

    def _end(self, lane: str, conn: Any, future: "Future[Any]") -> None:
        """Count what has left a lane, in the thread that counted it in."""
        if lane in self.waiting:
            self.waiting[lane] -= 1
        self.finish_request(conn, future)


def lane_of(head: bytes) -> str:
    """Return the lane of a request by its first line; a line that is cut off has none."""
    method, _, rest = head.partition(b" ")
    target, space, _ = rest.partition(b" ")
    if not space or len(method) > 8:
        return ""
    path = unquote(target.partition(b"?")[0].decode("latin-1"))
    if path in PROBES:
        return path
    from config import overload  # noqa: PLC0415  (it needs the site to be loaded)

    return overload.kind_of(method.decode("latin-1").upper(), path)


def _peek(conn: Any) -> bytes | None:
    """Return the first bytes of the request without taking them, or None if none has come.

    What cannot be looked at, a connection that is gone or that TLS wraps, goes on as it is.
    """
    if conn.initialized and conn.parser is not None and conn.parser.unreader.buf.getvalue():
        return bytes(conn.parser.unreader.buf.getvalue()[:PEEKED])
    try:
        return bytes(conn.sock.recv(PEEKED, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except BlockingIOError:
        return None
    except (OSError, ValueError):
        return b""
