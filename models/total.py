"""What is kept of many answers, so that a page about a year of ratings reads no rating.

Derived: crm.services.totals keeps both tables right, and ``crm satisfaction rebuild`` makes them anew.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key
from models.question import Instrument

#: The measure of what every round asks: overall.
OVERALL = "overall"


class Counted:
    """What both tables count, of answers to one question on the scale of 1 to 5, or of chance, 0 to 10."""

    #: "overall", or the key of a question.
    measure: Mapped[str]
    #: "service:3", or "" where it is asked once. What is said of people of IT is not summed up.
    about: Mapped[str] = mapped_column(default="", server_default=text("''"))
    instrument: Mapped[Instrument]
    #: As its round does.
    speaks_for_unit: Mapped[bool]
    #: 0 to 10, and counted as promoters and detractors; otherwise 1 to 5, and counted as satisfied from 4.
    is_of_chance: Mapped[bool]
    asked: Mapped[int]
    n: Mapped[int]
    total: Mapped[int]
    squares: Mapped[int]
    satisfied: Mapped[int]
    promoters: Mapped[int]
    detractors: Mapped[int]


class RoundTotal(Counted, Base):
    """One question of one round whose scores are shown, from as many answers as promised; "overall" even of none."""

    __tablename__ = "round_total"
    __table_args__ = (
        Index("ix_round_total_unit_id_measure_opened_at", "unit_id", "measure", "opened_at"),
        Index("ix_round_total_unit_id_month", "unit_id", "month"),
    )
    __audited__ = False  # the answers are

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(primary_key=True, default="", server_default=text("''"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    opened_at: Mapped[datetime]
    #: The first of the month in which it opened, by the unit's own day.
    month: Mapped[date]
    #: Who led the unit on that day; None: nobody.
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: How many said how much it matters, and the sum of what they said, 1 to 3 each.
    weights: Mapped[int]
    weight_total: Mapped[int]


class PeriodTotal(Counted, Base):
    """The same of all rounds of one unit that opened in one month under one lead."""

    __tablename__ = "period_total"
    __table_args__ = (
        Index("ix_period_total_unit_id_month", "unit_id", "month"),
        Index("ix_period_total_measure_month", "measure", "month"),
    )
    __audited__ = False

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    month: Mapped[date]
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    rounds: Mapped[int]
