"""By when a request should move on: working days of its unit, a clock for each state, one definition of late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Forbidden, Invalid
from crm.services import priority_rules, request_limits, request_reckoning, request_rules, requests
from crm.services.request_rules import Wanted
from crm.services.working_days import WEEKDAYS_ONLY, Calendar, Span
from models import ClosedDays, PriorityRule, Request, RequestKind, RequestState
from tests.cast import Cast
from tests.november import NOW, TODAY, acting

MONDAY = date(2026, 11, 9)
LOGGED, STANDARD = RequestState.LOGGED, RequestKind.STANDARD


def due(days: int | None, since: date = MONDAY, calendar: Calendar = WEEKDAYS_ONLY) -> date | None:
    return request_limits.due_on(
        {(LOGGED, STANDARD): days}, state=LOGGED, kind=STANDARD, since=since, calendar=calendar
    )


def asked(session: Session, cast: Cast, **told: Any) -> Request:
    words = {"unit": cast.finance, "title": "A dashboard", "business_need": "To see spend", **told}
    return requests.add(session, by=acting(session, cast.head), now=NOW, **words)


def wanted(**changes: Any) -> Wanted:
    default = priority_rules.DEFAULT
    return Wanted(
        **{"words": default.words, "criteria": default.criteria, "limits": request_limits.DEFAULTS, **changes}
    )


def with_limit(days: int | None) -> Wanted:
    return wanted(limits={**request_limits.DEFAULTS, (LOGGED, STANDARD): days})


def test_only_working_days_count_and_the_last_one_is_included() -> None:
    assert [due(days) for days in (1, 4, 5, 10)] == [
        date(2026, 11, 10),
        date(2026, 11, 13),
        date(2026, 11, 16),
        date(2026, 11, 23),
    ]
    assert due(None) is None


def test_closed_days_stop_the_clock() -> None:
    closed = Calendar(closed=(Span(date(2026, 11, 10), date(2026, 11, 12), "Stocktaking"),))
    assert due(1, calendar=closed) == date(2026, 11, 12)


def test_a_house_that_never_works_still_gets_a_day() -> None:
    never = Calendar(closed=(Span(date(2020, 1, 1), None, "Gone"),))
    assert due(5, calendar=never) == request_limits.horizon(MONDAY, 5)


def test_every_state_with_a_clock_has_a_default_for_every_kind() -> None:
    expected = {(state, kind) for state in request_limits.LIMITED for kind in RequestKind}
    assert request_limits.DEFAULTS.keys() == expected


def test_late_means_the_day_has_passed_in_python_as_in_sql(session: Session, cast: Cast) -> None:
    asks = [asked(session, cast, title=f"Wish {number}") for number in range(5)]
    for request, days in zip(asks, (-1, 0, 1, None, -1), strict=True):
        request.due_on = None if days is None else TODAY + timedelta(days)
    asks[4].state = RequestState.CONFIRMED
    session.flush()
    late = session.scalars(select(Request.id).where(request_limits.late(TODAY))).all()
    assert late == [request.id for request in asks if request_limits.is_late(request, TODAY)] == [asks[0].id]


def test_each_step_starts_the_clock_of_its_state(session: Session, cast: Cast) -> None:
    request = asked(session, cast)  # on Tuesday 10 November
    assert (request.stands_since, request.due_on) == (NOW, date(2026, 11, 17))
    later = NOW + timedelta(days=1)
    by = acting(session, cast.rep)
    requests.move(session, by=by, request=request, to=RequestState.WAITING, why="Which cost centres?", now=later)
    assert (request.stands_since, request.due_on) == (later, date(2026, 11, 25))


def test_the_clock_knows_the_units_own_date_and_its_closed_days(session: Session, cast: Cast) -> None:
    cast.legal.time_zone = "Pacific/Auckland"
    session.add(ClosedDays(name="Moving", unit_id=cast.legal.id, since=date(2026, 11, 12), until=date(2026, 11, 14)))
    late = datetime(2026, 11, 10, 22, 0, tzinfo=UTC)  # the 11th in Auckland
    by = acting(session, cast.colleague)
    request = requests.add(session, by=by, unit=cast.legal, title="A", business_need="B", now=late)
    assert request.due_on == date(2026, 11, 20)


def test_another_limit_holds_at_once_for_what_is_open(session: Session, cast: Cast) -> None:
    request, done = asked(session, cast), asked(session, cast, title="Done")
    done.state, done.due_on = RequestState.CONFIRMED, None
    by = acting(session, cast.cio)
    assert request_rules.change(session, by=by, wanted=with_limit(1), reason="We are quicker now", now=NOW)
    session.expire_all()
    assert (request.due_on, done.due_on) == (date(2026, 11, 11), None)
    version = session.scalars(select(PriorityRule)).one()
    assert version.changed == "until somebody looks at it, standard: five working days, now one working day"
    assert request_rules.change(session, by=by, wanted=with_limit(None), reason="No hurry", now=NOW)
    session.expire_all()
    assert request.due_on is None
    assert not request_rules.change(session, by=by, wanted=with_limit(None), reason="", now=NOW)


def test_new_closed_days_are_reckoned_with(session: Session, cast: Cast) -> None:
    request = asked(session, cast)
    session.add(ClosedDays(name="Flood", since=date(2026, 11, 11), until=date(2026, 11, 13)))
    assert request_reckoning.reckon_all(session, now=NOW) == 1
    session.expire_all()
    assert request.due_on == date(2026, 11, 19)
    assert request_reckoning.reckon_all(session, now=NOW) == 0


def test_what_was_logged_before_there_were_limits_gets_one(session: Session, cast: Cast) -> None:
    old = Request(unit_id=cast.finance.id, title="Old", business_need="B", logged_on=date(2026, 10, 1))
    session.add(old)
    request_reckoning.reckon_all(session, now=NOW)
    session.expire_all()
    assert old.due_on == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": ""}, "words"),
        ({"criteria": priority_rules.DEFAULT.criteria[:2]}, "criteria"),
        ({"limits": {**request_limits.DEFAULTS, (LOGGED, STANDARD): 0}}, "limits"),
    ],
)
def test_half_a_rule_is_refused(session: Session, cast: Cast, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        request_rules.change(session, by=acting(session, cast.cio), wanted=wanted(**changes), reason="Because", now=NOW)
    assert caught.value.field == field


def test_a_change_says_why(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        request_rules.change(session, by=acting(session, cast.cio), wanted=with_limit(3), reason="", now=NOW)
    assert caught.value.field == "reason"


@pytest.mark.parametrize("name", ["rep", "head", "key_user", "outsider"])
def test_the_rules_are_set_for_the_house(session: Session, cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        request_rules.change(
            session, by=acting(session, getattr(cast, name)), wanted=with_limit(3), reason="Because", now=NOW
        )
