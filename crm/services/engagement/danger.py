"""The danger zone of a unit: signs are raised, kept up to date and taken down as behaviour goes; people answer them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import organisation
from crm.services.engagement import looking, thresholds
from crm.services.engagement.behaviour import Fact
from crm.services.engagement.signs import RULES, Sign
from models.base import Json
from models.engagement import DangerFlag, DangerRule

LONGEST = 2_000

Place = tuple[int, DangerRule]


def facts_of(flag: DangerFlag) -> list[Fact]:
    """Its evidence, newest first."""
    return sorted((Fact.of(kept) for kept in flag.evidence.get("facts", ())), reverse=True)


def clears(flag: DangerFlag) -> str:
    """What would clear it, as a sentence."""
    return str(flag.evidence.get("clears", ""))


def flags(session: Session, *, unit_id: int) -> Sequence[DangerFlag]:
    """Those that are up, first what nobody answered. One statement; the caller has checked the right to see them."""
    up = select(DangerFlag).where(DangerFlag.unit_id == unit_id, DangerFlag.cleared_at.is_(None))
    answered = DangerFlag.acknowledged_at.is_not(None)
    return session.scalars(
        up.options(joinedload(DangerFlag.acknowledged_by)).order_by(answered, DangerFlag.raised_at, DangerFlag.id)
    ).all()


def acknowledge(session: Session, *, by: Actor, flag_id: int, reason: str, now: datetime) -> DangerFlag:
    """Answer a sign: a false alarm, or known and meant. It comes back with new evidence only.

    Raises NotFound, Forbidden, Invalid("reason"), Conflict("reason") when it was answered or went meanwhile.
    """
    flag = session.get(DangerFlag, flag_id, with_for_update=True)
    if flag is None or not policy.can(by, Action.SEE_DANGER, flag):
        raise NotFound("There is no such sign.")
    policy.require(by, Action.ACKNOWLEDGE_DANGER, flag)
    if flag.cleared_at is not None:
        raise Conflict("reason", "This sign has gone in the meantime.")
    if flag.acknowledged_at is not None:
        raise Conflict("reason", "Somebody answered this in the meantime.")
    if not reason:
        raise Invalid("reason", "Say why this is no danger.")
    if len(reason) > LONGEST:
        raise Invalid("reason", f"Keep it under {LONGEST:,} letters.")
    flag.acknowledged_at, flag.acknowledged_by_id, flag.reason = now, by.id, reason
    session.flush()
    return flag


def look(session: Session, *, now: datetime, unit_ids: Collection[int] | None = None) -> int:
    """Look at the behaviour of these units, or of all, and bring their signs up to date; how many changed.

    Twice is as good as once. Ten statements however many units, and one for each sign that is raised.
    """
    limits = thresholds.of(organisation.current(session))
    seen: dict[Place, Sign] = {}
    for behaviour in looking.read(session, limits=limits, now=now, unit_ids=unit_ids):
        for rule, judge in RULES.items():
            if sign := judge(behaviour, limits):
                seen[behaviour.unit_id, rule] = sign
    return _keep(session, seen, _kept(session, unit_ids), now)


def _kept(session: Session, unit_ids: Collection[int] | None) -> Sequence[DangerFlag]:
    """What is up, and what was ever answered."""
    told = select(DangerFlag).where(or_(DangerFlag.cleared_at.is_(None), DangerFlag.acknowledged_at.is_not(None)))
    if unit_ids is not None:
        told = told.where(DangerFlag.unit_id.in_(unit_ids))
    return session.scalars(told.order_by(DangerFlag.id)).all()


def _keep(session: Session, seen: Mapping[Place, Sign], kept: Sequence[DangerFlag], now: datetime) -> int:
    up = {(flag.unit_id, flag.rule): flag for flag in kept if flag.cleared_at is None}
    answered: dict[Place, set[str]] = defaultdict(set)
    for flag in kept:
        if flag.acknowledged_at is not None:
            answered[flag.unit_id, flag.rule] |= {fact.key for fact in facts_of(flag)}
    changes = 0
    for place in sorted({*seen, *up}):
        changes += _settle(session, place, up.get(place), seen.get(place), answered[place], now)
    return changes


def _settle(
    session: Session, place: Place, flag: DangerFlag | None, sign: Sign | None, answered: set[str], now: datetime
) -> bool:
    """One sign of one unit; whether anything changed."""
    if sign is None:
        return _take_down(session, flag, now)
    evidence = _evidence(sign, answered)
    is_news = not {fact.key for fact in sign.facts} <= answered
    if flag is None:
        return is_news and _raise(session, place, evidence, now)
    if flag.acknowledged_at is not None:
        return is_news and _take_down(session, flag, now) and _raise(session, place, evidence, now)
    if flag.evidence == evidence:
        return False
    flag.evidence = evidence
    return True


def _evidence(sign: Sign, answered: set[str]) -> Json:
    facts = [replace(fact, is_known=fact.key in answered) for fact in sign.facts]
    return {"facts": [fact.json for fact in sorted(facts)], "clears": sign.clears}


def _take_down(session: Session, flag: DangerFlag | None, now: datetime) -> bool:
    if flag is None:
        return False
    flag.cleared_at = now
    session.flush()
    return True


def _raise(session: Session, place: Place, evidence: Json, now: datetime) -> bool:
    unit_id, rule = place
    try:
        with session.begin_nested():
            session.add(DangerFlag(unit_id=unit_id, rule=rule, raised_at=now, evidence=evidence))
            session.flush()
    except IntegrityError:
        return False  # somebody else looked at the same moment
    return True
