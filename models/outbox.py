"""Mail that is to leave once: written in the transaction of its cause."""

from __future__ import annotations

import enum
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import SECRET, Base, Key
from models.mail import MailKind
from models.person import Person
from models.webhook import Webhook


class OutboxState(enum.StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # claimed until ``lease_until`` by the process that sends it
    SENT = "sent"
    FAILED = "failed"  # refused, or never taken
    UNCERTAIN = "uncertain"  # it may have arrived: the mail server was gone before it said so
    CANCELLED = "cancelled"


def _new_message_id() -> str:
    return f"<{uuid4().hex}@rapport>"


def _as_queued(context: DefaultExecutionContext) -> datetime:
    queued_at: datetime = context.get_current_parameters()["queued_at"]  # type: ignore[no-untyped-call]
    return queued_at


class OutboxMessage(Base):
    """One message to one person, or to one webhook. ``key`` is unique, so that the same cause cannot write twice."""

    __tablename__ = "outbox_message"
    __audited__ = False
    __table_args__ = (
        Index("ix_outbox_message_queued_at", "queued_at", "id"),
        Index("ix_outbox_message_state_due_at", "state", "due_at", "id"),
    )

    id: Mapped[Key]
    #: kind, object, recipient, due: "rating:17:4".
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[MailKind] = mapped_column(default=MailKind.OTHER, server_default="other")
    #: None for a webhook.
    to_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    webhook_id: Mapped[int | None] = mapped_column(ForeignKey("webhook.id"), index=True)
    #: Of a webhook: its name.
    to_address: Mapped[str]
    #: The language it is written in: "en", "de".
    language: Mapped[str] = mapped_column(default="en", server_default="en")
    subject: Mapped[str]
    #: Plain text; for a webhook the JSON it is told.
    body: Mapped[str] = mapped_column(info=SECRET)
    #: The one thing to do, as a path within this application; holds a personal link.
    path: Mapped[str] = mapped_column(default="", info=SECRET)
    #: What its button says: "Rate IT".
    button: Mapped[str] = mapped_column(default="", server_default=text("''"))
    #: An iCalendar object that goes with it, and its METHOD: "REQUEST" or "CANCEL"; or "".
    calendar: Mapped[str] = mapped_column(default="", server_default=text("''"), info=SECRET)
    calendar_method: Mapped[str] = mapped_column(default="", server_default=text("''"))
    queued_at: Mapped[datetime]
    state: Mapped[OutboxState] = mapped_column(default=OutboxState.QUEUED)
    #: The Message-ID of every try, so that a mail that arrives twice is known to be one.
    message_id: Mapped[str] = mapped_column(unique=True, default=_new_message_id)
    #: Not before this instant: at once, or after a pause when a try failed.
    due_at: Mapped[datetime] = mapped_column(default=_as_queued)
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    #: Why the last try came to nothing.
    error: Mapped[str] = mapped_column(default="", server_default=text("''"))

    to_person: Mapped[Person | None] = relationship(lazy="raise")
    webhook: Mapped[Webhook | None] = relationship(lazy="raise")

    @property
    def to_name(self) -> str:
        """Whom it is for."""
        return self.to_person.name if self.to_person else self.to_address
