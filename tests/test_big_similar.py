"""Among many requests the same need and the words of a list are looked up in the index, in one statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session

from crm.services import similar
from models import Request
from tests.cast import Cast
from tests.factories.many_requests import add_many

TODAY = date(2026, 11, 20)
#: Enough that no planner reads them all for a word of few.
MANY = 20_000
INDEX = {"sqlite": "request_words VIRTUAL TABLE INDEX", "postgresql": "ix_request_words"}
EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}


@pytest.fixture
def many(session: Session, cast: Cast) -> str:
    """Two words that few of them hold, as the newest says them."""
    add_many(session, unit_ids=[cast.finance.id, cast.legal.id], today=TODAY, many=MANY)
    rare = session.scalars(select(Request.title).order_by(Request.id.desc()).limit(40)).all()
    return max((title.rsplit(" ", 1)[1] for title in rare), key=len)


@pytest.fixture
def plans(session: Session) -> Iterator[list[str]]:
    """How the database would answer each statement."""
    found: list[str] = []
    connection = session.connection()
    name = connection.dialect.name

    def explain(conn: Connection, _cursor: Any, statement: str, told: Any, *_: object) -> None:
        if not statement.startswith(("EXPLAIN", "SAVEPOINT", "RELEASE")):
            rows = conn.exec_driver_sql(EXPLAIN[name] + statement, told)
            found.append("\n".join(str(row) for row in rows))

    event.listen(connection, "before_cursor_execute", explain)
    yield found
    event.remove(connection, "before_cursor_execute", explain)


def test_the_same_need_and_the_words_of_a_list_are_looked_up(
    session: Session, cast: Cast, many: str, plans: list[str]
) -> None:
    by, index = cast.actor(session, cast.rep, TODAY), INDEX[session.get_bind().dialect.name]
    plans.clear()
    similar.to(session, by=by, text=many)
    assert len(plans) == 1
    assert session.scalars(select(Request.id).where(similar.matching(session, many)).limit(25)).all()
    assert [index in plan for plan in plans] == [True, True]
