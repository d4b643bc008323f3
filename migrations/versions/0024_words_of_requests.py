"""Requests are found by their words: FTS5 beside the table on SQLite, a column of words within it on PostgreSQL.

On SQLite three triggers on ``request`` keep the index. A later migration that makes that table anew (``batch_alter_table``)
drops them with it: ``crm.schema`` sees that after each run, makes them again and rebuilds the index.
"""

from __future__ import annotations

import unicodedata

from alembic import op

from crm import request_words

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def _latin(start: int, end: int) -> dict[str, str]:
    """Letters with marks, and the plain letter each is found by."""
    plain = {chr(code): unicodedata.normalize("NFKD", chr(code))[0] for code in range(start, end)}
    return {marked: letter.lower() for marked, letter in plain.items() if letter.isascii() and letter.isalpha()}


LETTERS = _latin(0xC0, 0x250) | _latin(0x1E00, 0x1F00)
#: What stands between words. Without this the parser of PostgreSQL reads addresses, numbers and paths as one word.
BETWEEN = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\u00a0\u00a1\u00ab\u00b7\u00bb\u00bf\u20ac\u3000\u3001\u3002" + "".join(
    chr(code) for code in range(0x2010, 0x2060)
)
MARKS = "".join(chr(code) for code in range(0x300, 0x370))


def _weighed(column: str, weight: str) -> str:
    """The words of the column as a tsvector; 50,000 letters at most, for a tsvector ends at a megabyte."""
    frm, to = "".join(LETTERS) + BETWEEN + MARKS, "".join(LETTERS.values()) + " " * len(BETWEEN)
    plain = f"translate(left({column}, 50000), '{frm.replace(chr(39), chr(39) * 2)}', '{to}')"
    return f"setweight(to_tsvector('simple'::regconfig, {plain}), '{weight}')"


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        request_words.make(connection)
        return
    words = f"{_weighed('title', 'A')} || {_weighed('business_need', 'B')}"
    connection.exec_driver_sql(
        f"ALTER TABLE request ADD COLUMN words tsvector GENERATED ALWAYS AS ({words}) STORED".replace("%", "%%")
    )
    op.execute("CREATE INDEX ix_request_words ON request USING gin (words)")


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        request_words.drop(connection)
        return
    op.execute("DROP INDEX ix_request_words")
    op.execute("ALTER TABLE request DROP COLUMN words")
