"""What is written on the agenda of a review, and what reviews before it left over."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CTE, ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.agenda import AgendaItem, Source
from models.review import Review, ReviewState

#: More than a hundred points are no agenda; a bound for what is read.
MOST = 200


@dataclass(frozen=True)
class Kept:
    """A point as it is stored, and what it is about: ``source`` and ``about`` of where it came from first."""

    item: AgendaItem
    source: Source
    about: int | None
    #: The day of the review it was kept for.
    day: date
    #: For a point carried over: the day of the review that left it.
    carried_from: date | None = None


@dataclass(frozen=True)
class Points:
    """``here``: on this agenda or taken off it, in their order; ``carried``: left over, and on no agenda since."""

    here: list[Kept]
    carried: list[Kept]

    @property
    def known(self) -> dict[Source, set[int]]:
        """By kind, the ids of all that any of them is about."""
        found: dict[Source, set[int]] = defaultdict(set)
        for kept in (*self.here, *self.carried):
            if kept.about is not None:
                found[kept.source].add(kept.about)
        return found


def read(session: Session, *, review: Review, today: date) -> Points:
    """The points of this review and those that carry over into it. One statement."""
    wanted = (
        select(AgendaItem.id)
        .join(AgendaItem.review)
        .where(Review.unit_id == review.unit_id, or_(Review.id == review.id, _carries_into(review, today)))
        .limit(MOST)
    )
    origin = _origins(wanted.subquery().c.id)
    giver, gave = aliased(AgendaItem), aliased(Review)
    rows = session.execute(
        select(
            AgendaItem,
            origin.c.source,
            origin.c.source_id,
            func.coalesce(Review.held_on, Review.planned_on).label("day"),
            func.coalesce(gave.held_on, gave.planned_on).label("carried_from"),
        )
        .join(origin, origin.c.item_id == AgendaItem.id)
        .join(AgendaItem.review)
        .outerjoin(giver, and_(AgendaItem.source == Source.CARRIED, giver.id == AgendaItem.source_id))
        .outerjoin(gave, gave.id == giver.review_id)
        .where(origin.c.source != Source.CARRIED)
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    points = Points([], [])
    for row in rows:
        kept = Kept(row.AgendaItem, row.source, row.source_id, row.day, row.carried_from)
        (points.here if kept.item.review_id == review.id else points.carried).append(kept)
    return points


def _carries_into(review: Review, today: date) -> ColumnElement[bool]:
    """The condition on a point, with its review, that it was left over before and no other agenda took it up."""
    later, taker = aliased(AgendaItem), aliased(Review)
    taken = exists().where(
        later.review_id == taker.id,
        taker.unit_id == review.unit_id,
        later.source == Source.CARRIED,
        later.source_id == AgendaItem.id,
    )
    is_over = or_(Review.state != ReviewState.PLANNED, Review.period_until <= today)
    earlier = and_(Review.id != review.id, Review.planned_on <= review.planned_on, is_over)
    left = and_(AgendaItem.settled.is_(False), AgendaItem.dropped.is_(False))
    return and_(earlier, left, ~taken.correlate(AgendaItem))


def _origins(ids: ColumnElement[int]) -> CTE:
    """Each point with where it came from, followed back through the reviews that carried it over."""
    points = select(AgendaItem.id.label("item_id"), AgendaItem.source, AgendaItem.source_id)
    chain = points.where(AgendaItem.id.in_(select(ids))).cte("origins", recursive=True)
    before = aliased(AgendaItem)
    carried = select(chain.c.item_id, before.source, before.source_id)
    return chain.union_all(
        carried.join_from(chain, before, and_(chain.c.source == Source.CARRIED, before.id == chain.c.source_id))
    )
