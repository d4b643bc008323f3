"""With 20,000 meetings and 500 units no page takes more statements, and a timeline costs what it costs with 200."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Table, event, insert, text
from sqlalchemy.orm import Session

from crm import policy
from crm.db import Database
from crm.policy import Actor
from crm.services import timeline
from crm.services.timeline import Only, parts, place, reading
from crm.services.timeline.part import Wanted
from models import (
    Action,
    ActionState,
    Assignment,
    Base,
    BusinessUnit,
    Cover,
    Meeting,
    MeetingKind,
    Membership,
    MinutesVersion,
    Part,
    Person,
    Request,
    RequestState,
)
from tests.client import Client
from tests.conftest import StatementCounter

BUDGET = 12
UNITS, OWN, FEW, MANY = 500, 12, 200, 20_000
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
LONG_AGO = date(2016, 1, 1)
PAGES = (
    "/",
    "/portfolio",
    "/portfolio/list",
    "/units",
    "/units/{long}",
    "/units/{long}/timeline",
    "/units/{long}/timeline?text=zebra",
    "/units/{long}/timeline?kind=meetings",
    "/meetings",
    "/meetings?unit={long}",
    "/actions",
    "/actions?show=settled",
    "/requests?show=all",
    "/reviews?whose=all",
    "/calendar",
    "/calendar?whose=all",
    "/calendar?view=agenda&unit={long}",
)


@dataclass(frozen=True)
class Big:
    """Two of the 500 units: ``long`` has 20,000 meetings with all that comes of them, ``short`` has 200."""

    session: Session
    rep: Person
    head: Person
    long: BusinessUnit
    short: BusinessUnit

    def actor(self, person: Person) -> Actor:
        return policy.actor_for(self.session, person, TODAY)


@pytest.fixture(scope="module")
def big(app: Flask) -> Iterator[Big]:
    """Everything in one transaction that is undone at the end."""
    database: Database = app.extensions["database"]
    makers = database._reading, database._writing
    with time_machine.travel(NOW, tick=False), database.engine.connect() as connection:
        outer = connection.begin()
        database.bind_to(connection)
        with database.session(writes=True) as session:
            yield _fill(session)
        outer.rollback()
    database._reading, database._writing = makers


def _fill(session: Session) -> Big:
    rep = Person(name="Ines Carvalho", email="ines@fernhill.example", is_rep=True)
    head = Person(name="Amara Diallo", email="amara@fernhill.example", is_business=True)
    other = Person(name="Tom Okafor", email="tom@fernhill.example", is_rep=True)
    units = [BusinessUnit(code=f"U{n}", name=f"Unit {n:03}", time_zone="Europe/Lisbon") for n in range(UNITS)]
    session.add_all([rep, head, other, *units])
    session.flush()
    short, long = units[:2]
    lead = {"cover": Cover.LEAD, "since": LONG_AGO}
    led = [
        {"unit_id": unit.id, "rep_id": (rep if place < OWN else other).id, **lead} for place, unit in enumerate(units)
    ]
    session.execute(insert(Assignment), led)
    for unit in (short, long):
        session.add(Membership(unit_id=unit.id, person_id=head.id, part=Part.HEAD, since=LONG_AGO))
    _history(session, short, FEW, 1)
    _history(session, long, MANY, FEW + 1)
    session.commit()
    session.execute(text("ANALYZE"))
    return Big(session, rep, head, long, short)


def _history(session: Session, unit: BusinessUnit, many: int, first_id: int) -> None:
    """Ten years at most, several meetings a day: each shared, with a promise kept; one in ten with a request."""
    days = [TODAY - timedelta(days=1 + number * 3650 // MANY) for number in range(many)]
    ids = range(first_id, first_id + many)
    _write(session, Meeting, [_meeting(unit, id_, day) for id_, day in zip(ids, days, strict=True)])
    _write(session, MinutesVersion, [_version(unit, id_, day) for id_, day in zip(ids, days, strict=True)])
    _write(session, Action, [_action(unit, id_, day) for id_, day in zip(ids, days, strict=True)])
    _write(session, Request, [_request(unit, id_, day) for id_, day in zip(ids, days, strict=True) if id_ % 10 == 0])


def _write(session: Session, kind: type[Base], rows: list[dict[str, Any]]) -> None:
    table = kind.__table__
    assert isinstance(table, Table)
    session.execute(insert(table), rows)


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def _meeting(unit: BusinessUnit, id_: int, day: date) -> dict[str, Any]:
    return {
        "id": id_,
        "unit_id": unit.id,
        "kind": MeetingKind.TOUCHPOINT,
        "held_on": day,
        "minutes": f"We spoke of matter {id_} and agreed on the next step.",
        "internal_notes": "",
        "shared_version": 1,
        "logged_at": _at(day, 12),
    }


def _version(unit: BusinessUnit, id_: int, day: date) -> dict[str, Any]:
    said = f"We spoke of matter {id_} and agreed on the next step."
    return {"meeting_id": id_, "unit_id": unit.id, "number": 1, "text": said, "reason": "", "shared_at": _at(day, 13)}


def _action(unit: BusinessUnit, id_: int, day: date) -> dict[str, Any]:
    is_open = id_ % 50 == 0
    return {
        "unit_id": unit.id,
        "meeting_id": id_,
        "text": f"See to matter {id_}",
        "due_on": day + timedelta(days=14),
        "state": ActionState.OPEN if is_open else ActionState.DONE,
        "made_at": _at(day, 12),
        "settled_at": None if is_open else _at(day, 17),
    }


def _request(unit: BusinessUnit, id_: int, day: date) -> dict[str, Any]:
    return {
        "unit_id": unit.id,
        "meeting_id": id_,
        "title": f"Wish {id_}",
        "business_need": "To close on time",
        "origin": "asked",
        "state": RequestState.LOGGED,
        "logged_on": day,
        "reason": "",
        "alternative": "",
        "no_alternative": False,
    }


@pytest.mark.parametrize("who", ["rep", "head"])
def test_no_page_exceeds_its_budget(app: Flask, big: Big, statements: StatementCounter, who: str) -> None:
    client = app.test_client()
    assert isinstance(client, Client)
    client.sign_in(getattr(big, who))
    for path in PAGES:
        if who == "head" and "portfolio" in path:
            continue
        with statements:
            answer = client.get(path.format(long=big.long.id))
        assert answer.status_code == 200, path
        assert statements.count <= BUDGET, f"{who} {path}: {statements.count} statements"


def _read(big: Big, unit: BusinessUnit, person: Person, **asked: Any) -> timeline.Stretch:
    return timeline.read(big.session, by=big.actor(person), unit=unit, now=NOW, **asked)


@pytest.mark.parametrize("who", ["rep", "head"])
def test_the_first_page_of_a_timeline_takes_the_same_statements(big: Big, who: str) -> None:
    taken = []
    for unit in (big.short, big.long):
        with _counted(big.session) as sent:
            assert len(_read(big, unit, getattr(big, who)).entries) == reading.SIZE
        taken.append(len(sent))
    assert taken[0] == taken[1] <= 4


@contextmanager
def _counted(session: Session) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


#: What grows with the meetings, and the index by which a stretch of it is found. Where most meetings are those of one
#: unit, PostgreSQL may as well walk all of them.
FOUND_BY = {
    "meeting": "ix_meeting_(unit_id_)?held_on",
    "minutes_version": "ix_minutes_version_unit_id_shared_at",
    "action": "ix_action_unit_id_(made|settled)_at",
    "request": "ix_request_unit_id_(logged_on|decided_at|delivered_at)",
}


@pytest.mark.parametrize("who", ["rep", "head"])
def test_what_grows_with_the_meetings_is_found_in_order_by_its_index(big: Big, who: str) -> None:
    first, on_the_way = place.before_all(TODAY), _read(big, big.long, getattr(big, who)).earlier
    for after in (first, on_the_way):
        assert after is not None
        plan = _plan(big, big.long, getattr(big, who), after)
        for table, index in FOUND_BY.items():
            assert re.search(rf"{index}\b", plan), f"{table}: {plan}"
            assert not re.search(rf"(?:SCAN|Seq Scan on) {table}\b", plan), f"{table}: {plan}"


def _plan(big: Big, unit: BusinessUnit, person: Person, after: place.Place, how: str = "") -> str:
    by = big.actor(person)
    is_it = policy.can(by, policy.Action.SEE_INTERNAL_NOTES, unit)
    wanted = Wanted(unit.id, TODAY, Only.ALL, whole=False, reads_notes=is_it)
    chosen = list(parts.chosen(by=by, unit=unit, wanted=wanted))
    bind = big.session.connection()
    asked = reading.statement(chosen, unit, after, "").compile(bind, compile_kwargs={"literal_binds": True})
    how = how or ("EXPLAIN QUERY PLAN" if bind.dialect.name == "sqlite" else "EXPLAIN")
    return "\n".join(
        str(row[-1]) for row in big.session.execute(text(f"{how} {str(asked).replace(':', chr(92) + ':')}"))
    )


@pytest.mark.parametrize("who", ["rep", "head"])
def test_the_first_page_of_a_timeline_costs_the_same(big: Big, who: str) -> None:
    """Counted by the database itself: steps of SQLite's machine, pages that PostgreSQL touches."""
    short, long = (_cost(big, unit, getattr(big, who)) for unit in (big.short, big.long))
    assert 0 < long < 2 * short


def _cost(big: Big, unit: BusinessUnit, person: Person) -> int:
    if big.session.connection().dialect.name == "sqlite":
        return _steps(big, unit, person)
    plan = _plan(big, unit, person, place.before_all(TODAY), "EXPLAIN (ANALYZE, BUFFERS)")
    top = re.search(r"Buffers: shared hit=(\d+)(?: read=(\d+))?", plan)
    assert top, plan
    return sum(int(number or 0) for number in top.groups())


def _steps(big: Big, unit: BusinessUnit, person: Person) -> int:
    """In tens."""
    tens = count()
    connection: Any = big.session.connection().connection.driver_connection
    connection.set_progress_handler(lambda: next(tens) < 0, 10)
    _read(big, unit, person)
    connection.set_progress_handler(None, 0)
    return next(tens)


def test_the_whole_way_back_is_read_once_and_in_order(big: Big) -> None:
    seen: set[str] = set()
    stretch, days = _read(big, big.short, big.rep), []
    while True:
        for entry in stretch.entries:
            days.append(entry.day)
            seen.add(f"{entry.kind}{entry.place.id}")
        if stretch.earlier is None:
            break
        stretch = _read(big, big.short, big.rep, after=stretch.earlier)
    assert days == sorted(days, reverse=True)
    assert len(seen) == len(days) > 4 * FEW - 20
