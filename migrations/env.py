"""Runs the migrations on the connection that ``crm db`` hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy.schema import SchemaItem

import models

#: What the models do not know: the index of the words of requests, tables of FTS5 on SQLite, a column on PostgreSQL.
TABLES = frozenset(f"request_words{part}" for part in ("", "_data", "_idx", "_docsize", "_config"))
WITHIN = frozenset({"words", "ix_request_words"})


def is_of_the_models(name: str | None, *_: object) -> bool:
    return name not in TABLES


def is_compared(_item: SchemaItem, name: str | None, kind: str, reflected: bool, other: SchemaItem | None) -> bool:
    return not (reflected and other is None and kind in {"column", "index"} and name in WITHIN)


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=models.Base.metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    transaction_per_migration=True,
    include_name=is_of_the_models,
    include_object=is_compared,
)
with context.begin_transaction():
    context.run_migrations()
