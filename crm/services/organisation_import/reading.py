"""From the bytes of an upload to a table: CSV in the encodings and separators that spreadsheets write, or Excel."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import NamedTuple

from crm.errors import Invalid
from crm.services.organisation_import import workbook
from crm.services.organisation_import.tables import Refusal, Row, Table

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 200
SEPARATORS = "\t;,|"
_EXCEL = ".xlsx"
_TEXT = frozenset({".csv", ".tsv", ".txt", ""})
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
#: Excel's own first line, which names the separator.
_SEPARATOR_LINE = re.compile(r"\A\s*sep=(.)\s*(\r\n|\r|\n)", re.IGNORECASE)


def read(content: bytes, file_name: str) -> Table:
    """The table in a file. Raises Invalid("file", why) when nothing sure can be read from it.

    Rows that do not fit the header are refused one by one; a cell is never moved to another column.
    """
    ending = PurePath(file_name).suffix.casefold()
    if len(content) > MOST_BYTES:
        raise Invalid("file", "The file is larger than 20 MB. Leave out the columns that are not needed.")
    if workbook.is_zip(content) != (ending == _EXCEL) or ending not in _TEXT | {_EXCEL}:
        raise Invalid("file", f"{file_name} is not what its name says. Save it as .csv or .xlsx and choose it again.")
    if not content.strip():
        raise Invalid("file", "The file is empty.")
    records = workbook.records(content) if ending == _EXCEL else _records(_text(content))
    return _table(records)


def _text(content: bytes) -> str:
    """Decoded, without the byte order mark."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decoded(content[len(mark) :], (encoding,))
    return _decoded(content, _likely_encodings(content))


def _likely_encodings(content: bytes) -> tuple[str, ...]:
    """Without a mark: UTF-16 has a zero in every other byte of plain letters; the rest is UTF-8 or Western Windows."""
    start = content[:2000]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > len(start) // 4 > even:
        return ("utf-16-le",)
    if even > len(start) // 4 > odd:
        return ("utf-16-be",)
    return ("utf-8", "cp1252")


def _decoded(content: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            line = len(_LINE_BREAK.findall(text[: text.index("\0")])) + 1
            raise Invalid(
                "file", f"Line {line} holds a NUL character, so this is not a text file. Save it as CSV anew."
            )
        return text
    raise Invalid("file", "The letters cannot be read. Save the file as “CSV UTF-8” and choose it again.")


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the physical line on which it begins, quoted line breaks included."""
    named = _SEPARATOR_LINE.match(text)
    separator = named[1] if named else _separator(text)
    lines = io.StringIO(text[named.end() :] if named else text, newline="")
    skipped = 1 if named else 0
    reader = csv.reader(lines, delimiter=separator, strict=True)
    begins = 1 + skipped
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1 + skipped
    except csv.Error as error:
        raise Invalid("file", f"The row that begins in line {begins} cannot be read. {_why(error)}") from error


def _why(error: csv.Error) -> str:
    said = str(error)
    if "end of data" in said:
        return "Its quotation mark is never closed."
    if "expected after" in said:
        return "A closing quotation mark stands in the middle of a cell; inside quotes it has to be doubled."
    if "larger than field limit" in said:
        return "A cell has more than 131,072 characters; a quotation mark may be missing."
    return f"The reader says: {said}."


def _separator(text: str) -> str:
    """The separator that the header has most of outside quotes; of those, one that the next row has as many of."""
    header, following = _counted(text.lstrip("\r\n ")), Counter[str]()
    if header.rest:
        following = _counted(header.rest).separators
    fitting = [each for each in SEPARATORS if 0 < header.separators[each] == following[each]]
    return max(fitting or SEPARATORS, key=header.separators.__getitem__)


class _Counted(NamedTuple):
    """How many of each separator stand outside quotes in a record, and the text after it."""

    separators: Counter[str]
    rest: str


def _counted(text: str) -> _Counted:
    counts: Counter[str] = Counter()
    quoted = False
    for at, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif not quoted and letter in "\r\n":
            return _Counted(counts, text[at:].lstrip("\r\n "))
        elif not quoted and letter in SEPARATORS:
            counts[letter] += 1
    return _Counted(counts, "")


def _table(records: Iterator[tuple[int, list[str]]]) -> Table:
    header = next((cells for _, cells in records if any(cell.strip() for cell in cells)), None)
    if header is None:
        raise Invalid("file", "The file is empty.")
    names = _named_columns(header)
    rows: list[Row] = []
    refused: list[Refusal] = []
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) + len(refused) == MOST_ROWS:
            raise Invalid("file", f"The file has more than {MOST_ROWS:,} rows. Split it.")
        problem = _misfit(cells, len(header), len(names))
        if problem:
            refused.append(Refusal(line, problem))
        else:
            rows.append(Row(line, tuple(cells[: len(names)])))
    if not rows and not refused:
        raise Invalid("file", "The file has a header and no rows.")
    return Table(names, tuple(rows), tuple(refused))


def _named_columns(header: list[str]) -> tuple[str, ...]:
    """The header's names. Columns without a name are borne at the end only, and must stay empty (see _misfit)."""
    names = [" ".join(name.split()) for name in header]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise Invalid("file", f"The header has more than {MOST_COLUMNS} columns.")
    places: dict[str, int] = {}
    for place, name in enumerate(names, start=1):
        if not name:
            raise Invalid("file", f"Column {place} has no name in the header. Name it or remove it.")
        if name.casefold() in places:
            first = places[name.casefold()]
            raise Invalid(
                "file", f"The header says “{name}” twice, in columns {first} and {place}. Rename one of them."
            )
        places[name.casefold()] = place
    return tuple(names)


def _misfit(cells: list[str], width: int, named: int) -> str | None:
    """Why a row does not fit under the header. Empty cells past the last name do no harm."""
    if len(cells) < named:
        return f"It has {len(cells)} cells where the header has {width}, so no cell can be trusted to be in its column."
    if any(cell.strip() for cell in cells[named:]):
        return (
            f"It has {len(cells)} cells where the header names {named}, so no cell can be trusted to be in its column."
        )
    return None
