"""The list of complaints: the worst first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.policy import Action, Actor
from crm.services import branches, complaints, pages, request_limits
from crm.services.complaint_rules import CIO
from crm.services.pages import Page
from models.person import Person
from models.request import OPEN_STATES, Request, RequestKind, RequestState, Severity
from models.request_part import Escalation
from models.unit import BusinessUnit

#: Which states each part of the list holds.
PARTS: dict[str, tuple[RequestState, ...]] = {
    "open": OPEN_STATES,
    "solved": (RequestState.DELIVERED,),
    "declined": (RequestState.DECLINED,),
    "closed": (RequestState.CONFIRMED,),
    "all": tuple(RequestState),
}
RANK = {Severity.CRITICAL: 0, Severity.SERIOUS: 1, Severity.MINOR: 2}
MOST_OWNERS = 200


@dataclass(frozen=True)
class Wanted:
    """What an address asks for; None and False leave nothing out."""

    part: str = "open"
    unit_id: int | None = None
    #: Of this unit and all below it.
    branch_id: int | None = None
    severity: Severity | None = None
    owner_id: int | None = None
    #: How high it is: 0 with its owner, 3 with the CIO.
    level: int | None = None
    is_late: bool = False

    @property
    def narrows(self) -> bool:
        return self.is_late or any(
            one is not None for one in (self.unit_id, self.branch_id, self.severity, self.owner_id, self.level)
        )


@dataclass(frozen=True)
class Line:
    """A complaint with its unit, owner and requester; how high it is, and whether it should stand elsewhere by now."""

    request: Request
    level: int
    today: date

    @property
    def is_late(self) -> bool:
        return request_limits.is_late(self.request, self.today)

    @property
    def since(self) -> date:
        return complaints.since(self.request)


def level_of() -> ColumnElement[int]:
    """How high the request is, in SQL."""
    highest = select(func.max(Escalation.level)).where(Escalation.request_id == Request.id)
    return func.coalesce(highest.correlate(Request).scalar_subquery(), 0)


def listed(session: Session, *, by: Actor, wanted: Wanted, number: int = 1, size: int = pages.SIZE) -> Page[Line]:
    """Complaints of the units this person sees: the worst, then the highest, then the longest overdue first. One
    statement a page."""
    policy.require(by, Action.SEE_PROMISES)
    level = level_of()
    found = (
        select(Request, level)
        .join(Request.unit)
        .where(Request.kind == RequestKind.COMPLAINT, policy.in_visible_units(by, Request.unit_id))
        .where(*conditions(wanted, level, by.today))
        .options(contains_eager(Request.unit), joinedload(Request.owner), joinedload(Request.requester))
        .order_by(
            _is_settled(), _rank(), level.desc(), Request.due_on.asc().nulls_last(), Request.logged_on, Request.id
        )
    )
    page = pages.of_rows(session, found, number, size)
    return Page([Line(row[0], row[1], by.today) for row in page.rows], page.number, page.has_next)


def _is_settled() -> ColumnElement[int]:
    return case((Request.state == RequestState.CONFIRMED, 1), else_=0)


def _rank() -> ColumnElement[int]:
    return case(
        *((Request.severity == severity, rank) for severity, rank in RANK.items()), else_=RANK[Severity.SERIOUS]
    )


def conditions(wanted: Wanted, level: ColumnElement[int], today: date) -> list[ColumnElement[bool]]:
    """On Request, of complaints: which these are. ``level``: how high each is (:func:`level_of`)."""
    conditions: list[ColumnElement[bool]] = [Request.state.in_(PARTS.get(wanted.part, PARTS["open"]))]
    if wanted.unit_id is not None:
        conditions.append(Request.unit_id == wanted.unit_id)
    if wanted.branch_id is not None:
        conditions.append(Request.unit_id.in_(branches.branch(wanted.branch_id)))
    if wanted.severity is not None:
        conditions.append(Request.severity == wanted.severity)
    if wanted.owner_id is not None:
        conditions.append(Request.owner_id == wanted.owner_id)
    if wanted.level is not None:
        conditions.append(level == wanted.level)
    if wanted.is_late:
        conditions.append(request_limits.late(today))
    return conditions


def owners(session: Session, *, by: Actor) -> list[tuple[int, str]]:
    """Who owns a complaint this person sees, by name."""
    seen = select(Request.owner_id).where(
        Request.kind == RequestKind.COMPLAINT, policy.in_visible_units(by, Request.unit_id)
    )
    rows = session.execute(
        select(Person.id, Person.name).where(Person.id.in_(seen)).order_by(Person.name, Person.id).limit(MOST_OWNERS)
    )
    return [(row.id, row.name) for row in rows]


def with_the_cio(session: Session, *, by: Actor) -> int:
    """How many open complaints have come up to the CIO. One statement."""
    policy.require(by, Action.SEE_PORTFOLIO)
    up = select(Escalation.request_id).where(Escalation.level == CIO)
    mine = (Request.id.in_(up), Request.kind == RequestKind.COMPLAINT, Request.state.in_(OPEN_STATES))
    open_ = select(func.count()).select_from(Request).join(Request.unit)
    return session.scalar(open_.where(*mine, BusinessUnit.closed_on.is_(None))) or 0
