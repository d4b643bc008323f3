"""What the page of a relationship shows to this reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.policy import Action, Actor
from crm.services.engagement import danger, models, words
from crm.services.engagement.relations import Relation
from crm.services.engagement.words import Words
from models.engagement import DangerFlag, EngagementModel, EngagementWords
from models.meeting import Meeting
from models.unit import BusinessUnit


@dataclass(frozen=True)
class EngagementPage:
    unit: BusinessUnit
    #: Newest first.
    history: Sequence[EngagementModel]
    words: Words
    #: Read by IT only; what nobody answered first.
    flags: Sequence[DangerFlag]
    #: In which a change can have been agreed; for who may change it.
    conversations: Sequence[Meeting]

    @property
    def current(self) -> EngagementModel | None:
        """The one that holds; a model never begins in the future."""
        return self.history[0] if self.history else None

    @property
    def relation(self) -> Relation:
        return Relation(self.words.called, self.current.since if self.current else None)

    @property
    def waiting(self) -> list[DangerFlag]:
        """Signs nobody answered."""
        return [flag for flag in self.flags if flag.acknowledged_at is None]


def read(session: Session, *, by: Actor, unit: BusinessUnit, changes: bool = False) -> EngagementPage:
    """All of it, as far as this person may see it; ``changes``: with the conversations in which another model can have
    been agreed. Three statements at most. Raises Forbidden."""
    policy.require(by, Action.SEE_ENGAGEMENT, unit)
    rows = session.execute(_said(unit)).all()
    history = [row.EngagementModel for row in rows if row.EngagementModel is not None]
    chooses = changes and policy.can(by, Action.SET_ENGAGEMENT, unit)
    return EngagementPage(
        unit=unit,
        history=history,
        words=words.told(rows[0].EngagementWords, history[0].model if history else None),
        flags=danger.flags(session, unit_id=unit.id) if policy.can(by, Action.SEE_DANGER, unit) else (),
        conversations=models.conversations(session, unit=unit) if chooses else (),
    )


def _said(unit: BusinessUnit) -> Select[EngagementModel | None, EngagementWords | None]:
    """The newest words, beside each model of the unit; one row at least."""
    newest = select(func.max(EngagementWords.id)).where(EngagementWords.unit_id == unit.id).scalar_subquery()
    return (
        select(EngagementModel, EngagementWords)
        .select_from(BusinessUnit)
        .outerjoin(EngagementModel, EngagementModel.unit_id == BusinessUnit.id)
        .outerjoin(EngagementWords, EngagementWords.id == newest)
        .where(BusinessUnit.id == unit.id)
        .options(joinedload(EngagementModel.by), joinedload(EngagementModel.meeting))
        .order_by(EngagementModel.since.desc(), EngagementModel.id.desc())
    )
