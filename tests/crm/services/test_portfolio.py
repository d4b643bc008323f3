"""The portfolio tells the CIO which relationships need attention, why, and in that order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Forbidden
from crm.policy import Actor
from crm.services import portfolio, unit_facts
from crm.services.attention import Level
from crm.services.attention_words import status_of
from crm.services.portfolio import Filters, Line, Portfolio
from models import (
    Action,
    ActionState,
    Assignment,
    BusinessUnit,
    Cover,
    Person,
    Request,
    RequestState,
    Response,
    Review,
    ReviewState,
    Round,
)
from tests.factories.relationships import LONG_AGO, NOW, TODAY, Stage, ago, ahead, statements


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


@pytest.fixture
def rep(stage: Stage) -> Person:
    return stage.person("Ines Carvalho", is_rep=True)


@pytest.fixture
def cio(stage: Stage) -> Actor:
    return stage.actor(stage.person("Margit Lindqvist", is_cio=True))


def read(session: Session, by: Actor, filters: Filters | None = None, page: int = 1) -> Portfolio:
    return portfolio.read(session, by=by, filters=filters or Filters(), page=page, now=NOW)


def names(found: Portfolio) -> list[str]:
    return [line.facts.name for line in found.page.rows]


def line_of(session: Session, by: Actor, unit: BusinessUnit) -> Line:
    return portfolio.lines(session, by=by, units=[unit.id], now=NOW)[unit.id]


def test_a_unit_that_is_met_and_rated_well_is_steady(session: Session, stage: Stage, rep: Person, cio: Actor) -> None:
    line = line_of(session, cio, stage.steady("Legal", rep))
    assert (line.status.word, line.status.reason, line.status.tone) == ("Steady", "", "plain")
    assert line.facts.lead_name == "Ines Carvalho"
    assert line.facts.last_held_on == ago(30)
    assert line.facts.next_planned_on == ahead(20)


def test_a_unit_whose_rep_left_says_since_when(session: Session, stage: Stage, rep: Person, cio: Actor) -> None:
    unit = stage.unit("Marketing")
    stage.lead(unit, rep, date(2026, 1, 1), date(2026, 10, 1))
    line = line_of(session, cio, unit)
    assert (line.status.word, line.status.reason) == ("No rep", "since 1 October")
    assert line.status.tone == "worse"


def test_a_unit_that_never_had_a_rep_says_so(session: Session, stage: Stage, cio: Actor) -> None:
    assert line_of(session, cio, stage.unit("Marketing")).status.reason == "never had one"


def test_a_deputy_alone_is_no_cover(session: Session, stage: Stage, rep: Person, cio: Actor) -> None:
    unit = stage.unit("Marketing")
    stage.lead(unit, rep, cover=Cover.DEPUTY)
    assert line_of(session, cio, unit).status.word == "No rep"


def test_a_fall_in_the_rating_is_said_with_who_stands_behind_it(
    session: Session, stage: Stage, rep: Person, cio: Actor
) -> None:
    unit = stage.steady("Finance", rep)
    stage.rated(unit, ago(5), [2])
    status = line_of(session, cio, unit).status
    assert (status.word, status.reason) == ("Rated lower", "2 of 5 from one person, was 4")
    assert status.said == "rates us lower: 2 of 5 from one person, was 4"


def test_a_fall_that_still_ends_well_is_no_news(session: Session, stage: Stage, rep: Person, cio: Actor) -> None:
    unit = stage.steady("Finance", rep)
    stage.rated(unit, ago(10), [5])
    stage.rated(unit, ago(5), [4])
    assert line_of(session, cio, unit).status.word == "Steady"


def test_a_low_rating_without_a_fall_needs_attention(session: Session, stage: Stage, rep: Person, cio: Actor) -> None:
    unit = stage.steady("Finance", rep)
    for days in (10, 5):
        stage.rated(unit, ago(days), [2, 3], asked=5)
    assert line_of(session, cio, unit).status.reason == "2.5 of 5 from two of five people"


def test_a_rise_is_said_and_needs_nothing(session: Session, stage: Stage, rep: Person, cio: Actor) -> None:
    unit = stage.steady("Manufacturing", rep)
    stage.rated(unit, ago(10), [3])
    stage.rated(unit, ago(5), [5])
    status = line_of(session, cio, unit).status
    assert (status.word, status.tone, status.reason) == ("Rated higher", "better", "5 of 5 from one person, was 3")


def test_a_review_past_its_day_is_late_by_so_many_days(session: Session, stage: Stage, rep: Person, cio: Actor) -> None:
    unit = stage.steady("Human Resources", rep)
    stage.review(unit, ago(6))
    assert line_of(session, cio, unit).status.reason == "by six days"


def test_a_period_that_ended_without_its_review_is_missed(
    session: Session, stage: Stage, rep: Person, cio: Actor
) -> None:
    unit = stage.unit("Human Resources")
    stage.lead(unit, rep)
    stage.review(unit, date(2026, 8, 4), held=date(2026, 8, 4))
    stage.review(unit, date(2026, 9, 3))
    stage.review(unit, date(2026, 10, 6))
    assert line_of(session, cio, unit).status.reason == "two in a row, none held since 4 August"


def test_a_miss_is_forgotten_once_a_later_review_is_held(
    session: Session, stage: Stage, rep: Person, cio: Actor
) -> None:
    unit = stage.steady("Human Resources", rep)
    stage.review(unit, date(2026, 9, 3))
    assert line_of(session, cio, unit).facts.missed == 0


def test_overdue_actions_are_counted(session: Session, stage: Stage, rep: Person, cio: Actor) -> None:
    unit = stage.steady("Finance", rep)
    for due in (ago(1), ago(2), TODAY, None):
        stage.action(unit, due=due)
    stage.action(unit, due=ago(9), state=ActionState.DONE)
    line = line_of(session, cio, unit)
    assert line.status.reason == "two past their day"
    assert (line.facts.late_actions, line.facts.open_actions) == (2, 4)


def test_a_unit_without_a_planned_review_says_so(session: Session, stage: Stage, rep: Person, cio: Actor) -> None:
    unit = stage.unit("Finance")
    stage.lead(unit, rep)
    assert line_of(session, cio, unit).status.word == "No review planned"


def test_two_rounds_without_an_answer_are_silence(session: Session, stage: Stage, rep: Person, cio: Actor) -> None:
    unit = stage.steady("Research", rep)
    stage.rated(unit, ago(24), asked=3, days=3)
    assert line_of(session, cio, unit).status.word == "Steady"
    stage.rated(unit, ago(20), asked=3, days=3)
    stage.rated(unit, ago(2), asked=3)  # still open: it may yet be answered
    assert line_of(session, cio, unit).status.reason == "no answer the last two times we asked"


def test_not_rated_is_said_and_never_a_zero(session: Session, stage: Stage, rep: Person, cio: Actor) -> None:
    unit = stage.unit("Legal")
    stage.lead(unit, rep)
    stage.review(unit, ahead(3))
    line = line_of(session, cio, unit)
    assert line.facts.satisfaction is None
    assert (line.status.word, line.status.reason) == ("Not rated yet", "nobody has been asked")


def test_satisfaction_carries_how_many_answered_and_were_asked(
    session: Session, stage: Stage, rep: Person, cio: Actor
) -> None:
    unit = stage.steady("Legal", rep)
    stage.rated(unit, ago(9), [4, 4, 3], asked=7)
    stage.rated(unit, ago(2), [], asked=7)
    satisfaction = line_of(session, cio, unit).facts.satisfaction
    assert satisfaction
    assert satisfaction.said == "3.7 of 5 from three of seven people"
    assert (satisfaction.answers, satisfaction.asked) == (3, 7)


def test_whoever_may_not_see_ratings_gets_none_and_no_status_made_of_them(
    session: Session, stage: Stage, rep: Person
) -> None:
    administrator = stage.actor(stage.person("Pia Holm", is_administrator=True))
    unit = stage.steady("Finance", rep)
    stage.rated(unit, ago(5), [1])
    line = line_of(session, administrator, unit)
    assert line.facts.satisfaction is None
    assert line.status.word == "Steady"


@pytest.mark.parametrize("role", ["is_administrator", "is_business"])
def test_the_portfolio_is_for_reps_and_the_cio(session: Session, stage: Stage, role: str) -> None:
    person = stage.person("Somebody", **{role: True})
    with pytest.raises(Forbidden):
        read(session, stage.actor(person))


def test_the_worst_stands_first_then_by_name(session: Session, stage: Stage, rep: Person, cio: Actor) -> None:
    stage.steady("Zoology", rep)
    stage.steady("Archive", rep)
    late = stage.steady("Legal", rep)
    stage.action(late, due=ago(1))
    stage.unit("Marketing")
    assert names(read(session, cio)) == ["Marketing", "Legal", "Archive", "Zoology"]


def test_a_closed_unit_is_not_in_the_portfolio(session: Session, stage: Stage, cio: Actor) -> None:
    stage.unit("Typing pool", closed_on=ago(3))
    assert names(read(session, cio)) == []


def test_the_portfolio_comes_in_pages_of_25(session: Session, stage: Stage, cio: Actor) -> None:
    for number in range(30):
        stage.unit(f"Unit {number:02}")
    first, second = read(session, cio), read(session, cio, page=2)
    assert (len(first.page.rows), first.page.has_next) == (25, True)
    assert names(second) == [f"Unit {number}" for number in range(25, 30)]
    assert not second.page.has_next


def test_filters_narrow_by_rep_branch_status_and_text(session: Session, stage: Stage, rep: Person, cio: Actor) -> None:
    tom = stage.person("Tom Okafor", is_rep=True)
    sales = stage.steady("Sales", rep)
    field = stage.steady("Field Sales", rep, parent=sales)
    stage.steady("Tele Sales 100%", tom, parent=field)
    stage.unit("Marketing")
    assert names(read(session, cio, Filters(rep_id=tom.id))) == ["Tele Sales 100%"]
    assert names(read(session, cio, Filters(branch_id=field.id))) == ["Field Sales", "Tele Sales 100%"]
    assert names(read(session, cio, Filters(status="needs-you"))) == ["Marketing"]
    assert names(read(session, cio, Filters(status="no-rep"))) == ["Marketing"]
    assert names(read(session, cio, Filters(text="sALES"))) == ["Field Sales", "Sales", "Tele Sales 100%"]
    assert names(read(session, cio, Filters(text="%"))) == ["Tele Sales 100%"]
    assert names(read(session, cio, Filters(status="nonsense"))) == names(read(session, cio))


def test_choices_for_the_filters_are_those_that_find_something(
    session: Session, stage: Stage, rep: Person, cio: Actor
) -> None:
    stage.person("Idle Rep", is_rep=True)
    sales = stage.steady("Sales", rep)
    stage.steady("Field Sales", rep, parent=sales)
    assert [person.name for person in portfolio.reps_to_choose(session, by=cio)] == ["Ines Carvalho"]
    assert [unit.name for unit in portfolio.branches_to_choose(session, by=cio)] == ["Sales"]


def test_the_opening_sentence_names_the_worst_with_their_reasons(
    session: Session, stage: Stage, rep: Person, cio: Actor
) -> None:
    marketing = stage.unit("Marketing")
    stage.lead(marketing, rep, date(2026, 1, 1), date(2026, 10, 1))
    stage.rated(stage.steady("Finance", rep), ago(5), [2])
    stage.rated(stage.steady("Research", rep), ago(5), [5])
    stage.steady("Legal", rep)
    said = portfolio.lede(read(session, cio), Filters())
    assert said.finding == "Two of four relationships need you."
    assert said.rest == (
        "Marketing has had no rep since 1 October; Finance rates us lower: 2 of 5 from one person, was 4. "
        "Research rates us higher: 5 of 5 from one person, was 4."
    )


def test_the_opening_sentence_counts_those_it_does_not_name(session: Session, stage: Stage, cio: Actor) -> None:
    for letter in "ABCDE":
        stage.unit(letter)
    said = portfolio.lede(read(session, cio), Filters())
    assert said.rest == "A has no rep yet; B has no rep yet; and three more."


def test_a_calm_portfolio_says_so(session: Session, stage: Stage, rep: Person, cio: Actor) -> None:
    assert portfolio.lede(read(session, cio), Filters()).finding == "No units yet."
    stage.steady("Legal", rep)
    stage.steady("Finance", rep)
    assert portfolio.lede(read(session, cio), Filters()).finding == "None of two relationships needs you today."


def test_reading_takes_two_statements_however_many_units(session: Session, stage: Stage, cio: Actor) -> None:
    for number in range(60):
        stage.unit(f"Unit {number}")
    with statements(session) as sent:
        read(session, cio)
    assert len(sent) == 2


def test_sql_and_python_agree_on_who_needs_attention(session: Session, stage: Stage, cio: Actor) -> None:
    """On random histories, against an oracle that reads the plain rows."""
    units = [_random_unit(stage, random.Random(seed)) for seed in range(150)]
    ranked = [line for page in range(1, 8) for line in read(session, cio, page=page).page.rows]
    facts = unit_facts.of(session, by=cio, units=[unit.id for unit in units], now=NOW)
    expected = {unit.id: _oracle(session, unit.id) for unit in units}
    assert {unit: found.level for unit, found in facts.items()} == expected
    in_order = sorted(units, key=lambda unit: (expected[unit.id], unit.name, unit.id))
    assert [line.facts.unit_id for line in ranked] == [unit.id for unit in in_order]
    assert set(expected.values()) == set(Level), "the histories reach every level"
    for line in ranked:
        assert line.status.word
        assert line.status == status_of(line.facts, TODAY)


def _random_unit(stage: Stage, chance: random.Random) -> BusinessUnit:
    unit = stage.unit(chance.choice(["Finance", "Legal", "Sales"]))
    rep = stage.person(f"Rep {unit.id}", is_rep=True)
    if chance.random() < 0.9:
        stage.lead(unit, rep, until=chance.choice([None] * 8 + [TODAY, ahead(5)]))
    for months in range(-4, 3):
        if chance.random() < (0.85 if months < 1 else 0.5):
            on = date(2026, 11, chance.randint(1, 28))
            on = (on.replace(day=15) + timedelta(30 * months)).replace(day=on.day)
            held = on if on < TODAY and chance.random() < 0.8 else None
            stage.review(unit, on, held=held)
    for _ in range(chance.choice([0, 0, 0, 1, 2])):
        due = chance.choice([None, ago(3), TODAY, ahead(3)])
        stage.action(unit, due=due, state=chance.choice([ActionState.OPEN, ActionState.DONE]))
    for days in sorted(chance.sample(range(5, 300), chance.choice([0, 1, 2, 3, 4])), reverse=True):
        asked = chance.randint(1, 5)
        middle = chance.randint(2, 4)
        scores = [middle + chance.choice([-1, 0, 0, 1]) for _ in range(chance.choice([0, 1, asked]))]
        stage.rated(unit, ago(days), scores, asked=asked, days=3)
    for _ in range(chance.choice([0, 0, 1])):
        state = chance.choice(
            [RequestState.LOGGED, RequestState.WAITING, RequestState.DELIVERING, RequestState.CONFIRMED]
        )
        stage.request(unit, state=state, due_on=chance.choice([None, ago(3), TODAY]))
    return unit


def _oracle(session: Session, unit_id: int) -> Level:
    """The level, from plain rows and the sentences of the product rather than from the rules' own words."""

    def rows(table: type) -> Sequence[object]:
        return session.scalars(select(table).where(table.unit_id == unit_id)).all()  # type: ignore[attr-defined]

    if not any(a.since <= TODAY and (a.until is None or a.until > TODAY) for a in rows(Assignment)):  # type: ignore[attr-defined]
        return Level.NO_REP
    means, silent = _ratings(session, unit_id)
    change = means[-1] - means[-2] if len(means) > 1 else 0.0
    if change <= -1 + 1e-9 and means[-1] < 4:
        return Level.RATED_LOWER
    if means and means[-1] < 3:
        return Level.LOW
    reviews = [review for review in rows(Review) if isinstance(review, Review)]
    last_held = max((r.planned_on for r in reviews if r.state is ReviewState.HELD), default=LONG_AGO)
    planned = [r for r in reviews if r.state is ReviewState.PLANNED]
    if any(r.period_until <= TODAY and r.planned_on > last_held for r in planned):
        return Level.MISSED
    if any(r.planned_on < TODAY < r.period_until for r in planned):
        return Level.LATE
    actions = [action for action in rows(Action) if isinstance(action, Action)]
    if any(a.state is ActionState.OPEN and a.due_on and a.due_on < TODAY for a in actions):
        return Level.ACTIONS
    requests = [request for request in rows(Request) if isinstance(request, Request)]
    ours = {RequestState.LOGGED, RequestState.LOOKING, RequestState.ACCEPTED, RequestState.DELIVERING}
    if any(r.state in ours and r.due_on and r.due_on < TODAY for r in requests):
        return Level.REQUESTS
    if not any(r.planned_on >= TODAY for r in planned):
        return Level.NOT_PLANNED
    if silent >= 2:
        return Level.SILENT
    if not means:
        return Level.NOT_RATED
    return Level.RATED_HIGHER if change >= 1 - 1e-9 else Level.STEADY


def _ratings(session: Session, unit_id: int) -> tuple[list[float], int]:
    """The mean of each answered round, oldest first; and how many closed ones without an answer came after."""
    means: list[float] = []
    silent = 0
    rounds = session.scalars(select(Round).where(Round.unit_id == unit_id).order_by(Round.opened_at, Round.id))
    for asked in rounds.all():
        scores = session.scalars(select(Response.score).where(Response.round_id == asked.id)).all()
        if scores:
            means.append(sum(scores) / len(scores))
            silent = 0
        elif asked.closes_at <= NOW:
            silent += 1
    return means, silent
