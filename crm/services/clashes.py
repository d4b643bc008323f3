"""A clash that the database finds becomes a sentence beside a field, and the rest of the request goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.errors import Conflict


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
