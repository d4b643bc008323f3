"""Reading the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.policy import Action, Actor
from crm.services import pages
from models.audit import AuditEntry, Change
from models.person import Person

#: What an administrator may know has changed, and by whom, but not read: what was said between IT and the units.
BETWEEN_OTHERS = frozenset(
    {
        "action",
        "action_step",
        "attendance",
        "decision",
        "meeting",
        "minutes_reply",
        "minutes_version",
        "praise",
        "request",
        "response",
    }
)
#: The columns of those tables that hold words.
TEXTS = frozenset(
    {
        "alternative",
        "business_need",
        "comment",
        "internal_notes",
        "minutes",
        "reason",
        "score",
        "text",
        "title",
        "words",
    }
)
NOT_SHOWN = "…"


@dataclass(frozen=True)
class Line:
    """One change: fields with what they were and what they became."""

    at: datetime
    by: Person | None
    change: Change
    entity: str
    entity_id: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def listed(session: Session, *, by: Actor, entity: str = "", entity_id: str = "", number: int = 1) -> pages.Page[Line]:
    """What was changed, newest first; of one kind of thing, or one thing, when given."""
    policy.require(by, Action.SEE_AUDIT)
    wanted = select(AuditEntry).options(joinedload(AuditEntry.by))
    if entity:
        wanted = wanted.where(AuditEntry.entity == entity)
    if entity_id:
        wanted = wanted.where(AuditEntry.entity_id == entity_id)
    found = pages.of_objects(session, wanted.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()), number)
    return pages.Page([_line(entry) for entry in found.rows], found.number, found.has_next)


def _line(entry: AuditEntry) -> Line:
    return Line(
        entry.at,
        entry.by,
        entry.change,
        entry.entity,
        entry.entity_id,
        _readable(entry.entity, entry.before),
        _readable(entry.entity, entry.after),
    )


def _readable(entity: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Texts between others are hidden; ids, days and states tell enough to follow a trace."""
    if entity not in BETWEEN_OTHERS:
        return values
    return {name: NOT_SHOWN if name in TEXTS and value else value for name, value in values.items()}
