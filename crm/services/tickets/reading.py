"""A file's rows as a service desk's sayings: what each says of which ticket, and which cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from crm.errors import Invalid
from crm.services.organisation_import.tables import Refusal, Row, Table
from crm.services.tickets import dates
from crm.services.tickets.choices import DATES, Choices

LONGEST = 500
LONGEST_WORDS = 20_000
#: A number that went through a spreadsheet of figures: "1004298.0".
_WITH_ZERO = re.compile(r"(\d+)\.0+")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_YES = frozenset({"1", "true", "yes", "y", "x", "private", "internal", "ja", "wahr", "oui"})
_NO = frozenset({"", "0", "false", "no", "n", "public", "external", "nein", "falsch", "non"})
LABELS = {"opened": "opened", "resolved": "resolved", "closed": "closed", "at": "changed"}


@dataclass(frozen=True, slots=True)
class Saying:
    """One row. ``texts``: by meaning, tidy, "" for nothing; ``times``: by meaning, None for nothing."""

    line: int
    number: str
    texts: dict[str, str]
    times: dict[str, datetime | None]
    words: str
    is_private: bool


def read_rows(table: Table, chosen: Choices) -> tuple[list[Saying], list[Refusal]]:
    """Every row that can be read, and the others with the reason. Raises Invalid(a meaning, why)."""
    _require_columns(table, chosen)
    reading = _Reading(table, chosen)
    sayings = [saying for row in table.rows if (saying := reading.saying(row))]
    return sayings, [*table.refused, *reading.refused]


def _require_columns(table: Table, chosen: Choices) -> None:
    if not chosen.column("number"):
        raise Invalid("number", "Say which column holds the ticket’s number.")
    for meaning, name in chosen.columns.items():
        if name not in table.header:
            raise Invalid(meaning, f"The header has no column “{name}”.")


class _Reading:
    def __init__(self, table: Table, chosen: Choices) -> None:
        self.chosen = chosen
        self.places = {meaning: table.header.index(name) for meaning, name in chosen.columns.items()}
        self.nulls = frozenset(chosen.nulls)
        self.is_public_flag = "public" in chosen.column("private").casefold()
        self.plain = [meaning for meaning in self.places if meaning not in (*DATES, "words", "private", "number")]
        self.refused: list[Refusal] = []

    def saying(self, row: Row) -> Saying | None:
        number = number_of(self._text(row, "number"))
        if not number:
            self._refuse(row, "It has no ticket number.")
            return None
        try:
            times = dict(self._times(row))
        except dates.NoDate as error:
            self._refuse(row, str(error))
            return None
        texts = {meaning: self._text(row, meaning) for meaning in self.plain}
        words = self._words(row)
        return Saying(row.line, number, texts, times, words, self._is_private(row, has_words=bool(words)))

    def _times(self, row: Row) -> Iterator[tuple[str, datetime | None]]:
        for meaning in DATES:
            text = self._text(row, meaning)
            try:
                found = dates.instant(text, self.chosen.form, self.chosen.zone).astimezone(UTC) if text else None
            except (dates.NoDate, OverflowError) as error:
                raise dates.NoDate(
                    f"“{text}”, when it was {LABELS[meaning]}, is no {self.chosen.form.value} date."
                ) from error
            yield meaning, found

    def _text(self, row: Row, meaning: str) -> str:
        place = self.places.get(meaning)
        if place is None:
            return ""
        text = " ".join(_NOT_TEXT.sub(" ", row.cells[place]).split())
        return "" if text in self.nulls else text[:LONGEST]

    def _words(self, row: Row) -> str:
        """As they were written, in lines."""
        place = self.places.get("words")
        if place is None:
            return ""
        lines = _NOT_TEXT.sub(" ", row.cells[place].replace("\r\n", "\n").replace("\r", "\n")).split("\n")
        text = "\n".join(" ".join(line.split()) for line in lines).strip()
        return "" if text in self.nulls else text[:LONGEST_WORDS]

    def _is_private(self, row: Row, *, has_words: bool) -> bool:
        """In doubt it is: what the unit should not read cannot be taken back."""
        place = self.places.get("private")
        if place is None:
            return has_words and not self.chosen.is_shared
        said = _WITH_ZERO.sub(r"\1", " ".join(row.cells[place].split()).casefold())
        if self.is_public_flag:
            return said not in _YES
        return said not in _NO

    def _refuse(self, row: Row, reason: str) -> None:
        self.refused.append(Refusal(row.line, reason))


def number_of(text: str) -> str:
    """A ticket's number as it is kept."""
    found = _WITH_ZERO.fullmatch(text)
    return found[1] if found else text
