"""Loads each size, serves it, asks for each page many times, and writes what that cost as a table."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import event

from tests.bench import browser, data, server
from tests.bench.browser import People
from tests.bench.server import Answer, Served

SCALES = os.environ.get("SCALES", "small medium large").split()
DATABASES = os.environ.get("DATABASES", "sqlite postgresql").split()
TABLE = Path(os.environ.get("TABLE", "docs/benchmarks.md"))
WARM, READS, WRITES, AT_ONCE = 10, 60, 25, 8
#: What is read, by whom.
PAGES = {
    "List of units": ("rep", "/units"),
    "Unit page": ("rep", "/units/{unit}"),
    "The CIO's page": ("cio", "/portfolio"),
    "Home of a rep": ("rep", "/"),
    "List of requests": ("rep", "/requests"),
}
SAVE, ANSWER = "Save a meeting", "Answer a rating"
Ask = Callable[[], Answer]


@dataclass(frozen=True)
class Cost:
    """Of one request. ``processor``: milliseconds of the server, the least of three thirds of the run, by mean."""

    processor: float
    p50: float
    p95: float
    #: Requests a second with eight clients; None where it would write.
    throughput: float | None = None
    statements: int | None = None


def measured(served: Served, asks: Iterator[Ask], many: int) -> Cost:
    thirds: list[list[float]] = [[], [], []]
    waited = []
    for place in range(many):
        ask = next(asks)
        before, begun = served.processor_ms, time.perf_counter()
        answer = ask()
        waited.append(1000 * (time.perf_counter() - begun))
        thirds[3 * place // many].append(served.processor_ms - before)
        if answer.status not in (200, 303):
            raise RuntimeError(f"{answer.status}: {answer.body[:2000]}")
    processor = min(statistics.mean(third) for third in thirds if third)
    return Cost(processor, statistics.median(waited), sorted(waited)[int(0.95 * len(waited))])


def again(ask: Ask) -> Iterator[Ask]:
    while True:
        yield ask


def throughput(served: Served, path: str, cookie: str) -> float:
    """Requests a second of eight clients at once."""

    def client(_: int) -> int:
        own = Served(served.process, served.port)
        return sum(own.ask("GET", path, cookie=cookie).status == 200 for _ in range(10))

    begun = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = sum(pool.map(client, range(AT_ONCE)))
    return done / (time.perf_counter() - begun)


def floors(url: str) -> tuple[Cost, Cost]:
    """A bare page, and a bare insert."""
    with server.floor(url) as served:
        for _ in range(WARM):
            served.ask("GET", "/read"), served.ask("POST", "/write")
        read = measured(served, again(lambda: served.ask("GET", "/read")), 3 * READS)
        write = measured(served, again(lambda: served.ask("POST", "/write")), 3 * READS)
        return Cost(read.processor, read.p50, read.p95, throughput(served, "/read", "")), write


def costs(url: str, folder: Path) -> dict[str, Cost]:
    people = browser.assembled(url)
    found = {}
    with server.rapport(url, folder) as served:
        for name, (who, path) in PAGES.items():
            found[name] = _page(served, people, path.format(unit=people.unit_id), people.cookies[who])
        found[SAVE] = _writing(served, _meetings(served, people))
        found[ANSWER] = _writing(served, _answers(served, people))
    people.database.engine.dispose()
    return found


def _page(served: Served, people: People, path: str, cookie: str) -> Cost:
    def ask() -> Answer:
        return served.ask("GET", path, cookie=cookie)

    for _ in range(WARM):
        ask()
    cost = measured(served, again(ask), READS)
    sent = _statements(people, path, cookie)
    return Cost(cost.processor, cost.p50, cost.p95, throughput(served, path, cookie), sent)


def _writing(served: Served, asks: Iterator[Ask]) -> Cost:
    for _ in range(3):
        next(asks)()
    return measured(served, asks, WRITES)


def _meetings(served: Served, people: People) -> Iterator[Ask]:
    while True:
        path, body = browser.save_a_meeting(served, people)
        yield lambda path=path, body=body: served.ask("POST", path, cookie=people.cookies["rep"], body=body)  # type: ignore[misc]


def _answers(served: Served, people: People) -> Iterator[Ask]:
    said = {"score": "4", "comment": "It works.", "csrf_token": browser.csrf_token(people.app)}
    for token in browser.links(people, WRITES + 3):
        yield lambda token=token: served.ask(  # type: ignore[misc]
            "POST", f"/r/{token}", cookie=people.cookies["stranger"], body=urlencode(said)
        )


def _statements(people: People, path: str, cookie: str) -> int:
    sent: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    event.listen(people.database.engine, "before_cursor_execute", note)
    client = people.app.test_client(use_cookies=False)
    client.get(path, base_url=f"https://{server.HOST}", headers={"Cookie": cookie})
    event.remove(people.database.engine, "before_cursor_execute", note)
    return len(sent)


def table(kind: str, found: dict[str, dict[str, Cost]], read: dict[str, Cost], write: dict[str, Cost]) -> str:
    """One database: a line for each page and size."""
    lines = [
        f"### {kind}",
        "",
        "| | scale | CPU ms | of the floor | large / small | p50 ms | p95 ms | per second, 8 clients | statements |",
    ]
    lines.append("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for scale in read:
        for name, cost in (("Floor: 50 rows", read[scale]), ("Floor: an insert", write[scale])):
            lines.append(_line(name, scale, cost, None, None))
    for name in (*PAGES, SAVE, ANSWER):
        for scale, costs_ in found.items():
            floor = (write if name in (SAVE, ANSWER) else read)[scale]
            grown = costs_[name].processor / found["small"][name].processor if "small" in found else None
            lines.append(_line(name, scale, costs_[name], costs_[name].processor / floor.processor, grown))
    return "\n".join(lines)


def _line(name: str, scale: str, cost: Cost, ratio: float | None, grown: float | None) -> str:
    cells = (
        f"{cost.processor:.2f}",
        f"{ratio:.1f}x" if ratio else "1",
        f"{grown:.2f}" if grown else "",
        f"{cost.p50:.1f}",
        f"{cost.p95:.1f}",
        f"{cost.throughput:.0f}" if cost.throughput else "",
        "" if cost.statements is None else str(cost.statements),
    )
    return f"| {name} | {scale} | {' | '.join(cells)} |"


def main() -> None:
    parts = []
    for kind in DATABASES:
        found: dict[str, dict[str, Cost]] = {}
        read: dict[str, Cost] = {}
        write: dict[str, Cost] = {}
        for scale in SCALES:
            with data.loaded(kind, scale) as url:
                read[scale], write[scale] = floors(url)
                found[scale] = costs(url, data.ROOT / "instance")
            print(table(kind, found, read, write), flush=True)
        parts.append(table(kind, found, read, write))
    head = _head()
    TABLE.write_text("\n\n".join([head, *parts]) + "\n")


def _head() -> str:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    made = f"{datetime.now(UTC):%d %B %Y} at {commit.stdout.strip() or 'an unknown commit'}"
    return f"""# What a request costs

Written by `make bench` on {made}; Python {platform.python_version()}, {os.cpu_count()} cores, gunicorn with one worker
in production mode. CPU is what the server's process used for one request (Linux counts nanoseconds per thread); the
database's own is not counted on PostgreSQL. The *floor* is a bare Flask page of 50 rows from one Core query, and a bare
insert, on the same database in the same run. `make bench SCALES=small DATABASES=sqlite` narrows it."""


if __name__ == "__main__":
    main()
