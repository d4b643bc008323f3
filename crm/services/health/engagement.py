"""Engagement as evidence: danger signs, the four questions, and what IT suggests by itself. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from dateutil.relativedelta import relativedelta

from crm.services.health.facts import AnswerFact, Facts, FlagFact
from crm.services.health.pieces import DAY, FULL, HALF, HALF_A_YEAR, NONE, Piece
from models.engagement import FourQuestion
from models.health import Component, EvidenceKind

DANGER_WEIGHT = 2
#: An answer to one of the four questions is fresh in its quarter and the next one.
FRESH = relativedelta(months=6)

RULES = (
    "Danger signs count twice: none up is 100; each that is up is 0, once answered 50. From the day a unit has an "
    "engagement model.",
    "The four questions: 25 for each with an answer of this quarter or the one before. From the first answer on.",
    f"Suggestions: something that IT offered by itself in the last {HALF_A_YEAR.days} days is 100, nothing is 0. "
    "From the first request on.",
)


def pieces(facts: Facts) -> Iterator[Piece]:
    for flag in facts.flags:
        yield from _flag(flag)
    yield from _calm(facts)
    yield from _questions(facts)
    yield from _offers(facts)


def _flag(one: FlagFact) -> Iterator[Piece]:
    raised, cleared = one.raised_on + DAY, one.cleared_on + DAY if one.cleared_on else None
    answered = one.acknowledged_on + DAY if one.acknowledged_on else None
    facts = {"rule": one.rule.value}
    piece = _begun(EvidenceKind.DANGER, f"flag:{one.id}", one.raised_on, raised, DANGER_WEIGHT)._replace(facts=facts)
    yield piece.ending(answered).ending(cleared)
    if answered:
        yield piece._replace(credit=HALF, since=answered, facts=facts | {"answered": True}).ending(cleared)


def _calm(facts: Facts) -> Iterator[Piece]:
    """The stretches in which no sign was up."""
    if facts.modelled_on is None:
        return
    begun: date | None = facts.modelled_on + DAY
    for flag in sorted(facts.flags, key=lambda flag: flag.raised_on):
        if begun is None:
            return
        if flag.raised_on + DAY > begun:
            yield _no_sign(begun).ending(flag.raised_on + DAY)
        begun = max(begun, flag.cleared_on + DAY) if flag.cleared_on else None
    if begun:
        yield _no_sign(begun)


def _no_sign(since: date) -> Piece:
    return _begun(EvidenceKind.DANGER, "danger", since, since, DANGER_WEIGHT)._replace(credit=FULL)


def _questions(facts: Facts) -> Iterator[Piece]:
    if facts.answered_on is None:
        return
    first = facts.answered_on + DAY
    days = sorted({first} | {day for answer in facts.answers for day in _fresh(answer) if day > first})
    for place, since in enumerate(days):
        until = days[place + 1] if place + 1 < len(days) else None
        fresh = _how_many_fresh(facts.answers, since)
        piece = _begun(EvidenceKind.QUESTIONS, "questions", since - DAY, since, 1)
        yield piece._replace(
            credit=fresh * FULL // len(FourQuestion), facts={"fresh": fresh, "of": len(FourQuestion)}, until=until
        )


def _fresh(answer: AnswerFact) -> tuple[date, date]:
    return answer.on + DAY, answer.period_on + FRESH


def _how_many_fresh(answers: Iterable[AnswerFact], on: date) -> int:
    return len({answer.question for answer in answers if _fresh(answer)[0] <= on < _fresh(answer)[1]})


def _offers(facts: Facts) -> Iterator[Piece]:
    """The newest suggestion while it is fresh; else that there is none."""
    if facts.requested_on is None:
        return
    begun = facts.requested_on + DAY
    offers = sorted(facts.offers, key=lambda offer: (offer.on, offer.id))
    for place, offer in enumerate(offers):
        since, ages = offer.on + DAY, offer.on + DAY + HALF_A_YEAR
        yield _begun(EvidenceKind.OFFER, "offers", begun - DAY, begun, 1).ending(since)
        found = _begun(EvidenceKind.OFFER, f"offer:{offer.id}", offer.on, since, 1)
        until = offers[place + 1].on + DAY if place + 1 < len(offers) else None
        yield found._replace(title=offer.title, credit=FULL, until=ages, ages_on=ages).ending(until)
        begun = max(begun, ages)
    yield _begun(EvidenceKind.OFFER, "offers", begun - DAY, begun, 1)


def _begun(kind: EvidenceKind, source: str, happened_on: date, since: date, weight: int) -> Piece:
    return Piece(Component.ENGAGEMENT, kind, source, "", happened_on, NONE, weight, {}, since)
