"""An agenda in its meeting: the points in their order, as headings to write below, and which of them were settled."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from models.agenda import AgendaItem
from models.review import Review


def of(session: Session, *, by: Actor, review: Review) -> list[AgendaItem]:
    """The points on the agenda, in their order; none before it is prepared. One statement. Raises Forbidden."""
    policy.require(by, Action.SEE_AGENDA, review)
    kept = select(AgendaItem).where(AgendaItem.review_id == review.id, AgendaItem.dropped.is_(False))
    return list(session.scalars(kept.order_by(AgendaItem.position, AgendaItem.id)))


def skeleton(items: Sequence[AgendaItem]) -> str:
    """Markdown to write into: one "## heading" per point, with room below each."""
    return "\n".join(f"## {' '.join(item.text.split())}\n\n" for item in items)


def settle(session: Session, *, review: Review, done: Collection[int]) -> None:
    """The points with these ids were settled in the meeting that held the review; the rest carries over.

    Ids of other reviews are passed over. The caller has checked the right to log.
    """
    for item in session.scalars(select(AgendaItem).where(AgendaItem.review_id == review.id)):
        item.settled = item.id in done
    session.flush()
