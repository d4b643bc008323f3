"""From bytes to a table: every way a spreadsheet writes CSV, and what is refused rather than guessed."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from crm.errors import Invalid
from crm.services.organisation_import import reading
from crm.services.organisation_import.reading import read
from crm.services.organisation_import.tables import Table

SPECTRUM = Path("/work/shared/data/hostile/csv-spectrum")
#: Of this one the authors changed a telephone number in the JSON and not in the CSV.
DISAGREES = "location_coordinates"
ENCODINGS = {
    "UTF-8": "utf-8",
    "UTF-8 with a mark": "utf-8-sig",
    "UTF-16": "utf-16",
    "UTF-16 LE without a mark": "utf-16-le",
    "UTF-16 BE without a mark": "utf-16-be",
    "Windows-1252": "cp1252",
}
SEPARATORS = [",", ";", "\t"]
LINE_ENDS = ["\n", "\r\n", "\r"]
HEADER = ["code", "Größe", "note"]
#: Letters that all encodings have, and all that CSV has to quote.
TEXT = st.text(alphabet="abc Zäß€,;\t\"'0", max_size=12)
ROW = st.tuples(st.text(alphabet="abcß", min_size=1, max_size=5), TEXT, TEXT)


def written(rows: list[tuple[str, ...]], separator: str, line_end: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=line_end).writerows([HEADER, *rows])
    return out.getvalue()


def refusal(content: bytes, file_name: str = "units.csv") -> str:
    with pytest.raises(Invalid) as refused:
        read(content, file_name)
    assert refused.value.field == "file"
    return str(refused.value)


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS.keys())
@pytest.mark.parametrize("separator", SEPARATORS, ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("line_end", LINE_ENDS, ids=["LF", "CRLF", "CR"])
@settings(max_examples=25)
@given(rows=st.lists(ROW, min_size=1, max_size=6))
def test_every_encoding_separator_and_line_end_reads_the_same(
    encoding: str, separator: str, line_end: str, rows: list[tuple[str, ...]]
) -> None:
    table = read(written(rows, separator, line_end).encode(encoding), "units.csv")
    assert table.header == tuple(HEADER)
    assert cells(table) == rows
    assert [row.line for row in table.rows] == list(range(2, len(rows) + 2))


@pytest.mark.parametrize("line_end", LINE_ENDS, ids=["LF", "CRLF", "CR"])
def test_a_line_break_in_quotes_does_not_shift_the_line_numbers(line_end: str) -> None:
    text = line_end.join(["code,name", '1,"Legal', 'and compliance"', "2,Finance", "", "3,Sales"])
    table = read(text.encode(), "units.csv")
    assert [(row.line, row.cells[0]) for row in table.rows] == [(2, "1"), (4, "2"), (6, "3")]


def test_separators_in_quotes_of_the_header_do_not_count() -> None:
    table = read(b'"name, full, and proper";code\nLegal;1\n', "units.csv")
    assert table.header == ("name, full, and proper", "code")


def test_the_line_in_which_excel_names_the_separator_is_not_the_header() -> None:
    table = read(b"sep=;\r\ncode;name\r\n1;A, B\r\n", "units.csv")
    assert (table.header, table.rows[0].line, table.rows[0].cells) == (("code", "name"), 3, ("1", "A, B"))


def test_rows_that_do_not_fit_the_header_are_refused_and_never_shifted() -> None:
    table = read(b"code,name,head\n1,Legal,Ann\n2,Sales\n3,Smith, Jones,Bob\n4,Finance,Cy\n", "units.csv")
    assert [row.cells[0] for row in table.rows] == ["1", "4"]
    assert [refused.line for refused in table.refused] == [3, 4]
    assert "2 cells where the header has 3" in table.refused[0].reason
    assert "4 cells where the header names 3" in table.refused[1].reason


def test_empty_columns_past_the_last_name_do_no_harm_and_full_ones_are_refused() -> None:
    table = read(b"code,name,,\n1,Legal,,\n2,Sales,,x\n3,Finance\n,,,\n", "units.csv")
    assert cells(table) == [("1", "Legal"), ("3", "Finance")]
    assert [refused.line for refused in table.refused] == [3]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"  \r\n \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xff\xfe", "empty"),
        (b"code,name\n", "header and no rows"),
        (b"code,name\n1,Le\0gal\n", "Line 2 holds a NUL"),
        (b"code,name,Code\n1,Legal,2\n", "twice, in columns 1 and 3"),
        (b"code,,name\n1,x,Legal\n", "Column 2 has no name"),
        (b'code,name\n1,"Legal\n2,Sales\n', "line 2 cannot be read. Its quotation mark is never closed"),
        (b'code,name\n1,A\n2,"Legal"x,\n', "line 3 cannot be read. A closing quotation mark"),
        (b"code,name\n1," + b"x" * 140_000, "131,072"),
        (b"code,name\n1,\x81\x8d\n", "letters cannot be read"),
        (",".join(f"c{n}" for n in range(300)).encode() + b"\n1\n", "more than 200 columns"),
    ],
)
def test_what_cannot_be_read_for_sure_is_refused_with_a_reason(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_too_large_a_file_and_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    assert "20 MB" in refusal(b"x" * 101)
    assert "Split it" in refusal(b"code,name\n" + b"1,a\n" * 4)


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_excel_sheet_reads_like_the_same_csv() -> None:
    content = workbook([["code", "name", "head"], [10000.0, "Größe\nund mehr", None], [], [7, "Legal", "Ann"]])
    table = read(content, "Units.XLSX")
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, ("10000", "Größe\nund mehr", "")),
        (4, ("7", "Legal", "Ann")),
    ]


def test_a_date_of_excel_has_no_midnight() -> None:
    day = date(2026, 11, 22)
    content = workbook([["code", "since", "at"], [1, day, datetime.combine(day, time(9, 30))]])
    assert cells(read(content, "units.xlsx")) == [("1", "2026-11-22", "2026-11-22T09:30:00")]


@pytest.mark.parametrize("name", ["units.csv", "units.pdf", "units.xls"])
def test_a_file_is_what_its_ending_says(name: str) -> None:
    assert "not what its name says" in refusal(workbook([["code"], [1]]), name)
    assert "not what its name says" in refusal(b"code,name\n1,Legal\n", "units.xlsx")


def test_an_excel_file_that_is_none_or_that_would_flood_the_memory_is_refused() -> None:
    assert "cannot be opened" in refusal(b"PK\x03\x04 and then nothing", "units.xlsx")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(5):
            archive.writestr(f"xl/{part}.xml", b"0" * (50 * 1024 * 1024))
    assert "unpacks to more than 200 MB" in refusal(out.getvalue(), "units.xlsx")
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").writestr("hello.txt", b"hello")
    assert "cannot be opened" in refusal(empty.getvalue(), "units.xlsx")


@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_but_never_break(content: bytes) -> None:
    for name in ("units.csv", "units.xlsx"):
        try:
            table = read(content, name)
        except Invalid:
            continue
        assert all(len(row.cells) == len(table.header) for row in table.rows)


@pytest.mark.skipif(not SPECTRUM.exists(), reason="the shared data are not here")
def test_the_csv_spectrum_reads_as_its_authors_say() -> None:
    for file in sorted(file for file in (SPECTRUM / "csvs").glob("*.csv") if file.stem != DISAGREES):
        table = read(file.read_bytes(), file.name)
        expected = json.loads((SPECTRUM / "json" / f"{file.stem}.json").read_text(encoding="utf-8"))
        found = [dict(zip(table.header, row.cells, strict=True)) for row in table.rows]
        rows = expected if isinstance(expected, list) else [expected]
        assert [_with_lf(row) for row in found] == [_with_lf(row) for row in rows], file.name
    file = SPECTRUM / "csvs" / f"{DISAGREES}.csv"
    assert cells(read(file.read_bytes(), file.name))[0][2:] == ("Modesto", "Stanislaus")


def _with_lf(row: dict[str, str]) -> dict[str, str]:
    return {key: value.replace("\r\n", "\n") for key, value in row.items()}
