"""What may stand in a cell, and what a cell leaves unsaid."""

from __future__ import annotations

import re
import unicodedata
from zoneinfo import available_timezones

from crm.errors import Invalid
from crm.services import people
from crm.services.organisation_import.columns import MEANINGS, Columns
from crm.services.organisation_import.tables import Row

MOST_LETTERS = 200
#: What personnel systems write where a name is not given or not told.
NOT_SAID = frozenset({"", "n/d", "n/a", "#n/a", "nan", "-", "–", "—", "?", "unknown", "not disclosed", "tbc", "tba"})
VACANT = frozenset({"vacant", "vacancy", "vacant post", "(vacant)"})
ELIMINATED = frozenset({"eliminated", "eliminated post", "(eliminated)"})
TIME_ZONES = available_timezones()
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_INVISIBLE = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]+"
)


class RowRefused(Exception):
    """Why this one row is not taken."""


def folded(text: str) -> str:
    """The form in which names are compared: case, blanks and ways to write the same letter do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Cells:
    """One row, read by meaning."""

    def __init__(self, row: Row, columns: Columns) -> None:
        self._row = row
        self._columns = columns
        self.line = row.line

    def text(self, key: str) -> str:
        """One line of tidy text, "" when the cell is empty or there is no such column. Raises RowRefused."""
        place = self._columns.places.get(key)
        if place is None:
            return ""
        text = " ".join(self._row.cells[place].split())
        if len(text) > MOST_LETTERS:
            raise RowRefused(f"The {self._label(key)} has {len(text):,} characters; {MOST_LETTERS} is the most.")
        if _NOT_TEXT.search(text):
            raise RowRefused(f"The {self._label(key)} holds a character that is not text.")
        return text if _INVISIBLE.sub("", text) else ""

    def email(self, key: str) -> str | None:
        """A checked address, None when there is none. Raises RowRefused."""
        text = self.text(key)
        if folded(text) in NOT_SAID:
            return None
        try:
            return people.checked_email(text)
        except Invalid as error:
            raise RowRefused(f"“{text}” is no e-mail address that can be written to. {_why(error)}") from error

    def first(self) -> str:
        """The first meaning of the row that says anything, "" when none does. Raises RowRefused."""
        texts = (self.text(meaning.key) for meaning in MEANINGS[self._columns.kind])
        return next((text for text in texts if text), "")

    def time_zone(self, key: str) -> str | None:
        text = self.text(key)
        if not text:
            return None
        if text not in TIME_ZONES:
            raise RowRefused(f"There is no time zone “{text}”. Write it like Europe/Berlin.")
        return text

    def _label(self, key: str) -> str:
        label = next(meaning.label for meaning in MEANINGS[self._columns.kind] if meaning.key == key)
        return label[0].lower() + label[1:]


def _why(error: Invalid) -> str:
    """What is wrong with an address: the checker's own sentence, without ours before it, in our spelling."""
    return str(error.__cause__ or error).replace("email", "e-mail")
