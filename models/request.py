"""What a unit needs from IT, or IT offers to it."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.meeting import Meeting
from models.person import Person
from models.unit import BusinessUnit


class Origin(enum.StrEnum):
    ASKED = "asked"
    OFFERED = "offered"


class RequestState(enum.StrEnum):
    LOGGED = "logged"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DELIVERED = "delivered"


#: Still owed an answer or a delivery.
OPEN_STATES = (RequestState.LOGGED, RequestState.ACCEPTED)


class Request(Base):
    """A need of a unit. A refusal carries the alternative that was offered, or says in so many words that none was."""

    __tablename__ = "request"
    __table_args__ = (
        CheckConstraint(
            "state <> 'declined' OR no_alternative OR alternative <> ''", name="declined_says_what_instead"
        ),
        Index("ix_request_unit_id_state", "unit_id", "state"),
        Index("ix_request_state_logged_on", "state", "logged_on", "id"),
        Index("ix_request_unit_id_logged_on", "unit_id", "logged_on", "id"),
        Index("ix_request_unit_id_decided_at", "unit_id", "decided_at", "id"),
        Index("ix_request_unit_id_delivered_at", "unit_id", "delivered_at", "id"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    title: Mapped[str]
    #: In the unit's words: what it needs this for.
    business_need: Mapped[str]
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    origin: Mapped[Origin] = mapped_column(default=Origin.ASKED)
    state: Mapped[RequestState] = mapped_column(default=RequestState.LOGGED)
    logged_on: Mapped[date]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Why it was accepted or declined; the unit reads it.
    reason: Mapped[str] = mapped_column(default="")
    alternative: Mapped[str] = mapped_column(default="")
    no_alternative: Mapped[bool] = mapped_column(default=False)
    delivered_at: Mapped[datetime | None]

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    meeting: Mapped[Meeting | None] = relationship(lazy="raise")
    requester: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[requester_id])
    decided_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])
