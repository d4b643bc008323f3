"""A unit's own words for the relationship: what it is called, and what each side may expect of the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Invalid
from crm.policy import Action, Actor
from crm.services.engagement import standing
from models.engagement import Called, EngagementWords, Model
from models.unit import BusinessUnit

LONGEST = 4_000


@dataclass(frozen=True)
class Words:
    """What holds for a unit. ``is_own``: somebody wrote it for this unit; else the house's usual words."""

    called: Called
    unit_may_expect: str
    it_may_expect: str
    is_own: bool = False


#: What each side may expect before a unit has words of its own.
USUAL: Mapping[Model | None, tuple[str, str]] = {
    Model.CUSTOMER: (
        "An answer within the days we promise, to everything you ask.\n"
        "Standard services as the catalogue describes them.\n"
        "When we say no: why, and what we can offer instead.",
        "Requests with the business need behind them.\n"
        "That standard services do, where they do the job.\n"
        "Your word when something is done, or is not.",
    ),
    Model.PARTNER: (
        "A seat where we plan, before things are decided.\n"
        "Offers, not only answers: we come to you with ideas.\n"
        "When we say no: why, and what we can offer instead.",
        "A seat where you plan, before things are decided.\n"
        "People of yours who share the work, and their time.\n"
        "That what we agree on together holds for both.",
    ),
    None: (
        "An answer to everything you ask.\nWhen we say no: why, and what we can offer instead.",
        "Requests with the business need behind them.\nYour word when something is done, or is not.",
    ),
}


def usual(model: Model | None) -> Words:
    """The words of the house for that model."""
    theirs, ours = USUAL[model]
    return Words(Called(model.value) if model else standing.UNSAID, theirs, ours)


def of_unit(session: Session, *, unit_id: int, model: Model | None) -> Words:
    """The newest words of the unit, or the usual ones of its model. One statement."""
    mine = select(EngagementWords).where(EngagementWords.unit_id == unit_id)
    return told(session.scalars(mine.order_by(EngagementWords.id.desc()).limit(1)).first(), model)


def told(newest: EngagementWords | None, model: Model | None) -> Words:
    """The words kept last, each empty side as usual; all as usual where none are."""
    if newest is None:
        return usual(model)
    otherwise = usual(model)
    return Words(
        newest.called,
        newest.unit_may_expect or otherwise.unit_may_expect,
        newest.it_may_expect or otherwise.it_may_expect,
        is_own=True,
    )


def words_of(session: Session, *, unit_ids: Collection[int]) -> Mapping[int, Called]:
    """What each of these units is called: the one place that knows. One statement, none for no units."""
    if not unit_ids:
        return {}
    rows = session.execute(
        select(BusinessUnit.id, standing.called(BusinessUnit.id)).where(BusinessUnit.id.in_(unit_ids))
    )
    return {unit_id: Called(called) for unit_id, called in rows}


def say(
    session: Session,
    *,
    by: Actor,
    unit: BusinessUnit,
    called: Called,
    unit_may_expect: str,
    it_may_expect: str,
    now: datetime,
) -> EngagementWords | None:
    """Keep how the unit puts it; what was stays. None where nothing differs from what holds.

    An empty side falls back to the usual words of its model. Raises Invalid("unit_may_expect" | "it_may_expect").
    """
    policy.require(by, Action.SET_ENGAGEMENT, unit)
    for field, text in (("unit_may_expect", unit_may_expect), ("it_may_expect", it_may_expect)):
        if len(text) > LONGEST:
            raise Invalid(field, f"Keep it under {LONGEST:,} letters.")
    kept = session.scalar(select(standing.model(BusinessUnit.id)).where(BusinessUnit.id == unit.id))
    model = Model(kept) if kept else None
    before, otherwise = of_unit(session, unit_id=unit.id, model=model), usual(model)
    if (before.called, before.unit_may_expect, before.it_may_expect) == (called, unit_may_expect, it_may_expect):
        return None
    made = EngagementWords(
        unit_id=unit.id,
        called=called,
        # What is as usual goes on following the model.
        unit_may_expect="" if unit_may_expect == otherwise.unit_may_expect else unit_may_expect,
        it_may_expect="" if it_may_expect == otherwise.it_may_expect else it_may_expect,
        at=now,
        by_id=by.id,
    )
    session.add(made)
    session.flush()
    return made


def follow(session: Session, *, by: Actor, unit: BusinessUnit, model: Model, now: datetime) -> None:
    """A unit called by its model is called by the new one from now on; "colleague" stays. One statement, or two."""
    mine = select(EngagementWords).where(EngagementWords.unit_id == unit.id)
    newest = session.scalars(mine.order_by(EngagementWords.id.desc()).limit(1)).first()
    if newest is None or newest.called in (Called.COLLEAGUE, Called(model.value)):
        return
    texts = {"unit_may_expect": newest.unit_may_expect, "it_may_expect": newest.it_may_expect}
    session.add(EngagementWords(unit_id=unit.id, called=Called(model.value), at=now, by_id=by.id, **texts))
