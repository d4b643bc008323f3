"""What a unit needs from IT, or IT offers to it."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.meeting import Meeting
from models.person import Person
from models.request_part import RequestTheme, SharedNeed
from models.unit import BusinessUnit


class Origin(enum.StrEnum):
    ASKED = "asked"
    OFFERED = "offered"


class RequestKind(enum.StrEnum):
    STANDARD = "standard"  # IT does this as a matter of course
    NON_STANDARD = "non_standard"  # somebody has to decide whether to leave the usual way
    QUESTION = "question"
    COMPLAINT = "complaint"


class Severity(enum.StrEnum):
    """How bad what a complaint is about is."""

    MINOR = "minor"
    SERIOUS = "serious"
    CRITICAL = "critical"


class Cause(enum.StrEnum):
    """Why a complaint came about, for counting; the words beside it say more."""

    FAULT = "fault"  # something broke
    CHANGE = "change"  # a change of ours
    CAPACITY = "capacity"  # too few hands
    KNOWLEDGE = "knowledge"  # somebody did not know how
    TELLING = "telling"  # we did not say, or not in time
    WAY = "way"  # the way we work
    SUPPLIER = "supplier"
    EXPECTATION = "expectation"  # expected otherwise than agreed
    OTHER = "other"


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
        Index("ix_request_unit_id_state", "unit_id", "state", "due_on", "logged_on"),
        Index("ix_request_state_logged_on", "state", "logged_on", "id"),
        Index("ix_request_logged_on", "logged_on", "id"),
        Index("ix_request_unit_id_logged_on", "unit_id", "logged_on", "id"),
        Index("ix_request_unit_id_decided_at", "unit_id", "decided_at", "id"),
        Index("ix_request_unit_id_delivered_at", "unit_id", "delivered_at", "id"),
        Index("ix_request_state_due_on", "state", "due_on", "logged_on", "id"),
        Index("ix_request_kind_state", "kind", "state", "id"),
        UniqueConstraint("source_id", "ticket"),
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
    #: Since when it stands where it stands, and by when the house's limit wants it to stand elsewhere (that day
    #: included; None: no limit). Both are written by ``request_states.step`` only.
    stands_since: Mapped[datetime | None]
    due_on: Mapped[date | None]

    #: What is better then, in words; in money a year and in hours of work, from and to (the same: one figure).
    value_wanted: Mapped[str] = mapped_column(default="", server_default=text("''"))
    value_low: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    value_high: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    cost_low: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    cost_high: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    #: ISO 4217; of all sums of this request.
    currency: Mapped[str] = mapped_column(default="", server_default=text("''"))
    hours_low: Mapped[Decimal | None] = mapped_column(Numeric(8, 1))
    hours_high: Mapped[Decimal | None] = mapped_column(Numeric(8, 1))
    wished_for: Mapped[date | None]
    #: Who in IT sees to it; a complaint always has one.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("request_theme.id"), index=True)
    #: The same need of several units: each keeps its own request, in its own words, and confirms for itself.
    shared_need_id: Mapped[int | None] = mapped_column(ForeignKey("shared_need.id"), index=True)
    #: What was done, as the unit reads it: "you said, we did". Written on delivery and on refusal.
    did: Mapped[str] = mapped_column(default="", server_default=text("''"))
    #: Where work on it can be followed outside: an address, and the number of the ticket or project there.
    link: Mapped[str] = mapped_column(default="", server_default=text("''"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("ticket_source.id"))
    ticket: Mapped[str | None]
    #: Of complaints only.
    severity: Mapped[Severity | None]
    root_cause: Mapped[str] = mapped_column(default="", server_default=text("''"))
    cause: Mapped[Cause | None]
    #: Since when it is a complaint; None: since it was logged.
    complained_on: Mapped[date | None]
    #: What it complains of: a request, a rating that bears a name.
    complains_of_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"), index=True)
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"), index=True)

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    meeting: Mapped[Meeting | None] = relationship(lazy="raise")
    requester: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[requester_id])
    decided_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])
    owner: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[owner_id])
    theme: Mapped[RequestTheme | None] = relationship(lazy="raise")
    shared_need: Mapped[SharedNeed | None] = relationship(lazy="raise")


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
