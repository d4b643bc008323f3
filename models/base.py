"""The base of all tables, and the column types that read as words."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Enum,
    MetaData,
    SQLColumnExpression,
    String,
    Time,
    and_,
    or_,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

Json = dict[str, Any]
Key = Annotated[int, mapped_column(primary_key=True)]

#: Column info of what must never reach the audit trail: passwords and tokens.
SECRET = {"audit": "secret"}
#: Column info of what the audit trail may say has changed, but not what it was: a person's answer.
PRIVATE = {"audit": "private"}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database. Refuses naive values."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(choices: type[enum.Enum]) -> list[str]:
    return [str(choice.value) for choice in choices]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own spelling
        str: String(),
        datetime: UtcDateTime(),
        date: Date(),
        time: Time(),
        Json: JSON(),
        enum.StrEnum: Enum(enum.StrEnum, native_enum=False, length=20, values_callable=_values),
    }

    #: False for tables that are themselves a log, so that the audit trail does not log the log.
    __audited__ = True


class Dated:
    """What holds from ``since`` (inclusive) until ``until`` (exclusive, open when None)."""

    since: Mapped[date]
    until: Mapped[date | None]

    @classmethod
    def in_force(cls, on: date | SQLColumnExpression[date]) -> ColumnElement[bool]:
        """The condition that a row holds on that date, or on the date in that column."""
        return and_(cls.since <= on, or_(cls.until.is_(None), cls.until > on))

    def holds(self, on: date) -> bool:
        """Whether this row holds on that date."""
        return self.since <= on and (self.until is None or self.until > on)

    @classmethod
    def lasts(cls, on: date) -> ColumnElement[bool]:
        """The condition that a row holds on that date or on a later one."""
        return or_(cls.until.is_(None), and_(cls.until > on, cls.until > cls.since))


def ends_after_it_begins() -> CheckConstraint:
    """The table constraint that belongs to :class:`Dated`; an equal ``until`` means "never came into force"."""
    return CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins")
