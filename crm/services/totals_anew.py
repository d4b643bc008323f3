"""All totals made anew from the answers, a few units at a time, and compared with those that were kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from crm.services import totals
from models.rating import Round
from models.total import PeriodTotal, RoundTotal

#: Units at once.
BATCH = 20
OF_ROUND = ("round_id", "measure", "about")


@dataclass(frozen=True)
class Compared:
    """How many totals there are, or should be, and how many were not what the answers say."""

    totals: int = 0
    differed: int = 0

    def __add__(self, other: Compared) -> Compared:
        return Compared(self.totals + other.totals, self.differed + other.differed)

    def told(self, *, put_right: bool) -> str:
        """ "3 of 41,203 totals differed, and were put right."."""
        if not self.differed:
            return f"{self.totals:,} totals are what the answers say."
        end = "differed, and were put right." if put_right else "differ from what the answers say."
        return f"{self.differed:,} of {self.totals:,} totals {end}"


def batches(session: Session) -> Iterator[Sequence[int]]:
    """The units that were ever asked, or have totals, in pieces. One statement."""
    asked = select(Round.unit_id).union(select(RoundTotal.unit_id), select(PeriodTotal.unit_id))
    unit_ids = sorted(session.scalars(asked))
    for start in range(0, len(unit_ids), BATCH):
        yield unit_ids[start : start + BATCH]


def compare(session: Session, *, unit_ids: Collection[int], put_right: bool) -> Compared:
    """Make the totals of these units anew, and say how many were not so. Nine statements."""
    if put_right:
        totals.lock(session, unit_ids)
    rounds = totals.of_units(session, unit_ids)
    months = totals.by_month(rounds)
    found = _differing(rounds, _kept(session, RoundTotal, unit_ids), OF_ROUND)
    found += _differing(months, _kept(session, PeriodTotal, unit_ids), totals.GROUPED_BY)
    if put_right and found.differed:
        for table, rows in ((RoundTotal, rounds), (PeriodTotal, months)):
            session.execute(delete(table).where(table.unit_id.in_(unit_ids)))
            totals.write(session, table, rows)
    return found


def rebuild(session: Session) -> Compared:
    """All in one transaction: after rows were written in bulk."""
    batch_by_batch = (compare(session, unit_ids=unit_ids, put_right=True) for unit_ids in batches(session))
    return sum(batch_by_batch, Compared())


def are_missing(session: Session) -> bool:
    """Whether there are rounds and no total at all: a database of before there were any."""
    return not session.scalar(select(exists(RoundTotal))) and bool(session.scalar(select(exists(Round))))


def _kept(session: Session, table: Any, unit_ids: Collection[int]) -> list[Mapping[str, Any]]:
    columns = [column for column in table.__table__.c if column.name != "id"]
    return [dict(row) for row in session.execute(select(*columns).where(table.unit_id.in_(unit_ids))).mappings()]


def _differing(
    wanted: Iterable[Mapping[str, Any]], kept: Iterable[Mapping[str, Any]], key: tuple[str, ...]
) -> Compared:
    """Each row once as it should be: one too many differs, too."""
    should, are = (Counter(frozenset(row.items()) for row in rows) for rows in (wanted, kept))
    keys = {tuple(dict(row)[name] for name in key) for row in (*should, *are)}
    differ = {tuple(dict(row)[name] for name in key) for row in ((should - are) | (are - should))}
    return Compared(len(keys), len(differ))
