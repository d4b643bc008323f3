"""The services of IT, by the names the business knows them by, and which unit uses which since when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import pages
from crm.services.clashes import told_as
from crm.services.search import contains
from models.question import Service, ServiceUse
from models.unit import BusinessUnit

NAME_LENGTH = 80
BY_NAME = (func.lower(Service.name), Service.id)
TAKEN = "There is a service of that name already."


class Order(StrEnum):
    NAME = "name"
    USE = "use"


@dataclass(frozen=True)
class Line:
    """A service in a list, and how many of the units the reader sees use it."""

    service: Service
    units: int


def used_by(session: Session, *, unit_id: int, today: date) -> Sequence[Service]:
    """What the unit uses that day, by name. One statement."""
    used = exists().where(
        ServiceUse.service_id == Service.id, ServiceUse.unit_id == unit_id, ServiceUse.in_force(today)
    )
    return session.scalars(select(Service).where(used, in_service(today)).order_by(*BY_NAME)).all()


def in_service(today: date) -> ColumnElement[bool]:
    """The condition that IT still provides it."""
    return Service.ended_on.is_(None) | (Service.ended_on > today)


def listed(
    session: Session, *, by: Actor, text: str = "", ended: bool = False, order: Order = Order.NAME, number: int = 1
) -> pages.Page[Line]:
    """What IT provides, or what it no longer does: by name, or what most units use first. One statement."""
    policy.require(by, Action.SEE_ASKING)
    units = _units_using(by)
    wanted = select(Service, units.label("units")).where(~in_service(by.today) if ended else in_service(by.today))
    if text:
        wanted = wanted.where(contains(text, Service.name))
    if order is Order.USE:
        wanted = wanted.order_by(units.desc())
    found = pages.of_rows(session, wanted.order_by(*BY_NAME), number)
    return pages.Page([Line(row.Service, row.units) for row in found.rows], found.number, found.has_next)


def _units_using(by: Actor) -> ScalarSelect[int]:
    mine = (
        ServiceUse.service_id == Service.id,
        ServiceUse.in_force(by.today),
        BusinessUnit.closed_on.is_(None),
        policy.visible_units(by),
    )
    counted = select(func.count(func.distinct(ServiceUse.unit_id))).join(ServiceUse.unit).where(*mine)
    return counted.correlate(Service).scalar_subquery()


def find(session: Session, *, by: Actor, service_id: int) -> Service:
    """Raises NotFound."""
    policy.require(by, Action.SEE_ASKING)
    found = session.get(Service, service_id)
    if found is None:
        raise NotFound("There is no such service.")
    return found


def add(session: Session, *, by: Actor, name: str) -> Service:
    """A new service. Raises Invalid("name") without one, Conflict("name") when another has it."""
    policy.require(by, Action.MANAGE_ASKING)
    _refuse_bad_name(name)
    service = Service(name=name, name_key=_key(name))
    with told_as(session, Conflict("name", TAKEN)):
        session.add(service)
    return service


def rename(session: Session, *, by: Actor, service: Service, name: str) -> None:
    """What was answered about it stays with it. Raises Invalid("name"), Conflict("name")."""
    policy.require(by, Action.MANAGE_ASKING)
    _refuse_bad_name(name)
    with told_as(session, Conflict("name", TAKEN)):
        service.name, service.name_key = name, _key(name)


def end(session: Session, *, by: Actor, service: Service) -> None:
    """IT provides it no longer: nobody is asked about it from today on. Who used it, and what was said, stays."""
    policy.require(by, Action.MANAGE_ASKING)
    if service.ended_on is None:
        service.ended_on = by.today
        session.flush()


def take_up(session: Session, *, by: Actor, service: Service) -> None:
    """Undo the end: who used it uses it again."""
    policy.require(by, Action.MANAGE_ASKING)
    service.ended_on = None
    session.flush()


def known(session: Session, *, ids: Collection[int], today: date) -> Sequence[Service]:
    """Those of these services that IT still provides, by name. One statement."""
    return session.scalars(select(Service).where(Service.id.in_(ids), in_service(today)).order_by(*BY_NAME)).all()


def _refuse_bad_name(name: str) -> None:
    if not name:
        raise Invalid("name", "Say what the business calls it.")
    if len(name) > NAME_LENGTH:
        raise Invalid("name", f"Keep the name under {NAME_LENGTH} letters.")


def _key(name: str) -> str:
    """The form in which names are compared."""
    return " ".join(name.casefold().split())
