"""A file of a past survey read under certain choices: its figures by unit and question, and a report."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from crm.errors import Invalid
from crm.services.organisation_import.tables import Refusal, Row, Table
from crm.services.past_surveys import wording
from crm.services.past_surveys.choices import COLUMNS, Choices
from crm.services.past_surveys.known import KnownItems, KnownUnits
from crm.services.past_surveys.report import MOST_EXAMPLES, MOST_KEPT, Marked, Nothing, Question, Report, Unmatched
from crm.services.survey_reading.figures import Given, Unreadable, guess, value_of
from crm.services.survey_reading.mapping import Meanings, units_by_name
from crm.services.survey_reading.reading import Figure, Survey, read_table

MOST_QUESTIONS = 200
MOST_CELLS = 1_000_000
MOST_NULLS = 40
#: Before the id of a unit that was found, and alone for one that is left out: no cell can begin so.
OURS = "\n"
#: Words that say nothing although a number stands before them: "0 - Unknown".
UNKNOWN = ("unknown", "know", "n/a", "not ", "no ", "none", "refused", "missing", "keine", "nicht", "unbekannt")


@dataclass(frozen=True)
class Checked:
    """``figures``: of units that are here, by the unit's id; ``bad_rows``: line, reason, cells of what is not taken."""

    choices: Choices
    figures: Sequence[tuple[int, Figure]]
    report: Report
    bad_rows: Sequence[tuple[int, str, Sequence[str]]]


def fingerprint(table: Table) -> str:
    """The same for files of the same cells, however they were saved."""
    digest = hashlib.sha256(json.dumps(table.header).encode())
    for row in table.rows:
        digest.update(json.dumps([" ".join(cell.split()) for cell in row.cells]).encode())
    return digest.hexdigest()


def check(table: Table, choices: Choices, units: KnownUnits, items: KnownItems) -> Checked:
    """Read the table. Raises Invalid: a column's meaning ("unit", "period", "value", …), or "question" for too many."""
    return _Checking(table, choices, units, items).checked()


class _Checking:
    """One table, one set of choices."""

    def __init__(self, table: Table, choices: Choices, units: KnownUnits, items: KnownItems) -> None:
        self.table = table
        self.units = units
        self.items = items
        self.places = {name: place for place, name in enumerate(table.header)}
        self._require_columns(choices)
        self.cells = self._cells_by_question(choices)
        self.choices = self._completed(choices)
        self.pairs = self._pairs()
        #: Names that stand beside one code only: name -> code.
        self.beside = units_by_name(table, Meanings(choices.unit, choices.code))
        self.found = self._found_units()
        #: Lines of units that are left out.
        self.left = {row.line for row in table.rows if self._unit(row) == OURS}

    def checked(self) -> Checked:
        survey = read_table(self.table, self._meanings())
        taken = [
            (int(figure.unit.removeprefix(OURS)), figure)
            for figure in survey.figures
            if figure.unit.startswith(OURS) and figure.unit != OURS
        ]
        refused = self._refused(survey)
        return Checked(self.choices, taken, self._report(survey, taken, refused), self._bad_rows(refused))

    def _require_columns(self, choices: Choices) -> None:
        if not choices.unit:
            raise Invalid("unit", "Say which column names the unit.")
        for key in COLUMNS:
            name = getattr(choices, key)
            if name and name not in self.places:
                raise Invalid(key, f"The header has no column “{name}”.")
        if choices.is_long and not choices.value:
            raise Invalid("value", "Say which column holds the figure.")

    def _cells_by_question(self, choices: Choices) -> dict[str, list[str]]:
        """The cells that may hold a figure, by the file's question. Raises Invalid("question" | "file")."""
        if not choices.is_long:
            taken = {getattr(choices, key) for key in COLUMNS}
            free = [name for name in self.table.header if name not in taken]
            if len(free) * len(self.table.rows) > MOST_CELLS:
                raise Invalid("file", f"The file has more than {MOST_CELLS:,} figures. Split it, by year for instance.")
            return {name: [row.cells[self.places[name]] for row in self.table.rows] for name in free}
        found: dict[str, list[str]] = defaultdict(list)
        for row in self.table.rows:
            if said := self._cell(row, choices.question):
                found[said].append(self._cell(row, choices.value))
        if len(found) > MOST_QUESTIONS:
            raise Invalid("question", f"This column names {len(found):,} questions; {MOST_QUESTIONS} is the most.")
        return found

    def _completed(self, choices: Choices) -> Choices:
        """With a wording and a scale for each question."""
        scales, questions = {}, {}
        texts = {key: item.text for key, item in self.items.rows.items()}
        for said, cells in self.cells.items():
            seen = guess(cells)
            scales[said] = choices.scale or choices.scales.get(said) or seen or Given.FIVE
            ours = choices.questions.get(said)
            if ours is None:
                ours = self.items.wording(said, choices.name) if seen or choices.is_long else ""
            # Two spellings of one wording are one question.
            questions[said] = texts.setdefault(wording.key_of(ours), wording.tidy(ours)) if ours.strip() else ""
        return replace(choices, questions=questions, scales=scales)

    def _pairs(self) -> Counter[tuple[str, str]]:
        """How many rows have this code and this name."""
        return Counter(
            (self._cell(row, self.choices.code), self._cell(row, self.choices.unit)) for row in self.table.rows
        )

    def _found_units(self) -> dict[str, str]:
        """The file's code or name -> ours, where it is known; what was said by hand first, then earlier files."""
        found: dict[str, str] = {}
        for text in set(chain.from_iterable(self.pairs)) - {""}:
            for name in (text, self.beside.get(text, "")):
                if name and text not in found and (ours := self._ours(name)):
                    found[text] = ours
        return found

    def _ours(self, text: str) -> str:
        said = self.choices.units
        if text in said:
            return f"{OURS}{said[text] or ''}"
        if self.units.remembers(text):
            return f"{OURS}{self.units.remembered(text) or ''}"
        unit_id = self.units.find(text)
        return f"{OURS}{unit_id}" if unit_id else ""

    def _meanings(self) -> Meanings:
        chosen = self.choices
        return Meanings(
            **{key: getattr(chosen, key) for key in COLUMNS},
            one_period=chosen.one_period,
            is_day_first=chosen.is_day_first,
            questions=chosen.questions,
            scales={ours: chosen.scales[said] for said, ours in chosen.questions.items() if ours},
            units=self.found,
            nulls=frozenset(chosen.nulls),
        )

    def _refused(self, survey: Survey) -> list[Refusal]:
        """What could not be read, and each row of a unit that is not here."""
        strange = {figure.line: figure.unit for figure in survey.figures if not figure.unit.startswith(OURS)}
        unknown = [
            Refusal(line, f"No unit here is called “{unit}”. Match it, or leave it out.")
            for line, unit in strange.items()
        ]
        # A cell of a unit that is not taken anyway need not be mended.
        aside = strange.keys() | self.left
        read = [refusal for refusal in survey.refused if refusal.line not in aside]
        return sorted([*read, *unknown], key=lambda refusal: refusal.line)

    def _unit(self, row: Row) -> str:
        said = (self._cell(row, self.choices.code), self._cell(row, self.choices.unit))
        return next((self.found[text] for text in said if text in self.found), "")

    def _report(self, survey: Survey, taken: Sequence[tuple[int, Figure]], refused: Sequence[Refusal]) -> Report:
        marked = [(unit_id, figure) for unit_id, figure in taken if figure.mark]
        periods = sorted({figure.period for _, figure in taken})
        return Report(
            rows=self.table.size,
            figures=len(taken),
            units=len({unit_id for unit_id, _ in taken}),
            periods=[period.name for period in periods],
            left_out=len(self.left),
            empty=survey.empty,
            refused_count=len({refusal.line for refusal in refused}),
            marked_count=len(marked),
            refused=list(refused[:MOST_KEPT]),
            marked=[self._marked(unit_id, figure) for unit_id, figure in marked[:MOST_KEPT]],
            questions=self._questions(taken),
            unmatched=self._unmatched(),
            matched=self._matched(),
            nulls=self._nulls(),
            header=list(self.table.header),
            examples=[list(row.cells) for row in self.table.rows[:MOST_EXAMPLES]],
        )

    def _marked(self, unit_id: int, figure: Figure) -> Marked:
        return Marked(figure.line, self.units.names[unit_id], figure.question, figure.period.name, figure.mark)

    def _questions(self, taken: Sequence[tuple[int, Figure]]) -> list[Question]:
        values: dict[str, list[float]] = defaultdict(list)
        for _, figure in taken:
            values[figure.question].append(figure.value)
        return [
            Question(
                said,
                ours,
                self.choices.scales[said].value,
                len(values[ours]),
                min(values[ours], default=None),
                max(values[ours], default=None),
                wording.key_of(ours) in self.items.rows,
            )
            for said, ours in self.choices.questions.items()
        ]

    def _unmatched(self) -> list[Unmatched]:
        """Those of most rows first."""
        rows: Counter[str] = Counter()
        beside: dict[str, str] = {}
        for (code, name), times in self.pairs.items():
            if not {code, name} & self.found.keys() and (said := code or self.beside.get(name, name)):
                rows[said] += times
                beside[said] = name if name != said else ""
        return [
            Unmatched(said, beside[said], times) for said, times in sorted(rows.items(), key=lambda x: (-x[1], x[0]))
        ]

    def _matched(self) -> dict[str, str]:
        """Names that are not quite ours, so that a wrong match can be seen."""
        named = {
            text: self.units.names.get(int(ours.removeprefix(OURS)), "")
            for text, ours in self.found.items()
            if ours != OURS
        }
        names = {name for _, name in self.pairs}
        return {text: ours for text, ours in sorted(named.items()) if text in names and text != ours}

    def _nulls(self) -> list[Nothing]:
        """What may say nothing: no figure, beyond its scale, or "unknown" in words; and what was ticked already."""
        told: Counter[tuple[str, str]] = Counter()
        for said, cells in self.cells.items():
            if self.choices.questions[said]:
                for text, times in Counter(" ".join(cell.split()) for cell in cells).items():
                    if text and (why := _doubt(text, self.choices.scales[said], self.choices.nulls)):
                        told[text, why] += times
        most = sorted(told.items(), key=lambda item: (item[0][1] != "no number", -item[1], item[0]))[:MOST_NULLS]
        return [Nothing(text, times, why) for (text, why), times in most]

    def _bad_rows(self, refused: Sequence[Refusal]) -> list[tuple[int, str, Sequence[str]]]:
        reasons: dict[int, list[str]] = defaultdict(list)
        for refusal in refused:
            reasons[refusal.line].append(refusal.reason)
        cells = {row.line: row.cells for row in self.table.rows if row.line in reasons}
        return [(line, " ".join(said), cells.get(line, ())) for line, said in sorted(reasons.items())]

    def _cell(self, row: Row, column: str) -> str:
        return " ".join(row.cells[self.places[column]].split()) if column else ""


def _doubt(text: str, given: Given, nulls: Collection[str]) -> str:
    """Why a cell may say nothing; "" for a figure that nobody doubts."""
    if text in nulls:
        return "says nothing"
    try:
        found = value_of(text, given, ())
    except Unreadable:
        return "no number"
    words = text.casefold()
    if any(word in words for word in UNKNOWN) and not words[-1].isdigit():
        return "unknown in words"
    return found.mark
