"""Replies owed to somebody who rated low or asked for something; whoever rated closes them."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import PRIVATE, SECRET, Base, Key
from models.person import Person
from models.rating import Response
from models.unit import BusinessUnit


class FollowUpCause(enum.StrEnum):
    LOW = "low"  # "poorly" or "very poorly"
    DROP = "drop"  # not low, but a fall that is more than the usual up and down
    WISH = "wish"  # a comment that asks for something, as a rep read it


class FollowUpState(enum.StrEnum):
    OPEN = "open"  # a reply is owed
    ANSWERED = "answered"  # it was sent; the person has the word
    CLOSED = "closed"  # the person says it is settled, or took back what made it owed
    DISMISSED = "dismissed"  # a rep read the comment, and it asks for nothing


class FollowUp(Base):
    """One reply owed for one answer that bears a name."""

    __tablename__ = "follow_up"
    __table_args__ = (
        Index("ix_follow_up_state_due_on", "state", "due_on", "id"),
        Index("ix_follow_up_unit_id_state", "unit_id", "state"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), unique=True)
    #: Who rated, and alone closes it.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    cause: Mapped[FollowUpCause]
    #: The rating it answers, 1 to 5; the person may change it later.
    score: Mapped[int] = mapped_column(info=PRIVATE)
    #: Who owes the reply, or gave the last: the unit's lead rep while it is owed; None when there is none.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime]
    due_on: Mapped[date]
    state: Mapped[FollowUpState] = mapped_column(default=FollowUpState.OPEN)
    #: What was replied last, and what the person said to it when it was not enough.
    reply: Mapped[str] = mapped_column(default="", server_default=text("''"), info=PRIVATE)
    replied_at: Mapped[datetime | None]
    said: Mapped[str] = mapped_column(default="", server_default=text("''"), info=PRIVATE)
    #: How often it was not enough.
    not_yet: Mapped[int] = mapped_column(default=0, server_default="0")
    closed_at: Mapped[datetime | None]
    #: Of the link in the reply sent last.
    token_hash: Mapped[str | None] = mapped_column(unique=True, info=SECRET)
    #: The CIO was told that it is late.
    raised_at: Mapped[datetime | None]

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    response: Mapped[Response] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    owner: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[owner_id])

    @property
    def is_over(self) -> bool:
        return self.state in (FollowUpState.CLOSED, FollowUpState.DISMISSED)

    @property
    def is_untouched(self) -> bool:
        """Owed, and nobody has replied so far."""
        return self.state is FollowUpState.OPEN and self.replied_at is None
