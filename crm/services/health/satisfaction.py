"""Satisfaction as evidence: what the rounds of the last months came to. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from math import floor

from crm.services.health.facts import Facts, RoundFact
from crm.services.health.pieces import DAY, Piece
from models.health import Component, EvidenceKind

#: So long after it closed a round still tells how satisfied the unit is.
COUNTS_FOR = timedelta(days=120)

RULES = (
    "Every answer to “How does IT work for you overall?” counts the same: “very well” is 100, “very poorly” is 0.",
    f"A round counts from the day after it closed, for {COUNTS_FOR.days} days. One without an answer, or with too few "
    "to be shown, says nothing: that is not known, and not nought.",
)


def pieces(facts: Facts) -> Iterator[Piece]:
    """One for each round with an answer; it weighs as much as it has answers."""
    for one in facts.rounds:
        if one.n:
            yield _piece(one)


def _piece(one: RoundFact) -> Piece:
    since = one.closed_on + DAY
    return Piece(
        Component.SATISFACTION,
        EvidenceKind.ROUND,
        f"round:{one.id}",
        "",
        one.closed_on,
        credit_of(one.total, one.n),
        one.n,
        {"mean": round(one.total / one.n, 2), "n": one.n, "asked": one.asked, "total": one.total},
        since,
        since + COUNTS_FOR,
        since + COUNTS_FOR,
    )


def credit_of(total: int, n: int) -> int:
    """The mean of 1 to 5 as 0 to 100, rounded half up."""
    return floor(Fraction(25 * (total - n), n) + Fraction(1, 2))
