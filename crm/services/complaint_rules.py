"""After how many working days without an answer a complaint goes up by itself: to who leads the rep, and to the CIO."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Invalid
from crm.policy import Action, Actor
from crm.services import organisation, request_limits
from crm.services.organisation import Organisation
from crm.services.working_days import Calendar
from models.request import Severity

#: The levels of the ladder.
OWNER, LEADER, CIO = 1, 2, 3
MOST = request_limits.MOST


@dataclass(frozen=True)
class Patience:
    """Working days after the day of the complaint; 0 is at once."""

    leader: int
    cio: int


Rules = Mapping[Severity, Patience]


def rules_of(house: Organisation) -> Rules:
    """What holds in the house: "minor 10 20, serious 3 6, critical 0 1" as it is kept."""
    return {**_read(Organisation.complaint_days), **_read(house.complaint_days)}


def _read(kept: str) -> dict[Severity, Patience]:
    told = (part.split() for part in kept.split(",") if part.strip())
    return {Severity(name): Patience(int(leader), int(cio)) for name, leader, cio in told}


def current(session: Session) -> Rules:
    """The same, read. One statement."""
    return rules_of(organisation.current(session))


def change(session: Session, *, by: Actor, rules: Rules, reason: str, now: datetime) -> bool:
    """Say them anew; what was stays as history. Returns whether anything differs.

    Raises Invalid("reason") without one, Invalid("minor_leader" and so on) for what cannot be, Forbidden.
    """
    policy.require(by, Action.SET_REQUEST_RULES)
    if not reason:
        raise Invalid("reason", "Say why; it is kept with the change.")
    for severity, patience in rules.items():
        _check(severity, patience)
    house = organisation.current(session)
    told = {**rules_of(house), **rules}
    kept = ", ".join(f"{severity.value} {told[severity].leader} {told[severity].cio}" for severity in Severity)
    wanted = replace(house, complaint_days=kept)
    right = Action.SET_REQUEST_RULES
    return bool(organisation.change(session, by=by, wanted=wanted, reason=reason, now=now, right=right))


def _check(severity: Severity, patience: Patience) -> None:
    for name, days in (("leader", patience.leader), ("cio", patience.cio)):
        if not 0 <= days <= MOST:
            raise Invalid(f"{severity.value}_{name}", f"Between 0 (at once) and {MOST} working days.")
    if patience.cio < patience.leader:
        raise Invalid(f"{severity.value}_cio", "The CIO comes after who leads the rep, or on the same day.")


def level_due(rules: Rules, *, severity: Severity, since: date, today: date, calendar: Calendar) -> int:
    """How far up a complaint of that day should be by now: 1, 2 or 3."""
    patience = rules[severity]
    if _is_past(since, patience.cio, today, calendar):
        return CIO
    return LEADER if _is_past(since, patience.leader, today, calendar) else OWNER


def _is_past(since: date, days: int, today: date, calendar: Calendar) -> bool:
    return today >= request_limits.after(since, days, calendar)
