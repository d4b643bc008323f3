"""Units that are made up, for organisations of hundreds and thousands: a tree of three levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from crm.services.demo import cast
from crm.services.demo.cadences import MONTHLY, QUARTERLY
from crm.services.demo.cast import CastUnit
from crm.services.demo.names import REGIONS, WORLD
from crm.services.demo.units import Character
from crm.services.demo.wording import Theme

UNITS_PER_REP, UNITS_PER_DESK = 11, 80
#: Up to so many units, the middle level is one function per line; above, one per function and part of the world.
ONE_PART_OF_THE_WORLD = 1000
FUNCTIONS = 6
MEETS_MONTHLY = 0.25
#: Shares, the second with the first in it.
UNCOVERED, HANDED_OVER = 0.03, 0.28

Place = tuple[str, str]


@dataclass(frozen=True)
class Plan:
    """A unit to be: its parent's code, what it is called, where it is."""

    code: str
    name: str
    parent: str
    theme: Theme
    time_zone: str


@dataclass(frozen=True)
class _Branch:
    """A unit of the middle level, and where those below it may be."""

    plan: Plan
    function: str
    places: Sequence[Place]


def plans(many: int) -> Iterator[Plan]:
    """So many units below the twelve, parents before children; children as evenly as it goes."""
    branches = _small_branches() if many < ONE_PART_OF_THE_WORLD else _large_branches()
    each, more = divmod(many - len(branches), len(branches))
    for number, branch in enumerate(branches):
        yield branch.plan
        yield from _below(branch, number, each + (number < more))


def rule(rng: Random) -> str:
    """The name of a rhythm: one unit in four meets monthly."""
    return rng.choice(MONTHLY if rng.random() < MEETS_MONTHLY else QUARTERLY)


def character(rng: Random) -> Character:
    return Character(
        usual=rng.choice((3, 4, 4, 4, 5)),
        held=rng.uniform(0.78, 0.99),
        talks=rng.choice((0, 1, 1, 2)),
        slips=rng.choice((0, 0, 0, 0, 0, 0.4)),
        asked=rng.choice((1, 2, 2)),
        missed_lately=rng.random() < 0.05,
    )


def _below(branch: _Branch, number: int, many: int) -> Iterator[Plan]:
    """Each branch begins at another place, so that no place has everything."""
    for child in range(many):
        name, time_zone = branch.places[(number + child) % len(branch.places)]
        yield Plan(
            code=f"{branch.plan.code}-{child + 1:02}",
            name=f"{branch.function} {name}",
            parent=branch.plan.code,
            theme=branch.plan.theme,
            time_zone=time_zone,
        )


def _small_branches() -> list[_Branch]:
    return [
        _Branch(_plan(root, number, function), function, REGIONS)
        for root in cast.UNITS
        for number, function in enumerate(root.theme.functions[:FUNCTIONS], 1)
    ]


def _large_branches() -> list[_Branch]:
    return [
        _Branch(_plan(root, 10 * number + part, f"{function} {region}"), function, places)
        for root in cast.UNITS
        for number, function in enumerate(root.theme.functions, 1)
        for part, (region, places) in enumerate(WORLD.items(), 1)
    ]


def _plan(root: CastUnit, number: int, name: str) -> Plan:
    return Plan(f"{root.code}-{number:02}", name, root.code, root.theme, root.time_zone)
