"""Correcting a request: the unit its own words while nothing is decided, IT what it costs, takes and is."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Forbidden, Invalid
from crm.policy import Action, Actor
from crm.services import attendees, clock, organisation, request_facts, request_kinds, request_limits, request_making
from crm.services.request_facts import Facts
from models.audit import AuditEntry
from models.request import UNDECIDED, Origin, Request, RequestKind, RequestStep, Severity
from models.unit import BusinessUnit

WORDS = frozenset({"title", "business_need"})
WORTH = frozenset({"value_wanted", "value_low", "value_high", "wished_for"})
FIGURES = WORTH | {"cost_low", "cost_high", "hours_low", "hours_high", "link"}
SORT = frozenset({"kind", "severity"})
#: Without what it is loaded with, which PostgreSQL cannot lock.
COLUMNS = tuple(inspect(Request).column_attrs.keys())


@dataclass(frozen=True)
class Told:
    """A request as it is told, without where it stands. ``facts``: see there."""

    title: str
    business_need: str
    kind: RequestKind
    origin: Origin
    severity: Severity | None
    requester_id: int | None
    facts: Facts

    @classmethod
    def of(cls, request: Request) -> Told:
        own = {one.name: getattr(request, one.name) for one in fields(cls) if one.name != "facts"}
        return cls(**own, facts=Facts.of(request))

    @property
    def parts(self) -> dict[str, Any]:
        """Each thing it says by the name of its field."""
        own = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "facts"}
        return own | {one.name: getattr(self.facts, one.name) for one in fields(self.facts)}

    def with_parts(self, parts: dict[str, Any]) -> Told:
        """The same, saying these instead."""
        of_facts = {one.name for one in fields(Facts)}
        facts = replace(self.facts, **{name: said for name, said in parts.items() if name in of_facts})
        return replace(self, facts=facts, **{name: said for name, said in parts.items() if name not in of_facts})

    def signature(self, names: Collection[str]) -> str:
        """Short, and another one as soon as one of these parts says something else."""
        said = "\0".join(f"{name}={_written(self.parts[name])}" for name in sorted(names))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def _written(said: object) -> str:
    # 20 and 20.00 are one figure.
    return f"{said.normalize():f}" if isinstance(said, Decimal) else str(said)


class ChangedMeanwhile(Conflict):
    """Somebody else saved first. ``theirs``: what is saved now; ``names``: in what it differs from what is told."""

    def __init__(self, who: str, theirs: Told, names: frozenset[str]) -> None:
        super().__init__("", f"{who} saved this while you wrote.")
        self.who, self.theirs, self.names = who, theirs, names


def rights(session: Session, *, by: Actor, request: Request) -> frozenset[str]:
    """Which parts this person may correct now; none at all: nothing. The words of a unit are the unit's, unless
    somebody in IT wrote them down.

    Raises Forbidden for who may correct no request of the unit.
    """
    policy.require(by, Action.EDIT_REQUEST, request)
    is_undecided = request.state in UNDECIDED
    if not policy.can(by, Action.DECIDE_REQUEST, request):
        return WORDS | WORTH | SORT if is_undecided else frozenset()
    if not is_undecided:
        return FIGURES
    in_their_words = _was_entered_by_the_unit(session, request)
    return FIGURES | SORT | (frozenset() if in_their_words else WORDS | {"origin", "requester_id"})


def is_open_to(by: Actor, request: Request) -> bool:
    """Whether there is anything for this person to correct now."""
    may = policy.can(by, Action.EDIT_REQUEST, request)
    return may and (request.state in UNDECIDED or policy.can(by, Action.DECIDE_REQUEST, request))


def _was_entered_by_the_unit(session: Session, request: Request) -> bool:
    """A unit always asks in its own name: see ``requests.add``."""
    first = select(RequestStep.by_id).where(RequestStep.request_id == request.id).order_by(RequestStep.id).limit(1)
    return request.requester_id is not None and session.scalar(first) == request.requester_id


def edit(session: Session, *, by: Actor, request: Request, told: Told, seen: str, now: datetime) -> None:
    """Keep what is told as far as this person may say it; the rest stays. ``seen``: the signature of those parts as
    the form showed them.

    Raises ChangedMeanwhile when somebody saved one of them since, Conflict("") when nothing is theirs to correct any
    more, Invalid(a field) for what cannot be.
    """
    session.refresh(request, COLUMNS, with_for_update=True)  # of two at once the second is told
    names = rights(session, by=by, request=request)
    if not names:
        raise Conflict("", "This was decided in the meantime: now it stays as it was asked for.")
    before = Told.of(request)
    wanted = before.with_parts({name: told.parts[name] for name in names})
    if before.signature(names) != seen:
        differs = frozenset(name for name in names if before.parts[name] != wanted.parts[name])
        raise ChangedMeanwhile(_last_editor(session, request), before, differs)
    _put(session, by, request, before, wanted, now)


def _put(session: Session, by: Actor, request: Request, before: Told, wanted: Told, now: datetime) -> None:
    unit = session.get_one(BusinessUnit, request.unit_id)
    today = clock.local_date(now, unit.time_zone)
    moved = wanted.facts.wished_for != before.facts.wished_for
    facts = request_facts.checked(wanted.facts, today=today if moved else None)
    _refuse(session, by, request, before, wanted, today)
    request.title, request.business_need = wanted.title, wanted.business_need
    request.kind, request.origin, request.requester_id = wanted.kind, wanted.origin, wanted.requester_id
    is_complaint = wanted.kind is RequestKind.COMPLAINT
    request.severity = wanted.severity if is_complaint else None
    if is_complaint:
        request_making.answer_for(session, [request], unit=unit, now=now)
    request_facts.put(request, facts, organisation.current(session).currency)
    if wanted.kind is not before.kind:
        request_limits.set_due(session, request)
    session.flush()


def _refuse(session: Session, by: Actor, request: Request, before: Told, wanted: Told, today: date) -> None:
    request_making.refuse(
        title=wanted.title, business_need=wanted.business_need, kind=wanted.kind, origin=wanted.origin
    )
    if wanted.requester_id != before.requester_id and wanted.requester_id:
        unit = session.get_one(BusinessUnit, request.unit_id)
        if not attendees.admitted(session, unit=unit, ids={wanted.requester_id}, days={today}):
            raise Invalid("requester_id", "This person is neither of this unit nor from IT.")
    if wanted.kind is before.kind:
        return
    if policy.can(by, Action.DECIDE_REQUEST, request):
        if before.kind is RequestKind.COMPLAINT and _was_entered_by_the_unit(session, request):
            raise Invalid("kind", "The unit calls it a complaint. Only they can call it something else.")
    elif request_kinds.as_a_unit_says(wanted.kind) is not wanted.kind:
        raise Forbidden("Whether this leaves the usual way is for IT to say.")


def _last_editor(session: Session, request: Request) -> str:
    """Who saved it last, as the audit trail has it."""
    entries = select(AuditEntry).where(AuditEntry.entity == "request", AuditEntry.entity_id == str(request.id))
    last = session.scalar(entries.options(joinedload(AuditEntry.by)).order_by(AuditEntry.id.desc()).limit(1))
    return last.by.name if last and last.by else "Somebody else"
