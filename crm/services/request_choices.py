"""What lists of requests can be narrowed by: who looks after units or owns requests, and what requests are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from crm.services.statements import put_together_once
from models.person import Person
from models.request_part import RequestTheme


@dataclass(frozen=True)
class Choices:
    """Each as (id, name), by name."""

    reps: Sequence[tuple[int, str]] = field(default_factory=tuple)
    themes: Sequence[tuple[int, str]] = field(default_factory=tuple)


def of(session: Session) -> Choices:
    """The reps who are here, and the themes in use. One statement."""
    rows = session.execute(_all()).all()
    return Choices(*([(row.id, row.name) for row in rows if row.kind == kind] for kind in (0, 1)))


@put_together_once
def _all() -> Select[int, int, str]:
    reps = select(literal(0).label("kind"), Person.id.label("id"), Person.name.label("name"))
    themes = select(literal(1), RequestTheme.id, RequestTheme.name).where(RequestTheme.retired_on.is_(None))
    both = union_all(reps.where(Person.is_rep, Person.left_on.is_(None)), themes).subquery()
    return select(both).order_by(func.lower(both.c.name), both.c.id)
