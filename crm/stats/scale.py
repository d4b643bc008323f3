"""The scales on which people rate, and how a figure on one is written."""

from __future__ import annotations

from dataclasses import dataclass

MINUS = "−"


@dataclass(frozen=True)
class Scale:
    """From ``least`` to ``most``, both included. ``unit`` stands after a figure ("%"); ``decimals`` of one."""

    least: float
    most: float
    unit: str = ""
    decimals: int = 1

    def holds(self, value: float) -> bool:
        return self.least <= value <= self.most

    def clamp(self, value: float) -> float:
        """The nearest value on the scale."""
        return min(max(value, self.least), self.most)

    def onto(self, other: Scale, value: float) -> float:
        """The value at the same place of the other scale: 4 of 1–7 is the middle, 3 of 1–5."""
        share = (value - self.least) / (self.most - self.least)
        return other.least + share * (other.most - other.least)

    def text(self, value: float, decimals: int | None = None) -> str:
        """ "3.2", "65 %", "−11"."""
        return f"{figure(value, self.decimals if decimals is None else decimals)}{self._after}"

    def span(self, low: float, high: float) -> str:
        """ "3.2–4.8", "56–93 %"; with "to" where a minus would read as a dash."""
        between = " to " if low < 0 or high < 0 else "–"
        return f"{figure(low, self.decimals)}{between}{figure(high, self.decimals)}{self._after}"

    @property
    def _after(self) -> str:
        return f" {self.unit}" if self.unit else ""


def figure(value: float, decimals: int) -> str:
    """A number with a true minus, and never "−0"."""
    written = f"{value:.{decimals}f}"
    return written.lstrip("-") if not float(written) else written.replace("-", MINUS)


#: Very poorly to very well.
RATING = Scale(1, 5)
SEVEN = Scale(1, 7)
NINE = Scale(1, 9)
#: "Would you choose IT if you were free to go elsewhere?"
TEN = Scale(0, 10)
PERCENT = Scale(0, 100, "%", 0)
#: Promoters less detractors.
NET = Scale(-100, 100, decimals=0)
#: How much it matters: hardly, somewhat, very.
IMPORTANCE = Scale(1, 3)
#: One step of the rating scale less another.
GAP = Scale(-4, 4)
