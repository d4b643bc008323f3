from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Forbidden, Invalid
from crm.services import organisation
from crm.services.rounds import ahead, planning, rules, telling
from crm.services.rounds.rules import Rules
from models import (
    Attendance,
    Audience,
    BusinessUnit,
    ClosedDays,
    Confidentiality,
    Instrument,
    Invitation,
    Meeting,
    MeetingKind,
    OutboxMessage,
    Part,
    Person,
    Presence,
    Project,
    Round,
    Setting,
    Stage,
)
from tests.cast import Cast
from tests.factories.relationships import Stage as Scene
from tests.factories.relationships import statements

DAY = timedelta(days=1)
#: A Tuesday, half past nine in Lisbon.
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def choose(session: Session, **wanted: str) -> None:
    session.add_all(Setting(name=name, value=value, at=NOW) for name, value in wanted.items())
    session.flush()


def run(session: Session, now: datetime) -> int:
    opened = planning.open_all(session, planning.due_now(session, now=now), now=now)
    session.flush()
    return opened


def rounds(session: Session) -> list[Round]:
    return list(session.scalars(select(Round).order_by(Round.id)))


def held(
    session: Session, unit: BusinessUnit, on: date, present: list[Person], logged_at: datetime | None = None
) -> Meeting:
    """A review of that day whose meeting was logged."""
    review = Scene(session).review(unit, on, held=on)
    meeting = Meeting(
        unit_id=unit.id,
        review_id=review.id,
        kind=MeetingKind.REVIEW,
        held_on=on,
        logged_at=logged_at or datetime(on.year, on.month, on.day, 16, tzinfo=UTC),
    )
    session.add(meeting)
    session.flush()
    session.add_all(Attendance(meeting_id=meeting.id, person_id=person.id) for person in present)
    session.flush()
    return meeting


def key_users(session: Session, unit: BusinessUnit, many: int, part: Part = Part.KEY_USER) -> list[Person]:
    scene = Scene(session)
    people = [scene.person(f"{part.value} {number} {unit.code}") for number in range(many)]
    for person in people:
        scene.member(unit, person, part)
    return people


def test_who_was_there_is_asked_the_morning_after_a_review_once(session: Session, cast: Cast) -> None:
    choose(session, asks="pulse")
    meeting = held(session, cast.finance, date(2026, 11, 23), [cast.head, cast.key_user, cast.rep, cast.specialist])
    session.add(Attendance(meeting_id=meeting.id, person_id=cast.outsider.id, presence=Presence.EXCUSED))
    session.flush()
    assert run(session, NOW.replace(hour=6)) == 0  # before eight
    assert run(session, NOW) == 1
    (opened,) = rounds(session)
    assert (opened.instrument, opened.audience, opened.asked) == (Instrument.PULSE, Audience.ATTENDEES, 2)
    assert (opened.review_id, opened.asked_by_id) == (meeting.review_id, None)
    assert opened.confidentiality is Confidentiality.NAMED
    mails = session.scalars(select(OutboxMessage.to_address).order_by(OutboxMessage.to_address)).all()
    assert mails == [cast.head.email, cast.key_user.email]
    told = telling.of_round(session, round_=opened, unit=cast.finance)
    assert told == "It opened by itself after the review of 23 November."
    for later in (NOW, NOW + timedelta(hours=2), NOW + DAY, NOW + 20 * DAY):
        assert run(session, later) == 0


def test_a_review_logged_late_is_asked_about_the_morning_after_it_was_logged(session: Session, cast: Cast) -> None:
    choose(session, asks="pulse")
    held(session, cast.finance, date(2026, 11, 16), [cast.head], logged_at=NOW)
    assert run(session, NOW) == 0
    assert run(session, NOW + DAY) == 1


def test_nobody_is_asked_about_what_is_older_than_two_weeks(session: Session, cast: Cast) -> None:
    choose(session, asks="pulse")
    held(session, cast.finance, date(2026, 11, 9), [cast.head], logged_at=NOW - 4 * DAY)
    held(session, cast.legal, date(2026, 11, 10), [cast.outsider], logged_at=NOW - 4 * DAY)
    assert run(session, NOW) == 1
    assert rounds(session)[0].unit_id == cast.legal.id


def test_after_a_weekend_and_closed_days_it_is_the_next_working_day_by_the_units_clock(
    session: Session, cast: Cast
) -> None:
    choose(session, asks="pulse")
    cast.finance.time_zone = "America/New_York"
    session.add(ClosedDays(name="Fair", since=date(2026, 11, 23), until=date(2026, 11, 24)))
    held(session, cast.finance, date(2026, 11, 20), [cast.head])
    friday = datetime(2026, 11, 20, 20, tzinfo=UTC)
    assert sum(run(session, friday + timedelta(hours=hours)) for hours in range(1, 80, 3)) == 0
    assert run(session, NOW) == 0  # half past four there
    assert run(session, NOW + timedelta(hours=4)) == 1


def test_a_closed_unit_is_never_asked(session: Session, cast: Cast) -> None:
    held(session, cast.finance, date(2026, 11, 23), [cast.head])
    cast.finance.closed_on = cast.legal.closed_on = date(2026, 11, 1)
    assert run(session, NOW) == 0


def quarter(session: Session, first: datetime = datetime(2027, 1, 4, 9, 30, tzinfo=UTC)) -> None:
    """Every morning of a quarter."""
    for number in range(85):
        run(session, first + number * DAY)


def test_the_survey_asks_the_head_and_key_users_by_name_once_a_quarter(session: Session, cast: Cast) -> None:
    quarter(session)
    mine = [opened for opened in rounds(session) if opened.unit_id == cast.finance.id]
    assert [(one.instrument, one.audience, one.asked) for one in mine] == [(Instrument.SURVEY, Audience.PEOPLE, 2)]
    assert mine[0].occasion == f"unit:{cast.finance.id}:2027-Q1:survey"
    assert mine[0].set_id is not None


def test_five_key_users_have_a_round_without_names_and_the_head_a_named_one(session: Session, cast: Cast) -> None:
    key_users(session, cast.finance, 4)
    choose(session, key_users="confidential")
    quarter(session)
    mine = {one.audience: one for one in rounds(session) if one.unit_id == cast.finance.id}
    assert {audience: one.asked for audience, one in mine.items()} == {Audience.HEAD: 1, Audience.KEY_USERS: 5}
    assert mine[Audience.KEY_USERS].confidentiality is Confidentiality.CONFIDENTIAL
    assert mine[Audience.HEAD].confidentiality is Confidentiality.NAMED


def test_fewer_than_five_key_users_are_asked_by_name_with_the_head_and_the_page_says_why(
    session: Session, cast: Cast
) -> None:
    key_users(session, cast.finance, 4)
    cast.key_user.email = None  # cannot be asked
    choose(session, key_users="anonymous")
    quarter(session)
    (mine,) = [one for one in rounds(session) if one.unit_id == cast.finance.id]
    assert (mine.audience, mine.asked, mine.confidentiality) == (Audience.PEOPLE, 5, Confidentiality.NAMED)
    told = telling.of_round(session, round_=mine, unit=cast.finance)
    assert "The four key users answer by name: without names at least five are needed." in told


def test_end_users_are_asked_once_a_quarter_where_the_house_says_so_and_small_units_with_the_one_above(
    session: Session, cast: Cast
) -> None:
    choose(session, asks="", end_users="anonymous", sample="10")
    key_users(session, cast.finance, 30, Part.MEMBER)
    key_users(session, cast.legal, 4, Part.MEMBER)
    key_users(session, cast.corporate, 3, Part.MEMBER)
    quarter(session)
    found = {opened.unit_id: opened for opened in rounds(session)}
    assert {unit_id: opened.asked for unit_id, opened in found.items()} == {cast.finance.id: 10, cast.corporate.id: 7}
    assert {opened.audience for opened in found.values()} == {Audience.END_USERS}
    assert found[cast.finance.id].confidentiality is Confidentiality.ANONYMOUS


def test_a_project_is_asked_about_at_delivery_and_three_and_six_months_after(session: Session, cast: Cast) -> None:
    choose(session, asks="project")
    project = Project(unit_id=cast.finance.id, name="Ledger", stage=Stage.DELIVERED, moved_on=date(2026, 11, 23))
    session.add(project)
    session.flush()
    for number in range(240):
        run(session, NOW + number * DAY)
    days = [opened.opened_at.date() for opened in rounds(session)]
    assert days == [date(2026, 11, 24), date(2027, 2, 24), date(2027, 5, 24)]
    assert {opened.instrument for opened in rounds(session)} == {Instrument.PROJECT}
    assert "three months after “Ledger” was delivered" in telling.of_round(
        session, round_=rounds(session)[1], unit=cast.finance
    )


def test_a_pulse_within_thirty_days_of_the_survey_is_left_out_and_the_page_says_so(
    session: Session, cast: Cast
) -> None:
    session.add(
        Round(
            unit_id=cast.finance.id,
            instrument=Instrument.SURVEY,
            occasion=f"unit:{cast.finance.id}:2026-Q4:survey",
            opened_at=NOW - 10 * DAY,
            closes_at=NOW + 4 * DAY,
            asked=2,
        )
    )
    session.flush()
    survey = rounds(session)[0]
    session.add_all(
        Invitation(round_id=survey.id, person_id=person.id, token_hash=f"x{person.id}")
        for person in (cast.head, cast.key_user)
    )
    held(session, cast.finance, date(2026, 11, 23), [cast.head, cast.key_user])
    choose(session, asks="pulse")
    assert run(session, NOW) == 0
    by = cast.actor(session, cast.cio, NOW.date())
    house = organisation.current(session)
    page = ahead.listed(session, by=by, now=NOW, house=house, unit_id=cast.finance.id)
    assert [(one.is_left_out, one.why) for one in page.rows if one.instrument is Instrument.PULSE] == [
        (True, "left out: they were asked too lately")
    ]


def test_what_opens_next_is_what_then_opens(session: Session, cast: Cast) -> None:
    first = datetime(2027, 1, 4, 9, 30, tzinfo=UTC)
    by = cast.actor(session, cast.cio, first.date())
    told = ahead.listed(session, by=by, now=first, house=organisation.current(session))
    for number in range(31):
        run(session, first + number * DAY)
    opened = [(one.unit_id, one.opened_at.date()) for one in rounds(session)]
    assert [(one.unit.id, one.day) for one in told.rows if not one.is_left_out] == opened != []


def test_planning_takes_as_many_statements_for_many_units_as_for_a_few(session: Session, cast: Cast) -> None:
    def count(number: int) -> int:
        scene = Scene(session)
        for place in range(number):
            unit = scene.unit(f"Unit {number} {place}", zone="Europe/Lisbon")
            scene.member(unit, scene.person(f"Head {number} {place}"))
            scene.review(unit, date(2026, 12, 8))
        with statements(session) as sent:
            planning.due_now(session, now=NOW + number * DAY)
        return len(sent)

    assert count(2) == count(15) <= 12


def test_the_rules_are_kept_with_a_reason_by_those_who_may(session: Session, cast: Cast) -> None:
    by, wanted = cast.actor(session, cast.cio, NOW.date()), Rules(rest_days=45, end_users=Confidentiality.ANONYMOUS)
    assert rules.change(session, by=by, wanted=wanted, reason="Too many mails", now=NOW)
    session.flush()
    assert rules.current(session) == wanted
    assert not rules.change(session, by=by, wanted=wanted, reason="The same", now=NOW)
    assert {kept.name for kept, _ in rules.history(session, by=by).rows} == {"rest_days", "end_users"}
    with pytest.raises(Forbidden):
        rules.change(session, by=cast.actor(session, cast.rep, NOW.date()), wanted=wanted, reason="x", now=NOW)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"rest_days": 6}, "rest_days"),
        ({"sample": 9}, "sample"),
        ({"end_users": Confidentiality.NAMED}, "end_users"),
    ],
)
def test_what_makes_no_sense_is_refused(session: Session, cast: Cast, wanted: dict[str, Any], field: str) -> None:
    by = cast.actor(session, cast.cio, NOW.date())
    with pytest.raises(Invalid) as refused:
        rules.change(session, by=by, wanted=Rules(**wanted), reason="Why not", now=NOW)
    assert refused.value.field == field
