"""One piece of evidence over the time in which it counts the same: what the ledger keeps as a row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from models.health import Component, EvidenceKind

DAY = timedelta(days=1)
#: What was promised, asked, refused or offered counts for so long after it was settled.
HALF_A_YEAR = timedelta(days=180)
A_YEAR = timedelta(days=365)
#: Credits.
FULL, HALF, NONE = 100, 50, 0


class Piece(NamedTuple):
    """Pieces of one (kind, source) never overlap. ``since`` inclusive, ``until`` exclusive; None: without an end."""

    component: Component
    kind: EvidenceKind
    #: "request:7", or "questions" where there is one of its kind for a unit.
    source: str
    title: str
    happened_on: date
    credit: int
    weight: int
    #: What is needed to say it in words; days as "2026-11-23".
    facts: dict[str, Any]
    since: date
    until: date | None = None
    #: The day on which it would end by age alone; None where it does not.
    ages_on: date | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.source

    @property
    def content(self) -> tuple[int, int, dict[str, Any]]:
        """What makes another piece of it when it changes."""
        return self.credit, self.weight, self.facts

    def ending(self, until: date | None) -> Piece:
        """The same, over by then at the latest."""
        if until is None or (self.until is not None and self.until <= until):
            return self
        return self._replace(until=until)


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """In order of time, without the empty ones; what goes on unchanged is one."""
    found: dict[tuple[str, str], Piece] = {}
    done: list[Piece] = []
    for piece in sorted((one for one in pieces if one.until is None or one.until > one.since), key=_order):
        before = found.get(piece.key)
        if before and before.until == piece.since and before.content == piece.content:
            piece = before._replace(until=piece.until, ages_on=piece.ages_on)
        elif before:
            done.append(before)
        found[piece.key] = piece
    return sorted([*done, *found.values()], key=_order)


def _order(piece: Piece) -> tuple[date, str, str]:
    return piece.since, piece.kind, piece.source


def day(when: date | None) -> str | None:
    """As facts keep it."""
    return when.isoformat() if when else None
