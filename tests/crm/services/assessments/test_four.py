"""The four questions: answered once a quarter, out of date after two, prefilled from the registers, read by IT."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.errors import Forbidden, Invalid
from crm.services.assessments import cycle, four
from models import Assessment, FourQuestion, Origin, Request, RequestKind, RequestState, Review
from tests.cast import Cast
from tests.factories.relationships import Stage

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def keep(session: Session, cast: Cast, on: date = TODAY, **answers: str) -> int:
    return four.keep(
        session,
        by=cast.actor(session, cast.rep, on),
        unit=cast.finance,
        answers={FourQuestion(name): answer for name, answer in answers.items()},
        now=datetime(on.year, on.month, on.day, 10, tzinfo=UTC),
    )


def standing(session: Session, cast: Cast, on: date = TODAY) -> dict[FourQuestion, four.Standing]:
    found = four.of_unit(session, by=cast.actor(session, cast.rep, on), unit=cast.finance)
    return {one.question: one for one in found}


def request(session: Session, cast: Cast, title: str, state: RequestState, on: date, **more: Any) -> Request:
    moment = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    values: dict[str, Any] = {"decided_at": moment, "business_need": "To close on time", "reason": "It helps", **more}
    made = Request(unit_id=cast.finance.id, title=title, state=state, logged_on=on, **values)
    session.add(made)
    session.flush()
    return made


def test_an_answer_holds_for_its_quarter_and_the_next_and_is_out_of_date_then(session: Session, cast: Cast) -> None:
    keep(session, cast, strategy="They move to the new ledger")
    for day, stale in ((date(2026, 12, 31), False), (date(2027, 3, 31), False), (date(2027, 4, 1), True)):
        assert standing(session, cast, day)[FourQuestion.STRATEGY].is_stale is stale, day
    assert all(one.is_stale for key, one in standing(session, cast).items() if key is not FourQuestion.STRATEGY)
    assert session.scalar(select(four.stale(cast.finance.id, TODAY))) == 3


@given(st.dates(date(2000, 2, 1), date(2090, 1, 1)), st.dates(date(2000, 2, 1), date(2090, 1, 1)))
def test_an_answer_is_never_fresher_on_a_later_day(first: date, second: date) -> None:
    early, late = sorted((first, second))
    asked = cycle.cycle_of(date(2030, 5, 5)).since
    assert cycle.is_stale(asked, late) or not cycle.is_stale(asked, early)
    assert cycle.is_stale(None, early)


def test_the_registers_say_the_newest_of_each(session: Session, cast: Cast) -> None:
    declined = RequestState.DECLINED
    request(session, cast, "An old no", declined, date(2026, 1, 5), no_alternative=True)
    no = request(session, cast, "A portal", declined, date(2026, 10, 9), reason="Not before spring", alternative="Mail")
    request(
        session,
        cast,
        "A plotter",
        RequestState.ACCEPTED,
        date(2026, 9, 1),
        kind=RequestKind.NON_STANDARD,
        reason="Maps",
    )
    gain = request(
        session,
        cast,
        "Search",
        RequestState.CONFIRMED,
        date(2026, 3, 2),
        origin=Origin.OFFERED,
        delivered_at=datetime(2026, 5, 15, 9, tzinfo=UTC),
        confirmed_at=NOW,
        did="Ten years are searchable",
    )
    request(session, cast, "A mistake", RequestState.DELIVERED, date(2026, 11, 2), kind=RequestKind.COMPLAINT)
    said = {question: one.suggestion for question, one in standing(session, cast).items()}
    assert said[FourQuestion.STRATEGY] is None
    refused, installed, gained = (
        said[question] for question in (FourQuestion.REFUSAL, FourQuestion.INSTALLATION, FourQuestion.GAIN)
    )
    assert refused
    assert installed
    assert gained
    assert refused.request_id == no.id
    assert refused.text == (
        "“A portal”, refused on 9 October. Not before spring. Offered instead: Mail. "
        "The need behind it: To close on time."
    )
    assert installed.text == "“A plotter”, granted on 1 September. Why: Maps."
    assert gained.request_id == gain.id
    assert gained.text == (
        "“Search”, IT’s idea, delivered on 15 May. Ten years are searchable. The unit says that it works."
    )


def test_what_was_taken_from_the_register_leads_to_its_request(session: Session, cast: Cast) -> None:
    no = request(session, cast, "A portal", RequestState.DECLINED, date(2026, 10, 9), no_alternative=True)
    suggestion = standing(session, cast)[FourQuestion.REFUSAL].suggestion
    assert suggestion
    keep(session, cast, refusal=suggestion.text, strategy="Unknown to us")
    kept = {one.question: one.request_id for one in session.scalars(select(Assessment))}
    assert kept == {FourQuestion.REFUSAL: no.id, FourQuestion.STRATEGY: None}


def test_the_same_answer_twice_is_kept_once_and_again_in_the_next_quarter(session: Session, cast: Cast) -> None:
    assert keep(session, cast, strategy="Ledger first", gain="Search") == 2
    assert keep(session, cast, strategy="Ledger first", gain="Search, and it works") == 1
    assert keep(session, cast, date(2027, 1, 4), strategy="Ledger first") == 1
    assert session.scalar(select(func.count(Assessment.id))) == 4


def test_cycles_stand_side_by_side_newest_first_with_the_answer_that_held_last(session: Session, cast: Cast) -> None:
    for on, said in ((date(2026, 2, 2), "One"), (date(2026, 5, 4), "Two"), (date(2026, 5, 5), "Two, corrected")):
        keep(session, cast, on, strategy=said)
    by = cast.actor(session, cast.cio, TODAY)
    page = four.history(session, by=by, unit=cast.finance)
    shown = [(one.words, one.answers[FourQuestion.STRATEGY].answer) for one in page.rows]
    assert shown == [("the second quarter of 2026", "Two, corrected"), ("the first quarter of 2026", "One")]


def test_nothing_at_all_too_much_and_a_review_of_another_unit_are_refused(session: Session, cast: Cast) -> None:
    for wrong, field in (("", "answers"), ("x" * 2_001, "strategy")):
        with pytest.raises(Invalid) as refused:
            keep(session, cast, strategy=wrong)
        assert refused.value.field == field
    stage = Stage(session)
    stage.cadence(cast.legal)
    review = stage.review(cast.legal, TODAY)
    assert isinstance(review, Review)
    with pytest.raises(Invalid):
        four.keep(
            session,
            by=cast.actor(session, cast.rep, TODAY),
            unit=cast.finance,
            answers={FourQuestion.GAIN: "Search"},
            now=NOW,
            review_id=review.id,
        )


def test_only_it_reads_and_only_whoever_looks_after_the_unit_or_the_cio_answers(session: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        four.of_unit(session, by=cast.actor(session, cast.head, TODAY), unit=cast.finance)
    for person, may in ((cast.cio, True), (cast.colleague, False), (cast.head, False), (cast.administrator, False)):
        by = cast.actor(session, person, TODAY)
        answers = {FourQuestion.GAIN: f"Search, says {person.name}"}
        if may:
            assert four.keep(session, by=by, unit=cast.finance, answers=answers, now=NOW) == 1
            continue
        with pytest.raises(Forbidden):
            four.keep(session, by=by, unit=cast.finance, answers=answers, now=NOW)
