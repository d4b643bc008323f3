"""The rhythm of a unit, and the duty to meet that it creates in each period."""

from __future__ import annotations

import enum
from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Dated, Key, ends_after_it_begins
from models.unit import BusinessUnit


class Frequency(enum.StrEnum):
    MONTHLY = "monthly"
    TWO_MONTHLY = "two_monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


class DayRule(enum.StrEnum):
    """How the day within the month is found."""

    WEEKDAY = "weekday"  # the n-th weekday, or the last (nth = -1)
    WORKING_DAY = "working_day"  # the n-th working day, or the last (nth = -1)
    MONTH_DAY = "month_day"  # a day of the month; 29 to 31 mean "or the last day"


class Cadence(Dated, Base):
    """A unit's rhythm. One is in force on a date; the database refuses a second."""

    __tablename__ = "cadence"
    __table_args__ = (ends_after_it_begins(), Index("ix_cadence_unit_id", "unit_id"))

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    frequency: Mapped[Frequency]
    #: Which month of the period, from 1 to the number of months in one; 1 for monthly.
    anchor_month: Mapped[int] = mapped_column(default=1)
    day_rule: Mapped[DayRule]
    #: For WEEKDAY: 1 to 4, for WORKING_DAY 1 to 15, or -1 for the last.
    nth: Mapped[int] = mapped_column(default=1)
    #: For WEEKDAY: 0 is Monday, 6 Sunday.
    weekday: Mapped[int] = mapped_column(default=0)
    #: For MONTH_DAY: 1 to 31.
    month_day: Mapped[int] = mapped_column(default=1)
    #: Wall-clock time in the unit's time zone.
    at: Mapped[time]
    minutes: Mapped[int] = mapped_column(default=60)
    #: A room, or the link of a call.
    place: Mapped[str] = mapped_column(default="")
    #: Follows the organisation's default, and changes with it.
    is_default: Mapped[bool] = mapped_column(default=False, server_default=false())

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")


class ReviewState(enum.StrEnum):
    """What is stored. Overdue and missed follow from the date: see ``crm.services.reviews.standing``."""

    PLANNED = "planned"
    HELD = "held"
    SKIPPED = "skipped"


class Review(Base):
    """The duty to meet in one period of one unit. The period is its identity: moving it keeps it in there."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("unit_id", "period"),
        # All that "missed" and "overdue" look at: with less in it SQLite, before its first ANALYZE, prefers the next
        # one and reads the reviews of all units for each.
        Index("ix_review_unit_id_state_planned_on", "unit_id", "state", "planned_on", "id", "period_until"),
        Index("ix_review_state_planned_on", "state", "planned_on"),
        Index("ix_review_state_held_on", "state", "held_on"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    cadence_id: Mapped[int] = mapped_column(ForeignKey("cadence.id"))
    #: "2026-11", "2026-B6" (two months), "2026-Q4", "2026-H2" or "2026".
    period: Mapped[str]
    #: First day of the period, and the first day after it.
    period_since: Mapped[date]
    period_until: Mapped[date]
    #: The local day and the instant at which it is planned.
    planned_on: Mapped[date]
    planned_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=60)
    #: The day the rule alone would give, and why it is not that one: "Christmas Day", "Ines Carvalho is away".
    ruled_on: Mapped[date | None]
    shifted_because: Mapped[str] = mapped_column(default="", server_default=text("''"))
    #: A person chose this day; planning anew leaves it alone.
    moved: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ReviewState] = mapped_column(default=ReviewState.PLANNED)
    held_on: Mapped[date | None]
    skip_reason: Mapped[str] = mapped_column(default="")
    #: When its agenda was first kept; planning anew leaves a prepared review alone.
    prepared_at: Mapped[datetime | None]

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    cadence: Mapped[Cadence] = relationship(lazy="raise")
