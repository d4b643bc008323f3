"""One table in every way that people save it: all of them hold the same figures."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import partial

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm.services.organisation_import.reading import read
from crm.services.past_surveys import checking
from crm.services.past_surveys.choices import first_choices
from crm.services.past_surveys.known import KnownItems, KnownUnits
from crm.services.survey_reading.figures import Given
from tests.cast import Cast

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")
SEPARATORS, BREAKS = (",", ";", "\t", "|"), ("\n", "\r\n", "\r")
NULLS = ("?", "N/D", "9999", "0 - Unknown", "")
#: Day, and how it is written.
DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d %B %Y")
QUESTIONS = ("Die Hilfe kommt, wenn wir sie brauchen – rechtzeitig", "Overall")
#: Unit, day, the figure of each question; None: nothing is said. Tenths, so that a comma can stand in them.
ROWS: tuple[tuple[str, date, tuple[float | None, ...]], ...] = (
    ("Finance", date(2014, 3, 25), (2.5, 4.1)),
    ("Finance", date(2015, 4, 2), (3.5, None)),
    ("Legal", date(2014, 3, 25), (None, 1.2)),
    ("Legal", date(2015, 4, 2), (4.8, 3.3)),
)
EXPECTED = sorted(
    (unit, question, day, value)
    for unit, day, values in ROWS
    for question, value in zip(QUESTIONS, values, strict=True)
    if value is not None
)


def saved(
    *, encoding: str, separator: str, line_break: str, comma: bool, null: str, day: str, is_long: bool, quoted: bool
) -> bytes:
    def cell(value: float | None) -> str:
        return null if value is None else str(value).replace(".", "," if comma else ".")

    header = ["Unit", "Date", "Question", "Value"] if is_long else ["Unit", "Date", *QUESTIONS]
    lines = [header]
    for unit, on, values in ROWS:
        said = [cell(value) for value in values]
        if is_long:
            lines += [[unit, on.strftime(day), asked, value] for asked, value in zip(QUESTIONS, said, strict=True)]
        else:
            lines.append([unit, on.strftime(day), *said])
    out = io.StringIO(newline="")
    writer = partial(csv.writer, out, delimiter=separator, lineterminator=line_break)
    (writer(quoting=csv.QUOTE_ALL) if quoted else writer()).writerows(lines)
    return out.getvalue().encode(encoding)


def test_all_ways_to_save_a_table_load_the_same_figures(session: Session, cast: Cast) -> None:
    units, items = KnownUnits(session), KnownItems(session)

    @settings(max_examples=150)
    @given(
        encoding=st.sampled_from(ENCODINGS),
        separator=st.sampled_from(SEPARATORS),
        line_break=st.sampled_from(BREAKS),
        comma=st.booleans(),
        null=st.sampled_from(NULLS),
        day=st.sampled_from(DAYS),
        is_long=st.booleans(),
        quoted=st.booleans(),
    )
    @example(
        encoding="utf-16",
        separator=";",
        line_break="\r",
        comma=True,
        null="9999",
        day="%m/%d/%Y",
        is_long=True,
        quoted=False,
    )
    def loads_the_same(**way: str | bool) -> None:
        table = read(partial(saved)(**way), "survey.csv")  # type: ignore[arg-type]
        choices = first_choices(table, "Survey", "survey.csv")
        ticked = choices.from_json(choices.to_json() | {"nulls": [way["null"]], "scale": Given.FIVE.value})
        found = checking.check(table, ticked, units, items)
        told = sorted(
            (units.names[unit_id], figure.question, figure.period.start, figure.value)
            for unit_id, figure in found.figures
        )
        assert told == EXPECTED
        assert found.report.refused == []
        assert found.report.marked == []

    loads_the_same()
