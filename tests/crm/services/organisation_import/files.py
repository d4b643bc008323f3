"""Small files to load, and a way to load them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.services.organisation_import.columns import Kind, resolve
from crm.services.organisation_import.loading import Choices, run
from crm.services.organisation_import.personnel import wanted
from crm.services.organisation_import.reading import read
from crm.services.organisation_import.report import Report
from crm.services.organisation_import.wanted import Tree, Wanted
from models import BusinessUnit, Membership, Part

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime(2026, 12, 22, 12, tzinfo=UTC)
PERSONNEL = "id,reports to,unit,job title,name,e-mail"
UNITS = "code,name,parent,head,head's e-mail"


def text(header: str, *rows: str) -> bytes:
    return "\n".join([header, *rows]).encode()


def personnel(*rows: str, root: str = "") -> Wanted:
    """The plan of a personnel list of these rows; the first one stands in line 2."""
    table = read(text(PERSONNEL, *rows), "people.csv")
    columns, _ = resolve(table.header, Kind.PERSONNEL, {})
    return wanted(table, columns, Tree(root))


def load(session: Session, header: str, *rows: str, root: str = "", now: datetime = NOW) -> Report:
    """Load these rows for good, as the application itself."""
    report = run(
        session,
        by=policy.application(now.date()),
        content=text(header, *rows),
        file_name="file.csv",
        choices=Choices(root=root),
        now=now,
    )
    session.expire_all()
    return report


def refusals(found: Report | Wanted) -> dict[int, str]:
    """Line -> reason."""
    return {refusal.line: refusal.reason for refusal in found.refused}


def tree(session: Session) -> dict[str, str | None]:
    """Code -> code of the unit above."""
    units = session.scalars(select(BusinessUnit).options(joinedload(BusinessUnit.parent)))
    return {unit.code: unit.parent.code if unit.parent else None for unit in units}


def places(session: Session, part: Part) -> set[tuple[str, str, str, str | None]]:
    """(code of the unit, name, since, until) of everyone who was or is this."""
    held = session.scalars(
        select(Membership)
        .where(Membership.part == part)
        .options(joinedload(Membership.unit), joinedload(Membership.person))
    )
    return {
        (place.unit.code, place.person.name, str(place.since), str(place.until) if place.until else None)
        for place in held
    }
