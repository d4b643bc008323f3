"""The columns of each list. Rows come from the very function that fills the page: who sees less, exports less."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from crm.policy import Actor
from crm.services import clock, minutes, request_kinds
from crm.services.comment_outcomes import Comment
from crm.services.exports.sheets import MOST_ROWS, Cell, Column, Sheet
from crm.services.pages import Page
from crm.services.ratings import RoundLine
from crm.services.review_lists import Line
from crm.services.units import UnitLine
from models.action import Action, ActionState
from models.follow_up import FollowUp, FollowUpState
from models.meeting import Meeting, MeetingKind
from models.person import Person
from models.request import Origin, Request, RequestState

#: Rows read at once.
AT_ONCE = 500

T = TypeVar("T")
Row = list[Cell]

KINDS = {
    MeetingKind.REVIEW: "Review",
    MeetingKind.TOUCHPOINT: "Touchpoint",
    MeetingKind.OWN: "Their own meeting",
    MeetingKind.OURS: "Our own meeting",
    MeetingKind.ESCALATION: "Escalation",
}
STATES = {
    RequestState.LOGGED: "To decide",
    RequestState.LOOKING: "Being looked at",
    RequestState.WAITING: "Waiting for the unit",
    RequestState.ACCEPTED: "Accepted",
    RequestState.DECLINED: "Declined",
    RequestState.DELIVERING: "In delivery",
    RequestState.DELIVERED: "Delivered",
    RequestState.CONFIRMED: "Confirmed by the unit",
}

REPLIES = {
    FollowUpState.OPEN: "Owed",
    FollowUpState.ANSWERED: "With them",
    FollowUpState.CLOSED: "Settled",
    FollowUpState.DISMISSED: "Asks for nothing",
}


class Listed(Protocol[T]):
    """The function behind a list, its filter filled in."""

    def __call__(self, *, number: int, size: int) -> Page[T]: ...


def _pages(listed: Listed[T]) -> Iterator[Page[T]]:
    """One after the other, and one row more than a file holds."""
    for number in range(1, MOST_ROWS // AT_ONCE + 2):
        page = listed(number=number, size=AT_ONCE)
        yield page
        if not page.has_next:
            return


def rows_of(listed: Listed[T]) -> Iterator[T]:
    """All that the list holds, as far as a file goes."""
    for page in _pages(listed):
        yield from page.rows


def _name(person: Person | None) -> str:
    return person.name if person else ""


def _day(instant: datetime | None, zone: str) -> date | None:
    return clock.local_date(instant, zone) if instant else None


def actions(listed: Listed[Action]) -> Sheet:
    columns = [Column("Action", 60), Column("Unit", 24), Column("Owner", 24), Column("Due", 12), Column("State", 10)]
    columns += [Column("Since", 12), Column("Settled", 12)]
    return Sheet(columns, (_action(one) for one in rows_of(listed)))


def _action(action: Action) -> Row:
    zone = action.unit.time_zone
    settled = _day(action.settled_at, zone) if action.state is not ActionState.OPEN else None
    state = action.state.value.capitalize()
    owner = _name(action.owner)
    return [action.text, action.unit.name, owner, action.due_on, state, _day(action.made_at, zone), settled]


def requests(listed: Listed[Request]) -> Sheet:
    columns = [Column("Request", 48), Column("Business need", 60), Column("Unit", 24), Column("Asked by", 24)]
    columns += [Column("Whose idea", 12), Column("Since", 12), Column("State", 12), Column("Decided", 12)]
    columns += [Column("Reason", 48), Column("Offered instead", 48), Column("Delivered", 12)]
    columns += [Column("What it is", 20), Column("Theme", 24), Column("Seen to by", 24), Column("To move on by", 12)]
    columns += [Column("Worth a year, from", 14), Column("Worth a year, to", 14), Column("Currency", 10)]
    columns += [Column("Followed at", 48)]
    return Sheet(columns, (_request(one) for one in rows_of(listed)))


def _request(one: Request) -> Row:
    zone = one.unit.time_zone
    idea = "IT" if one.origin is Origin.OFFERED else "The unit"
    asked: Row = [one.title, one.business_need, one.unit.name, _name(one.requester), idea, one.logged_on]
    instead = "Nothing" if one.no_alternative else one.alternative
    decided: Row = [STATES[one.state], _day(one.decided_at, zone), one.reason, instead, _day(one.delivered_at, zone)]
    theme = one.theme.name if one.theme else ""
    sorted_as: Row = [request_kinds.IN_A_LINE[request_kinds.word_of(one)], theme, _name(one.owner), one.due_on]
    worth: Row = [_amount(one.value_low), _amount(one.value_high), one.currency]
    return [*asked, *decided, *sorted_as, *worth, one.link]


def _amount(money: Decimal | None) -> float | None:
    return None if money is None else float(money)


def meetings(session: Session, by: Actor, listed: Listed[Meeting]) -> Sheet:
    """Minutes as far as this person may read them. Notes for IT alone never leave the application in a file."""
    columns = [Column("Day", 12), Column("Unit", 24), Column("Kind", 18), Column("Minutes of the clock", 10)]
    columns += [Column("Logged by", 24), Column("Minutes", 100)]
    return Sheet(columns, _meetings(session, by, listed))


def _meetings(session: Session, by: Actor, listed: Listed[Meeting]) -> Iterator[Row]:
    for page in _pages(listed):
        said = minutes.readable(session, by=by, meetings=page.rows)
        for one in page.rows:
            yield [one.held_on, one.unit.name, KINDS[one.kind], one.lasted, _name(one.logged_by), said[one.id]]


def reviews(listed: Listed[Line]) -> Sheet:
    columns = [Column("Unit", 24), Column("Code", 10), Column("Period", 26), Column("Planned", 12), Column("Time", 8)]
    columns += [Column("Time zone", 18), Column("Standing", 12), Column("Held", 12), Column("Lead rep", 24)]
    columns += [Column("Why skipped", 48)]
    return Sheet(columns, (_review(line) for line in rows_of(listed)))


def _review(line: Line) -> Row:
    review, unit = line.review, line.unit
    at = f"{review.planned_at.astimezone(ZoneInfo(unit.time_zone)):%H:%M}"
    planned: Row = [unit.name, unit.code, line.period, review.planned_on, at, unit.time_zone]
    return [*planned, line.standing.value.capitalize(), review.held_on, _name(line.lead), review.skip_reason]


def ratings(listed: Listed[RoundLine]) -> Sheet:
    """A score never stands alone: who answered, of how many, and its range are beside it."""
    columns = [Column("Unit", 24), Column("Code", 10), Column("Asked", 12), Column("Open until", 12)]
    columns += [Column("People asked", 10), Column("Answers", 10), Column("Score of 1 to 5", 10)]
    columns += [Column("At least", 10), Column("At most", 10), Column("Lead rep then", 24)]
    return Sheet(columns, (_rating(line) for line in rows_of(listed)))


def _rating(line: RoundLine) -> Row:
    unit, score = line.round.unit, line.score
    days = [_day(line.round.opened_at, unit.time_zone), _day(line.round.closes_at, unit.time_zone)]
    figures = [None if figure is None else round(figure, 2) for figure in (score.value, score.low, score.high)]
    return [unit.name, unit.code, *days, score.asked, score.n, *figures, _name(line.lead)]


def comments(listed: Listed[Comment]) -> Sheet:
    """A comment of a round without names has none here either."""
    columns = [Column("Unit", 24), Column("Code", 10), Column("Said on", 12), Column("Who", 24), Column("Comment", 60)]
    columns += [Column("What came of it", 60), Column("Told to the unit", 12), Column("As the unit reads it", 48)]
    return Sheet(columns, (_comment(one) for one in rows_of(listed)))


def _comment(one: Comment) -> Row:
    unit, outcome = one.response.unit, one.outcome
    said: Row = [unit.name, unit.code, _day(one.response.answered_at, unit.time_zone), _name(one.person)]
    told: Row = [outcome.done, "yes" if outcome.is_for_unit else "no", outcome.said] if outcome else ["", "", ""]
    return [*said, one.response.comment, *told]


def replies(listed: Listed[FollowUp]) -> Sheet:
    columns = [Column("Unit", 24), Column("Code", 10), Column("Who rated", 24), Column("Said", 10)]
    columns += [Column("Comment", 60), Column("Owed since", 12), Column("Due", 12), Column("Owed by", 24)]
    columns += [Column("State", 12), Column("Not enough so far", 10), Column("Settled", 12)]
    return Sheet(columns, (_reply(one) for one in rows_of(listed)))


def _reply(one: FollowUp) -> Row:
    unit, zone = one.unit, one.unit.time_zone
    said: Row = [unit.name, unit.code, one.person.name, one.score, one.response.comment]
    owed: Row = [_day(one.opened_at, zone), one.due_on, _name(one.owner)]
    return [*said, *owed, REPLIES[one.state], one.not_yet, _day(one.closed_at, zone)]


def units(listed: Listed[UnitLine]) -> Sheet:
    columns = [
        Column("Code", 10),
        Column("Unit", 36),
        Column("Head", 24),
        Column("Lead rep", 24),
        Column("Time zone", 18),
    ]
    return Sheet(columns, (_unit(line) for line in rows_of(listed)))


def _unit(line: UnitLine) -> Row:
    return [line.unit.code, line.unit.name, _name(line.head), _name(line.lead), line.unit.time_zone]
