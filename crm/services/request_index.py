"""How each database is asked for requests by their words: FTS5 beside them on SQLite, a column within on PostgreSQL.

Words come from ``telling_words``: letters and digits only, so that none of them can be an operator.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, literal_column, select, table
from sqlalchemy.orm import Session

from models.request import Request

#: See migration 0024. A word of the title weighs more than one of the need.
_BESIDE = table("request_words", column("rowid"))
_MATCHED: ColumnElement[Any] = literal_column("request_words")
_WITHIN = table("request", column("id"), column("words")).alias("worded")
_WORDS: ColumnElement[Any] = _WITHIN.c.words


def holding(session: Session, stems: Sequence[str]) -> Select[tuple[int]]:
    """Ids of the requests in which each of the stems begins a word."""
    if _is_sqlite(session):
        return select(_BESIDE.c.rowid).where(_MATCHED.op("MATCH")(_begin_with(stems, " AND ")))
    return select(_WITHIN.c.id).where(_WORDS.op("@@")(_tsquery(stems, " & ")))


def ranked(session: Session, stems: Sequence[str], *columns: Any) -> Select[Any]:
    """Those columns of the requests in which any of the stems begins a word, the best by the database's own rank first.
    Conditions on Request can be added."""
    if _is_sqlite(session):
        joined = select(*columns).select_from(_BESIDE).join(Request, Request.id == _BESIDE.c.rowid)
        held = joined.where(_MATCHED.op("MATCH")(_begin_with(stems, " OR ")))
        return held.order_by(func.bm25(_MATCHED, 2.0, 1.0), Request.id.desc())
    query = _tsquery(stems, " | ")
    held = select(*columns).select_from(_WITHIN).join(Request, Request.id == _WITHIN.c.id).where(_WORDS.op("@@")(query))
    return held.order_by(func.ts_rank(_WORDS, query).desc(), Request.id.desc())


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _begin_with(stems: Sequence[str], how: str) -> str:
    return how.join(f'"{stem}" *' for stem in stems)


def _tsquery(stems: Sequence[str], how: str) -> ColumnElement[Any]:
    return func.to_tsquery("simple", how.join(f"'{stem}':*" for stem in stems))
