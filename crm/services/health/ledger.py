"""The ledger kept in line with what counts: what is the same goes on, what changed ends, and what is new begins.

Nothing is written before the first of the days looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from crm.services.health import engagement, promises, rhythm, satisfaction
from crm.services.health.facts import Facts
from crm.services.health.pieces import Piece, joined
from crm.services.health.reading_facts import Span
from models.health import HealthEvidence

COMPONENTS = (satisfaction, rhythm, promises, engagement)
#: Of a title no more is kept.
LONGEST = 200
_TABLE: Any = HealthEvidence.__table__


class Kept(NamedTuple):
    """A row that was in force on the day before."""

    id: int
    piece: Piece


@dataclass
class Changes:
    """What is to be written."""

    new: list[dict[str, Any]] = field(default_factory=list)
    ended: list[dict[str, Any]] = field(default_factory=list)
    #: Called otherwise, or too old on another day, and else the same.
    touched: list[dict[str, Any]] = field(default_factory=list)


def pieces_of(facts: Facts, until: date | None = None) -> list[Piece]:
    """All evidence of one unit, in order of time. ``until``: the day from which it is closed."""
    found = (piece for component in COMPONENTS for piece in component.pieces(facts))
    return joined(piece.ending(until) for piece in found)


def kept(session: Session, unit_ids: Collection[int], before: date) -> dict[int, list[Kept]]:
    """By unit: what was in force on the day before, or began earlier and was never ended. One statement."""
    columns = (
        HealthEvidence.component,
        HealthEvidence.kind,
        HealthEvidence.source,
        HealthEvidence.title,
        HealthEvidence.happened_on,
        HealthEvidence.credit,
        HealthEvidence.weight,
        HealthEvidence.facts,
        HealthEvidence.since,
        HealthEvidence.until,
        HealthEvidence.ages_on,
    )
    open_ = (HealthEvidence.unit_id.in_(unit_ids), HealthEvidence.until.is_(None), HealthEvidence.since < before)
    found: dict[int, list[Kept]] = defaultdict(list)
    for unit_id, id_, *piece in session.execute(
        select(HealthEvidence.unit_id, HealthEvidence.id, *columns).where(*open_)
    ):
        found[unit_id].append(Kept(id_, Piece(*piece)))
    return found


def reconcile(unit_id: int, pieces: Iterable[Piece], kept: Iterable[Kept], span: Span, changes: Changes) -> list[Piece]:
    """Note what has to be written, and return what counts within these days, with the days on which it does."""
    before = {one.piece.key: one for one in kept}
    standing = []
    for piece in pieces:
        if piece.since > span.last or (piece.until is not None and piece.until <= span.first):
            continue
        piece = _within(piece, span)
        standing.append(piece)
        old = before.get(piece.key) if piece.since == span.first else None
        if old and old.piece.content == piece.content:
            del before[piece.key]
            _go_on(old, piece, changes)
        else:
            changes.new.append(_row(unit_id, piece))
    changes.ended += [{"row": one.id, "ends": span.first} for one in before.values()]
    return standing


def _within(piece: Piece, span: Span) -> Piece:
    until = piece.until if piece.until is not None and piece.until <= span.last else None
    return piece._replace(since=max(piece.since, span.first), until=until)


def _go_on(old: Kept, piece: Piece, changes: Changes) -> None:
    if piece.until:
        changes.ended.append({"row": old.id, "ends": piece.until})
    title = piece.title[:LONGEST]
    if (title, piece.ages_on) != (old.piece.title, old.piece.ages_on):
        changes.touched.append({"row": old.id, "called": title, "ages": piece.ages_on})


def _row(unit_id: int, piece: Piece) -> dict[str, Any]:
    return piece._asdict() | {"unit_id": unit_id, "title": piece.title[:LONGEST]}


def write(session: Session, changes: Changes) -> None:
    """Three statements at most, each for many rows."""
    which = _TABLE.c.id == bindparam("row")
    if changes.ended:
        session.connection().execute(update(_TABLE).where(which).values(until=bindparam("ends")), changes.ended)
    if changes.touched:
        named = update(_TABLE).where(which).values(title=bindparam("called"), ages_on=bindparam("ages"))
        session.connection().execute(named, changes.touched)
    if changes.new:
        session.execute(insert(_TABLE), changes.new)


def forget_since(session: Session, unit_ids: Collection[int], day: date) -> None:
    """Take back what was written of that day and later. Two statements."""
    of_units = HealthEvidence.unit_id.in_(unit_ids)
    session.execute(delete(HealthEvidence).where(of_units, HealthEvidence.since >= day))
    session.execute(update(HealthEvidence).where(of_units, HealthEvidence.until >= day).values(until=None))


def standing_on(kept: Mapping[int, Iterable[Kept]]) -> dict[int, list[Piece]]:
    """What counts, by unit, without the rows it is kept in."""
    return {unit_id: [one.piece for one in rows] for unit_id, rows in kept.items()}
