"""What a board pack says: where relationships stand, which moved and why, and what waits. For the CIO and the board."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from crm import policy
from crm.documents.content import Pack, Section, Text
from crm.policy import Action, Actor
from crm.services import organisation as organisations
from crm.services import outlook, portfolio_lede
from crm.services.health import method
from crm.services.health.method import Method
from crm.services.heat_wanted import Wanted
from crm.services.outlook.told import Outlook
from crm.services.packs import board_heat, board_moved, board_outlook, board_trends, said
from crm.services.packs.board_heat import Map
from crm.services.packs.board_moved import Moves
from crm.services.packs.board_trends import Week
from models.unit import BusinessUnit

DAY = timedelta(days=1)
NOISE = Text(
    "A move counts as real when the weekly score leaves the range in which it normally stays, or rises or falls "
    "seven weeks in a row. Anything else is what scores usually do.",
    "Real or noise.",
)
UNKNOWN = Text(
    "A part without data is left out, and the others are stretched to 100; it never counts as nothing. Where too "
    "little is known there is no score.",
    "Not known.",
)


@dataclass(frozen=True)
class Read:
    """All that was read, before it is told."""

    heat: Map
    moves: Moves
    weeks: tuple[Week, ...]
    outlook: Outlook
    method: Method


def content(session: Session, *, by: Actor, since: date, until: date, branch_id: int | None, now: datetime) -> Pack:
    """The pack of all units, or of one unit and those below it; both days included. Some fifteen statements.

    Raises Forbidden.
    """
    policy.require(by, Action.MAKE_BOARD_PACK)
    wanted = Wanted(on=min(until, by.today), since=since, branch_id=branch_id)
    read = _read(session, by, wanted, now)
    lede = portfolio_lede.read(session, by=by, wanted=wanted, movers=read.moves.movers, now=now)
    house = organisations.current(session)
    return Pack(
        title=_title(session, branch_id),
        subtitle=said.period(since, until, by.today),
        between=house.name,
        lead=lede.finding,
        summary=lede.rest,
        made=said.made(by, house.name, house.time_zone, now),
        sections=tuple(_sections(read, by.today)),
        method=_method(read.method),
    )


def _read(session: Session, by: Actor, wanted: Wanted, now: datetime) -> Read:
    return Read(
        heat=board_heat.read(session, by=by, wanted=wanted),
        moves=board_moved.read(session, by=by, wanted=wanted),
        weeks=board_trends.read(session, by=by, wanted=wanted),
        outlook=outlook.read(
            session, by=by, branch_id=wanted.branch_id, since=wanted.since, until=wanted.on + DAY, now=now
        ),
        method=method.read(session, by=by, today=by.today),
    )


def _title(session: Session, branch_id: int | None) -> str:
    branch = session.get(BusinessUnit, branch_id) if branch_id else None
    return f"How {branch.name if branch else 'our relationships'} stand{'s' if branch else ''}"


def _sections(read: Read, today: date) -> Iterator[Section]:
    yield from board_heat.sections(read.heat)
    yield from board_moved.sections(read.moves)
    yield from board_trends.sections(read.weeks, today)
    yield from board_outlook.sections(read.outlook)


def _method(found: Method) -> tuple[Text, ...]:
    """The annex: what health is made of, how much each part weighs, and when a move is one."""
    parts = [Text(f"{part.sentence} It weighs {part.weight} of 100.", f"{part.name}.") for part in found.parts]
    words = [f"{level.value} from {low}" for level, low, _ in method.THRESHOLDS if low]
    levels = Text(f"Health and each part run from 0 to 100: {', '.join(words)}, below that weak.", "Levels.")
    return (levels, *parts, UNKNOWN, NOISE)
