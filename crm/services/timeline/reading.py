"""Reading a timeline: one stretch of it, newest first, in one statement."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Row, Select, cast, literal, null, select, tuple_, union_all
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Actor
from crm.services import cadence_rules, clock
from crm.services.search import contains
from crm.services.timeline import parts
from crm.services.timeline import place as places
from crm.services.timeline.kinds import RANKS, Kind, Only
from crm.services.timeline.part import Part, Wanted
from crm.services.timeline.place import Place
from crm.stats.scores import Score, score_of
from models.base import UtcDateTime
from models.rating import Response, Round
from models.unit import BusinessUnit

SIZE = 25
#: Letters before the word that was looked for, and in all.
BEFORE, LONG = 60, 200
KINDS = {rank: kind for kind, rank in RANKS.items()}
_MARKS = re.compile(r"^\s*(?:[-+*>]|\d+\.|#{1,6})\s+|[*_`]+|^\s*#{1,6}", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One event. What the words mean depends on the kind: see the functions that make the parts."""

    kind: Kind
    #: On the unit's calendar.
    day: date
    what: str
    said: str
    who: str
    more: str
    link: int | None
    place: Place
    #: Found in what is for IT only.
    is_internal: bool = False
    #: Of a round that was asked.
    score: Score | None = None
    #: Of a handover: the first day of the new lead.
    since: date | None = None


@dataclass(frozen=True)
class Stretch:
    """``earlier``: the place to go on from; None at the end. ``since``: the day of the entry read before these."""

    entries: Sequence[Entry]
    earlier: Place | None
    since: date | None


def read(
    session: Session,
    *,
    by: Actor,
    unit: BusinessUnit,
    now: datetime,
    only: Only = Only.ALL,
    text: str = "",
    after: Place | None = None,
) -> Stretch:
    """What happened with the unit before that place, newest first, as far as this person may know of it.

    ``text`` is looked for in what the person may read: for the unit that is what was shared, never the notes for IT.
    Two statements; each part of the first is read by its index and no further than a stretch goes.
    """
    policy.require(by, policy.Action.SEE_UNIT, unit)
    today = clock.local_date(now, unit.time_zone)
    reads_notes = policy.can(by, policy.Action.SEE_INTERNAL_NOTES, unit)
    wanted = Wanted(unit.id, today, only, whole=bool(text), reads_notes=reads_notes)
    chosen = [(kind, part) for kind, part in parts.chosen(by=by, unit=unit, wanted=wanted) if part.searched or not text]
    if not chosen:
        return Stretch((), None, None)
    rows = session.execute(statement(chosen, unit, after or places.before_all(today), text)).all()
    placed = sorted(((_place(row, unit), row) for row in rows), key=lambda pair: pair[0].order)
    scores = _scores(session, [row for place, row in placed[:SIZE] if KINDS[place.rank] is Kind.RATED])
    entries = [_entry(place, row, text, scores) for place, row in placed[:SIZE]]
    earlier = entries[-1].place if len(placed) > SIZE else None
    return Stretch(entries, earlier, after.day if after else None)


def statement(chosen: Sequence[tuple[Kind, Part]], unit: BusinessUnit, after: Place, text: str) -> Any:
    """One more row of each part than a stretch has."""
    return union_all(*(select(_rows(kind, part, unit, after, text).subquery()) for kind, part in chosen))


def _rows(kind: Kind, part: Part, unit: BusinessUnit, after: Place, text: str) -> Select[Any]:
    is_instant = isinstance(part.when.type, UtcDateTime)
    source = part.source.add_columns(
        literal(RANKS[kind], Integer).label("rank"),
        part.id.label("id"),
        (cast(null(), Date) if is_instant else part.when).label("day"),
        (part.when if is_instant else cast(null(), UtcDateTime())).label("at"),
    ).where(_comes_after(after, RANKS[kind], part, unit if is_instant else None))
    if text:
        source = source.where(contains(text, *part.searched))
    return source.order_by(part.when.desc(), part.id.desc()).limit(SIZE + 1)


def _comes_after(place: Place, rank: int, part: Part, unit: BusinessUnit | None) -> ColumnElement[bool]:
    """``unit``: whose midnight divides the days, for parts that know the instant."""
    if rank == place.rank:
        then = place.at if unit else place.day
        return tuple_(part.when, part.id) < tuple_(literal(then, part.when.type), literal(place.id, Integer))
    day = place.day + timedelta(days=1) if rank > place.rank else place.day
    return part.when < (cadence_rules.instant(day, time(0), unit.zone) if unit else day)


def _place(row: Row[Any], unit: BusinessUnit) -> Place:
    day = clock.local_date(row.at, unit.time_zone) if row.at else row.day
    return Place(day, row.rank, row.at, row.id)


def _scores(session: Session, rounds: Sequence[Row[Any]]) -> dict[int, Score]:
    """By the round's id."""
    given: dict[int, list[int]] = {round_.id: [] for round_ in rounds}
    if rounds:
        shown = (Response.round_id.in_(given), Round.id == Response.round_id, Round.scores_shown)
        answers = select(Response.round_id, Response.score).where(*shown)
        for round_id, score in session.execute(answers):
            given[round_id].append(score)
    return {round_.id: score_of(given[round_.id], max(int(round_.what), len(given[round_.id]))) for round_ in rounds}


def _entry(place: Place, row: Row[Any], text: str, scores: Mapping[int, Score]) -> Entry:
    kind, what, said, who, more = KINDS[place.rank], row.what, row.said, row.who, row.more
    is_internal = False
    if text and kind is Kind.MEETING:
        is_internal = text.lower() not in said.lower() and text.lower() in more.lower()
        said, more = more if is_internal else said, ""
    if kind is Kind.NOT_HELD:
        what, who = cadence_rules.period_in_words(what, date.fromisoformat(who)), ""
    return Entry(
        kind=kind,
        day=place.day,
        what=what,
        said=_around(plain(said), text),
        who=who,
        more=more,
        link=row.link,
        place=place,
        is_internal=is_internal,
        score=scores[row.id] if kind is Kind.RATED else None,
        since=date.fromisoformat(more) if kind is Kind.HANDOVER else None,
    )


def plain(text: str) -> str:
    """Notes without their marks, in one line."""
    return " ".join(_MARKS.sub("", text).split())


def _around(said: str, text: str) -> str:
    """What was said where the text was found; its beginning when it was not."""
    found = said.lower().find(text.lower()) if text else 0
    begin = said.rfind(" ", 0, found - BEFORE) + 1 if found > BEFORE else 0
    cut = said[begin : begin + LONG]
    whole = cut.rpartition(" ")[0].rstrip(".,;: ") + "…" if begin + LONG < len(said) else cut
    return f"…{whole}" if begin else whole
