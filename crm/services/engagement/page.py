"""What the page of a relationship shows to this reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services.engagement import danger, models, words
from crm.services.engagement.relations import Relation
from crm.services.engagement.words import Words
from models.engagement import DangerFlag, EngagementModel
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


def read(session: Session, *, by: Actor, unit: BusinessUnit) -> EngagementPage:
    """All of it, as far as this person may see it. Four statements at most. Raises Forbidden."""
    history = models.history(session, by=by, unit=unit)
    model = history[0].model if history else None
    return EngagementPage(
        unit=unit,
        history=history,
        words=words.of_unit(session, unit_id=unit.id, model=model),
        flags=danger.flags(session, unit_id=unit.id) if policy.can(by, Action.SEE_DANGER, unit) else (),
        conversations=models.conversations(session, unit=unit) if policy.can(by, Action.SET_ENGAGEMENT, unit) else (),
    )
