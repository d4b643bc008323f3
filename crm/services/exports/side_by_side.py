"""A comparison of periods, branches or reps as a file: each outcome beside the load, as on the page."""

from __future__ import annotations

from crm.services.exports.lists import Listed, Row, rows_of
from crm.services.exports.sheets import Column, Sheet
from crm.services.side_by_side import Beside, BranchLine, PeriodLine, RepBeside
from crm.services.side_by_side.told import Health, Held
from crm.services.tallies import Tally

OUTCOME = (
    Column("Satisfaction", 12),
    Column("At least", 8),
    Column("At most", 8),
    Column("Answers", 8),
    Column("Asked", 8),
    Column("Beside the others", 36),
    Column("Reviews held", 8),
    Column("Reviews due", 8),
    Column("Health", 8),
    Column("Units with a score", 8),
)


def reps(listed: Listed[RepBeside]) -> Sheet:
    load = (Column("Units", 8), Column("Hours in 30 days", 8), Column("Hours asked for", 8), Column("Overdue", 8))
    return Sheet([Column("Rep", 28), *load, *OUTCOME], (_rep(line) for line in rows_of(listed)))


def _rep(line: RepBeside) -> Row:
    load = line.load
    hours = [round(minutes / 60, 1) for minutes in (load.minutes, load.asked)]
    outcome = _outcome(line.said.tally, line.said.standing, line.held, line.health)
    return [load.name, load.units, *hours, load.overdue, *outcome]


def branches(listed: Listed[BranchLine]) -> Sheet:
    columns = [Column("Branch", 36), Column("Units", 8), Column("Overdue", 8), *OUTCOME]
    columns += [Column("Answered", 8), Column("Asked in closed rounds", 8)]
    return Sheet(columns, (_branch(line) for line in rows_of(listed)))


def _branch(line: BranchLine) -> Row:
    outcome = _outcome(line.said.tally, line.said.standing, line.held, line.health)
    return [line.name, line.health.units, line.overdue, *outcome, line.heard.hits, line.heard.n]


def _outcome(tally: Tally, standing: str, held: Held, health: Health) -> Row:
    told = tally.told()
    value = None if told.value is None else round(told.value, 2)
    low, high = (None, None) if told.interval is None else (round(edge, 2) for edge in told.interval)
    figure = held.figure
    return [value, low, high, tally.n, tally.asked, standing, figure.held, figure.due, health.score, health.known]


def periods(found: Beside[PeriodLine]) -> Sheet:
    columns = [Column("Figure", 28), Column("Now", 12), Column("From", 36), Column("Then", 12), Column("From", 36)]
    rows = ([one.name, one.now, one.now_behind, one.then, one.then_behind, one.verdict] for one in found.page.rows)
    return Sheet([*columns, Column("Verdict", 36)], rows)
