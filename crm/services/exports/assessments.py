"""The list of what both sides say of each relationship, as a file."""

from __future__ import annotations

from crm.services.assessments import cycle
from crm.services.assessments.listing import Line
from crm.services.exports.lists import Listed, Row, rows_of
from crm.services.exports.sheets import Column, Sheet


def assessments(listed: Listed[Line]) -> Sheet:
    columns = [Column("Unit", 30), Column("Questions out of date", 20), Column("Last answered in", 30)]
    columns += [Column("IT sees", 24), Column("The unit sees", 24), Column("Answers", 10), Column("Levels apart", 14)]
    return Sheet(columns, (_row(line) for line in rows_of(listed)))


def _row(line: Line) -> Row:
    last = cycle.in_words(line.answered_in) if line.answered_in else ""
    ours, theirs = (level.name if level else "" for level in (line.ours, line.theirs))
    return [line.unit.name, line.stale, last, ours, theirs, line.n, line.gap]
