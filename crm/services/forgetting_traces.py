"""Where a name stands in words that somebody wrote: no program can tell whether they are about this person, so a human
decides, before the person is forgotten and nobody knows any more what to look for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    JSON,
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from models.base import Base
from models.organisation_import import ImportState, OrganisationImport
from models.person import Person
from models.unit import BusinessUnit

#: So many are named; of more it is said that there are more.
MOST = 100
#: What is emptied with the person, or holds no words.
NOT_SEARCHED = frozenset({"person", "sign_in", "password_link", "attempt", "job_run", "alembic_version"})
#: Of these the rows of this person are emptied, and those of others may hold the name.
THEIRS = {"outbox_message": "to_person_id", "reminder": "person_id", "draft": "person_id", "incoming_mail": "person_id"}


@dataclass(frozen=True)
class Trace:
    """A row in which the name or the address stands. ``unit`` is "" where it has none."""

    table: str
    number: int | None
    unit: str

    @property
    def what(self) -> str:
        """ "Meeting 17"."""
        words = self.table.replace("_", " ").capitalize()
        return f"{words} {self.number}" if self.number is not None else words


def traces(session: Session, *, by: Actor, person: Person) -> Sequence[Trace]:
    """Rows with this name or address in them, by kind; ``MOST`` and one at the most. One statement."""
    policy.require(by, Action.FORGET_PERSON)
    found = [_in(table, person) for table in Base.metadata.sorted_tables if table.name not in NOT_SEARCHED]
    everywhere = union_all(*(statement for statement in found if statement is not None)).subquery()
    told = select(everywhere.c.kind, everywhere.c.number, func.coalesce(BusinessUnit.name, ""))
    of_units = told.outerjoin(BusinessUnit, BusinessUnit.id == everywhere.c.unit_id)
    rows = session.execute(of_units.order_by(everywhere.c.kind, everywhere.c.number).limit(MOST + 1))
    return [Trace(*row) for row in rows]


def waiting_imports(session: Session) -> Sequence[str]:
    """Files that wait to be loaded, and may bring the person back. One statement."""
    waits = OrganisationImport.state.in_((ImportState.UPLOADED, ImportState.CHECKED))
    return session.scalars(select(OrganisationImport.file_name).where(waits).order_by(OrganisationImport.id)).all()


def _in(table: Table, person: Person) -> Select[str, int | None, int | None] | None:
    columns = [cast(column, String) for column in table.columns if _holds_words(column)]
    if not columns:
        return None
    number = table.columns.get("id")
    unit = table.columns.get("unit_id")
    statement = select(
        literal(table.name).label("kind"),
        (cast(null(), Integer) if number is None else number).label("number"),
        (cast(null(), Integer) if unit is None else unit).label("unit_id"),
    ).where(or_(*(_stands(text, columns) for text in (person.name, person.email) if text)))
    if owner := THEIRS.get(table.name):
        statement = statement.where(table.columns[owner].is_distinct_from(person.id))
    if table.name == "audit_entry":
        statement = statement.where(~((table.c.entity == "person") & (table.c.entity_id == str(person.id))))
    return statement


def _holds_words(column: ColumnElement[object]) -> bool:
    of_words = type(column.type) in (String, JSON)
    return of_words and column.info.get("audit") != "secret"


def _stands(text: str, columns: Sequence[ColumnElement[str]]) -> ColumnElement[bool]:
    return or_(*(func.lower(column).contains(text.lower(), autoescape=True) for column in columns))
