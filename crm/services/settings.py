"""What an administrator chooses for everyone, and what follows from it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import countries, languages, organisation, review_planning
from crm.services.organisation import Organisation


def change(session: Session, *, by: Actor, wanted: Organisation, reason: str, today: date, now: datetime) -> None:
    """Keep these choices with their reason. Another country or region moves the reviews that fall on its holidays.

    Raises Invalid("country"), Invalid("region") and Invalid("language") for what nobody knows.
    """
    policy.require(by, Action.CHANGE_SETTINGS)
    countries.refuse_unknown(wanted.country, wanted.region)
    languages.refuse_unknown(wanted.language)
    changed = organisation.change(session, by=by, wanted=wanted, reason=reason, now=now)
    if changed & {"country", "region"}:
        session.flush()
        review_planning.plan_all(session, today)
