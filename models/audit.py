"""Who changed what, when, from what to what. Append-only: the database refuses anything else."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Json, Key
from models.person import Person


class Change(enum.StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    REMOVED = "removed"


class AuditEntry(Base):
    __tablename__ = "audit_entry"
    __audited__ = False
    __table_args__ = (
        Index("ix_audit_entry_at", "at", "id"),
        Index("ix_audit_entry_entity_entity_id", "entity", "entity_id"),
    )

    id: Mapped[Key]
    at: Mapped[datetime]
    #: None: the application itself (a job, a command, the set-up).
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    change: Mapped[Change]
    #: The table and the key of the row, "person" and "17".
    entity: Mapped[str]
    entity_id: Mapped[str]
    before: Mapped[Json]
    after: Mapped[Json]

    by: Mapped[Person | None] = relationship(lazy="raise")
