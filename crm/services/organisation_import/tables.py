"""What a file holds once its bytes are read: a header, and rows that know their line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken. ``line`` counts from 1, as an editor or a spreadsheet shows it; 0: the whole file."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row; as many cells as the header has. ``line``: where it begins."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows without blank ones, and those whose cells do not fit the header."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    refused: tuple[Refusal, ...] = ()

    @property
    def size(self) -> int:
        return len(self.rows) + len(self.refused)
