"""Drawing without seeing the same card twice in a row."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random


class Deck:
    """Lines in an order of chance; all come before one comes again."""

    def __init__(self, rng: Random, lines: Sequence[str]) -> None:
        self._rng = rng
        self._lines = lines
        self._left: list[str] = []

    def draw(self) -> str:
        if not self._left:
            self._left = self._rng.sample(self._lines, len(self._lines))
        return self._left.pop()
