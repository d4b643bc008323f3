"""With 1,000,000 ratings a unit's pages and the comparison cost what they cost with 10,000, and read no rating."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from crm.db import Database
from crm.services import totals_anew
from models import Assignment, BusinessUnit, Cover, Person
from tests.client import Client

BUDGET = 12
UNITS = 42
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
#: Answers of a round in the one and in the other, each unit asked once a month: 10,080 and 1,003,800 ratings.
FEW, MANY = 4, 239
MONTHS = {FEW: 60, MANY: 100}
#: By how much the cost may grow: plans differ a little.
ROOM = 1.5
PAGES = (
    "/units/{unit}",
    "/units/{unit}/satisfaction",
    "/units/{unit}/satisfaction?measure=value",
    "/comparison",
    "/comparison?order=least-heard&measure=value",
    "/comparison?show=services",
    "/comparison?show=periods",
    "/comparison?show=reps",
    "/comparison?show=responses",
    "/portfolio",
    "/portfolio/list",
    "/",
)
#: What grows with the ratings.
GROWING = ("response", "answer", "invitation")

NUMBERS = {
    "sqlite": """WITH RECURSIVE numbers(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})
        {insert} SELECT {columns} FROM numbers""",
    "postgresql": "{insert} SELECT {columns} FROM generate_series({first}, {last}) AS numbers(n)",
}
#: The month so many before the newest, at half past nine on its fifth day.
BACK = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', '2026-10-05 09:30', '-' || (n / {units}) || ' months')",
    "postgresql": "timestamptz '2026-10-05 09:30+00' - make_interval(months => n / {units})",
}


@dataclass(frozen=True)
class Taken:
    """What one page sent to the database, how long it took, and (SQLite) thousands of steps of its machine."""

    sent: list[tuple[str, Any]]
    ms: float
    steps: int


@dataclass
class Big:
    """So many ratings in a database of that kind."""

    app: Flask
    session: Session
    kind: str
    rep: Person
    unit: int
    answers: int = 0
    #: What the pages take, by the number of answers.
    taken: dict[int, dict[str, Taken]] = field(default_factory=dict)

    @property
    def rounds(self) -> int:
        return UNITS * MONTHS[self.answers]

    def many(self, table: str, columns: dict[str, str], last: int, first: int = 0) -> None:
        """So many rows at once, ``n`` counted in SQL."""
        self.session.execute(
            text(
                NUMBERS[self.kind]
                .format(
                    insert=f"INSERT INTO {table} ({', '.join(columns)})",
                    columns=", ".join(columns.values()),
                    first=first,
                    last=last - 1,
                )
                .replace(":", "\\:")
            )
        )

    def grow(self, answers: int) -> None:
        """So many answers a round, instead of what there was; every third round is a survey."""
        for table in ("period_total", "round_total", "answer", "response", "round"):
            self.session.execute(text(f"DELETE FROM {table}"))
        self.answers = answers
        at = BACK[self.kind].format(units=UNITS)
        boolean = {"sqlite": ("1", "0"), "postgresql": ("true", "false")}[self.kind]
        self.many(
            '"round"',
            {
                "id": "n + 1",
                "unit_id": f"{self.unit} + n % {UNITS}",
                "instrument": f"CASE WHEN n / {UNITS} % 3 = 0 THEN 'survey' ELSE 'pulse' END",
                "set_id": f"CASE WHEN n / {UNITS} % 3 = 0 THEN 1 END",
                "audience": "'people'",
                "confidentiality": "'anonymous'",
                "scores_shown": boolean[0],
                "comments_shown": boolean[1],
                "is_settled": boolean[0],
                "scores_from": "4",
                "comments_from": "10",
                "opened_at": at,
                "closes_at": at,
                "asked": str(answers + 2),
            },
            self.rounds,
        )
        self.many(
            "response",
            {
                "id": "-1 - n",
                "round_id": f"1 + n % {self.rounds}",
                "unit_id": f"{self.unit} + n % {self.rounds} % {UNITS}",
                "score": "1 + (n * 7 + n / 13) % 5",
                "comment": "''",
                "answered_at": "'2026-10-07 00:00:00.000000'",
            },
            self.rounds * answers,
        )
        self.session.execute(
            text(
                "INSERT INTO answer (response_id, question_id, about, value, weight) "
                "SELECT r.id, q.id, CASE q.per WHEN 'service' THEN 'service\\:1' ELSE '' END, "
                "r.score, CASE q.per WHEN 'once' THEN 2 END "
                'FROM response r JOIN "round" o ON o.id = r.round_id JOIN question q ON q.set_id = o.set_id '
                "WHERE r.id > :last"
            ),
            {"last": -1 - self.rounds * min(answers, 60)},
        )
        self.session.execute(text("ANALYZE"))
        totals_anew.rebuild(self.session)
        self.session.execute(text("ANALYZE"))
        self.session.commit()


@pytest.fixture(scope="module")
def big(app: Flask) -> Iterator[Big]:
    """Everything in one transaction that is undone at the end."""
    database: Database = app.extensions["database"]
    makers = database._reading, database._writing
    with time_machine.travel(NOW, tick=False), database.engine.connect() as connection:
        outer = connection.begin()
        database.bind_to(connection)
        with database.session(writes=True) as session:
            yield _begin(app, session)
        outer.rollback()
    database._reading, database._writing = makers


def _begin(app: Flask, session: Session) -> Big:
    kind = session.connection().dialect.name
    if kind == "postgresql":  # a million foreign keys are not what this is about
        session.execute(text("SET session_replication_role = replica"))
    rep = Person(name="Ines Carvalho", email="ines@fernhill.example", is_rep=True, is_cio=True)
    units = [BusinessUnit(code=f"U{n}", name=f"Unit {n:03}", time_zone="Europe/Lisbon") for n in range(UNITS)]
    session.add_all([rep, *units])
    session.flush()
    led = [{"unit_id": unit.id, "rep_id": rep.id, "cover": Cover.LEAD, "since": date(2016, 1, 1)} for unit in units]
    session.execute(insert(Assignment), led[:12])
    session.execute(text("INSERT INTO service (id, name, name_key) VALUES (1, 'Mail', 'mail')"))
    session.execute(
        text("INSERT INTO question_set (id, instrument, version, made_at, reason) VALUES (1, 'survey', 1, :now, '')"),
        {"now": NOW.isoformat()},
    )
    false = {"sqlite": "0", "postgresql": "false"}[kind]
    for number, (key, per) in enumerate({"value": "once", "service": "service"}.items(), 1):
        session.execute(
            text(
                "INSERT INTO question (id, set_id, position, key, text, kind, per, is_weighed, has_zone) "
                f"VALUES ({number}, 1, {number}, '{key}', 'Well?', 'extent', '{per}', {false}, {false})"
            )
        )
    session.commit()
    return Big(app, session, kind, rep, units[0].id)


def _taken(big: Big, answers: int) -> dict[str, Taken]:
    """By page, once for each size."""
    if answers not in big.taken:
        begun = time.perf_counter()
        big.grow(answers)
        print(f"{big.kind}: {answers * big.rounds:,} ratings in {time.perf_counter() - begun:.1f} s")
        client = big.app.test_client()
        assert isinstance(client, Client)
        client.sign_in(big.rep)
        for path in PAGES:  # what is compiled once, is
            client.get(path.format(unit=big.unit))
        big.taken[answers] = {path: _page(big, client, path.format(unit=big.unit)) for path in PAGES}
    return big.taken[answers]


def _page(big: Big, client: Client, path: str) -> Taken:
    sent: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            sent.append((statement, parameters))

    engine, steps = big.session.get_bind(), count()
    event.listen(engine, "before_cursor_execute", note)
    driver: Any = big.session.connection().connection.driver_connection
    if big.kind == "sqlite":
        driver.set_progress_handler(lambda: next(steps) < 0, 1000)
    begun = time.perf_counter()
    answer = client.get(path)
    ms = 1000 * (time.perf_counter() - begun)
    if big.kind == "sqlite":
        driver.set_progress_handler(None, 0)
    event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200, path
    return Taken(sent, ms, next(steps))


def test_a_page_takes_the_same_statements_and_about_the_same_work(big: Big) -> None:
    few, many = _taken(big, FEW), _taken(big, MANY)
    for path in PAGES:
        print(f"{path:<46} {few[path].ms:6.1f} ms {many[path].ms:6.1f} ms {few[path].steps:>5} {many[path].steps:>5}")
        assert len(few[path].sent) == len(many[path].sent) <= BUDGET, path
        assert many[path].steps <= ROOM * few[path].steps + 10, path


def test_no_page_scans_what_grows_with_the_ratings(big: Big) -> None:
    explain = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}[big.kind]
    for path, taken in _taken(big, MANY).items():
        for statement, parameters in taken.sent:
            rows = big.session.connection().exec_driver_sql(explain + statement, parameters)
            plan = "\n".join(str(row[-1]) for row in rows)
            for table in GROWING:
                assert not re.search(rf"(?:SCAN|Seq Scan on) {table}\b", plan), f"{path}: {plan}"


def test_what_was_read_is_what_was_said(big: Big) -> None:
    """The totals of a million are what counting all of them gives."""
    _taken(big, MANY)
    overall = "SELECT SUM(n), SUM(total) FROM period_total WHERE measure = 'overall'"
    counted = big.session.execute(text("SELECT COUNT(*), SUM(score) FROM response")).one()
    assert tuple(map(int, big.session.execute(text(overall)).one())) == tuple(map(int, counted))
