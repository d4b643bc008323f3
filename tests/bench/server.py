"""A real server in production mode, and how much of the processors it and its database have used."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOST = "rapport.example"
SECRET_KEY = "only-for-the-bench-" + "x" * 32
SECONDS_TO_START = 120


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    location: str


@dataclass
class Served:
    """One running server and an open connection to it."""

    process: subprocess.Popen[bytes]
    port: int

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method: str, path: str, *, cookie: str = "", body: str = "") -> Answer:
        headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", "Cookie": cookie}
        if method == "POST":
            headers |= {"Referer": f"https://{HOST}/", "Content-Type": "application/x-www-form-urlencoded"}
        try:
            answer = self._send(method, path, body, headers)
        except http.client.RemoteDisconnected:  # it was idle for long, and the server hung up
            self.connection.close()
            answer = self._send(method, path, body, headers)
        return Answer(answer.status, answer.read().decode(), answer.getheader("Location", ""))

    def _send(self, method: str, path: str, body: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        self.connection.request(method, path, body=body or None, headers=headers)
        return self.connection.getresponse()

    @property
    def processor_ms(self) -> float:
        """What the server and its workers have used, in milliseconds."""
        return sum(processor_ms(each) for each in [self.process.pid, *children_of(self.process.pid)])


def children_of(pid: int) -> list[int]:
    """And theirs."""
    own = [int(child) for child in _read(f"/proc/{pid}/task/{pid}/children").split()]
    return own + [below for child in own for below in children_of(child)]


def processor_ms(pid: int) -> float:
    """Of all threads of a process: Linux counts the nanoseconds each has run."""
    tasks = Path(f"/proc/{pid}/task")
    try:
        return sum(int(_read(f"{task}/schedstat").split()[0] or 0) for task in tasks.iterdir()) / 1e6
    except (OSError, IndexError):
        return 0.0  # it has just ended


def _read(file: str) -> str:
    try:
        return Path(file).read_text()
    except OSError:
        return ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def rapport(url: str, folder: Path) -> Iterator[Served]:
    """``crm serve`` as in production, with one worker, behind what calls itself a proxy."""
    port = free_port()
    settings = {
        "CRM_DATABASE_URL": url,
        "CRM_ENVIRONMENT": "production",
        "CRM_SECRET_KEY": SECRET_KEY,
        "CRM_BASE_URL": f"https://{HOST}",
        "CRM_TRUSTED_PROXIES": "1",
        "CRM_INSTANCE": str(folder),
    }
    command = [sys.executable, "-m", "crm", "serve", "--port", str(port), "--no-scheduler"]
    with _started(command, port, settings) as served:
        yield served


@contextmanager
def floor(url: str) -> Iterator[Served]:
    port = free_port()
    with _started([sys.executable, "-m", "tests.bench.floor", url, str(port)], port, {}) as served:
        yield served


@contextmanager
def _started(command: list[str], port: int, settings: Mapping[str, str]) -> Iterator[Served]:
    process = subprocess.Popen(command, env={**os.environ, **settings})
    try:
        _wait_for(port, process)
        yield Served(process, port)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")
