"""Which column of a survey means what: guessed from its header and first rows, and corrected by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from crm.errors import Invalid
from crm.services.organisation_import.columns import words
from crm.services.organisation_import.tables import Table
from crm.services.survey_reading.figures import Given, guess
from crm.services.survey_reading.periods import is_day_first

UNIT = "organisation, organization, unit, unit name, business unit, department, division, team, customer, name"
CODE = "unit code, organisation code, organization code, org code, code, unit id, uid"
PERIOD = "year, period, date, survey year, wave, round, survey date, quarter, month, financial year, fiscal year, when"
#: Beside a year.
WITHIN = "quarter, month, qtr"
QUESTION = "question, question text, item, measure, indicator, statement, question id, question code"
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
    #: A quarter or month in a column of its own, beside a year in ``period``.
    within: str = ""
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
    common = _common(table, unit)
    question, value = _column(table.header, QUESTION), _column(table.header, VALUE)
    if question and value:
        scales = {
            asked: given for asked, cells in _by_question(table, question, value).items() if (given := guess(cells))
        }
        scale = guess(_cells(table, value)) or Given.FIVE
        return replace(common, question=question, value=value, scale=scale, scales=scales)
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
    taken = {common.unit, common.code, common.period, common.within, common.answers, common.asked}
    free = [name for name in table.header if name not in taken]
    scales = {name: given for name in free if (given := guess(_cells(table, name)))}
    return replace(common, questions={name: name if name in scales else "" for name in free}, scales=scales)


def _common(table: Table, unit: str) -> Meanings:
    header = table.header
    code, period, within = _column(header, CODE), _column(header, PERIOD), _column(header, WITHIN)
    return Meanings(
        unit=unit,
        code="" if code == unit else code,
        period=period,
        within="" if within == period else within,
        is_day_first=is_day_first(_cells(table, period)) if period else True,
        answers=_column(header, ANSWERS),
        asked=_column(header, ASKED),
    )


def _column(header: Sequence[str], known: str) -> str:
    """The header whose words come first among the known."""
    said = {words(name): name for name in reversed(header)}
    return next((said[word] for word in known.split(", ") if word in said), "")


def _by_question(table: Table, question: str, value: str) -> dict[str, list[str]]:
    asked, said = table.header.index(question), table.header.index(value)
    found: dict[str, list[str]] = defaultdict(list)
    for row in table.rows:
        cells = found[" ".join(row.cells[asked].split())]
        if len(cells) < SAMPLE:
            cells.append(row.cells[said])
    return found


def _cells(table: Table, column: str) -> list[str]:
    place = table.header.index(column)
    return [row.cells[place] for row in table.rows]
