"""With 5,000 units the CIO's page takes as few statements, shows as few rows, and stays within a second's work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.orm import Session

from crm.db import Database
from models import Assignment, BusinessUnit, Cover, Membership, Part, Person
from models.health import HealthSnapshot, HealthWeek, Movement
from tests.client import Client
from tests.conftest import StatementCounter

MANY, BRANCHES, WEEKS = 5_000, 50, 14
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MONDAY = date(2026, 11, 16)
LONG_AGO = date(2024, 1, 1)
PAGES = (
    "/portfolio",
    "/portfolio?period=year",
    "/portfolio?page=100",
    "/portfolio?sort=-satisfaction",
    "/portfolio?level=weak&text=unit",
    "/portfolio?rolled=people",
    "/portfolio?rolled=equally",
    "/portfolio?branch={branch}",
    "/portfolio?to=2026-10-15&from=2026-09-15",
)


@dataclass(frozen=True)
class Big:
    cio: Person
    rep: Person
    branch: int


@pytest.fixture(scope="module")
def big(app: Flask) -> Iterator[Big]:
    """Everything in one transaction that is undone at the end. On one database: what is counted is the same on both."""
    if app.extensions["database"].engine.dialect.name != "sqlite":
        pytest.skip("5,000 units are written once, on SQLite")
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
    cio = Person(name="Margit Lindqvist", email="margit@fernhill.example", is_cio=True)
    rep = Person(name="Ines Carvalho", email="ines@fernhill.example", is_rep=True)
    first = [BusinessUnit(code=f"B{n}", name=f"Branch {n:02}", time_zone="Europe/Lisbon") for n in range(BRANCHES)]
    session.add_all([cio, rep, *first])
    session.flush()
    below = [
        {"code": f"U{n}", "name": f"Unit {n:04}", "time_zone": "Europe/Lisbon", "parent_id": first[n % BRANCHES].id}
        for n in range(MANY - BRANCHES)
    ]
    session.execute(insert(BusinessUnit), below)
    ids = sorted(session.scalars(BusinessUnit.__table__.select().with_only_columns(BusinessUnit.id)))
    led = {"rep_id": rep.id, "cover": Cover.LEAD, "since": LONG_AGO}
    session.execute(insert(Assignment), [{"unit_id": unit, **led} for unit in ids[:4990]])
    session.execute(
        insert(Membership),
        [{"unit_id": unit, "person_id": cio.id, "part": Part.MEMBER, "since": LONG_AGO} for unit in ids],
    )
    session.execute(insert(HealthSnapshot), list(_snapshots(ids)))
    session.execute(insert(HealthWeek), list(_weeks(ids)))
    session.flush()
    return Big(cio, rep, first[3].id)


def _snapshots(ids: list[int]) -> Iterator[dict[str, object]]:
    """Of each unit one that ended a month ago, and one that stands."""
    days = ((LONG_AGO, date(2026, 10, 20)), (date(2026, 10, 20), None))
    for at, unit in enumerate(ids):
        for turn, (since, until) in enumerate(days):
            score = 30 + (7 * at + 5 * turn * (at % 3)) % 65
            parts = dict.fromkeys(("satisfaction", "rhythm", "promises", "engagement"), score)
            yield {"unit_id": unit, "since": since, "until": until, "score": score, "place": 100 * score, **parts}


def _weeks(ids: list[int]) -> Iterator[dict[str, object]]:
    for at, unit in enumerate(ids):
        movement = Movement.SLIPPING if at % 100 == 1 else Movement.IMPROVING if at % 100 == 2 else Movement.STEADY
        for back in range(WEEKS):
            on = MONDAY - timedelta(weeks=back)
            yield {
                "unit_id": unit,
                "week_on": on,
                "score": 60,
                "movement": movement,
                "mean": 60,
                "lower": 50,
                "upper": 70,
            }


@pytest.mark.xdist_group("big-portfolio")
@pytest.mark.parametrize("who", ["cio", "rep"])
def test_the_page_shows_few_of_5000_units_with_few_statements(
    app: Flask, big: Big, statements: StatementCounter, who: str
) -> None:
    client = app.test_client()
    assert isinstance(client, Client)
    client.sign_in(getattr(big, who))
    for path in PAGES:
        with statements:
            answer = client.get(path.format(branch=big.branch))
        assert answer.status_code == 200
        assert statements.count <= 12, path
        rows = len(re.findall(r'<th scope="row"><a', answer.text))
        assert 1 <= rows <= 60, f"{path}: {rows} rows"


@pytest.mark.xdist_group("big-portfolio")
def test_what_moved_names_few_and_counts_all(app: Flask, big: Big) -> None:
    client = app.test_client()
    assert isinstance(client, Client)
    client.sign_in(big.cio)
    text = client.get("/portfolio").text
    assert "100 signals" in text
    assert "48 more are slipping." in text
