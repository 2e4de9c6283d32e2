"""A mail server that takes its time over each message, and remembers which it took."""

import email
import email.policy
import re
import socketserver
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass
class SlowMail:
    """An SMTP server on a port of its own; ``pause`` is in seconds for each message."""

    pause: float = 0
    taken: Counter[str] = field(default_factory=Counter)
    """How often each Message-ID was taken."""
    introduced: defaultdict[tuple[str, str], set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )
    """By reader and role: the mails that introduce it."""

    def start(self) -> int:
        """Serve in a thread and return the port."""
        mail = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                mail.converse(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        port: int = self._server.server_address[1]
        return port

    def clear(self, pause: float) -> None:
        """Forget what it took, and take so long over each message from now on."""
        self.pause = pause
        self.taken.clear()
        self.introduced.clear()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def converse(self, line: socketserver.StreamRequestHandler) -> None:
        """Speak as much SMTP as sending needs."""
        line.wfile.write(b"220 slow\r\n")
        while said := line.rfile.readline():
            command = said[:4].strip().upper()
            if command == b"DATA":
                line.wfile.write(b"354 go on\r\n")
                message = bytearray()
                while (part := line.rfile.readline()) not in {b".\r\n", b""}:
                    message += part
                time.sleep(self.pause)
                self.remember(bytes(message))
            line.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 well\r\n")
            if command == b"QUIT":
                return

    def remember(self, content: bytes) -> None:
        """Note one mail, and the roles that it introduces."""
        message = email.message_from_bytes(content, policy=email.policy.default)
        self.taken[message["Message-ID"]] += 1
        text = message.get_body(preferencelist=("plain",)).get_content()
        for role in re.findall(r"/matches/new/(\w+)/", text):
            self.introduced[message["To"], role].add(message["Message-ID"])
