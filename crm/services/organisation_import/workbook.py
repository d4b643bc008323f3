"""Excel workbooks, read row by row and never further than their size allows."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from crm.errors import Invalid

#: Unpacked, all parts together. A small file that unpacks to gigabytes is an attack, or a mistake.
MOST_UNPACKED_BYTES = 200 * 1024 * 1024
MOST_CELLS_IN_A_ROW = 1_000
_UNREADABLE = "This Excel file cannot be opened. Save it anew as .xlsx, or as CSV."


def is_zip(content: bytes) -> bool:
    """Whether the bytes are a zip archive, as every .xlsx is."""
    return content.startswith(b"PK\x03\x04")


def records(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each row of the first sheet with its number. Raises Invalid("file", why)."""
    _refuse_bombs(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        if not book.worksheets:
            raise Invalid("file", _UNREADABLE)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file claims about its own size may be wrong
        width = 0
        for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [_as_text(value) for value in values[:MOST_CELLS_IN_A_ROW]]
            while cells and not cells[-1]:
                cells.pop()
            width = width or len(cells)  # a sheet does not store the empty cells at a row's end
            yield line, cells + [""] * (width - len(cells))
    except (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError) as error:
        raise Invalid("file", _UNREADABLE) from error


def _refuse_bombs(content: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise Invalid("file", _UNREADABLE) from error
    if sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise Invalid("file", "This Excel file unpacks to more than 200 MB. Save the one sheet as CSV instead.")


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()  # Excel knows no dates, only midnights
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
