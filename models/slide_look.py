"""How slides look: a file of the organisation's own that they are made in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from models.base import PRIVATE, Base, Key
from models.person import Person


class SlideLook(Base):
    """Chosen once; the newest holds. Going back to our own look is one without a file."""

    __tablename__ = "slide_look"

    id: Mapped[Key]
    #: What the file is called; "" for our own look.
    name: Mapped[str]
    #: In bytes.
    size: Mapped[int]
    #: A .pptx file; None: our own look.
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary, nullable=True, info=PRIVATE))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person | None] = relationship(lazy="raise")

    @property
    def is_ours(self) -> bool:
        return not self.name
