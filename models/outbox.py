"""Mail that is to leave once: written in the transaction of its cause."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import SECRET, Base, Key
from models.person import Person


class OutboxState(enum.StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class OutboxMessage(Base):
    """One message to one person. ``key`` is unique, so that the same cause cannot write twice."""

    __tablename__ = "outbox_message"
    __audited__ = False
    __table_args__ = (Index("ix_outbox_message_queued_at", "queued_at", "id"),)

    id: Mapped[Key]
    #: kind, object, recipient, due: "rating:17:4".
    key: Mapped[str] = mapped_column(unique=True)
    to_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    to_address: Mapped[str]
    subject: Mapped[str]
    #: Plain text.
    body: Mapped[str] = mapped_column(info=SECRET)
    #: The one thing to do, as a path within this application; holds a personal link.
    path: Mapped[str] = mapped_column(default="", info=SECRET)
    queued_at: Mapped[datetime]
    state: Mapped[OutboxState] = mapped_column(default=OutboxState.QUEUED)

    to_person: Mapped[Person] = relationship(lazy="raise")
