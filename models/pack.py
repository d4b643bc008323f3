"""Packs: what was told of a relationship, or of all of them, on one day and in several forms, kept as it was told."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from models.base import PRIVATE, Base, Json, Key
from models.person import Person
from models.unit import BusinessUnit

NOTHING = text("''")


class PackKind(enum.StrEnum):
    REVIEW = "review"  # of one unit, shown to it in the review
    BOARD = "board"  # of all units or a branch, for the CIO


class PackState(enum.StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class PackForm(enum.StrEnum):
    PDF = "pdf"
    SLIDES = "pptx"
    WORKBOOK = "xlsx"
    TEXT = "docx"


class Pack(Base):
    """Made once, in the background; making it again makes another one."""

    __tablename__ = "pack"
    __table_args__ = (
        CheckConstraint("until >= since", name="ends_after_it_begins"),
        CheckConstraint("(kind = 'review') = (unit_id IS NOT NULL)", name="a_review_has_a_unit"),
        Index("ix_pack_started_at", "started_at", "id"),
        Index("ix_pack_unit_id_started_at", "unit_id", "started_at", "id"),
    )

    id: Mapped[Key]
    kind: Mapped[PackKind]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("business_unit.id"))
    #: Of a board pack: this unit and all below it; None: the whole organisation.
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("business_unit.id"))
    #: The first and the last day it tells of.
    since: Mapped[date]
    until: Mapped[date]
    state: Mapped[PackState] = mapped_column(default=PackState.RUNNING)
    steps_done: Mapped[int] = mapped_column(default=0)
    steps_total: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    #: The last sign of life of a running one: a process that died gives no more.
    beat_at: Mapped[datetime | None]
    made_at: Mapped[datetime | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Deleted, and still there for who deleted it by mistake.
    removed_at: Mapped[datetime | None]
    #: "" while it is being made.
    title: Mapped[str] = mapped_column(default="", server_default=NOTHING)
    #: Of crm.documents.content.Pack; {} while it is being made.
    content: Mapped[Json] = deferred(mapped_column(JSON, default=dict, nullable=False, info=PRIVATE))
    #: Why there is none.
    failure: Mapped[str] = mapped_column(default="", server_default=NOTHING)

    unit: Mapped[BusinessUnit | None] = relationship(lazy="raise", foreign_keys=[unit_id])
    branch: Mapped[BusinessUnit | None] = relationship(lazy="raise", foreign_keys=[branch_id])
    made_by: Mapped[Person | None] = relationship(lazy="raise")


class PackFile(Base):
    """A pack in one of its forms."""

    __tablename__ = "pack_file"
    __table_args__ = (UniqueConstraint("pack_id", "form"),)
    __audited__ = False  # the pack is

    id: Mapped[Key]
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    form: Mapped[PackForm]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False, info=PRIVATE))
