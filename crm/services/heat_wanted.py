"""What an address asks of the heat map: which units, on which day, in which order, by unit or by branch."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from crm.stats.health import Level
from models.health import Component, Movement

#: "health" begins with the weakest, "-health" with the strongest; so for each part; "name" and "-name".
ORDERS = ("health", "name", *(component.value for component in Component))


class Rolled(enum.StrEnum):
    """How the units of a branch are put together."""

    PEOPLE = "people"  # by the people in each
    EQUALLY = "equally"  # each unit counts the same


@dataclass(frozen=True)
class Wanted:
    """``on``: the day whose health is shown; ``since``: the day with which it is compared."""

    on: date
    since: date
    branch_id: int | None = None
    rep_id: int | None = None
    #: Only units that the reader covers.
    mine: bool = False
    #: A word of :class:`Level` or :class:`Movement`; whatever else shows all.
    level: str = ""
    text: str = ""
    sort: str = ORDERS[0]
    #: None: each unit for itself.
    rolled: Rolled | None = None

    @property
    def order(self) -> str:
        """Of ORDERS."""
        name = self.sort.removeprefix("-")
        return name if name in ORDERS else ORDERS[0]

    @property
    def falls(self) -> bool:
        """Whether the order is the other way round: the strongest, or Z, first."""
        return self.sort.startswith("-") and self.sort.removeprefix("-") in ORDERS

    @property
    def wanted_level(self) -> Level | None:
        return Level(self.level) if self.level in set(Level) else None

    @property
    def wanted_movement(self) -> Movement | None:
        return Movement(self.level) if self.level in set(Movement) else None

    @property
    def narrows(self) -> bool:
        """Whether any relationship of the branch is left out."""
        return bool(self.rep_id or self.mine or self.text or self.wanted_level or self.wanted_movement)

    @property
    def is_told(self) -> bool:
        """Whether the sentence above is about fewer than all."""
        return bool(self.rep_id or self.mine or self.branch_id)
