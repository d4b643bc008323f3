"""How the house decides, changed: its priority rule in its own words, and within how long requests move on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Invalid
from crm.policy import Action, Actor
from crm.services import priority_rules, request_limits, request_reckoning, words
from crm.services.priority_rules import Criterion, Rule
from crm.services.request_limits import Limits
from models.request import RequestKind, RequestState
from models.request_part import PriorityRule, RequestLimit

WORDS_LENGTH, NAME_LENGTH = 2_000, 60
#: So many versions are read.
VERSIONS = 50
STATES = {
    RequestState.LOGGED: "Until somebody looks at it",
    RequestState.LOOKING: "Until it is decided",
    RequestState.WAITING: "Until the unit answers a question",
    RequestState.ACCEPTED: "From our yes until work begins",
    RequestState.DELIVERING: "Until it is delivered",
    RequestState.DELIVERED: "Until the unit confirms it",
}
KINDS = {
    RequestKind.STANDARD: "standard",
    RequestKind.NON_STANDARD: "non-standard",
    RequestKind.QUESTION: "question",
    RequestKind.COMPLAINT: "complaint",
}


@dataclass(frozen=True)
class Wanted:
    """How it shall be from now on. ``limits``: for each state with a clock and each kind, in working days."""

    words: str
    criteria: tuple[Criterion, ...]
    limits: Limits


def history(session: Session) -> Sequence[PriorityRule]:
    """Each version with who made it, newest first. One statement."""
    newest = select(PriorityRule).options(joinedload(PriorityRule.by)).order_by(PriorityRule.id.desc())
    return session.scalars(newest.limit(VERSIONS)).all()


def change(session: Session, *, by: Actor, wanted: Wanted, reason: str, now: datetime) -> bool:
    """Decide in this way from now on; what was decided keeps the rule it was decided by. By when open requests should
    move on is said anew for all of them when a limit changed. False when nothing differs.

    Raises Invalid("words" | "criteria" | "limits" | "reason").
    """
    policy.require(by, Action.SET_REQUEST_RULES)
    rule, limits = priority_rules.current(session), request_limits.current(session)
    changed = [*_differences(rule, wanted), *_limits_in_words(limits, wanted.limits)]
    _check(wanted)
    if not changed:
        return False
    if not reason:
        raise Invalid("reason", "Say why; it is kept with the change.")
    criteria = priority_rules.as_json(wanted.criteria)
    told = "; ".join(changed)
    session.add(PriorityRule(words=wanted.words, criteria=criteria, at=now, by_id=by.id, reason=reason, changed=told))
    if wanted.limits != limits:
        _keep_limits(session, wanted.limits)
        request_reckoning.reckon_all(session, now=now)
    session.flush()
    return True


def _check(wanted: Wanted) -> None:
    if not wanted.words or len(wanted.words) > WORDS_LENGTH:
        raise Invalid("words", f"Write the rule down, in under {WORDS_LENGTH:,} letters.")
    if any(not one.name or len(one.name) > NAME_LENGTH or not one.low or not one.high for one in wanted.criteria):
        raise Invalid("criteria", "Give each criterion a short name, and say what its two ends mean.")
    if any(not 0 <= one.weight <= 100 for one in wanted.criteria) or sum(one.weight for one in wanted.criteria) != 100:
        raise Invalid("criteria", "The weights must add up to 100.")
    if any(days is not None and not 1 <= days <= request_limits.MOST for days in wanted.limits.values()):
        raise Invalid("limits", f"A limit is 1 to {request_limits.MOST} working days, or empty for none.")


def _differences(rule: Rule, wanted: Wanted) -> Iterator[str]:
    if rule.words != wanted.words:
        yield "the rule in words"
    before = {one.key: one for one in rule.criteria}
    for one in wanted.criteria:
        was = before.get(one.key)
        if was and was.weight != one.weight:
            yield f"{one.name}: weight {was.weight}, now {one.weight}"
        elif was != one:
            yield f"{one.name}: other words"


def _limits_in_words(before: Limits, after: Limits) -> Iterator[str]:
    for (state, kind), days in after.items():
        if (was := before[state, kind]) != days:
            yield f"{STATES[state].lower()}, {KINDS[kind]}: {_days(was)}, now {_days(days)}"


def _days(days: int | None) -> str:
    return "no limit" if days is None else words.counted(days, "working day")


def _keep_limits(session: Session, limits: Limits) -> None:
    own = {(limit.state, limit.kind): limit for limit in session.scalars(select(RequestLimit))}
    for (state, kind), days in limits.items():
        if (known := own.get((state.value, kind.value))) is not None:
            known.days = days
        elif days != request_limits.DEFAULTS[state, kind]:
            session.add(RequestLimit(state=state.value, kind=kind.value, days=days))
    session.flush()
