"""Units with a history, a line each: what the tests of the portfolio, the homes and the unit page stand on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Actor
from crm.services import totals
from models import (
    Action,
    ActionState,
    Assignment,
    Base,
    BusinessUnit,
    Cadence,
    Cover,
    DayRule,
    Frequency,
    Invitation,
    Meeting,
    MeetingKind,
    Membership,
    Part,
    Person,
    Request,
    RequestState,
    Response,
    Review,
    ReviewState,
    Round,
)

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LONG_AGO = date(2024, 1, 1)

Row = TypeVar("Row", bound=Base)
_numbers = count(1)


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def ahead(days: int) -> date:
    return TODAY + timedelta(days)


@dataclass
class Stage:
    """Builds what a test needs, and flushes at once so that everything has its id."""

    session: Session
    cadences: dict[int, Cadence] = field(default_factory=dict)

    def add(self, row: Row) -> Row:
        self.session.add(row)
        self.session.flush()
        return row

    def person(self, name: str, **given: Any) -> Person:
        given.setdefault("email", f"{name.lower().replace(' ', '.')}@fernhill.example")
        return self.add(Person(name=name, **given))

    def actor(self, person: Person) -> Actor:
        return policy.actor_for(self.session, person, TODAY)

    def unit(self, name: str, **given: Any) -> BusinessUnit:
        return self.add(self.new_unit(name, **given))

    def new_unit(
        self, name: str, *, parent: BusinessUnit | None = None, zone: str = "UTC", **given: Any
    ) -> BusinessUnit:
        """A unit that is not in the database yet."""
        code = given.pop("code", f"U{next(_numbers)}")
        return BusinessUnit(code=code, name=name, time_zone=zone, parent_id=parent.id if parent else None, **given)

    def lead(
        self,
        unit: BusinessUnit,
        rep: Person,
        since: date = LONG_AGO,
        until: date | None = None,
        cover: Cover = Cover.LEAD,
    ) -> Assignment:
        return self.add(Assignment(unit_id=unit.id, rep_id=rep.id, cover=cover, since=since, until=until))

    def member(self, unit: BusinessUnit, person: Person, part: Part = Part.HEAD) -> Membership:
        person.is_business = True
        return self.add(Membership(unit_id=unit.id, person_id=person.id, part=part, since=LONG_AGO))

    def cadence(self, unit: BusinessUnit) -> Cadence:
        if unit.id not in self.cadences:
            rhythm = Cadence(
                unit_id=unit.id,
                frequency=Frequency.MONTHLY,
                day_rule=DayRule.WEEKDAY,
                nth=2,
                weekday=3,
                at=time(10),
                since=LONG_AGO,
                place="Room 4",
            )
            self.cadences[unit.id] = self.add(rhythm)
        return self.cadences[unit.id]

    def review(self, unit: BusinessUnit, on: date, *, held: date | None = None) -> Review:
        """The review of the month of that day."""
        since = on.replace(day=1)
        until = (since + timedelta(32)).replace(day=1)
        return self.add(
            Review(
                unit_id=unit.id,
                cadence_id=self.cadence(unit).id,
                period=f"{on:%Y-%m}",
                period_since=since,
                period_until=until,
                planned_on=on,
                planned_at=at(on),
                state=ReviewState.HELD if held else ReviewState.PLANNED,
                held_on=held,
            )
        )

    def rated(
        self, unit: BusinessUnit, opened: date, scores: Sequence[int] = (), *, asked: int | None = None, days: int = 14
    ) -> Round:
        """A round of that day, answered with these scores by as many people."""
        asked = max(len(scores), 1) if asked is None else asked
        opened_at = at(opened)
        ask = Round(unit_id=unit.id, opened_at=opened_at, closes_at=opened_at + timedelta(days), asked=asked)
        self.add(ask)
        for number, score in enumerate(scores):
            person = self.person(f"Rater {next(_numbers)}")
            invitation = self.invite(ask, person)
            answered = opened_at + timedelta(hours=number + 1)
            self.add(
                Response(
                    invitation_id=invitation.id, round_id=ask.id, unit_id=unit.id, score=score, answered_at=answered
                )
            )
        totals.changed(self.session, round_ids=[ask.id])
        return ask

    def invite(self, ask: Round, person: Person) -> Invitation:
        return self.add(Invitation(round_id=ask.id, person_id=person.id, token_hash=f"hash-{next(_numbers)}"))

    def action(
        self,
        unit: BusinessUnit,
        text: str = "Send the price list",
        *,
        due: date | None = None,
        owner: Person | None = None,
        state: ActionState = ActionState.OPEN,
        **given: Any,
    ) -> Action:
        owner_id = owner.id if owner else None
        return self.add(Action(unit_id=unit.id, text=text, due_on=due, owner_id=owner_id, state=state, **given))

    def request(
        self,
        unit: BusinessUnit,
        title: str = "Read-only access to the order book",
        *,
        state: RequestState = RequestState.LOGGED,
        by: Person | None = None,
        **given: Any,
    ) -> Request:
        given.setdefault("logged_on", ago(9))
        given.setdefault("no_alternative", state is RequestState.DECLINED and not given.get("alternative"))
        return self.add(
            Request(
                unit_id=unit.id,
                title=title,
                business_need="so quotes stop promising sold stock",
                requester_id=by.id if by else None,
                state=state,
                **given,
            )
        )

    def meeting(
        self, unit: BusinessUnit, on: date, *, kind: MeetingKind = MeetingKind.TOUCHPOINT, **given: Any
    ) -> Meeting:
        return self.add(Meeting(unit_id=unit.id, kind=kind, held_on=on, logged_at=at(on, 12), **given))

    def steady(self, name: str, rep: Person, **given: Any) -> BusinessUnit:
        """A unit with nothing to say about it: covered, met, rated, planned."""
        unit = self.unit(name, **given)
        self.lead(unit, rep)
        self.review(unit, ago(30), held=ago(30))
        self.review(unit, ahead(20))
        self.rated(unit, ago(90), [4])
        self.rated(unit, ago(25), [4])
        return unit


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
