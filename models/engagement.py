"""What kind of relationship a unit and IT have, what contradicts it, and what both sides say of it."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Dated, Json, Key, ends_after_it_begins
from models.meeting import Meeting
from models.person import Person
from models.unit import BusinessUnit

NOTHING = text("''")


class Model(enum.StrEnum):
    CUSTOMER = "customer"  # asks, and is served
    PARTNER = "partner"  # plans with IT, and shares the work


class Called(enum.StrEnum):
    """What a unit wants to be called, and calls itself."""

    CUSTOMER = "customer"
    PARTNER = "partner"
    COLLEAGUE = "colleague"


class EngagementModel(Base, Dated):
    """The model of a unit from one day on; exactly one is in force on a date. A change has a reason and a talk."""

    __tablename__ = "engagement_model"
    __table_args__ = (ends_after_it_begins(), UniqueConstraint("unit_id", "since"))

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    model: Mapped[Model]
    #: Why; both sides read it.
    why: Mapped[str]
    #: The conversation in which it was agreed; None for the first one.
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    meeting: Mapped[Meeting | None] = relationship(lazy="raise")
    by: Mapped[Person | None] = relationship(lazy="raise")


class EngagementWords(Base):
    """A unit's own words: what it is called, and what each side may expect of the other. The newest row holds."""

    __tablename__ = "engagement_words"
    __table_args__ = (Index("ix_engagement_words_unit_id", "unit_id", "id"),)

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    called: Mapped[Called]
    unit_may_expect: Mapped[str] = mapped_column(default="", server_default=NOTHING)
    it_may_expect: Mapped[str] = mapped_column(default="", server_default=NOTHING)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class DangerRule(enum.StrEnum):
    NEITHER = "neither"  # refused without an alternative
    BOTH = "both"  # own choice granted, and IT's process bent to it
    LABEL = "label"  # behaviour contradicts the model
    SWITCHING = "switching"  # the model changed too often


class DangerFlag(Base):
    """Behaviour that contradicts the model: computed from what happened, kept with its evidence.

    At most one of a rule is up for a unit. It comes down when the evidence goes, or is acknowledged with a reason and
    then comes back only with evidence that is not in ``evidence`` yet.
    """

    __tablename__ = "danger_flag"
    __table_args__ = (
        Index(
            "uq_danger_flag_unit_id_rule_up",
            "unit_id",
            "rule",
            unique=True,
            sqlite_where=text("cleared_at IS NULL"),
            postgresql_where=text("cleared_at IS NULL"),
        ),
        CheckConstraint("acknowledged_at IS NULL OR reason <> ''", name="acknowledged_with_a_reason"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    rule: Mapped[DangerRule]
    raised_at: Mapped[datetime]
    #: {"facts": [{"key": "request:7", "on": "2026-05-04", "says": "…", "request_id": 7}], "clears": "…"}
    evidence: Mapped[Json] = mapped_column(default=dict)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="", server_default=NOTHING)
    cleared_at: Mapped[datetime | None]

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    acknowledged_by: Mapped[Person | None] = relationship(lazy="raise")


class FourQuestion(enum.StrEnum):
    STRATEGY = "strategy"  # is the unit's IT strategy known?
    INSTALLATION = "installation"  # the last non-standard installation, and why?
    REFUSAL = "refusal"  # the last refusal, and the need behind it?
    GAIN = "gain"  # the last productivity gain: whose idea, and did it work?


class Assessment(Base):
    """One of the four questions, answered for a unit in one period. Corrected: the newest row of a period holds."""

    __tablename__ = "assessment"
    __table_args__ = (Index("ix_assessment_unit_id_question", "unit_id", "question", "id"),)

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    question: Mapped[FourQuestion]
    #: The quarter it was answered in, by its first day.
    period_on: Mapped[date]
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"), index=True)
    answer: Mapped[str]
    #: The request it speaks of, where it speaks of one.
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person | None] = relationship(lazy="raise")


class Maturity(Base):
    """How far the relationship has come, as IT sees it: 1 (ad hoc) to 5 (strategic partner). The newest row holds.

    The unit's own view is an answer of its survey.
    """

    __tablename__ = "maturity"
    __table_args__ = (
        Index("ix_maturity_unit_id", "unit_id", "id"),
        CheckConstraint("level BETWEEN 1 AND 5", name="one_of_five"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    level: Mapped[int]
    why: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person | None] = relationship(lazy="raise")
