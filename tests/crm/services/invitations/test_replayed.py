"""Whatever happens to reviews and their people: once all mails are taken, calendars show what the database says."""

from __future__ import annotations

import contextlib
from datetime import date, time, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import CrmError
from crm.services import absences, assignments, cadences, invitations, reviews
from crm.services.absences import Told
from models import Absence, Assignment, BusinessUnit, Cadence, Cover, Membership, Part, Review, ReviewState
from models.calendar import ReviewInvitation
from tests.cast import Cast
from tests.crm.services.invitations.inbox import Shown, calendars, leaving
from tests.factories.reviews import NOW, TODAY, add_cadence, on_day, reviews_of, rule

WHICH, DAYS = st.integers(0, 3), st.integers(0, 70)
RHYTHMS = st.sampled_from((rule(), rule(nth=3, minutes=30), on_day(28), on_day(12, at=time(16))))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("rhythm"), RHYTHMS, st.sampled_from(("", "Room 4", "https://meet.example/j/1"))),
        st.tuples(st.just("move"), WHICH, DAYS),
        st.tuples(st.just("skip"), WHICH, st.just(0)),
        st.tuples(st.just("unskip"), WHICH, st.just(0)),
        st.tuples(st.just("hold"), WHICH, DAYS),
        st.tuples(st.just("let go"), WHICH, st.just(0)),
        st.tuples(st.just("lead"), WHICH, DAYS),
        st.tuples(st.just("deputy"), WHICH, DAYS),
        st.tuples(st.just("head"), WHICH, DAYS),
        st.tuples(st.just("away"), WHICH, DAYS),
        st.tuples(st.just("job"), st.just(0), st.just(0)),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_replaying_the_mails_gives_the_calendar_the_database_shows(
    session: Session, cast: Cast, steps: list[tuple[str, Any, Any]]
) -> None:
    with session.begin_nested() as savepoint:
        add_cadence(session, cast.finance, rule(), date(2026, 1, 1), place="Room 1")
        reviews.plan(session, cast.finance, TODAY)
        job(session)
        for what, first, second in steps:
            with contextlib.suppress(CrmError), session.begin_nested():
                take(session, cast, what, first, second)
        job(session)
        compare(session, cast.finance)
        assert invitations.differing(session, now=NOW) == []
        savepoint.rollback()
    session.expire_all()


def job(session: Session) -> None:
    invitations.changed(session, reviews=invitations.differing(session, now=NOW), now=NOW)


def take(session: Session, cast: Cast, what: str, first: Any, second: Any) -> None:
    if what == "job":
        return job(session)
    if what in ("rhythm", "lead", "deputy", "head", "away"):
        return change_around(session, cast, what, first, second)
    review = reviews_of(session, cast.finance)[first]
    by, on = cast.actor(session, cast.rep, TODAY), review.period_since + timedelta(days=second % 28)
    by = policy.application(TODAY) if by.id is None or cast.finance.id not in by.covers else by
    if what == "move":
        reviews.move(session, by=by, review=review, day=on, at=time(8 + second % 9), now=NOW)
    elif what == "skip":
        reviews.skip(session, by=by, review=review, reason="Year end", now=NOW)
    elif what == "unskip":
        reviews.unskip(session, by=by, review=review, now=NOW)
    elif what == "hold":
        reviews.hold(session, review=review, held_on=on)
    elif review.state is ReviewState.HELD:
        reviews.let_go(session, review=review)
    return None


def change_around(session: Session, cast: Cast, what: str, first: Any, second: Any) -> None:
    unit, by = cast.finance, policy.application(TODAY)
    if what == "rhythm":
        cadences.set_cadence(session, by=by, unit=unit, rule=first, place=second, since=TODAY, today=TODAY)
        return
    since = TODAY + timedelta(days=second)
    if what == "away":
        told = Told(since=since, until=since + timedelta(days=9), covered_by=cast.colleague if first % 2 else None)
        absences.record(session, by=by, person=cast.rep, told=told)
    elif what == "head":
        person = (cast.head, cast.key_user, cast.outsider, cast.key_user)[first]
        assignments.join(session, by=by, unit=unit, person=person, part=Part.HEAD, since=since)
    else:
        cover = Cover.LEAD if what == "lead" else Cover.DEPUTY
        rep = cast.rep if first % 2 else cast.colleague
        assignments.assign(session, by=by, unit=unit, rep=rep, cover=cover, since=since)


def compare(session: Session, unit: BusinessUnit) -> None:
    shown = {person_id: program.standing for person_id, program in calendars(leaving(session)).items()}
    uids = {row.uid: row.review_id for row in session.scalars(select(ReviewInvitation))}
    found = {review.id: review for review in reviews_of(session, unit)}
    wanted = {
        key: (people(session, unit, review.planned_on), entry(session, unit, review)) for key, review in found.items()
    }
    for person_id, standing in shown.items():
        for uid, as_shown in standing.items():
            review = found[uids[uid]]
            assert review.state is ReviewState.PLANNED or review.planned_at <= NOW
            guests, as_it_is = wanted[review.id]
            assert person_id in guests
            assert as_shown == as_it_is
    for review in found.values():
        if review.state is ReviewState.PLANNED and NOW < review.planned_at <= NOW + invitations.HORIZON:
            for person_id in wanted[review.id][0]:
                assert review.id in {uids[uid] for uid in shown[person_id]}


def people(session: Session, unit: BusinessUnit, on: date) -> set[int]:
    """Who should be there that day, worked out once more, the plain way."""
    assigned = [one for one in session.scalars(select(Assignment).filter_by(unit_id=unit.id)) if holds(one, on)]
    leads = {one.rep_id for one in assigned if one.cover is Cover.LEAD}
    heads = [one for one in session.scalars(select(Membership).filter_by(unit_id=unit.id)) if holds(one, on)]
    away = [one for one in session.scalars(select(Absence)) if one.person_id in leads and holds(one, on)]
    covering = {one.covered_by_id for one in away if one.covered_by_id}
    return {one.rep_id for one in assigned} | {one.person_id for one in heads if one.part is Part.HEAD} | covering


def holds(row: Any, on: date) -> bool:
    return bool(row.since <= on and (row.until is None or on < row.until))


def entry(session: Session, unit: BusinessUnit, review: Review) -> Shown:
    lead = assignments.lead_on(session, unit.id, review.planned_on)
    assert lead is not None
    ends = review.planned_at + timedelta(minutes=review.minutes)
    return Shown(review.planned_at, ends, lead.email or "", session.get_one(Cadence, review.cadence_id).place)
