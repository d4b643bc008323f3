"""What was said about a file of a past survey, kept with it from page to page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from crm.errors import Invalid
from crm.services.organisation_import.tables import Table
from crm.services.survey_reading.figures import Given
from crm.services.survey_reading.mapping import Meanings, guessed

#: Meanings that are a column's name.
COLUMNS = ("unit", "code", "period", "within", "question", "value", "answers", "asked")


@dataclass(frozen=True)
class Choices:
    """Columns as in the header, "" for none. ``questions``: the file's column or text -> our wording, "" to leave it
    out; ``scales``: the same -> its scale; ``units``: the file's name or code -> our unit's id, None to leave it out.
    What is not named in these is matched or guessed.
    """

    name: str
    unit: str = ""
    code: str = ""
    period: str = ""
    within: str = ""
    one_period: str = ""
    is_day_first: bool = True
    question: str = ""
    value: str = ""
    answers: str = ""
    asked: str = ""
    questions: Mapping[str, str] = field(default_factory=dict)
    #: For all questions; None: each its own.
    scale: Given | None = None
    scales: Mapping[str, Given] = field(default_factory=dict)
    nulls: tuple[str, ...] = ()
    units: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def is_long(self) -> bool:
        return bool(self.question)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Choices:
        known = {each.name: kept[each.name] for each in fields(cls) if each.name in kept}
        scales = {said: Given(given) for said, given in known["scales"].items()}
        scale = Given(known["scale"]) if known["scale"] else None
        return cls(**known | {"scale": scale, "scales": scales, "nulls": tuple(known["nulls"])})

    def with_columns(self, meanings: Meanings) -> Choices:
        """These columns, and how days are written."""
        said = {name: getattr(meanings, name) for name in COLUMNS}
        return replace(self, **said, is_day_first=meanings.is_day_first)


def first_choices(table: Table, name: str, file_name: str) -> Choices:
    """As the header suggests, without a unit where no column can be it; the year from the file's name where no column
    says one."""
    try:
        found = Choices(name).with_columns(guessed(table))
    except Invalid:
        return Choices(name)
    year = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", file_name)
    return found if found.period or not year else replace(found, one_period=year[0])
