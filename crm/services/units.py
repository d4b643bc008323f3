"""Business units: the tree, and the list of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from crm import policy
from crm.errors import Conflict, Invalid
from crm.policy import Action, Actor
from crm.services import countries, house_rhythm, organisation, pages, review_planning
from crm.services.clashes import told_as
from crm.services.search import contains
from crm.services.statements import put_together_once
from models.person import Person
from models.unit import Assignment, BusinessUnit, Cover, Membership, Part

TREE_SIZE = 50
TAKEN = "Another unit has that code."
MAIL_TAKEN = "Mail to that name goes to {unit}."


@dataclass(frozen=True)
class UnitLine:
    """A unit in a list. ``depth`` counts from 0 at the top of what the reader may see."""

    unit: BusinessUnit
    head: Person | None
    lead: Person | None
    depth: int = 0


@dataclass(frozen=True)
class Filter:
    """Which units. ``cover``: "" all, "none" without a lead rep."""

    text: str = ""
    rep_id: int | None = None
    cover: str = ""

    @property
    def is_set(self) -> bool:
        return bool(self.text or self.rep_id or self.cover)


@dataclass(frozen=True)
class Facts:
    """What is said of a unit itself."""

    code: str
    name: str
    parent_id: int | None
    time_zone: str
    #: ISO 3166 codes; None: as the organisation.
    country: str | None = None
    region: str | None = None
    #: Lower case; None: mail cannot be sent to it.
    mail_name: str | None = None
    #: "IT round table"; "": a review.
    calls_review: str = ""


def create(session: Session, *, by: Actor, facts: Facts) -> BusinessUnit:
    """A new unit; it follows the rhythm of the house.

    Raises Conflict("code") or Conflict("mail_name") when it is taken, Invalid("country") and Invalid("region") for
    places nobody knows.
    """
    policy.require(by, Action.MANAGE_UNITS)
    _refuse_unknown_place(session, facts)
    _refuse_taken_mail_name(session, facts)
    unit = BusinessUnit(**asdict(facts))
    with told_as(session, Conflict("code", TAKEN)):
        session.add(unit)
    house_rhythm.follow(session, [unit.id], by.today)
    return unit


def change(session: Session, *, by: Actor, unit: BusinessUnit, facts: Facts) -> None:
    """Raises what :func:`create` raises, and Invalid("parent_id") when a unit would come to lie below itself."""
    policy.require(by, Action.MANAGE_UNITS, unit)
    _refuse_unknown_place(session, facts)
    _refuse_taken_mail_name(session, facts, unit.id)
    if facts.parent_id is not None and facts.parent_id in ids_below(session, unit.id):
        raise Invalid("parent_id", f"That unit lies below {unit.name}, so it cannot be above it too.")
    with told_as(session, Conflict("code", TAKEN)):
        for name, value in asdict(facts).items():
            setattr(unit, name, value)
    # Ten o'clock is another instant in another time zone, and another country keeps other holidays.
    review_planning.plan(session, unit, by.today)


def _refuse_unknown_place(session: Session, facts: Facts) -> None:
    countries.refuse_unknown(facts.country or organisation.current(session).country, facts.region)


def _refuse_taken_mail_name(session: Session, facts: Facts, unit_id: int | None = None) -> None:
    """In words, before the database refuses it."""
    if facts.mail_name is None:
        return
    holder = session.scalar(select(BusinessUnit).where(BusinessUnit.mail_name == facts.mail_name))
    if holder and holder.id != unit_id:
        raise Conflict("mail_name", MAIL_TAKEN.format(unit=holder.name))


def close(session: Session, *, by: Actor, unit: BusinessUnit, on: date) -> None:
    """No reviews are due from now on; the history stays. Raises Invalid while open units lie below it."""
    policy.require(by, Action.MANAGE_UNITS, unit)
    below = select(func.count(BusinessUnit.id)).where(
        BusinessUnit.parent_id == unit.id, BusinessUnit.closed_on.is_(None)
    )
    if session.scalar(below):
        raise Invalid("closed_on", f"Units lie below {unit.name}. Move or close them first.")
    unit.closed_on = on
    review_planning.plan(session, unit, on)


def reopen(session: Session, *, by: Actor, unit: BusinessUnit) -> None:
    policy.require(by, Action.MANAGE_UNITS, unit)
    unit.closed_on = None
    session.flush()
    house_rhythm.follow(session, [unit.id], by.today)
    review_planning.plan(session, unit, by.today)


def ids_below(session: Session, unit_id: int) -> frozenset[int]:
    """The unit itself and everything below it."""
    top = select(BusinessUnit.id).where(BusinessUnit.id == unit_id).cte("branch", recursive=True)
    branch = top.union(select(BusinessUnit.id).join(top, BusinessUnit.parent_id == top.c.id))
    return frozenset(session.scalars(select(branch.c.id)))


def choices(session: Session, by: Actor) -> Sequence[tuple[int, str]]:
    """Open units the actor may see, as (id, name), for a select."""
    rows = session.execute(
        select(BusinessUnit.id, BusinessUnit.name)
        .where(policy.visible_units(by), BusinessUnit.closed_on.is_(None))
        .order_by(func.lower(BusinessUnit.name), BusinessUnit.id)
    )
    return [(row.id, row.name) for row in rows]


def own_choices(session: Session, by: Actor, unit_id: int | None = None) -> Sequence[tuple[int, str]]:
    """The units the actor looks after or belongs to, and the one given if it is visible, as (id, name)."""
    return [(row.id, row.name) for row in session.execute(_own_or(by, unit_id))]


@put_together_once
def _own_or(by: Actor, unit_id: int | None) -> Select[int, str]:
    own = BusinessUnit.id.in_(by.covers | by.belongs)
    asked = and_(BusinessUnit.id == unit_id, policy.visible_units(by))
    return (
        select(BusinessUnit.id, BusinessUnit.name)
        .where(or_(and_(own, BusinessUnit.closed_on.is_(None)), asked))
        .order_by(func.lower(BusinessUnit.name), BusinessUnit.id)
    )


def listed(session: Session, *, by: Actor, wanted: Filter, number: int, size: int = pages.SIZE) -> pages.Page[UnitLine]:
    """Open units the actor may see, by name."""
    policy.require(by, Action.SEE_UNITS)
    lead, head = aliased(Person), aliased(Person)
    statement = _lines(lead, head, by.today).where(policy.visible_units(by), BusinessUnit.closed_on.is_(None))
    if wanted.text:
        statement = statement.where(contains(wanted.text, BusinessUnit.name, BusinessUnit.code))
    if wanted.rep_id is not None:
        statement = statement.where(Assignment.rep_id == wanted.rep_id)
    if wanted.cover == "none":
        statement = statement.where(Assignment.id.is_(None))
    found = pages.of_rows(session, statement.order_by(func.lower(BusinessUnit.name), BusinessUnit.id), number, size)
    return pages.Page([UnitLine(row[0], row[1], row[2]) for row in found.rows], found.number, found.has_next)


def _lines(lead: type[Person], head: type[Person], today: date) -> Select[BusinessUnit, Person, Person]:
    """Units with the head and the lead of today beside them; both may be missing."""
    return (
        select(BusinessUnit, head, lead)
        .outerjoin(
            Assignment,
            (Assignment.unit_id == BusinessUnit.id) & (Assignment.cover == Cover.LEAD) & Assignment.in_force(today),
        )
        .outerjoin(lead, lead.id == Assignment.rep_id)
        .outerjoin(
            Membership,
            (Membership.unit_id == BusinessUnit.id) & (Membership.part == Part.HEAD) & Membership.in_force(today),
        )
        .outerjoin(head, head.id == Membership.person_id)
    )


def tree(session: Session, *, by: Actor, number: int) -> pages.Page[UnitLine]:
    """The same units as a tree, parents first. The whole order is made of three columns; details of one page."""
    policy.require(by, Action.SEE_UNITS)
    order = _preorder(session, by)
    start = (number - 1) * TREE_SIZE
    depths = dict(order[start : start + TREE_SIZE])
    found = {
        row[0].id: UnitLine(row[0], row[1], row[2], depths[row[0].id])
        for row in session.execute(_of_page(by.today), {"units": list(depths)})
    }
    return pages.Page([found[unit_id] for unit_id in depths], number, start + TREE_SIZE < len(order))


@put_together_once
def _of_page(today: date) -> Select[BusinessUnit, Person, Person]:
    lead, head = aliased(Person), aliased(Person)
    return _lines(lead, head, today).where(BusinessUnit.id.in_(bindparam("units", expanding=True)))


def _preorder(session: Session, by: Actor) -> list[tuple[int, int]]:
    """(unit id, depth) of every open visible unit, each after its parent, sisters by name."""
    rows = session.execute(_by_name(by)).all()
    seen = {row.id for row in rows}
    children: dict[int | None, list[int]] = defaultdict(list)
    for row in rows:
        children[row.parent_id if row.parent_id in seen else None].append(row.id)
    order: list[tuple[int, int]] = []
    waiting = [(unit_id, 0) for unit_id in reversed(children[None])]
    while waiting:
        unit_id, depth = waiting.pop()
        order.append((unit_id, depth))
        waiting += [(child, depth + 1) for child in reversed(children[unit_id])]
    return order


@put_together_once
def _by_name(by: Actor) -> Select[int, int | None]:
    return (
        select(BusinessUnit.id, BusinessUnit.parent_id)
        .where(policy.visible_units(by), BusinessUnit.closed_on.is_(None))
        .order_by(func.lower(BusinessUnit.name), BusinessUnit.id)
    )


def count_without_lead(session: Session, *, by: Actor) -> int:
    return session.scalar(_without_lead(by)) or 0


@put_together_once
def _without_lead(by: Actor) -> Select[int]:
    covered = select(Assignment.unit_id).where(Assignment.cover == Cover.LEAD, Assignment.in_force(by.today))
    return select(func.count(BusinessUnit.id)).where(
        policy.visible_units(by), BusinessUnit.closed_on.is_(None), BusinessUnit.id.not_in(covered)
    )
