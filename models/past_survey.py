"""Past surveys: files from before, the figures they hold on the scales they were given on, and breaks in a series."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from models.base import PRIVATE, Base, Json, Key
from models.person import Person
from models.unit import BusinessUnit


class PastState(enum.StrEnum):
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    OUT = "out"  # taken out again, or replaced by the same file loaded anew


class Better(enum.StrEnum):
    """Which way is better; of "I want to leave" fewer is."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


class PastSurvey(Base):
    """A file on its way in, kept from upload to last figure, so that it can be left and come back to."""

    __tablename__ = "past_survey"

    id: Mapped[Key]
    name: Mapped[str]
    file_name: Mapped[str]
    #: Let go of once it is loaded.
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False, info=PRIVATE))
    #: Of its cells, whatever the encoding: tells that the same file was here before.
    fingerprint: Mapped[str] = mapped_column(index=True)
    state: Mapped[PastState] = mapped_column(default=PastState.CHECKED)
    #: What was chosen: columns, questions, scales, units, what says nothing.
    choices: Mapped[Json] = mapped_column(default=dict, info=PRIVATE)
    #: What was found or done.
    report: Mapped[Json] = mapped_column(default=dict, info=PRIVATE)
    #: The rows that are not taken, compressed: line, reason, cells.
    bad_rows: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False, info=PRIVATE))
    steps_done: Mapped[int] = mapped_column(default=0)
    steps_total: Mapped[int] = mapped_column(default=0)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    #: The last sign of life of a running one: a process that died gives no more.
    beat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    uploaded_by: Mapped[Person | None] = relationship(lazy="raise")


class PastItem(Base):
    """One question, the same in every survey that asked it, whatever its number was."""

    __tablename__ = "past_item"

    id: Mapped[Key]
    #: Its wording without number, case and punctuation.
    key: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    better: Mapped[Better] = mapped_column(default=Better.UP, server_default="up")


class PastFigure(Base):
    """What one unit said to one question in one period. Of several surveys that say it, the newest holds."""

    __tablename__ = "past_figure"
    __table_args__ = (
        UniqueConstraint("survey_id", "item_id", "unit_id", "since", "until"),
        Index("ix_past_figure_unit_id_item_id", "unit_id", "item_id"),
        Index("ix_past_figure_item_id", "item_id"),
    )

    id: Mapped[Key]
    survey_id: Mapped[int] = mapped_column(ForeignKey("past_survey.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("past_item.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    #: The period: its first day, and the day after its last.
    since: Mapped[date]
    until: Mapped[date]
    value: Mapped[float]
    #: "1-5", "1-7", "1-9", "0-10" or "per cent".
    scale: Mapped[str]
    #: How many people stand behind it, of how many asked; None where the file does not say.
    n: Mapped[int | None]
    asked: Mapped[int | None]
    #: Why it cannot be true; "" for most.
    mark: Mapped[str] = mapped_column(default="", server_default=text("''"))

    survey: Mapped[PastSurvey] = relationship(lazy="raise")
    unit: Mapped[BusinessUnit] = relationship(lazy="raise")


class PastUnitName(Base):
    """What a file called a unit, kept for the next file. Without a unit: it is left out."""

    __tablename__ = "past_unit_name"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("business_unit.id"))


class PastWording(Base):
    """What a file called a question, kept for the next file. Without an item: it is left out."""

    __tablename__ = "past_wording"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("past_item.id"))


class SeriesBreak(Base):
    """From this day on a question's figures cannot be compared with those before, for a reason that is kept."""

    __tablename__ = "series_break"

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("past_item.id"), index=True)
    #: None: for all units.
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("business_unit.id"))
    since: Mapped[date]
    reason: Mapped[str]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    made_by: Mapped[Person | None] = relationship(lazy="raise")
