"""A unit's rhythm: set by ending the old one and starting the new, so that history is kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Invalid
from crm.policy import Action, Actor
from crm.services import cadence_rules, review_planning, working_days
from crm.services.cadence_rules import LONGEST as LONGEST_PERIOD
from crm.services.cadence_rules import Rule
from crm.services.review_planning import Slot
from models.review import Cadence, DayRule
from models.unit import BusinessUnit

SHORTEST, LONGEST = 5, 480
PLACE_LENGTH = 200
#: How far ahead a rhythm may be set to begin.
AHEAD = timedelta(days=2 * 366)


def set_cadence(
    session: Session, *, by: Actor, unit: BusinessUnit, rule: Rule, place: str, since: date, today: date
) -> Cadence:
    """Give the unit this rhythm from ``since`` on, and plan its reviews anew. ``today`` is the unit's local date.

    What is past, held, skipped, prepared or moved stays. A rhythm that was to begin later never comes into force. The
    same rhythm again changes nothing. Raises what :func:`begin` raises.
    """
    cadence = begin(session, by=by, unit=unit, rule=rule, place=place, since=since, today=today)
    review_planning.plan(session, unit, today)
    return cadence


def begin(
    session: Session, *, by: Actor, unit: BusinessUnit, rule: Rule, place: str, since: date, today: date
) -> Cadence:
    """:func:`set_cadence` without planning: who sets many plans them all at once.

    Raises Invalid for an impossible rule, a beginning in the past or a closed unit, and Conflict("since") when somebody
    else changed the rhythm at the same moment.
    """
    policy.require(by, Action.SET_CADENCE, unit)
    if not unit.is_open:
        raise Invalid("since", f"{unit.name} is closed, so no reviews are due there.")
    refuse_impossible(rule, place, since, today)
    last = endless(session, unit.id)
    if last is not None and _is_the_same(last, rule, place, since):
        return last
    end_from(session, unit, since)
    return _start(session, unit, rule, place, since)


def _is_the_same(cadence: Cadence, rule: Rule, place: str, since: date) -> bool:
    """As the unit's own: one that follows the house becomes its own, even with the same words."""
    alike = cadence_rules.rule_of(cadence) == rule and cadence.place == place
    return alike and cadence.since <= since and not cadence.is_default


def end_from(session: Session, unit: BusinessUnit, since: date) -> None:
    """No rhythm of the unit goes on after that day."""
    goes_on = or_(Cadence.until.is_(None), Cadence.until > since)
    for cadence in session.scalars(select(Cadence).where(Cadence.unit_id == unit.id, goes_on)):
        cadence.until = max(cadence.since, since)
    session.flush()  # before the new one begins: one flush would insert first, and the database would refuse


def _start(session: Session, unit: BusinessUnit, rule: Rule, place: str, since: date) -> Cadence:
    cadence = Cadence(unit_id=unit.id, place=place, since=since, **vars(rule))
    try:
        with session.begin_nested():
            session.add(cadence)
    except IntegrityError as error:
        raise Conflict("since", "Somebody else has just changed this rhythm. Look at theirs first.") from error
    return cadence


def refuse_impossible(rule: Rule, place: str, since: date, today: date) -> None:
    """Raises Invalid beside the field of what cannot be."""
    nth = cadence_rules.NTH_WORKING if rule.day_rule is DayRule.WORKING_DAY else cadence_rules.NTH
    months = cadence_rules.MONTHS[rule.frequency]
    checks = (
        ("since", since >= today, "A rhythm begins today or later; what was before stays as it was."),
        ("since", since <= today + AHEAD, "Choose a day within the next two years."),
        ("anchor_month", 1 <= rule.anchor_month <= months, f"Choose a month from 1 to {months}."),
        ("nth", rule.nth in nth, f"Choose the first to {list(nth.values())[-2]}, or the last."),
        ("weekday", 0 <= rule.weekday <= 6, "Choose a day of the week."),
        ("month_day", 1 <= rule.month_day <= 31, "Choose a day from 1 to 31."),
        ("minutes", SHORTEST <= rule.minutes <= LONGEST, f"Choose between {SHORTEST} and {LONGEST} minutes."),
        ("place", len(place) <= PLACE_LENGTH, f"Keep the place under {PLACE_LENGTH} letters."),
    )
    for field, holds, message in checks:
        if not holds:
            raise Invalid(field, message)


def preview(
    session: Session, unit: BusinessUnit | None, rule: Rule, *, since: date, today: date, number: int
) -> list[Slot]:
    """Where the first reviews would be, were this the rhythm of the unit (None: of the house) from ``since`` on.

    Raises Invalid as setting it would.
    """
    refuse_impossible(rule, "", since, today)
    until = since + relativedelta(months=cadence_rules.MONTHS[rule.frequency] * (number + 1))
    calendar = working_days.calendar(
        session, unit_id=unit.id if unit else None, since=since, until=until + LONGEST_PERIOD
    )
    cadence = Cadence(since=since, **vars(rule))
    return list(review_planning.slots([cadence], since, until, calendar).values())[:number]


def current(session: Session, unit_id: int, today: date) -> Cadence | None:
    """The rhythm in force on that date; None when the unit has none."""
    return session.scalar(select(Cadence).where(Cadence.unit_id == unit_id, Cadence.in_force(today)))


def endless(session: Session, unit_id: int) -> Cadence | None:
    """The rhythm that goes on without an end; it may begin later. None when the unit has none."""
    return session.scalar(select(Cadence).where(Cadence.unit_id == unit_id, Cadence.until.is_(None)))


def current_of(session: Session, unit_ids: Collection[int], today: date) -> dict[int, Cadence]:
    """The rhythm in force of each of the units that has one, in one statement."""
    mine = select(Cadence).where(Cadence.unit_id.in_(unit_ids), Cadence.in_force(today))
    return {cadence.unit_id: cadence for cadence in session.scalars(mine)}
