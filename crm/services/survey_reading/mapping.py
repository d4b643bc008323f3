"""Which column of a survey means what: guessed from its header and first rows, and corrected by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from crm.errors import Invalid
from crm.services.organisation_import.columns import words
from crm.services.organisation_import.tables import Table
from crm.services.survey_reading.figures import Given, guess

UNIT = "organisation, organization, unit, unit name, business unit, department, division, team, customer"
CODE = "unit code, organisation code, organization code, org code, code, unit id, uid"
PERIOD = "year, period, quarter, month, date, survey year, wave, round, survey date"
QUESTION = "question, question text, item, measure, indicator, statement, question id"
VALUE = "value, score, rating, answer, result, response"
ANSWERS = "n, answers, responses, respondents, answered, number of responses"
ASKED = "asked, invited, population, headcount, number asked"
SAMPLE = 200


@dataclass(frozen=True)
class Meanings:
    """What the person loading the file said or left as guessed. Columns are named as in the header; "" for none.

    ``questions``: column (wide form) or text in the ``question`` column (long form) -> our wording, "" to leave it out;
    what is not named keeps its own. ``scales`` has our wordings, ``units`` the file's names or codes -> ours.
    """

    unit: str
    code: str = ""
    period: str = ""
    #: For all rows, where no column says it.
    one_period: str = ""
    is_day_first: bool = True
    question: str = ""
    value: str = ""
    answers: str = ""
    asked: str = ""
    questions: Mapping[str, str] = field(default_factory=dict)
    scale: Given = Given.FIVE
    scales: Mapping[str, Given] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    nulls: frozenset[str] = frozenset()
    #: Each row is one person's answers, so that several rows may say something of one unit, question and period.
    is_per_person: bool = False

    @property
    def is_long(self) -> bool:
        """One figure a row, its question beside it; in the wide form each question has a column."""
        return bool(self.question)


def guessed(table: Table) -> Meanings:
    """What the header seems to say. Raises Invalid("unit", why) when no column can be the unit."""
    unit = _column(table.header, UNIT) or _column(table.header, CODE)
    if not unit:
        raise Invalid("unit", "Say which column names the unit.")
    common = _common(table.header, unit)
    question, value = _column(table.header, QUESTION), _column(table.header, VALUE)
    if question and value:
        return replace(common, question=question, value=value, scale=guess(_cells(table, value)) or Given.FIVE)
    return _wide(table, common)


def units_by_name(table: Table, meanings: Meanings) -> dict[str, str]:
    """Names that stand beside one code only, for the rows, often the older ones, that give no code: name -> code."""
    if not meanings.code:
        return {}
    unit, code = table.header.index(meanings.unit), table.header.index(meanings.code)
    codes: dict[str, set[str]] = {}
    for row in table.rows:
        if row.cells[code].strip():
            codes.setdefault(" ".join(row.cells[unit].split()), set()).add(" ".join(row.cells[code].split()))
    return {name: min(beside) for name, beside in codes.items() if len(beside) == 1}


def _wide(table: Table, common: Meanings) -> Meanings:
    taken = {common.unit, common.code, common.period, common.answers, common.asked}
    free = [name for name in table.header if name not in taken]
    scales = {name: given for name in free if (given := guess(_cells(table, name)))}
    return replace(common, questions={name: name if name in scales else "" for name in free}, scales=scales)


def _common(header: Sequence[str], unit: str) -> Meanings:
    code = _column(header, CODE)
    return Meanings(
        unit=unit,
        code="" if code == unit else code,
        period=_column(header, PERIOD),
        answers=_column(header, ANSWERS),
        asked=_column(header, ASKED),
    )


def _column(header: Sequence[str], known: str) -> str:
    """The header whose words come first among the known."""
    said = {words(name): name for name in reversed(header)}
    return next((said[word] for word in known.split(", ") if word in said), "")


def _cells(table: Table, column: str) -> list[str]:
    place = table.header.index(column)
    return [row.cells[place] for row in table.rows[:SAMPLE]]
