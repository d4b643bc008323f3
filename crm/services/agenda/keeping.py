"""Keeping an agenda as the rep arranged it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Invalid
from crm.policy import Action, Actor
from crm.services import clock, reviews
from crm.services.agenda import points
from crm.services.agenda.points import Agenda, Arranged, Point
from crm.services.reviews import Standing
from models.agenda import AgendaItem, Source
from models.review import Review
from models.unit import BusinessUnit

TEXT_LENGTH = 200
LONGEST = 480
#: Where an agenda can still be arranged.
OPEN = (Standing.PLANNED, Standing.TODAY, Standing.OVERDUE)


@dataclass(frozen=True)
class Own:
    """A point in the rep's own words."""

    text: str
    minutes: int | None = None


def is_open(session: Session, *, review: Review, now: datetime) -> bool:
    """Whether its agenda can still be arranged."""
    unit = session.get_one(BusinessUnit, review.unit_id)
    return reviews.standing(review, clock.local_date(now, unit.time_zone)) in OPEN


def keep(
    session: Session,
    *,
    by: Actor,
    review: Review,
    on: Sequence[Arranged],
    off: Sequence[str] = (),
    own: Own | None = None,
    now: datetime,
) -> None:
    """Keep these points in this order, with those taken off; what is named in neither stays as it is.

    The first time makes the review a prepared one. Points nobody knows (any more) are passed over.
    Raises Forbidden, Conflict("agenda") once the review is over, Invalid("minutes" | "own_text" | "own_minutes").
    """
    policy.require(by, Action.PREPARE_REVIEW, review)
    session.refresh(review, ["prepared_at", "state"], with_for_update=True)  # two may keep it at once
    if not is_open(session, review=review, now=now):
        raise Conflict("agenda", "This review is over: its agenda stays as it is.")
    _check(on, own)
    known = points.read(session, by=by, review=review, now=now)
    wanted = {told.key: told.minutes for told in on if told.key in known.by_key}
    items = [_put(session, review, known.by_key[key], minutes) for key, minutes in wanted.items()]
    items += _unnamed(known, on, off)
    if own and own.text not in [item.text for item in items]:
        items.append(_new(session, review, Source.OWN, None, own.text, own.minutes))
    for position, item in enumerate(items, start=1):
        item.position = position
    for key in off:
        if point := known.by_key.get(key):
            _put(session, review, point, point.minutes).dropped = True
    review.prepared_at = review.prepared_at or now
    session.flush()


def _check(on: Sequence[Arranged], own: Own | None) -> None:
    for field, minutes in (("own_minutes", own.minutes if own else None), *(("minutes", told.minutes) for told in on)):
        if minutes is not None and not 1 <= minutes <= LONGEST:
            raise Invalid(field, f"Give a point between 1 and {LONGEST} minutes.")
    if own and not own.text:
        raise Invalid("own_text", "Say what it is about.")
    if own and len(own.text) > TEXT_LENGTH:
        raise Invalid("own_text", f"Keep it under {TEXT_LENGTH} letters.")


def _put(session: Session, review: Review, point: Point, minutes: int | None) -> AgendaItem:
    """The stored point, made when it was only suggested so far, and on the agenda."""
    item = point.item or _new(session, review, point.source, point.about, point.text, minutes)
    item.minutes, item.dropped = minutes, False
    return item


def _new(
    session: Session, review: Review, source: Source, about: int | None, text: str, minutes: int | None
) -> AgendaItem:
    item = AgendaItem(
        review_id=review.id, source=source, source_id=about, text=text, minutes=minutes, position=0, dropped=False
    )
    session.add(item)
    return item


def _unnamed(known: Agenda, on: Sequence[Arranged], off: Sequence[str]) -> list[AgendaItem]:
    """Points that somebody else put on the agenda meanwhile: they go to its end."""
    named = {*(told.key for told in on), *off}
    return [point.item for point in known.on if point.item is not None and point.key not in named]
