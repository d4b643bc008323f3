"""A program out there: a real HTTPS server that answers as it is told, and writes down what it got."""

from __future__ import annotations

import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from crm.services.webhook_addresses import Addresses

NAME = "hooks.example"


@dataclass(frozen=True)
class Got:
    path: str
    headers: Message
    body: bytes


@dataclass
class Program:
    """``answers``: what it does next: a status, "302 ADDRESS", "429 SECONDS", "vanish" or "drip"; then 200."""

    certificate: Path
    port: int = 0
    got: list[Got] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    #: Names that were looked up.
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port}/in?sig=secret"

    @property
    def context(self) -> ssl.SSLContext:
        """Trusts this program's certificate only."""
        return ssl.create_default_context(cafile=str(self.certificate))

    @property
    def addresses(self) -> Addresses:
        """A world in which every name leads to this machine, which counts as out there."""

        def resolve(host: str, _port: int) -> list[str]:
            self.asked.append(host)
            return ["127.0.0.1"]

        return Addresses(resolve=resolve, is_allowed=lambda ip: ip == "127.0.0.1")


def make_certificate(folder: Path) -> Path:
    """A certificate for the name, with its key, in one file."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    about = ["-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    subprocess.run([*made, *about, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text(key.read_text() + certificate.read_text())
    return both


@contextmanager
def serving(certificate: Path) -> Iterator[Program]:
    program = Program(certificate)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(program))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    program.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield program
    server.shutdown()
    server.server_close()


def _handler(program: Program) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            program.got.append(Got(self.path, self.headers, self.rfile.read(length)))
            answer, _, more = (program.answers.pop(0) if program.answers else "200").partition(" ")
            if answer == "vanish":
                self.connection.close()
            elif answer == "drip":
                self._drip()
            else:
                self._say(int(answer), more)

        def _say(self, status: int, more: str) -> None:
            said = b"invalid_payload\x1b[31m" + b"x" * 10_000
            self.send_response(status)
            if more:
                self.send_header("Location" if status < 400 else "Retry-After", more)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def _drip(self) -> None:
            """A byte now and then: each restarts the timeout of a socket."""
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            for _ in range(100):
                self.wfile.write(b"x")
                time.sleep(0.05)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
