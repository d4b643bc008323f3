"""What the scheduler did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class JobRun(Base):
    """One try at one due time of a job. The database allows each try once, whoever makes it."""

    __tablename__ = "job_run"
    __audited__ = False
    __table_args__ = (
        Index("ix_job_run_job_due_attempt", "job", "due", "attempt", unique=True),
        Index("ix_job_run_began_at", "began_at", "id"),
    )

    id: Mapped[Key]
    job: Mapped[str]
    #: Which due time: a local date, a minute, or "by hand" and the instant.
    due: Mapped[str]
    #: From 1.
    attempt: Mapped[int] = mapped_column(default=1, server_default="1")
    began_at: Mapped[datetime]
    #: None while it runs; for ever, when its process died.
    ended_at: Mapped[datetime | None]
    #: How many things it did.
    done: Mapped[int | None]
    #: Empty unless it failed.
    error: Mapped[str] = mapped_column(default="")

    @property
    def went_well(self) -> bool:
        return self.ended_at is not None and not self.error
