"""Sums and hours as people type them: "20.000", "20,000.50", "€ 35k"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from wtforms import Field
from wtforms.widgets import TextInput

_AROUND = re.compile(r"[\s'’_]|[^\d.,+\-−kKmM]+(?=[\d+\-−])|(?<=[\dkKmM])[^\d.,kKmM]+$")
_NUMBER = re.compile(r"([+\-−]?)(\d[\d.,]*)([kKmM]?)")
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000}


class AmountField(Field):
    """A Decimal, or None when left empty. What cannot be read stays as typed, with a word beside it."""

    widget = TextInput()
    data: Decimal | None
    typed = ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.typed = (valuelist[0] if valuelist else "").strip()[:40]
        self.data = read(self.typed) if self.typed else None

    def _value(self) -> str:
        if self.typed or self.data is None:
            return self.typed
        return f"{self.data:,f}".removesuffix(".00").removesuffix(".0")


def read(text: str) -> Decimal:
    """The figure. Of one mark before three digits it is taken that it parts thousands. Raises ValueError."""
    found = _NUMBER.fullmatch(_AROUND.sub("", text))
    if found is None:
        raise ValueError("Write a figure like 20,000.")
    sign, digits, times = found.groups()
    figure = Decimal(_plain(digits)) * _TIMES[times.lower()]
    return -figure if sign in ("-", "−") else figure


def _plain(digits: str) -> str:
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return digits
    whole, mark, rest = digits[:last], digits[last], digits[last + 1 :]
    parts_thousands = len(rest) == 3 and (mark in whole or not re.search(r"[.,]", whole))
    if parts_thousands and whole.strip("0.,"):
        return re.sub(r"[.,]", "", digits)
    if not rest.isdigit():
        raise ValueError("Write a figure like 20,000.")
    return f"{re.sub('[.,]', '', whole) or '0'}.{rest}"
