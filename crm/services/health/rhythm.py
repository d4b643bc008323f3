"""Reviews as evidence: those that were due, held or missed, and how long ago the last one is. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from crm.services.cadence_rules import period_in_words
from crm.services.health.facts import Facts, ReviewFact, RhythmFact
from crm.services.health.pieces import A_YEAR, DAY, FULL, HALF, NONE, Piece, day
from models.health import Component, EvidenceKind
from models.review import Frequency, ReviewState

#: One rhythm: from a review to the next, with a week for holidays and absences.
ONE_RHYTHM: dict[Frequency, timedelta] = {
    Frequency.MONTHLY: timedelta(days=31 + 7),
    Frequency.TWO_MONTHLY: timedelta(days=62 + 7),
    Frequency.QUARTERLY: timedelta(days=92 + 7),
    Frequency.HALF_YEARLY: timedelta(days=184 + 7),
    Frequency.YEARLY: timedelta(days=366 + 7),
}
RECENCY_WEIGHT = 2

RULES = (
    "Each review that was due counts for a year: held is 100, missed is 0. One that was skipped with a reason does "
    "not count.",
    "How long ago the last review is counts twice: within one rhythm (and a week) 100, within one and a half 50, "
    "beyond that 0.",
    "A unit without a review that was due is not known here.",
)


def pieces(facts: Facts) -> Iterator[Piece]:
    for one in facts.reviews:
        if since := _counts_from(one):
            yield _review(one, since)
    yield from _recency(facts)


def _counts_from(one: ReviewFact) -> date | None:
    """The day from which it counts: held, or its period over without it. As crm.services.reviews.standing says."""
    if one.state is ReviewState.HELD and one.held_on:
        return one.held_on + DAY
    return one.period_until if one.state is ReviewState.PLANNED else None


def _review(one: ReviewFact, since: date) -> Piece:
    return Piece(
        Component.RHYTHM,
        EvidenceKind.REVIEW,
        f"review:{one.id}",
        period_in_words(one.period, one.period_since),
        one.held_on or one.period_until - DAY,
        FULL if one.held_on else NONE,
        1,
        {"held_on": day(one.held_on)},
        since,
        since + A_YEAR,
        since + A_YEAR,
    )


def _recency(facts: Facts) -> Iterator[Piece]:
    held = sorted((one.held_on, one) for one in facts.reviews if one.held_on)
    for place, (held_on, one) in enumerate(held):
        until = held[place + 1][0] + DAY if place + 1 < len(held) else None
        for rhythm in facts.rhythms:
            for piece in _ages(one, held_on, rhythm):
                start = max(piece.since, rhythm.since)
                yield piece._replace(since=start).ending(rhythm.until).ending(until)


def _ages(one: ReviewFact, held_on: date, rhythm: RhythmFact) -> Iterator[Piece]:
    """The last review in this rhythm, as it grows old."""
    length = ONE_RHYTHM[rhythm.frequency]
    first = held_on + DAY
    later, latest = first + length, first + length * 3 / 2
    for credit, since, until in ((FULL, first, later), (HALF, later, latest), (NONE, latest, None)):
        yield Piece(
            Component.RHYTHM,
            EvidenceKind.RECENCY,
            f"review:{one.id}",
            period_in_words(one.period, one.period_since),
            held_on,
            credit,
            RECENCY_WEIGHT,
            {"held_on": day(held_on), "frequency": rhythm.frequency.value},
            since,
            until,
        )
