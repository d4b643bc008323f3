"""How we ask: what opens by itself, how often somebody may be asked, and how each group answers. Kept with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Invalid
from crm.policy import Action, Actor
from crm.services import organisation, pages
from crm.services.organisation import Organisation
from models.person import Person
from models.question import Instrument
from models.rating import Confidentiality
from models.setting import Setting

REASON_LENGTH = 500


@dataclass(frozen=True)
class Rules:
    #: These open by themselves.
    opens: frozenset[Instrument] = frozenset(Instrument)
    #: Nobody is asked more than once in so many days.
    rest_days: int = 30
    #: How key users answer the survey.
    key_users: Confidentiality = Confidentiality.NAMED
    #: How end users answer their pulse of the quarter; None: they are not asked.
    end_users: Confidentiality | None = None
    #: Of a larger group so many are drawn.
    sample: int = 40

    REST: ClassVar = range(7, 366)
    SAMPLES: ClassVar = range(10, 1001)


def of(house: Organisation) -> Rules:
    return Rules(
        opens=frozenset(Instrument(name) for name in house.asks.split()),
        rest_days=int(house.rest_days),
        key_users=Confidentiality(house.key_users),
        end_users=Confidentiality(house.end_users) if house.end_users else None,
        sample=int(house.sample),
    )


def current(session: Session) -> Rules:
    """Those in force. One statement."""
    return of(organisation.current(session))


def change(session: Session, *, by: Actor, wanted: Rules, reason: str, now: datetime) -> bool:
    """Ask like this from now on; what was stays as history, and rounds that are open stay as they are.

    Returns whether anything differs. Raises Invalid on "rest_days", "sample", "end_users" or "reason".
    """
    policy.require(by, Action.MANAGE_ASKING)
    _refuse(wanted, reason)
    house = organisation.current(session)
    kept = replace(house, **_kept(wanted))
    changed = organisation.change(session, by=by, wanted=kept, reason=reason, now=now, right=Action.MANAGE_ASKING)
    return bool(changed)


def _kept(rules: Rules) -> dict[str, str]:
    return {
        "asks": " ".join(one.value for one in Instrument if one in rules.opens),
        "rest_days": str(rules.rest_days),
        "key_users": rules.key_users.value,
        "end_users": rules.end_users.value if rules.end_users else "",
        "sample": str(rules.sample),
    }


NAMES = tuple(_kept(Rules()))


def _refuse(wanted: Rules, reason: str) -> None:
    checks = (
        ("rest_days", wanted.rest_days in Rules.REST, "Choose between 7 and 365 days."),
        ("sample", wanted.sample in Rules.SAMPLES, "Choose between 10 and 1,000 people."),
        ("end_users", wanted.end_users is not Confidentiality.NAMED, "End users are not asked by name."),
        ("reason", bool(reason), "Say why, for whoever wonders later."),
        ("reason", len(reason) <= REASON_LENGTH, f"Keep the reason under {REASON_LENGTH} letters."),
    )
    for field, holds, message in checks:
        if not holds:
            raise Invalid(field, message)


def history(session: Session, *, by: Actor, number: int = 1) -> pages.Page[Row[Setting, Person]]:
    """What was changed: each choice with who said so, the newest first. One statement a page."""
    policy.require(by, Action.MANAGE_ASKING)
    kept = select(Setting, Person).outerjoin(Person, Person.id == Setting.by_id).where(Setting.name.in_(NAMES))
    return pages.of_rows(session, kept.order_by(Setting.id.desc()), number, size=10)
