"""A survey file's figures: every one with its line, its unit, its question and its period, bad ones with the reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from crm.errors import Invalid
from crm.services.organisation_import import reading
from crm.services.organisation_import.tables import Refusal, Row, Table
from crm.services.survey_reading.figures import Unreadable, is_null, value_of
from crm.services.survey_reading.mapping import Meanings, guessed
from crm.services.survey_reading.periods import Period, period_of, period_within, without_holes
from crm.stats.scale import Scale

#: "12", "12.0", and thousands: "1,204", "1.204", "1 204", "1'204".
_COUNT = re.compile(r"\d{1,9}(?:\.0)?|\d{1,3}(?:[,. '’]\d{3}){1,2}")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a unit, on ``scale``. ``answers`` of ``asked`` stand behind it, None where the file does not say.

    ``mark`` says why it cannot be true ("102 % is more than 100 %"); it is taken all the same, and shown with the mark.
    """

    line: int
    unit: str
    question: str
    period: Period
    value: float
    scale: Scale
    answers: int | None = None
    asked: int | None = None
    mark: str = ""


@dataclass(frozen=True)
class Survey:
    """What a file holds. ``refused``: rows, and single cells, that are not taken, by line; ``empty``: cells that say
    nothing.
    """

    figures: tuple[Figure, ...]
    refused: tuple[Refusal, ...]
    empty: int = 0

    @property
    def marked(self) -> tuple[Figure, ...]:
        return tuple(figure for figure in self.figures if figure.mark)


def read(content: bytes, file_name: str, meanings: Meanings | None = None) -> Survey:
    """The figures of a file, by these meanings or as guessed.

    Raises Invalid: "file" when it cannot be read, a meaning ("unit", "period") when it is missing or names no column.
    """
    return read_table(reading.read(content, file_name), meanings)


def read_table(table: Table, meanings: Meanings | None = None) -> Survey:
    """The same of a table that was read before."""
    return _Reading(table, meanings or guessed(table)).survey()


def series(figures: Sequence[Figure], unit: str, question: str) -> list[tuple[Period, float | None]]:
    """One unit's figures of one question in order of time, None for each period between without one.

    Marked ones are left out. Several of one period are averaged.
    """
    found: dict[Period, list[float]] = {}
    for figure in figures:
        if (figure.unit, figure.question) == (unit, question) and not figure.mark:
            found.setdefault(figure.period, []).append(figure.value)
    means = {period: sum(values) / len(values) for period, values in found.items()}
    return [(period, means.get(period)) for period in without_holes(list(found))]


class _Reading:
    """One table, read by one set of meanings."""

    def __init__(self, table: Table, meanings: Meanings) -> None:
        self.table = table
        self.meanings = meanings
        self.places = {name: place for place, name in enumerate(table.header)}
        self.refused = list(table.refused)
        #: Of each cell the line, the column, the figure, and what the unit was called there.
        self.seen: dict[tuple[str, str, Period], tuple[int, str, float, str]] = {}
        self.told: Counter[str] = Counter()
        self._check()

    def survey(self) -> Survey:
        figures = tuple(figure for row in self.table.rows for figure in self._figures(row))
        refused = tuple(sorted(self.refused, key=lambda refusal: refusal.line))
        return Survey(figures, refused, self.told["nothing"])

    def _check(self) -> None:
        """Raise Invalid for a meaning whose column is not there."""
        known = self.meanings
        for key in ("unit", "code", "period", "within", "question", "value", "answers", "asked"):
            name = getattr(known, key)
            if name and name not in self.places:
                raise Invalid(key, f"The header has no column “{name}”.")
        if not known.period and not self._period(known.one_period):
            raise Invalid("period", "Say which column names the period, or in which one the survey was.")
        if known.is_long and not known.value:
            raise Invalid("value", "Say which column holds the figure.")

    def _figures(self, row: Row) -> Iterator[Figure]:
        unit, period = self._unit(row), self._period(self._period_text(row))
        if not unit:
            self._refuse(row.line, "It names no unit.")
        elif not period:
            self._refuse(row.line, f"“{self._period_text(row)}” is no period.")
        else:
            for column, question in self._questions(row):
                figure = self._figure(row, column, question, unit, period)
                if figure:
                    yield figure

    def _names(self, row: Row) -> list[str]:
        """What the row calls its unit: its code, its name."""
        said = [self._cell(row, self.meanings.code), self._cell(row, self.meanings.unit)]
        return [text for text in said if text and not is_null(text, self.meanings.nulls)]

    def _called(self, row: Row) -> str:
        return self._names(row)[0]

    def _unit(self, row: Row) -> str:
        """Ours where the code or the name is mapped; otherwise the code, or the name."""
        named = self._names(row)
        mapped = (self.meanings.units[text] for text in named if text in self.meanings.units)
        return next(mapped, named[0] if named else "")

    def _period_text(self, row: Row) -> str:
        known = self.meanings
        text, part = self._cell(row, known.period) or known.one_period, self._cell(row, known.within)
        return period_within(text, part, known.within) if part else text

    def _period(self, text: str) -> Period | None:
        return period_of(text, is_day_first=self.meanings.is_day_first)

    def _questions(self, row: Row) -> Iterator[tuple[str, str]]:
        """The column of each figure in the row, and our wording of its question."""
        known = self.meanings
        if known.is_long:
            own = self._cell(row, known.question)
            if not own:
                self._refuse(row.line, "It names no question.")
            elif wording := known.questions.get(own, own):
                yield known.value, wording
            return
        for column, wording in known.questions.items():
            if wording and column in self.places:
                yield column, wording

    def _figure(self, row: Row, column: str, question: str, unit: str, period: Period) -> Figure | None:
        given = self.meanings.scales.get(question, self.meanings.scale)
        try:
            found = value_of(self._cell(row, column), given, self.meanings.nulls)
        except Unreadable as error:
            self._refuse(row.line, f"{question}: {error}")
            return None
        if found.value is None:
            self.told["nothing"] += 1
            return None
        if self._is_said_twice(row, column, (unit, question, period), found.value):
            return None
        figure = Figure(row.line, unit, question, period, found.value, given.scale, mark=found.mark)
        return replace(figure, answers=self._count(row, "answers"), asked=self._count(row, "asked"))

    def _is_said_twice(self, row: Row, column: str, cell: tuple[str, str, Period], value: float) -> bool:
        if self.meanings.is_per_person:
            return False
        line, first, said, unit = self.seen.setdefault(cell, (row.line, column, value, self._called(row)))
        is_again = (line, first) != (row.line, column)
        if is_again:
            where = f"line {line}" if line != row.line else first
            self._refuse(row.line, self._twice(unit, cell, where, said, value))
        return is_again

    @staticmethod
    def _twice(unit: str, cell: tuple[str, str, Period], where: str, said: float, value: float) -> str:
        _, question, period = cell
        if said == value:
            return f"{question}: {where} says it of {unit} in {period.name} already."
        return f"{question}: {where} says {said:g} of {unit} in {period.name}, this one {value:g}."

    def _count(self, row: Row, key: str) -> int | None:
        """How many people, None where the file does not say so in a whole number."""
        text: str = self._cell(row, getattr(self.meanings, key))
        if is_null(text, self.meanings.nulls) or not _COUNT.fullmatch(text):
            return None
        return int(re.sub(r"\D", "", text.removesuffix(".0")))

    def _cell(self, row: Row, column: str) -> str:
        return " ".join(row.cells[self.places[column]].split()) if column else ""

    def _refuse(self, line: int, reason: str) -> None:
        self.refused.append(Refusal(line, reason))
