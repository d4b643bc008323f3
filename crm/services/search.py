"""Text typed into a filter, as a condition."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import InstrumentedAttribute


def contains(text: str, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether any of the columns contains the text, without regard to case; ``%`` and ``_`` mean themselves.

    No text holds a NUL, and PostgreSQL refuses to look for one.
    """
    escaped = text.replace("\0", "").lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(*(func.lower(column).like(f"%{escaped}%", escape="\\") for column in columns))
