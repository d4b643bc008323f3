"""With very many requests the lists, the board and the counts take few statements, and no index is left lying."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from crm.db import Database
from models import Assignment, BusinessUnit, Cover, Membership, Part, Person, Request
from tests.client import Client
from tests.factories.many_requests import People, add_many

BUDGET = 12
#: Enough for every planner to choose as it would with 200,000, which take minutes to write.
MANY = 50_000
UNITS = 500
OWN = 12
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
#: What one reads of few; none of them looks at every request.
PAGES = (
    "/requests",
    "/requests?unit=mine",
    "/requests?show=open",
    "/requests?show=open&late=1",
    "/requests?show=all",
    "/requests?show=all&page=40",
    "/requests?show=all&unit={unit}",
    "/requests?show=all&rep={rep}",
    "/requests?show=all&owner=me",
    "/requests?show=all&kind=complaint",
    "/requests?show=all&period=2026-Q3",
    "/requests?show=all&text=kakaka",
    "/requests?show=all&text=nobodysaysthis",
    "/requests?show=declined",
    "/requests/board",
    "/no-register",
    "/units/{unit}",
    "/",
)
#: What counts all of them, or weighs the words of a good part of them, may look at all of them, once.
COUNTING = (
    "/requests?by=unit&show=all",
    "/requests?by=rep&show=all",
    "/requests?by=state&show=all",
    "/requests/board?unit=",
    "/requests?show=all&text=warehouse",
    "/requests/{request}",
)
OF_A_HEAD = ("/requests", "/requests?show=all&text=warehouse", "/requests/board", "/")


@dataclass(frozen=True)
class Taken:
    """What one page sent to the database, and how long it took."""

    sent: list[tuple[str, Any]]
    ms: float


@dataclass
class Big:
    app: Flask
    session: Session
    kind: str
    rep: Person
    head: Person
    names: dict[str, int]
    taken: dict[tuple[int, str], Taken] = field(default_factory=dict)

    def take(self, person: Person, path: str) -> Taken:
        """The page as that person reads it, the second time: what is compiled once, is."""
        if (person.id, path) not in self.taken:
            client = self.app.test_client()
            assert isinstance(client, Client)
            client.sign_in(person)
            client.get(path.format(**self.names))
            self.taken[person.id, path] = self._read(client, path.format(**self.names))
        return self.taken[person.id, path]

    def _read(self, client: Client, path: str) -> Taken:
        sent: list[tuple[str, Any]] = []

        def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
            if statement.startswith(("SELECT", "WITH")):
                sent.append((statement, parameters))

        engine = self.session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        begun = time.perf_counter()
        answer = client.get(path)
        ms = 1000 * (time.perf_counter() - begun)
        event.remove(engine, "before_cursor_execute", note)
        assert answer.status_code == 200, path
        return Taken(sent, ms)


@pytest.fixture(scope="module")
def big(app: Flask) -> Iterator[Big]:
    """Everything in one transaction that is undone at the end."""
    database: Database = app.extensions["database"]
    makers = database._reading, database._writing
    with time_machine.travel(NOW, tick=False), database.engine.connect() as connection:
        outer = connection.begin()
        database.bind_to(connection)
        with database.session(writes=True) as session:
            yield _fill(app, session)
        outer.rollback()
    database._reading, database._writing = makers


def _fill(app: Flask, session: Session) -> Big:
    kind = session.connection().dialect.name
    if kind == "postgresql":  # a million foreign keys are not what this is about
        session.execute(text("SET session_replication_role = replica"))
    rep = Person(name="Ines Carvalho", email="ines@fernhill.example", is_rep=True)
    other = Person(name="Tom Okafor", email="tom@fernhill.example", is_rep=True)
    head = Person(name="Amara Diallo", email="amara@fernhill.example", is_business=True)
    units = [BusinessUnit(code=f"U{n}", name=f"Unit {n:03}", time_zone="Europe/Lisbon") for n in range(UNITS)]
    session.add_all([rep, other, head, *units])
    session.flush()
    lead = {"cover": Cover.LEAD, "since": date(2016, 1, 1)}
    led = [
        {"unit_id": unit.id, "rep_id": (rep if place < OWN else other).id, **lead} for place, unit in enumerate(units)
    ]
    session.execute(insert(Assignment), led)
    session.add(Membership(unit_id=units[0].id, person_id=head.id, part=Part.HEAD, since=date(2016, 1, 1)))
    session.flush()
    begun = time.perf_counter()
    people = People(requesters=(head.id,), owners=(rep.id, *[other.id] * 40, None))
    add_many(session, unit_ids=[unit.id for unit in units], today=NOW.date(), many=MANY, people=people)
    session.commit()
    print(f"{kind}: {MANY:,} requests in {time.perf_counter() - begun:.1f} s")
    first = session.query(Request.id).order_by(Request.id.desc()).limit(1).scalar()
    return Big(app, session, kind, rep, head, {"unit": units[0].id, "rep": other.id, "request": first})


def test_every_page_takes_few_statements(big: Big) -> None:
    for person, paths in ((big.rep, PAGES + COUNTING), (big.head, OF_A_HEAD)):
        for path in paths:
            taken = big.take(person, path)
            print(f"{big.kind:<11} {person.given_name:<6} {path:<44} {len(taken.sent):>3} {taken.ms:8.1f} ms")
            assert len(taken.sent) <= BUDGET, path


def test_no_page_that_shows_few_reads_all_of_them(big: Big) -> None:
    explain = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}[big.kind]
    found = []
    for path in PAGES:
        for statement, parameters in big.take(big.rep, path).sent:
            if statement.startswith("SELECT count(*)"):  # stops at the first thousand
                continue
            rows = big.session.connection().exec_driver_sql(explain + statement, parameters)
            plan = "\n".join(str(row[-1]) for row in rows)
            if re.search(r"(?:SCAN|Seq Scan on) request\b(?! USING)", plan):
                found.append(f"{path}: {statement[:200]}\n{plan}")
    assert not found, "\n\n".join(found)


def test_the_first_rows_of_a_file_are_read_by_pages(big: Big) -> None:
    begun = time.perf_counter()
    client = big.app.test_client()
    assert isinstance(client, Client)
    answer = client.sign_in(big.rep).get(f"/requests?show=all&unit={big.names['unit']}&as=csv")
    print(f"{big.kind}: a file of one unit in {1000 * (time.perf_counter() - begun):.0f} ms")
    assert answer.text.count("\n") >= MANY // UNITS


def test_what_is_counted_is_what_is_there(big: Big) -> None:
    by_state = big.session.execute(text("SELECT state, COUNT(*) FROM request GROUP BY state"))
    counted = {row[0]: row[1] for row in by_state}
    page = big.app.test_client()
    assert isinstance(page, Client)
    shown = page.sign_in(big.rep).get("/requests/board?unit=").text
    told = re.findall(r'id="column-(\w+)">[^<]*<span class="num">([\d,]+)</span>', shown)
    assert {state: int(number.replace(",", "")) for state, number in told} == counted
