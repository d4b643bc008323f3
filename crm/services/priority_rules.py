"""How the house weighs requests: its rule in its own words, criteria with weights, and a score that explains itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Invalid
from models.base import Json
from models.request_part import PriorityRule

#: A criterion is judged from 0 to so many points.
MOST_POINTS = 4
LEVELS = ("very low", "low", "middling", "high", "very high")


@dataclass(frozen=True)
class Criterion:
    """One thing that counts. ``low`` and ``high`` say what 0 and 4 points mean; ``counts_against``: the more of it, the
    less urgent the request."""

    key: str
    name: str
    weight: int
    low: str
    high: str
    counts_against: bool = False

    def share(self, points: int) -> Decimal:
        """How much of its weight so many points earn, from 0 to 1."""
        return Decimal(MOST_POINTS - points if self.counts_against else points) / MOST_POINTS


@dataclass(frozen=True)
class Rule:
    """``id``: None for the one that holds until the house writes its own."""

    id: int | None
    words: str
    criteria: tuple[Criterion, ...]


DEFAULT = Rule(
    None,
    "What is worth most to the unit and helps most people comes first. What is risky to leave undone comes before what "
    "is merely nice to have. Of two alike, the cheaper one.",
    (
        Criterion("value", "Value to the unit", 40, "Nice to have", "It cannot do its work without"),
        Criterion("people", "People it helps", 20, "One person", "The whole unit, or several"),
        Criterion("risk", "Risk of leaving it", 20, "Nothing happens", "A law, a deadline or money is at stake"),
        Criterion("cost", "Cost and effort", 20, "An hour or two", "Months of work", counts_against=True),
    ),
)


def current(session: Session) -> Rule:
    """What holds now: the newest the house wrote, or the default. One statement."""
    newest = session.scalars(select(PriorityRule).order_by(PriorityRule.id.desc()).limit(1)).first()
    return told(newest)


def told(kept: PriorityRule | None) -> Rule:
    """The rule as it was kept; None: the default."""
    if kept is None:
        return DEFAULT
    return Rule(kept.id, kept.words, tuple(Criterion(key, **said) for key, said in kept.criteria.items()))


def as_json(criteria: tuple[Criterion, ...]) -> Json:
    """By key, in their order, as ``PriorityRule.criteria`` keeps them."""
    return {one.key: {name: said for name, said in asdict(one).items() if name != "key"} for one in criteria}


def score(rule: Rule, points: Mapping[str, int]) -> Decimal | None:
    """From 0 to 100, to one place; None without any points.

    Raises Invalid("points") when only some criteria were judged, or outside of the scale.
    """
    if not points:
        return None
    if points.keys() != {one.key for one in rule.criteria}:
        raise Invalid("points", "Judge every criterion, or none: half a score compares with nothing.")
    if not all(0 <= number <= MOST_POINTS for number in points.values()):
        raise Invalid("points", f"Points go from 0 to {MOST_POINTS}.")
    earned = sum((one.weight * one.share(points[one.key]) for one in rule.criteria), Decimal())
    whole = sum(one.weight for one in rule.criteria)
    return (100 * earned / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def explained(rule: Rule, points: Mapping[str, int]) -> str:
    """ "68 of 100: value to the unit counts most and is high; cost and effort pulls it down."; "" without points.

    Raises Invalid as :func:`score` does.
    """
    found = score(rule, points)
    if found is None:
        return ""
    most = max(rule.criteria, key=lambda one: one.weight)
    sentence = f"{found:.0f} of 100: {_begun(most.name)} counts most and is {LEVELS[points[most.key]]}"
    return f"{sentence}; {_other_side(rule, points, most)}."


def _other_side(rule: Rule, points: Mapping[str, int], most: Criterion) -> str:
    """What moves it furthest besides the weightiest: down when something does, else up."""
    others = [one for one in rule.criteria if one is not most]
    lost = {one: one.weight * (1 - one.share(points[one.key])) for one in others}
    down = max(others, key=lambda one: lost[one], default=None)
    if down is None:
        return "nothing else counts"
    if lost[down] * 2 > down.weight:
        return f"{_begun(down.name)} ({LEVELS[points[down.key]]}) takes most off"
    up = max(others, key=lambda one: one.weight - lost[one])
    return f"{_begun(up.name)} ({LEVELS[points[up.key]]}) speaks for it most besides"


def _begun(name: str) -> str:
    """As it stands within a sentence; what is written in capitals stays."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
