"""Limits of a unit's chart drawn anew from a round on, for a reason; and taken back, for one too. Both are kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Invalid
from crm.policy import Action, Actor
from crm.services.clashes import told_as
from models.rating import Rebasing
from models.unit import BusinessUnit

REASON_LENGTH = 500


def holds(measure: str) -> ColumnElement[bool]:
    """Whether a rebasing is of this measure, and was not taken back."""
    return (Rebasing.measure == measure) & Rebasing.withdrawn_at.is_(None)


def rebase(
    session: Session,
    *,
    by: Actor,
    unit: BusinessUnit,
    measure: str,
    round_id: int | None,
    places: Collection[int],
    reason: str,
    now: datetime,
) -> Rebasing:
    """Draw the limits anew from this round on: something is different now, and everyone can read what. Those drawn
    anew from a later round stay in force. ``places``: the rounds one may begin at, all on the chart but the first.

    Raises Invalid("round_id" | "reason"), Conflict("round_id").
    """
    policy.require(by, Action.REBASE_CHART, unit)
    if round_id is None or round_id not in places:
        raise Invalid("round_id", "Choose from which round on, the second or a later one.")
    _check("reason", reason, "Say what is different since then.")
    made = Rebasing(unit_id=unit.id, round_id=round_id, measure=measure, reason=reason, made_at=now, made_by_id=by.id)
    with told_as(session, Conflict("round_id", "The limits begin anew there already.")):
        session.add(made)
    return made


def withdraw(
    session: Session, *, by: Actor, unit: BusinessUnit, rebasing_id: int | None, why: str, now: datetime
) -> Rebasing:
    """Take it back: the limits are as before. It stays in the record, with both reasons. Raises Invalid("rebasing_id" |
    "why")."""
    policy.require(by, Action.REBASE_CHART, unit)
    found = session.get(Rebasing, rebasing_id or 0, with_for_update=True)
    if found is None or found.unit_id != unit.id or found.withdrawn_at is not None:
        raise Invalid("rebasing_id", "Choose one that is in force.")
    _check("why", why, "Say why the limits are as before.")
    found.withdrawn_at, found.withdrawn_by_id, found.withdrawn_reason = now, by.id, why
    session.flush()
    return found


def _check(field: str, reason: str, missing: str) -> None:
    if not reason:
        raise Invalid(field, missing)
    if len(reason) > REASON_LENGTH:
        raise Invalid(field, f"Keep it under {REASON_LENGTH} letters.")
