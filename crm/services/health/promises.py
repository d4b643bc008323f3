"""Promises as evidence: actions, requests, refusals and replies owed, each kept in time, late, or not. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from crm.services.health.facts import ActionFact, Facts, RefusalFact, ReplyFact, RequestFact, StepFact
from crm.services.health.pieces import DAY, FULL, HALF, HALF_A_YEAR, NONE, Piece, day
from models.action import ActionState
from models.follow_up import FollowUpState
from models.health import Component, EvidenceKind
from models.request import DONE, RequestState

#: IT has given an answer, or more than that.
ANSWERED = (RequestState.ACCEPTED, RequestState.DECLINED, *DONE)

RULES = (
    "What IT promised, with a day: done in time is 100, done late is 50, and overdue is 0 for as long as it is open. "
    "What is not due yet does not count, nor what was dropped.",
    "Each request, once it was answered: every step of ours within its limit is 100, one of them late is 50, late now "
    "is 0.",
    "Each refusal: with something in its place 100, without 0, until it is looked at again.",
    "Each reply owed to a low rating: in time 100, late 50, overdue 0.",
    f"What is settled counts for {HALF_A_YEAR.days} days.",
)


def pieces(facts: Facts) -> Iterator[Piece]:
    for action in facts.actions:
        yield from _action(action)
    for request in facts.requests:
        yield from _request(request)
        yield from _refusals(request)
    for reply in facts.replies:
        yield from _reply(reply)


def _action(one: ActionFact) -> Iterator[Piece]:
    facts = {"due_on": day(one.due_on)}
    piece = _begun(EvidenceKind.ACTION, f"action:{one.id}", one.text)
    settled = one.settled_on if one.state is not ActionState.OPEN else None
    kept_on = settled if one.state is ActionState.DONE else None
    yield from _owed(piece, one.due_on, settled, kept_on, facts)


def _reply(one: ReplyFact) -> Iterator[Piece]:
    facts = {"due_on": day(one.due_on)}
    piece = _begun(EvidenceKind.REPLY, f"follow_up:{one.id}", "")
    is_open = one.state is FollowUpState.OPEN
    replied = None if is_open or one.state is FollowUpState.DISMISSED else one.replied_on
    yield from _owed(piece, one.due_on, None if is_open else replied or one.closed_on, replied, facts)


def _owed(
    piece: Piece, due_on: date, settled: date | None, kept_on: date | None, facts: dict[str, str | None]
) -> Iterator[Piece]:
    """Overdue from the day after it was due until it was settled; kept, it counts for half a year more."""
    is_late = settled is None or settled > due_on
    if is_late:
        until = settled + DAY if settled else None
        yield piece._replace(happened_on=due_on, credit=NONE, facts=facts, since=due_on + DAY, until=until)
    if kept_on:
        ages = kept_on + DAY + HALF_A_YEAR
        credit = HALF if is_late else FULL
        kept = facts | {"done_on": day(kept_on)}
        yield piece._replace(
            happened_on=kept_on, credit=credit, facts=kept, since=kept_on + DAY, until=ages, ages_on=ages
        )


def _request(one: RequestFact) -> Iterator[Piece]:
    """Where it stood, step by step: late there or not, and whether it was late anywhere before."""
    piece = _begun(EvidenceKind.REQUEST, f"request:{one.id}", one.title)
    is_answered = was_late = False
    for step, left_on in _stays(one):
        is_answered = is_answered or step.state in ANSWERED
        if is_answered:
            yield _standing(piece, step, left_on, was_late=was_late)
        if step.due_on and (left_on is None or left_on > step.due_on):
            was_late = True
            yield _late(piece, step, left_on)


def _stays(one: RequestFact) -> Iterator[tuple[StepFact, date | None]]:
    """Each step with the day on which the request left it; None: it stands there still."""
    for place, step in enumerate(one.steps):
        yield step, one.steps[place + 1].on if place + 1 < len(one.steps) else None


def _standing(piece: Piece, step: StepFact, left_on: date | None, *, was_late: bool) -> Piece:
    since = step.on + DAY
    found = piece._replace(
        happened_on=step.on,
        credit=HALF if was_late else FULL,
        facts={"state": step.state.value, "late": was_late},
        since=since,
        until=since + HALF_A_YEAR,
        ages_on=since + HALF_A_YEAR,
    )
    return found.ending(step.due_on + DAY if step.due_on else None).ending(left_on + DAY if left_on else None)


def _late(piece: Piece, step: StepFact, left_on: date | None) -> Piece:
    assert step.due_on  # noqa: S101 - for the type checker
    facts = {"state": step.state.value, "due_on": day(step.due_on)}
    until = left_on + DAY if left_on else None
    return piece._replace(happened_on=step.due_on, credit=NONE, facts=facts, since=step.due_on + DAY, until=until)


def _refusals(one: RequestFact) -> Iterator[Piece]:
    piece = _begun(EvidenceKind.REFUSAL, f"request:{one.id}", one.title)
    for step, left_on in _stays(one):
        refusal = _refusal_of(one, step) if step.state is RequestState.DECLINED else None
        if refusal:
            since = step.on + DAY
            found = piece._replace(
                happened_on=step.on,
                credit=FULL if refusal.offers else NONE,
                facts={"alternative": refusal.offers},
                since=since,
                until=since + HALF_A_YEAR,
                ages_on=since + HALF_A_YEAR,
            )
            yield found.ending(left_on + DAY if left_on else None)


def _refusal_of(one: RequestFact, step: StepFact) -> RefusalFact | None:
    """The verdict by which it came there."""
    return next((refusal for refusal in reversed(one.refusals) if refusal.on <= step.on), None)


def _begun(kind: EvidenceKind, source: str, title: str) -> Piece:
    return Piece(Component.PROMISES, kind, source, title, date.min, NONE, 1, {}, date.min)
