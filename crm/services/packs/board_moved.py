"""What moved, in a board pack: signals with their causes, and apart from them what only looks like movement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from crm.documents.content import Cell, Section, Table, Text, Tone
from crm.policy import Actor
from crm.services import portfolio_movers, words
from crm.services.health import moved
from crm.services.health.moved import Moved, ToldCause
from crm.services.heat_wanted import Wanted
from crm.services.portfolio_movers import Kind, Mover, Movers

TONES = {Kind.SLIPPED: Tone.WORSE, Kind.IMPROVED: Tone.BETTER, Kind.NOISE: Tone.PLAIN}
HEADS = ("Relationship", "Before", "After")
#: So many causes are told of one; together they are the whole move.
TOLD = 4


@dataclass(frozen=True)
class Moves:
    """``why``: by unit, for the real moves alone: noise has no cause worth a word."""

    movers: Movers
    why: Mapping[int, Moved]


def read(session: Session, *, by: Actor, wanted: Wanted) -> Moves:
    """Four statements at most."""
    movers = portfolio_movers.read(session, by=by, wanted=wanted)
    real = [mover.unit_id for mover in movers.real]
    why = moved.of_units(session, unit_ids=real, since=wanted.since, until=wanted.on) if real else {}
    return Moves(movers, why)


def sections(found: Moves) -> Iterator[Section]:
    movers = found.movers
    rows = tuple(_row(mover, _why(found.why.get(mover.unit_id))) for mover in movers.real)
    real = Table("What moved for real, and why.", (*HEADS, "Why"), rows, "No relationship moved for real.")
    evidence = tuple(line for mover in movers.real for line in _evidence(mover, found.why.get(mover.unit_id)))
    yield Section("What really moved", (real, *_more(movers.really - len(rows))), evidence=evidence)
    if movers.noise:
        rows = tuple(_row(mover, portfolio_movers.usual(mover)) for mover in movers.noise)
        noise = Table("What looks like movement, and is noise.", (*HEADS, "Where it normally stays"), rows)
        rest = movers.counts.get(Kind.NOISE, 0) - len(rows)
        yield Section("Looks like movement, is noise", (noise, *_more(rest)))


def _more(rest: int) -> tuple[Text, ...]:
    return (Text(f"And {words.counted(rest, 'more relationship')}."),) if rest > 0 else ()


def _row(mover: Mover, why: str) -> tuple[Cell, ...]:
    return (Cell(mover.name, tone=TONES[mover.kind]), _figure(mover.before), _figure(mover.after), Cell(why))


def _figure(score: int | None) -> Cell:
    return Cell("not known", tone=Tone.NOT_KNOWN) if score is None else Cell(str(score), value=score)


def _why(found: Moved | None) -> str:
    return "; ".join(_cause(cause) for cause in found.in_short(TOLD)) if found else ""


def _evidence(mover: Mover, found: Moved | None) -> Iterator[str]:
    """Every cause: the slide shows the biggest."""
    for cause in found.causes if found else ():
        yield f"{mover.name}: {_cause(cause)}"


def _cause(cause: ToldCause) -> str:
    """ "Refused without an alternative: Spend dashboard (−6)"."""
    sign = "−" if cause.points < 0 else "+"
    return f"{cause.sentence} ({sign}{abs(cause.points)})"
