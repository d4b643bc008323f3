"""The comparison as a file: each figure with who stands behind it, as on the page."""

from __future__ import annotations

from collections.abc import Iterator

from crm.services.comparing import Line, Periods
from crm.services.comparing.responses import HeardLine
from crm.services.exports.lists import Listed, Row, rows_of
from crm.services.exports.sheets import Cell, Column, Sheet
from crm.services.tallies import Tally
from crm.stats.told import Told

FIGURES = (
    Column("Rounds", 8),
    Column("Asked", 8),
    Column("Answers", 8),
    Column("Score", 8),
    Column("At least", 8),
    Column("At most", 8),
    Column("Satisfied in per cent", 10),
    Column("At least in per cent", 10),
    Column("At most in per cent", 10),
)


def lines(listed: Listed[Line], what: str) -> Sheet:
    """``what``: "Unit", "Service" or "Rep"."""
    columns = [Column(what, 36), *FIGURES, Column("Ordered by", 10), Column("The time before", 10)]
    columns += [Column("Change", 28), Column("Beside the others", 44)]
    return Sheet(columns, (_line(line) for line in rows_of(listed)))


def _line(line: Line) -> Row:
    before = _round(line.before.value)
    return [line.name, *_figures(line.tally), _round(line.shrunken), before, line.changed, line.standing]


def periods(found: Periods) -> Sheet:
    columns = [Column("Period", 28), *FIGURES, Column("Verdict", 28)]
    return Sheet(columns, ([line.name, *_figures(line.tally), line.verdict] for line in found.lines))


def heard(listed: Listed[HeardLine]) -> Sheet:
    columns = [Column("Unit", 36), Column("Rounds", 8), Column("Asked", 8), Column("Answered", 8)]
    columns += [Column("Per cent", 8), Column("At least", 8), Column("At most", 8)]
    return Sheet(columns, _heard(listed))


def _heard(listed: Listed[HeardLine]) -> Iterator[Row]:
    for line in rows_of(listed):
        share = line.share
        per_cent = [_round(None if each is None else 100 * each) for each in (share.value, share.low, share.high)]
        yield [line.name, line.rounds, share.n, share.hits, *per_cent]


def _figures(tally: Tally) -> Row:
    satisfied = tally.told_share()
    return [
        tally.rounds,
        tally.asked,
        tally.n,
        *_range(tally.told()),
        *(_range(satisfied) if satisfied else [None] * 3),
    ]


def _range(told: Told) -> list[Cell]:
    low, high = told.interval or (None, None)
    return [_round(told.value), _round(low), _round(high)]


def _round(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 2)
