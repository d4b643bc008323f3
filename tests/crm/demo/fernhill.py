"""Loading the demonstration for a test, and comparing what two loads gave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import schema
from crm.db import Database
from crm.services import demo
from crm.services.calendar_objects import HOUSE
from crm.services.demo.rows import ORDER

TODAY = date(2026, 11, 10)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def load(session: Session, day: date = TODAY, scale: demo.Scale = demo.Scale.SMALL) -> demo.Counts:
    return demo.load(session, scale=scale, today=day, now=noon(day), progress=lambda done, total: None)


@contextmanager
def loaded(folder: Path, day: date = TODAY, scale: demo.Scale = demo.Scale.SMALL) -> Iterator[Session]:
    """The demonstration of that day in an SQLite database of its own."""
    database = Database(f"sqlite:///{folder / f'{day}.db'}")
    schema.upgrade(database.engine)
    with database.session(writes=True) as session:
        load(session, day, scale)
        yield session
    database.engine.dispose()


def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that the demonstration fills; what the migrations wrote is left out."""
    found = {}
    for kind in ORDER:
        table = kind.__table__
        rows = session.execute(select(table).order_by(*table.primary_key))
        found[str(table)] = [tuple(row) for row in rows if HOUSE not in row]
    return found
