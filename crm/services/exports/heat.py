"""The heat map as a file: a row for each unit or branch, in the order of the page."""

from __future__ import annotations

from crm.services.exports.lists import Listed, Row, rows_of
from crm.services.exports.sheets import Column, Sheet
from crm.services.health import rules
from crm.services.heat import MOVEMENTS, Line
from models.health import Component


def lines(listed: Listed[Line]) -> Sheet:
    """A part that is not known is an empty cell, never nought."""
    columns = [Column("Unit", 36), Column("Code", 10), Column("Part of", 24)]
    columns += [Column(rules.NAMES[component], 12) for component in Component]
    columns += [Column("Health", 10), Column("In a word", 12), Column("Which way", 12)]
    columns += [Column("Units", 8), Column("Known of", 8), Column("Slipping", 8)]
    return Sheet(columns, (_row(line) for line in rows_of(listed)))


def _row(line: Line) -> Row:
    named: Row = [line.name, line.code, line.parent_name or ""]
    which = MOVEMENTS[line.movement] if line.movement else ""
    stands: Row = [line.score, line.level.value, which, line.units, line.known, line.slipping]
    return [*named, *(cell.value for cell in line.cells), *stands]
