"""Changing many things at once: each by itself, so that those that cannot be changed keep none of the others back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from crm.errors import Forbidden, Invalid

#: So many at once.
MOST = 100


class HasId(Protocol):
    @property
    def id(self) -> int: ...


T = TypeVar("T", bound=HasId)


@dataclass(frozen=True)
class Outcome:
    """By id: what was done, in a few words, and why something was not."""

    done: dict[int, str] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)


def each(session: Session, rows: Sequence[T], change: Callable[[T], str]) -> Outcome:
    """Change each row; what a service refuses stays as it was. ``change`` says in a few words what it did."""
    outcome = Outcome()
    for row in rows:
        row_id = row.id
        try:
            with session.begin_nested():
                outcome.done[row_id] = change(row)
        except (Invalid, Forbidden) as error:
            outcome.done.pop(row_id, None)
            outcome.refused[row_id] = str(error)
    return outcome
