"""Three months after a "no" the unit is asked how it solved it: when that is due, what was said, and when it is not
asked after all."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, aliased, joinedload

from crm import policy
from crm.errors import Conflict, Forbidden, Invalid
from crm.policy import Action, Actor
from crm.services import clock, organisation, working_days
from crm.services.languages import later
from crm.services.rounds.days import months_after, working
from crm.services.working_days import Calendar
from models.request import Request, RequestState
from models.request_part import AfterRefusal, RequestVerdict, Solved, Verdict
from models.unit import BusinessUnit

MONTHS = 3
#: So long what was said can be corrected.
CORRECTABLE = timedelta(days=30)
#: What was refused longer ago than this is not asked any more when nobody had thought of asking.
TOO_OLD = timedelta(days=365)
#: Nobody is without a working day for longer.
LONGEST_PAUSE = timedelta(days=60)
#: So many are caught up with at once.
AT_ONCE = 1_000
LONGEST = 1_000

#: As IT and the unit read it in lists.
IN_WORDS = {
    Solved.ALTERNATIVE: "With what we offered instead",
    Solved.ELSEWHERE: "Bought or had done outside",
    Solved.OURSELVES: "With a tool of their own",
    Solved.WITHOUT: "It turned out not to matter",
    Solved.STILL: "Still needed",
}

LOOKED_AT_AGAIN = "It is looked at again."
UNIT_CLOSED = "The unit was closed."

MISSING = later("Choose what comes nearest.")
TOO_LONG = later("Keep it under 1,000 letters.")
NOT_ASKED = later("It is looked at again, so this is not asked any more.")
TOO_LATE = later("This was said more than 30 days ago and stays as it is.")


# ---- When it is due


def expect(session: Session, *, verdict: RequestVerdict, unit: BusinessUnit, now: datetime) -> AfterRefusal | None:
    """Ask the unit about this refusal on its next working day three calendar months on. None for a "yes"; the same
    refusal twice is asked about once."""
    if verdict.verdict is not Verdict.DECLINE:
        return None
    known = session.scalar(select(AfterRefusal).where(AfterRefusal.verdict_id == verdict.id))
    if known is not None:
        return known
    since = max(_three_months_on(verdict, unit), clock.local_date(now, unit.time_zone))
    calendar = working_days.house_calendar(session, unit=unit, since=since, until=since + LONGEST_PAUSE)
    return _keep(session, verdict, working(since, calendar))


def _three_months_on(verdict: RequestVerdict, unit: BusinessUnit) -> date:
    return months_after(clock.local_date(verdict.at, unit.time_zone), MONTHS)


def _keep(session: Session, verdict: RequestVerdict, due_on: date) -> AfterRefusal:
    row = AfterRefusal(request_id=verdict.request_id, verdict_id=verdict.id, due_on=due_on)
    session.add(row)
    session.flush()
    return row


def drop(session: Session, *, request_id: int, why: str) -> None:
    """What was not answered yet is not asked any more. What was answered stays as it was said."""
    open_ones = select(AfterRefusal).where(AfterRefusal.request_id == request_id, is_open())
    for row in session.scalars(open_ones):
        row.dropped = why
    session.flush()


def is_open() -> ColumnElement[bool]:
    """The condition that it is still to be asked, or to be answered."""
    return AfterRefusal.answered_at.is_(None) & (AfterRefusal.dropped == "")


def catch_up(session: Session, *, now: datetime) -> int:
    """Refusals that nobody expects to be asked about, as those from before there was such a question, are expected; of
    closed units nothing is asked. How many are new. Safe to repeat."""
    _drop_closed(session)
    found = [(row[0], row[1]) for row in session.execute(_forgotten(now))]
    calendars = _calendars(session, [unit for _, unit in found], now)
    for verdict, unit in found:
        _keep(session, verdict, working(_three_months_on(verdict, unit), calendars[unit.id]))
    return len(found)


def _drop_closed(session: Session) -> None:
    closed = select(Request.id).join(Request.unit).where(BusinessUnit.closed_on.is_not(None))
    for row in session.scalars(select(AfterRefusal).where(is_open(), AfterRefusal.request_id.in_(closed))):
        row.dropped = UNIT_CLOSED
    session.flush()


def _forgotten(now: datetime) -> Select[RequestVerdict, BusinessUnit]:
    return (
        select(RequestVerdict, BusinessUnit)
        .join(Request, Request.id == RequestVerdict.request_id)
        .join(Request.unit)
        .where(
            RequestVerdict.verdict == Verdict.DECLINE,
            is_newest(),  # an older one was looked at again
            RequestVerdict.at > now - TOO_OLD,
            Request.state == RequestState.DECLINED,
            BusinessUnit.closed_on.is_(None),
            ~exists().where(AfterRefusal.verdict_id == RequestVerdict.id),
        )
        .order_by(RequestVerdict.at, RequestVerdict.id)
        .limit(AT_ONCE)
    )


def is_newest() -> ColumnElement[bool]:
    """The condition that no later verdict on the same request followed."""
    later_one = aliased(RequestVerdict)
    return ~exists().where(later_one.request_id == RequestVerdict.request_id, later_one.id > RequestVerdict.id)


def _calendars(session: Session, units: list[BusinessUnit], now: datetime) -> dict[int, Calendar]:
    if not units:
        return {}
    return working_days.house_calendars(
        session,
        units=units,
        house=organisation.current(session),
        since=(now - TOO_OLD).date(),
        until=months_after(now.date(), MONTHS) + LONGEST_PAUSE,
    )


# ---- What was said


def of_request(session: Session, *, request_id: int) -> AfterRefusal | None:
    """About the newest refusal of a request, with what IT said and who answered. One statement; the caller has
    checked the right."""
    mine = select(AfterRefusal).where(AfterRefusal.request_id == request_id)
    whole = (AfterRefusal.answered_by, AfterRefusal.person, AfterRefusal.verdict)
    loaded = mine.options(*(joinedload(part) for part in whole))
    return session.scalars(loaded.order_by(AfterRefusal.id.desc()).limit(1)).first()


def may_answer(by: Actor, request: Request) -> bool:
    """The unit itself, or IT on its behalf."""
    return policy.can(by, Action.CONFIRM_REQUEST, request) or policy.can(by, Action.DECIDE_REQUEST, request)


def answer(
    session: Session,
    *,
    by: Actor,
    request: Request,
    found: AfterRefusal,
    solved: Solved | None,
    words: str,
    now: datetime,
) -> None:
    """Signed in: what the unit says, or what it told IT.

    Raises Forbidden, and what :func:`keep_answer` raises.
    """
    if not may_answer(by, request):
        raise Forbidden("You may not answer for this unit.")
    keep_answer(session, found, by_id=by.id, solved=solved, words=words, now=now)


def keep_answer(
    session: Session, found: AfterRefusal, *, by_id: int | None, solved: Solved | None, words: str, now: datetime
) -> None:
    """How they solved it. It can be corrected for a while; sent twice, it is said once.

    Raises Invalid("solved" | "words"), Conflict("solved") when it is not asked any more, or was said too long ago.
    """
    session.refresh(found, ["answered_at", "dropped", "solved", "words"], with_for_update=True)
    if solved is None:
        raise Invalid("solved", MISSING)
    if len(words) > LONGEST:
        raise Invalid("words", TOO_LONG)
    if not is_correctable(found, now):
        raise Conflict("solved", NOT_ASKED if found.dropped else TOO_LATE)
    found.solved, found.words, found.answered_by_id = solved, words, by_id
    found.answered_at = found.answered_at or now
    session.flush()


def is_correctable(found: AfterRefusal, now: datetime) -> bool:
    """Whether something can be said, or said otherwise."""
    if found.answered_at is None:
        return found.dropped == ""
    return now < found.answered_at + CORRECTABLE
