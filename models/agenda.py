"""What to raise in a review, each point with its evidence, in an order that is kept."""

from __future__ import annotations

import enum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.review import Review


class Source(enum.StrEnum):
    """Where a point comes from; ``AgendaItem.source_id`` is the id there."""

    OWN = "own"  # written by the rep
    CARRIED = "carried"  # left over from the review before: the id of that point
    ACTION = "action"
    REQUEST = "request"
    RATING = "rating"  # a round
    PROJECT = "project"
    DECISION = "decision"


class AgendaItem(Base):
    __tablename__ = "agenda_item"
    __table_args__ = (Index("ix_agenda_item_review_id_position", "review_id", "position", "id"),)

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    position: Mapped[int]
    source: Mapped[Source] = mapped_column(default=Source.OWN)
    source_id: Mapped[int | None]
    text: Mapped[str]
    #: The time box.
    minutes: Mapped[int | None]
    #: Taken off; kept, so that it is not suggested again.
    dropped: Mapped[bool] = mapped_column(default=False)
    #: Ticked when the meeting was logged; the rest carries over.
    settled: Mapped[bool] = mapped_column(default=False)

    review: Mapped[Review] = relationship(lazy="raise")
