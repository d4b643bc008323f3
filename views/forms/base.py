"""What all forms share: the CSRF token, tidy text, and a place for what a service refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, Field, FieldList, FormField

from crm.errors import Invalid

#: "actions-2-text": a field of the third row of a list.
IN_A_ROW = re.compile(r"(\w+)-(\d+)-(\w+)")


def tidy(text: str | None) -> str:
    """One line without the blanks around and between."""
    return " ".join(_storable(text).split())


def prose(text: str | None) -> str:
    """Several lines as they were typed, without blanks and empty lines around them."""
    return _storable(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def _storable(text: str | None) -> str:
    # PostgreSQL keeps no NUL.
    return (text or "").replace("\0", "")


def key(value: Any) -> int:
    """The id of a row, as a form sends it. Raises ValueError for what no row can have."""
    number = int(value)
    if not 0 < number < 2**31:
        raise ValueError(f"{number} is the id of nothing")
    return number


def key_or_none(value: Any) -> int | None:
    """The same, for a select whose first choice is nobody."""
    return key(value) if value not in (None, "", "None") else None


def step(value: object) -> int | None:
    """A small whole number such as a step of a scale, or None for anything else: what was sent may be anything."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


class DayField(DateField):
    """A day, or none when left empty."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            super().process_formdata(list(valuelist))
        except ValueError as error:
            raise ValueError("Write the day like 2026-11-12.") from error


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose fields say what is wrong beside them."""

    def refuse(self, error: Invalid) -> None:
        """Put a service's refusal on its field, also in a row of a list; on the whole form when there is no such
        field."""
        field = self._fields.get(error.field) or self._in_a_row(error.field)
        if field is None:
            self.form_errors.append(str(error))
        else:
            field.errors = [*(field.errors or []), str(error)]

    def _in_a_row(self, name: str) -> Field | None:
        found = IN_A_ROW.fullmatch(name)
        rows = self._fields.get(found[1]) if found else None
        if found is None or not isinstance(rows, FieldList) or int(found[2]) >= len(rows.entries):
            return None
        row = rows.entries[int(found[2])]
        field: Field | None = row.form._fields.get(found[3]) if isinstance(row, FormField) else None
        return field
