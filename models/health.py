"""How well a relationship stands: what speaks for and against it, and what that came to on each day."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Dated, Json, Key, ends_after_it_begins
from models.person import Person


class Component(enum.StrEnum):
    """What health is made of, in the order in which it is shown. Its value is a whole number from 0 to 100."""

    SATISFACTION = "satisfaction"
    RHYTHM = "rhythm"
    PROMISES = "promises"
    ENGAGEMENT = "engagement"


class EvidenceKind(enum.StrEnum):
    """What one piece of evidence is. The first word of its source ("request:7") says where it opens."""

    ROUND = "round"  # what one round of asking came to
    REVIEW = "review"  # held, or missed, in its period
    RECENCY = "recency"  # how long ago the last review is, against the rhythm
    ACTION = "action"  # kept in time, late, or overdue
    REQUEST = "request"  # answered and delivered within its limits, or not
    REFUSAL = "refusal"  # a no with something in its place, or without
    REPLY = "reply"  # a reply owed to a low rating
    DANGER = "danger"  # a danger sign that is up, or none
    QUESTIONS = "questions"  # how many of the four questions are fresh
    OFFER = "offer"  # something IT suggested by itself


class HealthRule(Base):
    """How much each component weighs, from one day on. The newest that has begun holds; changed with a reason."""

    __tablename__ = "health_rule"
    __table_args__ = (Index("ix_health_rule_since", "since", "id"),)

    id: Mapped[Key]
    #: By component: {"satisfaction": 35, ...}, together 100.
    weights: Mapped[Json]
    since: Mapped[date]
    reason: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person | None] = relationship(lazy="raise")


class HealthEvidence(Dated, Base):
    """One thing that counts in one component, from a day until a day. The past of this ledger is never written anew:
    what a day's snapshot was made of can always be read."""

    __tablename__ = "health_evidence"
    __table_args__ = (
        ends_after_it_begins(),
        CheckConstraint("credit BETWEEN 0 AND 100", name="credit_of_a_hundred"),
        CheckConstraint("weight > 0", name="weighs_something"),
        Index("ix_health_evidence_unit_id_since", "unit_id", "since", "until"),
        Index("ix_health_evidence_unit_id_until", "unit_id", "until"),
    )
    __audited__ = False  # what it tells of is

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    component: Mapped[Component]
    kind: Mapped[EvidenceKind]
    #: "request:7": with the kind, the identity of this evidence within its unit.
    source: Mapped[str]
    #: What it is called: "Second approver"; "" where the kind says all.
    title: Mapped[str] = mapped_column(default="", server_default=text("''"))
    #: The day on which it happened; it may have become known later.
    happened_on: Mapped[date]
    #: How well it went, from 0 to 100, and how much it counts among the evidence of its component.
    credit: Mapped[int]
    weight: Mapped[int]
    #: What is needed to say it in words: {"mean": 3.2, "n": 5, "asked": 7}.
    facts: Mapped[Json] = mapped_column(default=dict)
    #: The day on which it would be too old to count; ended before that, it was settled or changed. None: never by age.
    ages_on: Mapped[date | None]

    @property
    def has_aged_out(self) -> bool:
        return self.until is not None and self.until == self.ages_on


class HealthSnapshot(Dated, Base):
    """The health of one unit, the same on each day from ``since`` until ``until`` (exclusive; None: still)."""

    __tablename__ = "health_snapshot"
    __table_args__ = (
        ends_after_it_begins(),
        Index("ix_health_snapshot_unit_id_since", "unit_id", "since", unique=True),
        Index("ix_health_snapshot_until_place", "until", "place", "unit_id"),
    )
    __audited__ = False

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    #: The weights it was made with; None: the default ones.
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("health_rule.id"))
    #: 0 to 100; None: too little is known.
    score: Mapped[int | None]
    #: Its place when units are ordered, in hundredths of a point: the score with small samples drawn to the average.
    place: Mapped[int | None]
    #: The value of each component, 0 to 100; None: not known.
    satisfaction: Mapped[int | None]
    rhythm: Mapped[int | None]
    promises: Mapped[int | None]
    engagement: Mapped[int | None]

    def value(self, component: Component) -> int | None:
        found: int | None = getattr(self, component.value)
        return found


class HealthDay(Base):
    """A day of which every unit has a snapshot: without a gap since the first."""

    __tablename__ = "health_day"
    __audited__ = False

    day: Mapped[date] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime]
    #: How many units there were, and whose health was another than the day before.
    units: Mapped[int]
    changed: Mapped[int]


class Movement(enum.StrEnum):
    """Which way a unit goes; anything but steady only for a signal."""

    IMPROVING = "improving"
    STEADY = "steady"
    SLIPPING = "slipping"


class HealthWeek(Base):
    """The health of one unit on the Monday of a week, and whether that was a signal, as it was seen on that day."""

    __tablename__ = "health_week"
    __table_args__ = (Index("ix_health_week_week_on_movement", "week_on", "movement", "unit_id"),)
    __audited__ = False

    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"), primary_key=True)
    week_on: Mapped[date] = mapped_column(primary_key=True)
    score: Mapped[int | None]
    #: None: too few weeks to tell.
    movement: Mapped[Movement | None]
    #: Where the score normally stays, in points; None without limits.
    mean: Mapped[float | None]
    lower: Mapped[float | None]
    upper: Mapped[float | None]
    #: What kind of signal, as crm.stats.xmr.Cause calls it; "" without.
    signal: Mapped[str] = mapped_column(default="", server_default=text("''"))
