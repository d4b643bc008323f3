"""The index of the words of requests on SQLite, and the triggers that keep it. PostgreSQL keeps a column of its own."""

from __future__ import annotations

from sqlalchemy import Connection, text

TABLE = """CREATE VIRTUAL TABLE request_words USING fts5(
    title, business_need, content='request', content_rowid='id', tokenize='unicode61 remove_diacritics 2')"""
_FORGET = """INSERT INTO request_words (request_words, rowid, title, business_need)
    VALUES ('delete', old.id, old.title, old.business_need);"""
_LEARN = """INSERT INTO request_words (rowid, title, business_need)
    VALUES (new.id, new.title, new.business_need);"""
TRIGGERS = {
    "request_words_added": f"AFTER INSERT ON request BEGIN {_LEARN} END",
    "request_words_gone": f"AFTER DELETE ON request BEGIN {_FORGET} END",
    "request_words_changed": f"AFTER UPDATE OF id, title, business_need ON request BEGIN {_FORGET} {_LEARN} END",
}


def make(connection: Connection) -> None:
    """The index of all requests there are, and what keeps it."""
    connection.exec_driver_sql(TABLE)
    _keep(connection)


def mend(connection: Connection) -> None:
    """Make the triggers again where they were lost, as they are whenever SQLite makes the table ``request`` anew. What
    changed in between is read then, so that the index is never behind."""
    if connection.dialect.name == "sqlite" and _is_there(connection, "request_words") and not _is_kept(connection):
        _keep(connection)


def stop(connection: Connection) -> None:
    """Keep the index no longer, until it is mended: before very many requests are written at once."""
    for name in TRIGGERS if connection.dialect.name == "sqlite" else ():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")


def drop(connection: Connection) -> None:
    stop(connection)
    connection.exec_driver_sql("DROP TABLE request_words")


def _keep(connection: Connection) -> None:
    for name, what in TRIGGERS.items():
        connection.exec_driver_sql(f"CREATE TRIGGER IF NOT EXISTS {name} {what}")
    connection.exec_driver_sql("INSERT INTO request_words (request_words) VALUES ('rebuild')")


def _is_kept(connection: Connection) -> bool:
    return all(_is_there(connection, name) for name in TRIGGERS)


def _is_there(connection: Connection, name: str) -> bool:
    found = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = :name"), {"name": name})
    return found.first() is not None
