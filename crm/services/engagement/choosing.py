"""Choosing from when on behaviour counts as a danger sign: with a reason, and every unit is looked at again at once."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Invalid
from crm.policy import Action, Actor
from crm.services import organisation, pages
from crm.services.engagement import danger
from crm.services.engagement.thresholds import DAYS, NAMES, PERIODS, TIMES, Thresholds
from models.person import Person
from models.setting import Setting

REASON_LENGTH = 500


def change(session: Session, *, by: Actor, wanted: Thresholds, reason: str, now: datetime) -> bool:
    """Count like this from now on, and look at every unit again; whether anything differs.

    Raises Invalid on a threshold's name or on "reason".
    """
    policy.require(by, Action.SET_REQUEST_RULES)
    _refuse(wanted, reason)
    house = organisation.current(session)
    kept = replace(house, **{name: str(value) for name, value in asdict(wanted).items()})
    right = Action.SET_REQUEST_RULES
    changed = organisation.change(session, by=by, wanted=kept, reason=reason, now=now, right=right)
    if changed:
        session.flush()
        danger.look(session, now=now)
    return bool(changed)


def _refuse(wanted: Thresholds, reason: str) -> None:
    for name in NAMES:
        known = DAYS if name.endswith("_days") else PERIODS if name.endswith("_periods") else TIMES
        if getattr(wanted, name) not in known:
            raise Invalid(name, f"Choose between {known.start} and {known.stop - 1:,}.")
    if not reason:
        raise Invalid("reason", "Say why, for whoever wonders later.")
    if len(reason) > REASON_LENGTH:
        raise Invalid("reason", f"Keep the reason under {REASON_LENGTH} letters.")


def history(session: Session, *, by: Actor, number: int = 1) -> pages.Page[Row[Setting, Person]]:
    """What was changed: each choice with who said so, the newest first. One statement a page."""
    policy.require(by, Action.SET_REQUEST_RULES)
    kept = select(Setting, Person).outerjoin(Person, Person.id == Setting.by_id).where(Setting.name.in_(NAMES))
    return pages.of_rows(session, kept.order_by(Setting.id.desc()), number, size=10)
