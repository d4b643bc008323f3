"""The heat map of a board pack: the weakest relationships, and where there are many, the branches too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from crm.documents.content import Block, Cell, Section, Table, Text, Tone
from crm.policy import Actor
from crm.services import heat, heat_rows, words
from crm.services.health import rules
from crm.services.heat import Line, Rolled
from crm.services.heat_wanted import Wanted
from models.health import Movement

#: So many of the weakest are shown; with more there are the branches too, as many at most.
SHOWN = 20
TONES = {Movement.SLIPPING: Tone.WORSE, Movement.IMPROVING: Tone.BETTER}


@dataclass(frozen=True)
class Map:
    """``units``: the weakest of ``total``; ``branches``: none where all units are shown."""

    units: Sequence[Line]
    total: int
    branches: Sequence[Line]
    on: date


def read(session: Session, *, by: Actor, wanted: Wanted) -> Map:
    """Three statements at most, however many units."""
    units = heat.listed(session, by=by, wanted=wanted, number=1, size=SHOWN)
    if not units.has_next:
        return Map(units.rows, len(units.rows), (), wanted.on)
    total = session.scalar(heat_rows.count(by, wanted)) or 0
    rolled = replace(wanted, rolled=Rolled.PEOPLE)
    branches = heat.listed(session, by=by, wanted=rolled, number=1, size=SHOWN)
    return Map(units.rows, max(total, len(units.rows)), branches.rows, wanted.on)


def sections(found: Map) -> Iterator[Section]:
    rest = found.total - len(found.units)
    more = (Text(f"And {words.counted(rest, 'more relationship')}, all stronger than these."),) if rest else ()
    title = "Health by unit, the weakest first" if not rest else f"The {len(found.units)} weakest of {found.total}"
    yield Section(title, (_table(found.units, "Relationship"), *more), evidence=_evidence(found))
    if found.branches:
        blocks: tuple[Block, ...] = (_table(found.branches, "Branch"), Text(BY_PEOPLE))
        yield Section("Health by branch", blocks, evidence=_evidence(found))


BY_PEOPLE = "A branch is the mean of the units in it, each counted by the people who work there."


def _evidence(found: Map) -> tuple[str, ...]:
    return (f"The snapshots of health of {found.on.day} {found.on:%B %Y}, as kept on that day.",)


def _table(lines: Sequence[Line], what: str) -> Table:
    heads = (what, "Health", *rules.NAMES.values(), "Going")
    rows = tuple(_row(line) for line in lines)
    says = "How each stands, and the parts of its health; the weakest first."
    return Table(says, heads, rows, "No relationship is here yet.")


def _row(line: Line) -> tuple[Cell, ...]:
    parts = (_level(cell.value, cell.level.value) for cell in line.cells)
    note = line.parts if not line.is_branch else words.counted(line.units, "unit")
    return (Cell(line.name, note), _level(line.score, line.level.value), *parts, _going(line))


def _going(line: Line) -> Cell:
    """Which way, where that is known; of a branch, how many of its units slip."""
    if line.is_branch:
        return Cell(f"{line.slipping} slipping", tone=Tone.WORSE) if line.slipping else Cell("")
    if line.movement is None:
        return Cell("")
    return Cell(heat.MOVEMENTS[line.movement], tone=TONES.get(line.movement, Tone.PLAIN))


def _level(value: int | None, level: str) -> Cell:
    """ "Weak 40", "Not known"."""
    text = words.capital(level) + ("" if value is None else f" {value}")
    return Cell(text, value=value, level=level, tone=Tone.NOT_KNOWN if value is None else Tone.PLAIN)
