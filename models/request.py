"""What a unit needs from IT, or IT offers to it."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.meeting import Meeting
from models.person import Person
from models.unit import BusinessUnit


class Origin(enum.StrEnum):
    ASKED = "asked"
    OFFERED = "offered"


class RequestKind(enum.StrEnum):
    STANDARD = "standard"  # IT does this as a matter of course
    NON_STANDARD = "non_standard"  # somebody has to decide whether to leave the usual way
    QUESTION = "question"
    COMPLAINT = "complaint"


class RequestState(enum.StrEnum):
    LOGGED = "logged"
    LOOKING = "looking"  # somebody in IT looks into it
    WAITING = "waiting"  # the unit was asked something and has not answered
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DELIVERING = "delivering"
    DELIVERED = "delivered"  # as IT sees it
    CONFIRMED = "confirmed"  # as the unit sees it


#: Waits for a yes or a no.
UNDECIDED = (RequestState.LOGGED, RequestState.LOOKING, RequestState.WAITING)
#: Still owed an answer or a delivery.
OPEN_STATES = (*UNDECIDED, RequestState.ACCEPTED, RequestState.DELIVERING)
#: There, whether or not the unit has said so.
DONE = (RequestState.DELIVERED, RequestState.CONFIRMED)


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
    kind: Mapped[RequestKind] = mapped_column(default=RequestKind.STANDARD, server_default="standard")
    state: Mapped[RequestState] = mapped_column(default=RequestState.LOGGED)
    logged_on: Mapped[date]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Why it was accepted or declined; the unit reads it.
    reason: Mapped[str] = mapped_column(default="")
    alternative: Mapped[str] = mapped_column(default="")
    no_alternative: Mapped[bool] = mapped_column(default=False)
    delivered_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    meeting: Mapped[Meeting | None] = relationship(lazy="raise")
    requester: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[requester_id])
    decided_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])


class RequestStep(Base):
    """Where a request stood from then on, who brought it there, and why."""

    __tablename__ = "request_step"
    __table_args__ = (Index("ix_request_step_request_id", "request_id", "id"),)
    __audited__ = False  # it is itself a log, and the request is audited

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[RequestState]
    #: The unit reads it.
    why: Mapped[str] = mapped_column(default="", server_default=text("''"))

    by: Mapped[Person | None] = relationship(lazy="raise")
