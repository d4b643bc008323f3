"""One part of a timeline: the rows of one kind of event, and what each says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, cast, func, literal, null, select
from sqlalchemy.orm import InstrumentedAttribute

from crm.services.timeline.kinds import Only

#: So much of what was written is shown; a search reads all of it.
SHOWN = 400


@dataclass(frozen=True)
class Wanted:
    """What is read, and with whose eyes."""

    unit_id: int
    today: date
    only: Only
    #: Whole texts, to find the place in them.
    whole: bool
    #: The working copy of minutes, and notes for IT; else only what was shared.
    reads_notes: bool


Column = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Part:
    """``source`` has the columns of :func:`told`. ``when``: a date or an instant; with ``id`` it is unique."""

    source: Select[Any]
    when: InstrumentedAttribute[Any]
    id: InstrumentedAttribute[int]
    searched: tuple[InstrumentedAttribute[Any], ...]


def told(
    *, what: Column, said: Column | None = None, who: Column | None = None, more: Column | None = None, link: Column
) -> Select[Any]:
    nothing = literal("")
    return select(
        what.label("what"),
        (nothing if said is None else said).label("said"),
        (nothing if who is None else func.coalesce(who, "")).label("who"),
        (nothing if more is None else more).label("more"),
        link.label("link"),
    )


def word(column: Column) -> ColumnElement[str]:
    return cast(column, String)


def text_of(column: Column, wanted: Wanted) -> ColumnElement[str]:
    return func.coalesce(column if wanted.whole else func.substr(column, 1, SHOWN, type_=String), "")


NO_LINK = cast(null(), Integer)
