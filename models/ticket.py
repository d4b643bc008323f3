"""Tickets of a service desk: what its exports say, and how they are read."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from models.base import PRIVATE, Base, Json, Key
from models.person import Person
from models.request import Request
from models.unit import BusinessUnit

NOTHING = text("''")


class TicketImportState(enum.StrEnum):
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class TicketSource(Base):
    """A service desk that tickets come from, with what was chosen for its files, kept for the next one."""

    __tablename__ = "ticket_source"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    #: Columns, states, kinds, form of dates, zone.
    choices: Mapped[Json] = mapped_column(default=dict)


class TicketUnitName(Base):
    """What a source calls a unit, kept for the next file. Without a unit: its tickets are left out."""

    __tablename__ = "ticket_unit_name"
    __table_args__ = (UniqueConstraint("source_id", "key"),)

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("ticket_source.id"))
    key: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("business_unit.id"))


class TicketImport(Base):
    """A file of tickets on its way in, kept from upload to the last ticket, so that it can be left and come back to."""

    __tablename__ = "ticket_import"

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("ticket_source.id"), index=True)
    file_name: Mapped[str]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False, info=PRIVATE))
    state: Mapped[TicketImportState] = mapped_column(default=TicketImportState.CHECKED)
    choices: Mapped[Json] = mapped_column(default=dict, info=PRIVATE)
    report: Mapped[Json] = mapped_column(default=dict, info=PRIVATE)
    bad_rows: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False, info=PRIVATE))
    steps_done: Mapped[int] = mapped_column(default=0)
    steps_total: Mapped[int] = mapped_column(default=0)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    beat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    source: Mapped[TicketSource] = relationship(lazy="raise")
    uploaded_by: Mapped[Person | None] = relationship(lazy="raise")


class Ticket(Base):
    """An incident or service request as the service desk knows it: beside the requests, not among them."""

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("source_id", "number"),
        Index("ix_ticket_unit_id_opened_at", "unit_id", "opened_at", "id"),
    )

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("ticket_source.id"))
    number: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("business_unit.id"))
    title: Mapped[str] = mapped_column(default="", server_default=NOTHING)
    #: As the source calls it.
    state: Mapped[str] = mapped_column(default="", server_default=NOTHING)
    is_open: Mapped[bool]
    priority: Mapped[str] = mapped_column(default="", server_default=NOTHING)
    category: Mapped[str] = mapped_column(default="", server_default=NOTHING)
    caller: Mapped[str] = mapped_column(default="", server_default=NOTHING)
    opened_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    #: The request made of it, if one was.
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"), index=True)
    #: Of everything read of it: the same again changes nothing.
    fingerprint: Mapped[str] = mapped_column(default="", server_default=NOTHING)

    source: Mapped[TicketSource] = relationship(lazy="raise")
    unit: Mapped[BusinessUnit | None] = relationship(lazy="raise")
    request: Mapped[Request | None] = relationship(lazy="raise")

    @property
    def name(self) -> str:
        """Its title, or its number where the desk gives it none."""
        return self.title or self.number


class TicketEvent(Base):
    """What happened to a ticket, in order: a change of state, or something said."""

    __tablename__ = "ticket_event"
    __audited__ = False  # it is itself a log
    __table_args__ = (Index("ix_ticket_event_ticket_id_number", "ticket_id", "number"),)

    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    number: Mapped[int]
    at: Mapped[datetime | None]
    by: Mapped[str] = mapped_column(default="", server_default=NOTHING)
    state: Mapped[str] = mapped_column(default="", server_default=NOTHING)
    words: Mapped[str] = mapped_column(default="", server_default=NOTHING)
    #: Never shown to the business.
    is_private: Mapped[bool] = mapped_column(default=False)
