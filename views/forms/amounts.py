"""Sums and hours as people type them: "20.000", "20,000.50", "€ 35k"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from wtforms import Field
from wtforms.widgets import TextInput

#: "€ -20.000,50k EUR": a currency before or after, a sign, the digits, thousands or millions.
_TYPED = re.compile(
    r"(?:[^\W\d_]{0,4}[$€£¥₹₺]|[^\W\d_]{2,4})?\s*([+\-−]?)\s*([0-9][0-9.,'’\s]*?)\s*([kKmM]?)\s*(?:[$€£¥₹₺]|[^\W\d_]{2,5})?"
)
_IN_THOUSANDS = re.compile(r"([1-9][0-9]{0,2})([.,'’\s])[0-9]{3}(?:\2[0-9]{3})*(?:(?!\2)[.,]([0-9]{1,2}))?")
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
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
    found = _TYPED.fullmatch(text.strip())
    if found is None:
        raise ValueError("Write a figure like 20,000.")
    sign, digits, times = found.groups()
    figure = _figure(digits) * _TIMES[times.lower()]
    return -figure if sign in ("-", "−") else figure


def _figure(digits: str) -> Decimal:
    if parted := _IN_THOUSANDS.fullmatch(digits):
        places = parted[3] or ""
        whole = digits[: len(digits) - len(places) - 1] if places else digits
        return Decimal(f"{re.sub('[^0-9]', '', whole)}.{places or 0}")
    if _PLAIN.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    raise ValueError("Write a figure like 20,000.")
