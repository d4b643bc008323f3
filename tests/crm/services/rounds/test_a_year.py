"""A year of mornings: nobody is asked twice within N days, and no occasion opens twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.services.rounds import planning
from crm.services.rounds.drawing import Able
from crm.services.rounds.due import all_due
from crm.services.rounds.known import Known, KnownReview
from crm.services.rounds.rules import Rules
from crm.services.rounds.walking import Step, Walk
from crm.services.working_days import WEEKDAYS_ONLY
from models import (
    Attendance,
    BusinessUnit,
    Confidentiality,
    Invitation,
    Meeting,
    MeetingKind,
    Membership,
    OutboxMessage,
    Part,
    Project,
    Review,
    ReviewState,
    Round,
    Stage,
)
from tests.factories import relationships

DAY = timedelta(days=1)
BEGINS = date(2026, 1, 5)


@dataclass(frozen=True)
class House:
    """``members``: of each unit, person ids with what they are there; ``every``: so many days from review to review."""

    members: Sequence[Sequence[tuple[int, Part]]]
    every: Sequence[int]
    rules: Rules
    #: Days on which the job does not run.
    down: frozenset[int]


PEOPLE = st.lists(st.tuples(st.integers(1, 40), st.sampled_from(list(Part)[:3])), max_size=14, unique_by=lambda m: m[0])
HOUSES = st.builds(
    House,
    members=st.lists(PEOPLE, min_size=1, max_size=4),
    every=st.lists(st.sampled_from([30, 61, 91, 182, 0]), min_size=4, max_size=4),
    rules=st.builds(
        Rules,
        rest_days=st.sampled_from([7, 14, 30, 45, 90]),
        key_users=st.sampled_from(Confidentiality),
        end_users=st.sampled_from([None, Confidentiality.ANONYMOUS]),
    ),
    down=st.frozensets(st.integers(0, 364), max_size=120),
)


def reviews_of(house: House, unit_id: int, today: date) -> Iterator[KnownReview]:
    every = house.every[unit_id - 1]
    present = tuple(person_id for person_id, _ in house.members[unit_id - 1][:4])
    for number, ahead in enumerate(range(10 * unit_id, 500, every) if every else ()):
        on = BEGINS + ahead * DAY
        held = on < today
        logged_on = on if held and on >= today - 15 * DAY else None
        yield KnownReview(100 * unit_id + number, unit_id, on, held, logged_on, present if logged_on else ())


def known_on(today: date, house: House, done: Mapping[str, Step], asked: Mapping[int, date]) -> Known:
    numbers = range(1, len(house.members) + 1)
    units = {
        number: BusinessUnit(id=number, parent_id=1 if number > 1 else None, time_zone="UTC") for number in numbers
    }
    project = Project(id=1, unit_id=1, stage=Stage.DELIVERED, moved_on=BEGINS + 40 * DAY)
    rest = (house.rules.rest_days + 1) * DAY
    return Known(
        now=datetime.combine(today, time(9), UTC),
        until=today,
        rules=house.rules,
        units=units,
        calendars=dict.fromkeys(numbers, WEEKDAYS_ONLY),
        people={number: [Able(who, number, part) for who, part in house.members[number - 1]] for number in numbers},
        done={occasion: step.due.audience for occasion, step in done.items()},
        by_hand=(),
        reviews={number: list(reviews_of(house, number, today)) for number in numbers},
        projects=[project] if today > project.moved_on else [],
        free_on={person_id: day + rest for person_id, day in asked.items()},
    )


@settings(max_examples=12, deadline=None)
@given(house=HOUSES)
def test_over_a_year_nobody_is_asked_twice_within_the_days_of_rest_and_each_occasion_opens_once(house: House) -> None:
    done: dict[str, Step] = {}
    asked: dict[int, date] = {}
    for number in range(365):
        today = BEGINS + number * DAY
        if number in house.down:
            continue
        known = known_on(today, house, done, asked)
        dues = [due for due in all_due(known) if not due.is_expected]
        for step in Walk(known, today, dues).steps(today):
            if step.is_left_out or step.day != today:
                continue
            assert step.due.occasion not in done
            assert today.weekday() < 5
            assert step.due.on <= today <= step.due.until
            done[step.due.occasion] = step
            for able in step.people:
                before = asked.get(able.person_id)
                assert before is None or today - before >= house.rules.rest_days * DAY
                asked[able.person_id] = today
            if step.due.confidentiality is not Confidentiality.NAMED:
                assert len(step.people) >= 5


def test_a_quarter_with_monthly_reviews_has_its_survey_and_room_for_a_pulse() -> None:
    house = House([[(1, Part.HEAD), (2, Part.KEY_USER)]], [30, 0, 0, 0], Rules(), frozenset())
    kinds = opened(house)
    assert kinds.count("survey") == 4
    assert kinds.count("pulse") >= 4


def test_with_quarterly_reviews_neither_the_survey_nor_a_pulse_is_left_out() -> None:
    house = House([[(1, Part.HEAD), (2, Part.KEY_USER)]], [91, 0, 0, 0], replace(Rules()), frozenset())
    kinds = opened(house)
    assert (kinds.count("survey"), kinds.count("pulse")) == (4, 4)


def opened(house: House) -> list[str]:
    """The instruments of a year, in order."""
    done: dict[str, Step] = {}
    asked: dict[int, date] = {}
    for number in range(365):
        today = BEGINS + number * DAY
        known = replace(known_on(today, house, done, asked), projects=[])
        dues = [due for due in all_due(known) if not due.is_expected]
        for step in Walk(known, today, dues).steps(today):
            if step.people and step.day == today:
                done[step.due.occasion] = step
                asked |= dict.fromkeys((able.person_id for able in step.people), today)
    return [step.due.instrument.value for step in done.values()]


def test_a_year_in_the_database(session: Session) -> None:
    stage = relationships.Stage(session)
    units = [stage.unit(f"Unit {number}", zone="Europe/Lisbon") for number in range(3)]
    people = [stage.person(f"Person {number}") for number in range(8)]
    for number, person in enumerate(people):
        stage.member(units[number % 3], person, Part.HEAD if number < 3 else Part.KEY_USER)
    session.add(
        Membership(unit_id=units[2].id, person_id=people[0].id, part=Part.KEY_USER, since=relationships.LONG_AGO)
    )
    heads = {unit.id: person.id for unit, person in zip(units, people[:3], strict=True)}
    reviews = [review for unit in units[:2] for review in _planned(stage, unit)]
    stage.add(Project(unit_id=units[0].id, name="Ledger", stage=Stage.DELIVERED, moved_on=date(2026, 2, 3)))
    now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    for number in range(0, 365, 3):
        today = now + number * DAY
        _hold(session, [review for review in reviews if review.planned_on <= today.date()], heads, today)
        _run(session, today)
        _run(session, today)
    asked: dict[int, list[datetime]] = defaultdict(list)
    for person_id, at in session.execute(select(Invitation.person_id, Round.opened_at).join(Invitation.round)):
        asked[person_id].append(at)
    for times in asked.values():
        assert all(later - earlier >= 30 * DAY for earlier, later in pairwise(sorted(times)))
    rounds = session.scalars(select(Round).order_by(Round.id)).all()
    assert {round_.instrument.value for round_ in rounds} == {"pulse", "survey", "project"}
    assert len({round_.occasion for round_ in rounds}) == len(rounds)
    assert session.scalar(select(func.count(OutboxMessage.id))) == sum(round_.asked for round_ in rounds)
    surveyed = [round_ for round_ in rounds if round_.instrument.value == "survey"]
    assert len(surveyed) == 12


def _planned(stage: relationships.Stage, unit: BusinessUnit) -> list[Review]:
    days = [date(2026, month, 12) for month in range(1, 13)]
    return [stage.review(unit, day) for day in days]


def _hold(session: Session, reviews: Sequence[Review], heads: Mapping[int, int], now: datetime) -> None:
    for review in reviews:
        if review.state is ReviewState.PLANNED:
            review.state, review.held_on = ReviewState.HELD, review.planned_on
            facts = {"unit_id": review.unit_id, "review_id": review.id, "kind": MeetingKind.REVIEW}
            meeting = Meeting(held_on=review.planned_on, logged_at=now, **facts)
            session.add(meeting)
            session.flush()
            session.add(Attendance(meeting_id=meeting.id, person_id=heads[review.unit_id]))
    session.flush()


def _run(session: Session, now: datetime) -> None:
    planning.open_all(session, planning.due_now(session, now=now), now=now)
    session.flush()
