"""What holds for the whole organisation: its name, its time zone, whose public holidays count."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from models.setting import Setting


@dataclass(frozen=True)
class Organisation:
    name: str = "Your IT"
    time_zone: str = "UTC"
    #: Whose public holidays count, unless a unit says otherwise: ISO 3166 codes; "" when nobody has said.
    country: str = ""
    region: str = ""


CHOICES = tuple(choice.name for choice in fields(Organisation))


def current(session: Session) -> Organisation:
    """The choices in force: the newest row of each name."""
    newest = select(func.max(Setting.id)).where(Setting.name.in_(CHOICES)).group_by(Setting.name)
    chosen = {row.name: row.value for row in session.scalars(select(Setting).where(Setting.id.in_(newest)))}
    return Organisation(**chosen)


def change(session: Session, *, by: Actor, name: str, time_zone: str, reason: str, now: datetime) -> None:
    """Say what differs anew; what was stays as history."""
    policy.require(by, Action.CHANGE_SETTINGS)
    before = current(session)
    for setting, old, new in (("name", before.name, name), ("time_zone", before.time_zone, time_zone)):
        if old != new:
            session.add(Setting(name=setting, value=new, at=now, by_id=by.id, reason=reason))
