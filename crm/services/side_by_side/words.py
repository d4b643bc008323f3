"""What a comparison says first: the finding, then what one has to know to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm.services import words
from crm.services.comparing.wanted import Against
from crm.services.side_by_side.told import Beside
from crm.services.side_by_side.wanted import Kind, Wanted


@dataclass(frozen=True)
class Lede:
    finding: str
    rest: str


def lede(found: Beside[Any], wanted: Wanted) -> Lede:
    """ "Ines Carvalho leads five of eleven units and has ten of twelve overdue things.\""""
    if wanted.kind is Kind.PERIOD:
        return _of_periods(found, wanted)
    one = "rep" if wanted.kind is Kind.REP else "branch"
    if not found.many:
        return Lede("Nobody looks after a unit here." if one == "rep" else "No unit is here yet.", "")
    apart = _apart(found, "the units of " if one == "rep" else "")
    apart = apart or _alike(found, one)
    return Lede(f"{found.heaviest}.", apart) if found.heaviest else Lede(apart, "")


def _alike(found: Beside[Any], one: str) -> str:
    if not found.tellable:
        return "Too few answers to tell any from the others by what they say."
    of = "’s units differ" if one == "rep" else " differs"
    return f"No {one}{of} from the others by more than chance in what they say."


def _apart(found: Beside[Any], of: str) -> str:
    """ "The units of Ines Carvalho rate IT below the others, more than chance."."""
    told = [
        f"{of}{words.listed(list(names[:3]))} rate{'s' if len(names) == 1 and not of else ''} IT {way} the others"
        for names, way in ((found.below, "below"), (found.above, "above"))
        if names
    ]
    return words.capital(f"{'; '.join(told)}, more than chance.") if told else ""


def _of_periods(found: Beside[Any], wanted: Wanted) -> Lede:
    then = "the same days a year before" if wanted.against is Against.YEAR_BEFORE else "as long before"
    rest = words.capital(f"{wanted.stretch.words}, against {then}.")
    told = [
        f"{words.listed([_small(name) for name in names])} really got {way}"
        for names, way in ((found.below, "worse"), (found.above, "better"))
        if names
    ]
    return Lede(words.capital(f"{'; '.join(told)}.") if told else "No figure of all together changed for real.", rest)


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]
