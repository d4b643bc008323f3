"""What the scheduler did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class JobRun(Base):
    __tablename__ = "job_run"
    __audited__ = False
    __table_args__ = (Index("ix_job_run_job_began_at", "job", "began_at"),)

    id: Mapped[Key]
    job: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    #: How many things it did.
    done: Mapped[int | None]
    #: Empty unless it failed.
    error: Mapped[str] = mapped_column(default="")
