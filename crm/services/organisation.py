"""What holds for the whole organisation: its name, its time zone, whose public holidays count."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
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
    #: The rhythm of the house, as ``crm.services.house_rhythm`` writes it; "" for none.
    cadence: str = ""
    #: The language mail is written in, unless a person says otherwise.
    language: str = "en"
    #: In what money is counted: a key of ``crm.services.request_facts.CURRENCIES``.
    currency: str = "EUR"
    #: After how many working days a complaint goes up, as ``crm.services.complaint_rules`` reads it: for each severity
    #: to who leads the rep, and to the CIO; 0 is at once.
    complaint_days: str = "minor 10 20, serious 3 6, critical 0 1"
    #: How we ask, as ``crm.services.rounds.rules`` reads it: which instruments open by themselves, for how many days
    #: nobody is asked again, how key users and end users answer ("" for not at all), how many are drawn of many.
    asks: str = "pulse survey project"
    rest_days: str = "30"
    key_users: str = "named"
    end_users: str = ""
    sample: str = "40"
    #: When behaviour contradicts a unit's model, as ``crm.services.engagement.thresholds`` reads it.
    danger_refusals: str = "1"
    danger_refusal_days: str = "365"
    danger_bendings: str = "1"
    danger_bending_days: str = "365"
    danger_silent_periods: str = "2"
    danger_our_meetings: str = "2"
    danger_switches: str = "2"
    danger_switch_days: str = "365"


CHOICES = tuple(choice.name for choice in fields(Organisation))
#: The newest row of each name. Asked with every request, so put together once.
_NEWEST = select(func.max(Setting.id)).where(Setting.name.in_(CHOICES)).group_by(Setting.name)
_IN_FORCE = select(Setting.name, Setting.value).where(Setting.id.in_(_NEWEST))


def current(session: Session) -> Organisation:
    """The choices in force."""
    return Organisation(**{row.name: row.value for row in session.execute(_IN_FORCE)})


def change(
    session: Session,
    *,
    by: Actor,
    wanted: Organisation,
    reason: str,
    now: datetime,
    right: Action = Action.CHANGE_SETTINGS,
) -> frozenset[str]:
    """Say what differs anew; what was stays as history. Returns the names of the choices that differ."""
    policy.require(by, right)
    before, after = asdict(current(session)), asdict(wanted)
    changed = frozenset(name for name in CHOICES if before[name] != after[name])
    session.add_all(
        Setting(name=name, value=after[name], at=now, by_id=by.id, reason=reason) for name in CHOICES if name in changed
    )
    return changed
