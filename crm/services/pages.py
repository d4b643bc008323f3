"""Lists in pages: one statement a page, however long the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

T = TypeVar("T")
SIZE = 25


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. ``number`` counts from 1."""

    rows: Sequence[T]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def cut(found: Sequence[T], number: int, size: int) -> Page[T]:
    """A page of what was read: one more than it shows, if there is a next."""
    return Page(found[:size], number, len(found) > size)


def of_objects(session: Session, statement: Select[T], number: int, size: int = SIZE) -> Page[T]:
    """A page of mapped objects. The statement must be ordered down to a unique column."""
    return cut(session.scalars(sliced(statement, number, size)).all(), number, size)


def of_keys(
    keys: Select[int], whole: Select[T], key: InstrumentedAttribute[int], number: int, size: int = SIZE
) -> Select[T]:
    """What :func:`cut` takes, where reading the objects is dear: their keys alone are found, ordered and cut, and only
    what is left is read. ``whole``: the objects, in the same order; ``key``: theirs."""
    return whole.where(key.in_(select(sliced(keys, number, size).subquery().c[0])))


def of_rows(session: Session, statement: Select[*tuple[Any, ...]], number: int, size: int = SIZE) -> Page[Any]:
    """A page of rows of several columns. The statement must be ordered down to a unique column."""
    return cut(session.execute(sliced(statement, number, size)).all(), number, size)


def sliced(statement: Select[*tuple[Any, ...]], number: int, size: int) -> Select[*tuple[Any, ...]]:
    """What :func:`cut` takes."""
    # One row more than shown tells whether there is a next page, without counting.
    return statement.limit(size + 1).offset((number - 1) * size)
