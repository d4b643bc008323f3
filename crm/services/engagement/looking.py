"""Reading the behaviour of units, all of them in the same few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    cast,
    extract,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from crm.services import clock, words
from crm.services.engagement.behaviour import Asked, Behaviour, Fact
from crm.services.engagement.thresholds import Thresholds
from models.engagement import EngagementModel, Model
from models.meeting import AskedBy, Attendance, Meeting, MeetingKind, Presence
from models.request import Origin, Request, RequestKind, RequestState
from models.request_part import RequestVerdict, Verdict
from models.review import Cadence, Frequency
from models.ticket import Ticket
from models.unit import BusinessUnit, Membership, Part

#: Who sits for the unit; somebody embedded there is IT's own.
STAFF = (Part.HEAD, Part.KEY_USER, Part.MEMBER, Part.DEPUTISED)

Found = Mapping[int, tuple[Fact, ...]]
#: None: all units.
Units = Collection[int] | None


def read(session: Session, *, limits: Thresholds, now: datetime, unit_ids: Units = None) -> list[Behaviour]:
    """The behaviour of the open units among these. Eight statements, however many there are."""
    known = [_begun(row, now) for row in session.execute(_units(unit_ids, now))]
    if not known:
        return []
    names = {one.unit_id: one for one in known}
    since = min(one.periods(limits.danger_silent_periods)[0].since for one in known)
    read = _Reading(session, names, unit_ids, now)
    refusals = read.refusals(limits.danger_refusal_days)
    bendings = read.bendings(limits.danger_bending_days)
    switches = read.switches(limits.danger_switch_days)
    approached, asked = read.approached(since), read.asked(since)
    met, deputised = read.our_meetings(since), read.deputised()
    return [
        replace(
            one,
            refusals=refusals.get(one.unit_id, ()),
            bendings=bendings.get(one.unit_id, ()),
            switches=switches.get(one.unit_id, ()),
            approached_on=approached.get(one.unit_id),
            asked=asked.get(one.unit_id, {}),
            our_meetings=met.get(one.unit_id, ()),
            deputised=deputised.get(one.unit_id, ()),
        )
        for one in known
    ]


def _units(unit_ids: Units, now: datetime) -> Select[int, str, str, Model | None, date | None, Frequency | None]:
    model = (EngagementModel.unit_id == BusinessUnit.id) & EngagementModel.until.is_(None)
    rhythm = (Cadence.unit_id == BusinessUnit.id) & Cadence.in_force(now.date())
    told = select(
        BusinessUnit.id,
        BusinessUnit.name,
        BusinessUnit.time_zone,
        EngagementModel.model,
        EngagementModel.since,
        Cadence.frequency,
    )
    joined = told.outerjoin(EngagementModel, model).outerjoin(Cadence, rhythm)
    return joined.where(BusinessUnit.closed_on.is_(None), _among(BusinessUnit.id, unit_ids)).order_by(BusinessUnit.id)


def _begun(row: Any, now: datetime) -> Behaviour:
    today = clock.local_date(now, row.time_zone)
    return Behaviour(row.id, row.name, today, row.model, row.since, row.frequency or Frequency.QUARTERLY)


def _among(column: Any, unit_ids: Units) -> ColumnElement[bool]:
    among: ColumnElement[bool] = true() if unit_ids is None else column.in_(unit_ids)
    return among


@dataclass(frozen=True)
class _Reading:
    """One look at many units, each kind of behaviour in a statement of its own."""

    session: Session
    units: Mapping[int, Behaviour]
    unit_ids: Units
    now: datetime

    def _grouped(self, facts: Iterator[tuple[int, Fact]]) -> Found:
        found: dict[int, list[Fact]] = defaultdict(list)
        for unit_id, fact in facts:
            if unit_id in self.units:
                found[unit_id].append(fact)
        return {unit_id: tuple(sorted(facts)) for unit_id, facts in found.items()}

    def _are(self, model: Model, column: Any) -> ColumnElement[bool]:
        """The condition that the unit is one today."""
        so = select(EngagementModel.unit_id).where(EngagementModel.model == model, EngagementModel.until.is_(None))
        return and_(column.in_(so), _among(column, self.unit_ids))

    def refusals(self, days: int) -> Found:
        """A day more than asked for: what counts is the unit's own calendar."""
        rows = self.session.execute(
            select(Request.unit_id, Request.id, Request.title, Request.decided_at, BusinessUnit.time_zone)
            .join(BusinessUnit, BusinessUnit.id == Request.unit_id)
            .where(
                Request.state == RequestState.DECLINED,
                Request.no_alternative,
                Request.alternative == "",
                Request.decided_at >= self.now - timedelta(days + 1),
                _among(Request.unit_id, self.unit_ids),
            )
        )
        return self._grouped(
            (row.unit_id, _of_request(row, row.decided_at, f"“{row.title}” was declined without an alternative."))
            for row in rows
        )

    def bendings(self, days: int) -> Found:
        rows = self.session.execute(
            select(Request.unit_id, Request.id, Request.title, RequestVerdict.at, BusinessUnit.time_zone)
            .join(Request, Request.id == RequestVerdict.request_id)
            .join(BusinessUnit, BusinessUnit.id == Request.unit_id)
            .where(
                RequestVerdict.bends_process,
                RequestVerdict.verdict == Verdict.ACCEPT,
                Request.kind == RequestKind.NON_STANDARD,
                RequestVerdict.at >= self.now - timedelta(days + 1),
                _among(Request.unit_id, self.unit_ids),
            )
        )
        return self._grouped(
            (row.unit_id, _of_request(row, row.at, f"“{row.title}” was granted, and our usual way was left for it."))
            for row in rows
        )

    def switches(self, days: int) -> Found:
        before = aliased(EngagementModel)
        first = select(before.id).where(before.unit_id == EngagementModel.unit_id, before.since < EngagementModel.since)
        rows = self.session.scalars(
            select(EngagementModel).where(
                EngagementModel.since >= self.now.date() - timedelta(days + 1),
                first.exists(),
                _among(EngagementModel.unit_id, self.unit_ids),
            )
        )
        return self._grouped(
            (row.unit_id, Fact(row.since, f"model:{row.id}", f"It became a {row.model.value}.", None, row.meeting_id))
            for row in rows
        )

    def approached(self, since: date) -> dict[int, date]:
        """Of partners: the newest talk that the unit asked for, or that nobody is known to have asked for; or offer."""
        own = Meeting.kind == MeetingKind.OWN
        theirs = or_(Meeting.asked_by == AskedBy.UNIT, own, _unsaid())
        talks = select(Meeting.unit_id, func.max(Meeting.held_on).label("day"))
        talks = talks.where(theirs, Meeting.held_on >= since, self._are(Model.PARTNER, Meeting.unit_id))
        offers = select(Request.unit_id, func.max(Request.logged_on).label("day"))
        offered = (Request.origin == Origin.OFFERED, Request.logged_on >= since)
        offers = offers.where(*offered, self._are(Model.PARTNER, Request.unit_id))
        both = union_all(talks.group_by(Meeting.unit_id), offers.group_by(Request.unit_id)).subquery()
        rows = self.session.execute(select(both.c.unit_id, func.max(both.c.day).label("day")).group_by(both.c.unit_id))
        return {row.unit_id: row.day for row in rows}

    def asked(self, since: date) -> dict[int, dict[date, Asked]]:
        """Of partners: by month, requests that the unit asked for, and tickets."""
        requests = _by_month("request", Request.unit_id, Request.logged_on, func.max(Request.id))
        asked = (Request.origin == Origin.ASKED, Request.logged_on >= since)
        requests = requests.where(*asked, self._are(Model.PARTNER, Request.unit_id))
        tickets = _by_month("ticket", Ticket.unit_id, Ticket.opened_at, cast(null(), Integer))
        opened = (Ticket.opened_at >= datetime.combine(since, time(), UTC), Ticket.request_id.is_(None))
        tickets = tickets.where(*opened, self._are(Model.PARTNER, Ticket.unit_id))
        found: dict[int, dict[date, Asked]] = defaultdict(dict)
        for row in self.session.execute(union_all(requests, tickets)):
            month = date(int(row.year), int(row.month), 1)
            more = Asked(row.many, 0, row.newest) if row.kind == "request" else Asked(0, row.many)
            found[row.unit_id][month] = found[row.unit_id].get(month, Asked()) + more
        return found

    def our_meetings(self, since: date) -> Found:
        """Of customers: IT's own meetings with somebody of the unit, whichever unit they are kept with."""
        people = func.count(Attendance.person_id.distinct())
        rows = self.session.execute(
            select(Membership.unit_id, Meeting.id, Meeting.held_on, people.label("people"))
            .join(Attendance, Attendance.meeting_id == Meeting.id)
            .join(Membership, (Membership.person_id == Attendance.person_id) & Membership.in_force(Meeting.held_on))
            .where(
                Meeting.kind == MeetingKind.OURS,
                Meeting.held_on >= since,
                Attendance.presence == Presence.PRESENT,
                Membership.part.in_(STAFF),
                self._are(Model.CUSTOMER, Membership.unit_id),
            )
            .group_by(Membership.unit_id, Meeting.id, Meeting.held_on)
        )
        return self._grouped((row.unit_id, self._sat(row)) for row in rows)

    def _sat(self, row: Any) -> Fact:
        people = words.capital(words.counted(row.people, "person", "people"))
        says = f"{people} of {self.units[row.unit_id].name} sat in a meeting of our own."
        return Fact(row.held_on, f"meeting:{row.id}", says, None, row.id)

    def deputised(self) -> Found:
        """Of customers: people of the unit who do a part of IT's work today."""
        rows = self.session.execute(
            select(Membership.unit_id, Membership.id, Membership.since).where(
                Membership.part == Part.DEPUTISED,
                Membership.in_force(self.now.date()),
                self._are(Model.CUSTOMER, Membership.unit_id),
            )
        )
        return self._grouped(
            (row.unit_id, Fact(row.since, f"deputised:{row.id}", "Somebody of theirs does a part of our work."))
            for row in rows
        )


def _unsaid() -> ColumnElement[bool]:
    """A talk of which nobody said who asked for it may have been the unit's idea; a review follows the rhythm, and
    what is IT's own meeting is not."""
    talks = Meeting.kind.in_((MeetingKind.TOUCHPOINT, MeetingKind.ESCALATION))
    return Meeting.asked_by.is_(None) & talks


def _by_month(kind: str, unit_id: Any, day: Any, newest: Any) -> Select[Any]:
    year, month = extract("year", day), extract("month", day)
    told = select(
        literal(kind).label("kind"),
        unit_id.label("unit_id"),
        year.label("year"),
        month.label("month"),
        func.count().label("many"),
        newest.label("newest"),
    )
    return told.group_by(unit_id, year, month)


def _of_request(row: Any, at: datetime, says: str) -> Fact:
    on = clock.local_date(at, row.time_zone)
    return Fact(on, f"request:{row.id}:{on.isoformat()}", says, row.id)
