"""Reading the audit trail."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.policy import Action, Actor
from crm.services import pages
from models.audit import AuditEntry


def listed(
    session: Session, *, by: Actor, entity: str = "", entity_id: str = "", number: int = 1
) -> pages.Page[AuditEntry]:
    """What was changed, newest first; of one kind of thing, or one thing, when given."""
    policy.require(by, Action.SEE_AUDIT)
    wanted = select(AuditEntry).options(joinedload(AuditEntry.by))
    if entity:
        wanted = wanted.where(AuditEntry.entity == entity)
    if entity_id:
        wanted = wanted.where(AuditEntry.entity_id == entity_id)
    return pages.of_objects(session, wanted.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()), number)
