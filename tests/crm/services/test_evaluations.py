"""Evaluations of people of IT: who reads them, and that no two readings give one answer away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm.errors import Forbidden, Invalid, NotFound
from crm.policy import Actor
from crm.services import evaluations, leading, question_sets, survey_results
from crm.services.evaluations import Heard, Quarter
from crm.stats.moments import Moments
from models import Answer, BusinessUnit, Confidentiality, Instrument, Per, Person, Response, Round
from tests.factories.relationships import Stage

#: A week and a day into the fourth quarter, so that the third has settled.
TODAY = date(2026, 10, 9)
JULY, APRIL, OLD = (datetime(2026, month, 10, tzinfo=UTC) for month in (7, 4, 1))


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


def said(
    stage: Stage,
    unit: BusinessUnit,
    person: Person,
    values: Sequence[int],
    opened: datetime,
    *,
    how: Confidentiality = Confidentiality.NAMED,
    shown: bool = True,
) -> Round:
    """A survey in which so many said how well the person works with them."""
    questions = question_sets.current(stage.session, instrument=Instrument.SURVEY, now=opened)
    assert questions is not None
    asked = Round(
        unit_id=unit.id,
        instrument=Instrument.SURVEY,
        set_id=questions.id,
        opened_at=opened,
        closes_at=opened + timedelta(days=14),
        asked=len(values) + 1,
        confidentiality=how,
        scores_shown=shown,
    )
    stage.add(asked)
    question = next(one for one in questions.questions if one.per is Per.PERSON)
    for value in values:
        response = stage.add(Response(round_id=asked.id, unit_id=unit.id, score=4, answered_at=opened))
        about = f"person:{person.id}"
        stage.add(Answer(response_id=response.id, question_id=question.id, about=about, value=value))
    return asked


def read(stage: Stage, by: Person, of: Person, today: date = TODAY) -> list[tuple[str, float | None, int]]:
    """(period, mean, answers) of each batch shown, the newest first."""
    line = evaluations.of_person(stage.session, by=evaluator(stage, by, today), person_id=of.id)
    return [(batch.name, batch.score.value, batch.score.n) for one in line.evaluations for batch in one.batches]


def evaluator(stage: Stage, person: Person, today: date = TODAY) -> Actor:
    return Actor(person, today)


@pytest.fixture
def ines(stage: Stage) -> Person:
    return stage.person("Ines", is_rep=True)


# ---- Who reads


def test_the_person_who_leads_and_the_cio_read_and_nobody_else_not_even_an_administrator(
    stage: Stage, ines: Person
) -> None:
    lead, cio = stage.person("Lena", is_rep=True), stage.person("Margit", is_cio=True)
    ines.lead_id = lead.id
    said(stage, stage.unit("Finance"), ines, [4, 4, 5, 3, 4], JULY)
    for reader in (ines, lead, cio):
        assert read(stage, reader, ines) == [("July to September 2026", 4.0, 5)]
    for reader in (stage.person("Tom", is_rep=True), stage.person("Pia", is_administrator=True)):
        with pytest.raises(NotFound):
            read(stage, reader, ines)
        assert read(stage, reader, reader) == []
    head = stage.person("Amara", is_business=True)
    with pytest.raises(Forbidden):
        read(stage, head, head)


def test_a_lead_lists_those_they_lead_and_the_cio_everybody_of_it(stage: Stage, ines: Person) -> None:
    lead, cio = stage.person("Lena", is_rep=True), stage.person("Margit", is_cio=True)
    specialist = stage.person("Olu")
    ines.lead_id = specialist.lead_id = lead.id
    stage.member(stage.unit("Legal"), stage.person("Helena"))

    def names(by: Person, text: str = "") -> list[str]:
        found = evaluations.listed(stage.session, by=evaluator(stage, by), text=text)
        return [line.person.name for line in found.rows]

    assert names(lead) == ["Ines", "Olu"]
    assert names(cio) == ["Ines", "Lena", "Olu"]
    assert names(cio, "len") == ["Lena"]
    assert names(ines) == []


def test_a_round_shows_what_is_said_of_a_person_to_the_same_readers_and_only_once_it_has_closed(
    stage: Stage, ines: Person
) -> None:
    lead, other = stage.person("Lena", is_rep=True), stage.person("Tom", is_rep=True)
    ines.lead_id = lead.id
    asked = said(stage, stage.unit("Finance"), ines, [4, 4, 5, 3, 4], JULY)
    stage.session.refresh(asked, ["unit"])
    closed = asked.closes_at.date() + timedelta(days=1)
    for reader, today, many in ((ines, closed, 1), (lead, closed, 1), (other, closed, 0), (ines, JULY.date(), 0)):
        parts = survey_results.of_round(stage.session, by=evaluator(stage, reader, today), round_=asked)
        assert len(parts) == many


# ---- What is shown


def test_nothing_below_five_answers_nor_of_withheld_rounds_nor_before_the_quarter_has_settled(
    stage: Stage, ines: Person
) -> None:
    finance, legal = stage.unit("Finance"), stage.unit("Legal")
    said(stage, finance, ines, [4, 4], JULY)
    said(stage, legal, ines, [5, 5], JULY)
    assert read(stage, ines, ines) == []
    anonymous = Confidentiality.ANONYMOUS
    said(stage, legal, ines, [1, 1], JULY, how=anonymous, shown=False)
    assert read(stage, ines, ines) == [], "withheld"
    said(stage, stage.unit("Sales"), ines, [3], JULY)
    assert read(stage, ines, ines, date(2026, 10, 7)) == [], "not settled"
    assert read(stage, ines, ines) == [("July to September 2026", 4.2, 5)], "units together"


def test_what_a_quarter_lacks_waits_for_the_next_and_no_longer_than_a_year(stage: Stage, ines: Person) -> None:
    finance = stage.unit("Finance")
    said(stage, finance, ines, [4, 4, 4], APRIL)
    assert read(stage, ines, ines, date(2026, 7, 20)) == []
    said(stage, finance, ines, [1, 1], JULY)
    assert read(stage, ines, ines) == [("April to September 2026", 2.8, 5)]
    other = stage.person("Olu", is_rep=True)
    said(stage, finance, other, [1, 1, 1, 1], datetime(2025, 7, 1, tzinfo=UTC))
    said(stage, finance, other, [5], JULY)
    assert read(stage, other, other) == [], "what is older than a year is never added up"


def test_an_answer_that_a_round_would_give_away_by_subtraction_waits(stage: Stage, ines: Person) -> None:
    said(stage, stage.unit("Finance"), ines, [4, 4, 4, 4, 4], JULY)
    said(stage, stage.unit("Legal"), ines, [1], JULY)
    assert read(stage, ines, ines) == []


def test_the_year_is_about_whole_batches_of_the_last_four_quarters(stage: Stage, ines: Person) -> None:
    finance = stage.unit("Finance")
    for opened, value in ((datetime(2025, 7, 1, tzinfo=UTC), 1), (OLD, 3), (JULY, 5)):
        said(stage, finance, ines, [value] * 5, opened)
    line = evaluations.of_person(stage.session, by=evaluator(stage, ines), person_id=ines.id)
    (one,) = line.evaluations
    assert one.text == "How well does Ines work with you?"
    assert one.year is not None
    assert (one.year.name, one.year.score.value, one.year.score.n, one.year.score.asked) == (
        "January to September 2026",
        4.0,
        10,
        12,
    )
    assert len(one.batches) == 3


ROUNDS = st.lists(st.tuples(st.integers(0, 11), st.integers(1, 8)), max_size=12)


@given(ROUNDS)
def test_no_figure_and_no_sum_or_difference_of_figures_is_about_fewer_than_five(
    found: list[tuple[int, int]],
) -> None:
    """Whatever was shown in twelve quarters: batches, years, and rounds by themselves."""
    heard = [
        Heard(Quarter(2024 + place // 4, place % 4 + 1), 9, Moments(n, at, at)) for at, (place, n) in enumerate(found)
    ]
    shown: set[frozenset[int]] = {frozenset({at}) for at, one in enumerate(heard) if one.is_shown_alone}
    for until in range(12):
        quarters = sorted({one.quarter for one in heard})
        known = [one for one in heard if one.quarter in quarters and one.quarter.place <= 2024 * 4 + until]
        groups = evaluations.batches(known)
        shown |= {frozenset(heard.index(one) for one in group) for group in groups}
        year = [one for group in groups if group[0].quarter.place > 2024 * 4 + until - 4 for one in group]
        shown |= {frozenset(heard.index(one) for one in year)} if year else set()
    for one, other in [*combinations(shown, 2), *((figure, frozenset[int]()) for figure in shown)]:
        for rest in (one - other, other - one, one & other):
            answers = sum(heard[at].answers.n for at in rest)
            assert answers == 0 or answers >= 5, (one, other)


def test_a_batch_once_shown_never_changes_when_later_answers_come() -> None:
    def of(place: int, n: int) -> Heard:
        return Heard(Quarter(2024 + place // 4, place % 4 + 1), 9, Moments(n, place, place))

    heard = [of(0, 3), of(1, 2), of(2, 4), of(4, 1), of(5, 3)]
    earlier = evaluations.batches(heard[:3])
    assert evaluations.batches(heard)[: len(earlier)] == earlier


# ---- Who leads whom


def test_an_administrator_says_who_leads_whom_and_nobody_leads_themselves(stage: Stage, ines: Person) -> None:
    by = stage.actor(stage.person("Pia", is_administrator=True))
    lead, head = stage.person("Lena", is_rep=True), stage.person("Amara")
    stage.member(stage.unit("Finance"), head)
    leading.set_lead(stage.session, by=by, person=ines, lead_id=lead.id)
    assert ines.lead_id == lead.id
    for person, lead_id in ((ines, ines.id), (ines, head.id), (ines, 99_999), (head, lead.id)):
        with pytest.raises(Invalid) as refused:
            leading.set_lead(stage.session, by=by, person=person, lead_id=lead_id)
        assert refused.value.field == "lead_id"
    leading.set_lead(stage.session, by=by, person=ines, lead_id=None)
    assert ines.lead_id is None
    with pytest.raises(Forbidden):
        leading.set_lead(stage.session, by=stage.actor(lead), person=ines, lead_id=lead.id)
