"""Rows on their way into the database: ids are given here, rows are written in bulk, parents before children."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy import JSON, Column, Table, func, insert, select, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from models import (
    Absence,
    Action,
    ActionStep,
    AfterRefusal,
    AgendaItem,
    Answer,
    Assessment,
    Assignment,
    Attendance,
    Base,
    BusinessUnit,
    Cadence,
    ClosedDays,
    CommentOutcome,
    Decision,
    Draft,
    EngagementModel,
    EngagementWords,
    Escalation,
    FollowUp,
    Handover,
    Invitation,
    Maturity,
    Meeting,
    Membership,
    MinutesReply,
    MinutesVersion,
    OutboxMessage,
    Person,
    Praise,
    Prediction,
    Project,
    ProjectStep,
    Question,
    QuestionSet,
    Request,
    RequestStep,
    RequestTheme,
    RequestVerdict,
    Response,
    Review,
    Round,
    SavedFilter,
    Service,
    ServiceUse,
    Setting,
)

#: Each table after those it points to.
ORDER: tuple[type[Base], ...] = (
    Person,
    Setting,
    BusinessUnit,
    Membership,
    Assignment,
    Handover,
    Absence,
    ClosedDays,
    Cadence,
    Review,
    Meeting,
    Attendance,
    MinutesVersion,
    MinutesReply,
    Action,
    ActionStep,
    Decision,
    Praise,
    Project,
    ProjectStep,
    RequestTheme,
    Request,
    RequestStep,
    RequestVerdict,
    AfterRefusal,
    Escalation,
    EngagementModel,
    EngagementWords,
    Maturity,
    Assessment,
    AgendaItem,
    QuestionSet,
    Question,
    Service,
    ServiceUse,
    Round,
    Invitation,
    Prediction,
    Response,
    Answer,
    CommentOutcome,
    FollowUp,
    OutboxMessage,
    Draft,
    SavedFilter,
)
#: So many rows wait before they are written.
CHUNK = 20_000


class Rows:
    """Collects rows, and writes them when there are many."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection()
        self._waiting: dict[type[Base], list[dict[str, Any]]] = {kind: [] for kind in ORDER}
        self._ids = {kind: count(self._first_free(kind)) for kind in ORDER if "id" in _table(kind).c}
        self._many = 0
        #: Table name to rows written.
        self.written: dict[str, int] = dict.fromkeys((_table(kind).name for kind in ORDER), 0)

    def add(self, kind: type[Base], /, **values: Any) -> int:
        """Keep a row for writing. Rows of one table name the same columns. Returns its id, 0 where there is none."""
        identity: int = values.get("id") or (next(self._ids[kind]) if kind in self._ids else 0)
        if identity:
            values["id"] = identity
        self._waiting[kind].append(values)
        self._many += 1
        return identity

    def write_if_many(self) -> None:
        if self._many >= CHUNK:
            self.write()

    def write(self) -> None:
        for kind, waiting in self._waiting.items():
            if waiting:
                self._write(_table(kind), waiting)
                self.written[_table(kind).name] += len(waiting)
                waiting.clear()
        self._many = 0

    def _write(self, table: Table, waiting: list[dict[str, Any]]) -> None:
        """PostgreSQL takes a stream of rows in half the time; there what a row leaves out is named as well."""
        as_json = any(isinstance(column.type, JSON) for column in table.c)
        if self._connection.dialect.name != "postgresql" or as_json:
            self._connection.execute(insert(table), waiting)
            return
        left_out = {name: value for name, value in _defaults(table).items() if name not in waiting[0]}
        columns = list(waiting[0])
        names = ", ".join(f'"{column}"' for column in (*columns, *left_out))
        driver: Any = self._connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in waiting:
                copy.write_row([*(row[column] for column in columns), *left_out.values()])

    def move_sequences_on(self) -> None:
        """PostgreSQL counts on its own, and would give out again what was given here."""
        if self._connection.dialect.name != "postgresql":
            return
        for kind in self._ids:
            name = _table(kind).name
            highest = self._connection.scalar(select(func.max(_id(kind))))
            if highest:
                move = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest)")
                self._connection.execute(move, {"name": name, "highest": highest})

    def count_for_the_planner(self) -> None:
        """Both databases choose indexes by statistics, and have none of what was just written."""
        self._connection.execute(text("ANALYZE"))

    def _first_free(self, kind: type[Base]) -> int:
        return (self._connection.scalar(select(func.max(_id(kind)))) or 0) + 1


def _table(kind: type[Base]) -> Table:
    table = kind.__table__
    assert isinstance(table, Table)  # noqa: S101 - for the type checker
    return table


def _defaults(table: Table) -> dict[str, Any]:
    """What columns hold when nothing is said."""
    return {
        column.name: column.default.arg for column in table.c if isinstance(column.default, ScalarElementColumnDefault)
    }


def _id(kind: type[Base]) -> Column[Any]:
    return _table(kind).c.id
