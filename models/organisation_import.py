"""A file of units or people on its way in: kept from upload to last row, so that it can be left and come back to."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column

from models.base import PRIVATE, Base, Json, Key


class ImportState(enum.StrEnum):
    UPLOADED = "uploaded"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class OrganisationImport(Base):
    __tablename__ = "organisation_import"

    id: Mapped[Key]
    file_name: Mapped[str]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, info=PRIVATE))
    state: Mapped[ImportState] = mapped_column(default=ImportState.UPLOADED)
    #: What was chosen: the kind of file, the columns, the tree it goes into.
    choices: Mapped[Json] = mapped_column(default=dict, info=PRIVATE)
    #: What was found or done: counts, and refused rows with line number and reason.
    report: Mapped[Json] = mapped_column(default=dict, info=PRIVATE)
    #: Steps of the work, two for each row: it is read, then written.
    steps_done: Mapped[int] = mapped_column(default=0)
    steps_total: Mapped[int] = mapped_column(default=0)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    #: The last sign of life of a running one: a process that died gives no more.
    beat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
