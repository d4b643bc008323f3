"""A clash that the database finds becomes a sentence beside a field, and the rest of the request goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.errors import Conflict
from models.base import Base

INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@contextmanager
def told_as(session: Session, conflict: Conflict) -> Iterator[None]:
    """Make the changes inside; when the database refuses them they are undone, and ``conflict`` is raised.

    The changes have to be made *inside*: a savepoint begins by flushing what was changed before it.
    """
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        raise conflict from error


def insert_unless_there(session: Session, table: type[Base], *unique: str) -> Any:
    """An INSERT that leaves alone what another process wrote meanwhile: rows with the same values in ``unique``."""
    insert = INSERTS[session.get_bind().dialect.name](table.__table__)
    return insert.on_conflict_do_nothing(index_elements=unique)
