"""What belongs to requests: needs that several units share, themes, verdicts, files, escalations, and how a unit solved
what was refused."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import PRIVATE, SECRET, Base, Json, Key
from models.person import Person

NOTHING = text("''")


class RequestTheme(Base):
    """What requests are about, as the house sorts them: "Reporting", "Working from elsewhere"."""

    __tablename__ = "request_theme"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    retired_on: Mapped[date | None]


class SharedNeed(Base):
    """The same need of several units, under one facilitator. Read by IT; a unit learns only that others need it too."""

    __tablename__ = "shared_need"

    id: Mapped[Key]
    #: In IT's words: no unit's text is shown to another.
    title: Mapped[str]
    facilitator_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]

    facilitator: Mapped[Person] = relationship(lazy="raise")


class PriorityRule(Base):
    """How the house weighs requests, in its own words. Versioned: the newest holds; decisions keep theirs."""

    __tablename__ = "priority_rule"

    id: Mapped[Key]
    words: Mapped[str]
    #: {"value": {"name": "Value to the unit", "weight": 40, "low": "Nice to have", "high": "Cannot do without"}}
    criteria: Mapped[Json]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    #: What this version changed, in words, limits of time included.
    changed: Mapped[str] = mapped_column(default="", server_default=NOTHING)

    by: Mapped[Person | None] = relationship(lazy="raise")


class Verdict(enum.StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"


class RequestVerdict(Base):
    """A decision: kept also when the request is looked at again. The request itself carries the newest."""

    __tablename__ = "request_verdict"
    __table_args__ = (Index("ix_request_verdict_verdict_at", "verdict", "at", "id"),)

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verdict: Mapped[Verdict]
    reason: Mapped[str]
    alternative: Mapped[str] = mapped_column(default="", server_default=NOTHING)
    no_alternative: Mapped[bool] = mapped_column(default=False)
    #: What was weighed against what, in words.
    trade_off: Mapped[str] = mapped_column(default="", server_default=NOTHING)
    #: Whether IT's usual way was bent for it: the danger sign "both".
    bends_process: Mapped[bool] = mapped_column(default=False, server_default=false())
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("priority_rule.id"))
    #: Points 0 to 4 by key of criterion, and the 0 to 100 that came of them.
    points: Mapped[Json] = mapped_column(default=dict)
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))

    by: Mapped[Person | None] = relationship(lazy="raise")
    rule: Mapped[PriorityRule | None] = relationship(lazy="raise")


class RequestLimit(Base):
    """Within how many working days a request of that kind leaves that state. Without a row the default holds."""

    __tablename__ = "request_limit"
    __table_args__ = (UniqueConstraint("state", "kind"),)

    id: Mapped[Key]
    #: Values of RequestState and RequestKind.
    state: Mapped[str]
    kind: Mapped[str]
    #: None: no limit.
    days: Mapped[int | None]


class Attachment(Base):
    """A file of a request. Its bytes lie below the instance folder, outside of what is served, under ``key``."""

    __tablename__ = "attachment"

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    name: Mapped[str] = mapped_column(info=PRIVATE)
    media_type: Mapped[str]
    size: Mapped[int]
    key: Mapped[str] = mapped_column(unique=True)
    added_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person | None] = relationship(lazy="raise")


class Escalation(Base):
    """A complaint was passed up: by a person, or by rule. To each level once."""

    __tablename__ = "escalation"
    __table_args__ = (UniqueConstraint("request_id", "level"),)

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"))
    at: Mapped[datetime]
    #: None: the rule did it.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: 1: to the lead rep, 2: to who leads them, 3: to the CIO.
    level: Mapped[int]
    why: Mapped[str]

    by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[by_id])
    to: Mapped[Person] = relationship(lazy="raise", foreign_keys=[to_id])


class Solved(enum.StrEnum):
    """How a unit got along after a "no"."""

    ALTERNATIVE = "alternative"  # with what IT offered instead
    ELSEWHERE = "elsewhere"  # bought or had done outside
    OURSELVES = "ourselves"  # a tool of their own
    WITHOUT = "without"  # it turned out not to matter
    STILL = "still"  # it is still needed


class AfterRefusal(Base):
    """Three months after a "no": how did you solve it? One for each refusal."""

    __tablename__ = "after_refusal"
    __table_args__ = (Index("ix_after_refusal_asked_at_due_on", "asked_at", "due_on"),)

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    verdict_id: Mapped[int] = mapped_column(ForeignKey("request_verdict.id"), unique=True)
    due_on: Mapped[date]
    #: Whom it is asked: the requester, or the head in their place. None until it is asked.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(unique=True, info=SECRET)
    asked_at: Mapped[datetime | None]
    #: The second and last mail, with a link of its own: the first goes on working.
    reminded_at: Mapped[datetime | None]
    reminder_hash: Mapped[str | None] = mapped_column(unique=True, info=SECRET)
    #: When it was said first, and by whom it was kept last: the unit, or IT on its behalf.
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    solved: Mapped[Solved | None]
    #: In the unit's words.
    words: Mapped[str] = mapped_column(default="", server_default=NOTHING, info=PRIVATE)
    #: Not asked after all (looked at again, unit closed): why.
    dropped: Mapped[str] = mapped_column(default="", server_default=NOTHING)

    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[person_id])
    answered_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[answered_by_id])
    verdict: Mapped[RequestVerdict] = relationship(lazy="raise")
