"""Choices of the whole organisation. History is kept: the newest row of a name holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class Setting(Base):
    __tablename__ = "setting"
    __table_args__ = (Index("ix_setting_name_id", "name", "id"),)

    id: Mapped[Key]
    name: Mapped[str]
    value: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")
