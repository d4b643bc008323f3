"""Which unit uses which service since when: beginning and ending several at once, seen from either side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, contains_eager

from crm import policy
from crm.errors import Invalid
from crm.policy import Action, Actor
from crm.services import catalogue, pages, words
from crm.services.search import contains
from models.question import Service, ServiceUse
from models.unit import BusinessUnit


class Show(StrEnum):
    """Which units of a service, or services of a unit, a list shows."""

    USED = "used"
    UNUSED = "unused"
    BEFORE = "before"


@dataclass(frozen=True)
class Pair:
    """A unit and a service that it is to use."""

    unit: BusinessUnit
    service: Service


def uses_of_service(
    session: Session, *, by: Actor, service: Service, before: bool = False, text: str = "", number: int = 1
) -> pages.Page[ServiceUse]:
    """By which units (loaded) it is used, by name; ``before``: was used, the latest first. One statement."""
    policy.require(by, Action.SEE_ASKING)
    mine = (
        select(ServiceUse)
        .join(ServiceUse.unit)
        .where(ServiceUse.service_id == service.id, policy.visible_units(by), _in_time(by.today, before=before))
        .options(contains_eager(ServiceUse.unit))
    )
    if text:
        mine = mine.where(contains(text, BusinessUnit.name, BusinessUnit.code))
    return pages.of_objects(session, mine.order_by(*_order(BusinessUnit.name.expression, before=before)), number)


def uses_of_unit(
    session: Session, *, by: Actor, unit: BusinessUnit, before: bool = False, text: str = "", number: int = 1
) -> pages.Page[ServiceUse]:
    """Which services (loaded) the unit uses, by name; ``before``: used, the latest first. One statement."""
    policy.require(by, Action.SET_SERVICES, unit)
    is_over = _in_time(by.today, before=True) | ~catalogue.in_service(by.today)
    in_use = _in_time(by.today, before=False) & catalogue.in_service(by.today)
    mine = (
        select(ServiceUse)
        .join(ServiceUse.service)
        .where(ServiceUse.unit_id == unit.id, is_over if before else in_use)
        .options(contains_eager(ServiceUse.service))
    )
    if text:
        mine = mine.where(contains(text, Service.name))
    return pages.of_objects(session, mine.order_by(*_order(Service.name.expression, before=before)), number)


def units_without(
    session: Session, *, by: Actor, service: Service, text: str = "", number: int = 1
) -> pages.Page[BusinessUnit]:
    """The open units that do not use it, by name. One statement."""
    policy.require(by, Action.SEE_ASKING)
    mine = select(BusinessUnit).where(
        BusinessUnit.closed_on.is_(None),
        policy.visible_units(by),
        ~exists().where(
            ServiceUse.unit_id == BusinessUnit.id, ServiceUse.service_id == service.id, ServiceUse.lasts(by.today)
        ),
    )
    if text:
        mine = mine.where(contains(text, BusinessUnit.name, BusinessUnit.code))
    return pages.of_objects(session, mine.order_by(func.lower(BusinessUnit.name), BusinessUnit.id), number)


def services_without(
    session: Session, *, by: Actor, unit: BusinessUnit, text: str = "", number: int = 1
) -> pages.Page[Service]:
    """What IT provides and the unit does not use, by name. One statement."""
    policy.require(by, Action.SET_SERVICES, unit)
    mine = select(Service).where(
        catalogue.in_service(by.today),
        ~exists().where(ServiceUse.service_id == Service.id, ServiceUse.unit_id == unit.id, ServiceUse.lasts(by.today)),
    )
    if text:
        mine = mine.where(contains(text, Service.name))
    return pages.of_objects(session, mine.order_by(func.lower(Service.name), Service.id), number)


def _in_time(today: date, *, before: bool) -> ColumnElement[bool]:
    is_over = ServiceUse.until.is_not(None) & (ServiceUse.until <= today)
    return is_over if before else ServiceUse.in_force(today)


def _order(name: ColumnElement[str], *, before: bool) -> tuple[ColumnElement[Any], ...]:
    by_name = (func.lower(name), ServiceUse.id.expression)
    return (ServiceUse.until.desc(), *by_name) if before else by_name


def begin(session: Session, *, by: Actor, pairs: Sequence[Pair], since: date | None) -> int:
    """These units use these services from that day on; those that do already are left as they are. Returns how many
    began. Raises Invalid("ids") for none, Invalid("since") for a day ahead or within an earlier use."""
    for pair in pairs:
        policy.require(by, Action.SET_SERVICES, pair.unit)
    if not pairs:
        raise Invalid("ids", "Tick at least one.")
    if since is None or since > by.today:
        raise Invalid("since", "Say since which day, today at the latest.")
    unit_ids, service_ids = {pair.unit.id for pair in pairs}, {pair.service.id for pair in pairs}
    # Of two who tick the same at once the second waits here, and finds it ticked.
    session.execute(select(BusinessUnit.id).where(BusinessUnit.id.in_(unit_ids)).with_for_update())
    held = session.scalars(
        select(ServiceUse).where(ServiceUse.unit_id.in_(unit_ids), ServiceUse.service_id.in_(service_ids))
    ).all()
    new = [pair for pair in pairs if not any(_is_of(use, pair) and _lasts(use, by.today) for use in held)]
    for pair in new:
        _refuse_within(held, pair, since, by.today)
    session.add_all(ServiceUse(unit_id=pair.unit.id, service_id=pair.service.id, since=since) for pair in new)
    session.flush()
    return len(new)


def _refuse_within(held: Sequence[ServiceUse], pair: Pair, since: date, today: date) -> None:
    ends = [use.until for use in held if _is_of(use, pair) and use.until and use.until > since]
    if ends:
        until = words.day(max(ends), today)
        raise Invalid(
            "since", f"{pair.unit.name} used {pair.service.name} until {until} already. Say a day from then on."
        )


def _is_of(use: ServiceUse, pair: Pair) -> bool:
    return (use.unit_id, use.service_id) == (pair.unit.id, pair.service.id)


def _lasts(use: ServiceUse, today: date) -> bool:
    return use.until is None or use.until > today


def end(session: Session, *, by: Actor, ids: Collection[int], unit_id: int | None = None, service_id: int = 0) -> int:
    """These uses, of that unit or of that service, end today; that they were stays. Returns how many.

    Raises Invalid("ids") for none, Forbidden for a unit that the actor may not change.
    """
    mine = ServiceUse.unit_id == unit_id if unit_id is not None else ServiceUse.service_id == service_id
    found = session.scalars(
        select(ServiceUse).where(ServiceUse.id.in_(ids), mine, ServiceUse.in_force(by.today)).with_for_update()
    ).all()
    if not found:
        raise Invalid("ids", "Tick at least one.")
    for use in found:
        policy.require(by, Action.SET_SERVICES, use)
        use.until = by.today
    session.flush()
    return len(found)
