"""Changing what is asked: a new version each time, keys that join the charts, and nothing rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.services import answering, asking, question_changes, question_editing, question_sets, satisfaction
from crm.services.question_editing import Meaning, Wanted
from crm.services.survey import Given
from models import Answer, Instrument, OutboxMessage, Per, Question, QuestionKind, QuestionSet, Round
from tests.cast import Cast

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SURVEY = Instrument.SURVEY
EXTENT, SCORE, CHANCE = QuestionKind.EXTENT, QuestionKind.SCORE, QuestionKind.CHANCE
GOOD = Wanted("", "We keep our word to {unit}", EXTENT)
OTHER = Wanted("", "We are on time", EXTENT)


def now_asked(session: Session) -> list[Wanted]:
    version = question_sets.in_force(session, instrument=SURVEY, now=NOW)
    return [Wanted.of(question) for question in version.questions]


def save(session: Session, cast: Cast, wanted: Sequence[Wanted], *, base: int = 1, why: str = "Clearer") -> QuestionSet:
    by = cast.actor(session, cast.cio, NOW.date())
    return question_editing.save(
        session, by=by, instrument=SURVEY, base=base, wanted=wanted, reason=why, now=NOW + timedelta(days=base)
    )


def opened(session: Session, cast: Cast, days: int) -> Round:
    """A survey of the head of Finance, so many days from now."""
    now = NOW + timedelta(days=days)
    by = policy.actor_for(session, cast.rep, now.date())
    return asking.ask(session, by=by, unit=cast.finance, now=now, person_ids=[cast.head.id], instrument=SURVEY)


def answered(session: Session, opened: Round, key: str, value: int) -> None:
    paths = session.scalars(select(OutboxMessage.path).order_by(OutboxMessage.id)).all()
    question = session.scalars(select(Question).where(Question.set_id == opened.set_id, Question.key == key)).one()
    answering.answer(
        session,
        token=paths[-1].removeprefix("/r/"),
        score=4,
        comment="",
        now=opened.opened_at + timedelta(hours=1),
        answers={(question.id, ""): Given(value)},
    )


# ---- What can be asked


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (replace(GOOD, text=""), "text"),
        (replace(GOOD, text="x" * 201), "text"),
        (replace(GOOD, text="We know {uint}"), "text"),
        (replace(GOOD, text="We know {}"), "text"),
        (replace(GOOD, text="We know {unit"), "text"),
        (replace(GOOD, text="We know unit}"), "text"),
        (replace(GOOD, text="How is {service}?"), "text"),
        (replace(GOOD, text="How is {person}?"), "text"),
        (replace(GOOD, text="How is it?", per=Per.SERVICE), "text"),
        (replace(GOOD, text="How is {service}?", per=Per.PERSON), "text"),
        (replace(GOOD, text="Would you use {service}?", per=Per.SERVICE, kind=CHANCE), "per"),
        (replace(GOOD, kind=CHANCE, has_zone=True), "has_zone"),
        (replace(GOOD, kind=CHANCE, is_weighed=True), "is_weighed"),
        (replace(GOOD, text="How is {person}?", per=Per.PERSON, is_weighed=True), "is_weighed"),
    ],
)
def test_what_cannot_be_asked_is_refused_beside_its_field(wanted: Wanted, field: str) -> None:
    assert [mistake.field for mistake in question_editing.mistakes([OTHER, wanted])] == [f"questions-1-{field}"]


def test_every_name_in_braces_and_a_zone_may_stand_where_they_belong() -> None:
    service = Wanted("", "How well does {service} serve {unit}?", SCORE, Per.SERVICE, is_weighed=True, has_zone=True)
    person = Wanted("", "How well does {person} work with {unit}?", SCORE, Per.PERSON)
    assert question_editing.mistakes([GOOD, service, person]) == []


def test_none_too_many_and_the_same_twice_are_refused() -> None:
    assert [mistake.field for mistake in question_editing.mistakes([])] == ["questions"]
    many = [replace(GOOD, text=f"Question {number}") for number in range(16)]
    assert [mistake.field for mistake in question_editing.mistakes(many)] == ["questions"]
    twice = question_editing.mistakes([OTHER, replace(OTHER, text=OTHER.text.upper())])
    assert [mistake.field for mistake in twice] == ["questions-0-text", "questions-1-text"]


# ---- What differs, in words


def test_the_changes_are_told_in_words_with_what_they_mean_for_the_charts() -> None:
    def at(key: str, text: str, **given: object) -> Question:
        return Question(**{"key": key, "text": text, "kind": EXTENT, "per": Per.ONCE, "is_weighed": False, **given})

    before = [at("a", "A", has_zone=False), at("b", "B", has_zone=False), at("c", "C", has_zone=False)]
    after = [
        at("b", "B in short", has_zone=True),
        at("c-2", "C", has_zone=False, kind=SCORE),
        at("d", "D", has_zone=False),
    ]
    assert question_changes.differences(before, after) == [
        "“C” is answered how well, 1 to 5, which is another question: the old chart ends and a new one begins.",
        "“A” is no longer asked: its chart ends.",
        "“D” is new.",
        "“B” is worded “B in short”: its chart goes on.",
        "“B in short” also asks the least that would do, and what is wished for.",
    ]
    assert question_changes.differences(before, [before[1], before[0], before[2]]) == ["The order is another one."]
    assert question_changes.differences(before, before) == []


# ---- Saving


def test_saving_makes_a_new_version_with_its_reason_and_leaves_the_old_one_as_it_was(
    session: Session, cast: Cast
) -> None:
    first = question_sets.current(session, instrument=SURVEY, now=NOW)
    assert first is not None
    kept = [(question.id, question.key, question.text) for question in first.questions]
    made = save(session, cast, [*now_asked(session), GOOD], why="Trust is what they speak of")
    assert (made.version, made.reason, made.made_by_id) == (2, "Trust is what they speak of", cast.cio.id)
    session.expire_all()
    old = question_sets.version(session, instrument=SURVEY, number=1, now=NOW)
    assert [(question.id, question.key, question.text) for question in old.questions] == kept
    assert [question.key for question in made.questions][-1] == "we-keep-our-word"
    newest = question_sets.current(session, instrument=SURVEY, now=NOW)
    assert newest is not None
    assert newest.version == 2


def test_answers_to_version_1_keep_their_question_and_text_and_an_open_round_keeps_its_set(
    session: Session, cast: Cast
) -> None:
    asked = opened(session, cast, 0)
    answered(session, asked, "executes", 2)
    wanted = now_asked(session)
    wanted[1] = replace(wanted[1], text="We do what we said", meaning=Meaning.SAME)
    made = save(session, cast, wanted)
    session.expire_all()
    assert asked.set_id != made.id
    question = session.scalars(select(Question).join(Answer, Answer.question_id == Question.id)).one()
    assert (question.set_id, question.text) == (asked.set_id, "We deliver what we agreed")
    answered(session, asked, "executes", 3)
    said = session.execute(select(Question.text, Answer.value).join(Answer, Answer.question_id == Question.id)).one()
    assert tuple(said) == ("We deliver what we agreed", 3), "corrected in the words it was asked in"
    assert opened(session, cast, 31).set_id == made.id, "the next round asks the new version"


def test_a_chart_joins_two_wordings_of_the_same_and_ends_where_the_meaning_does(session: Session, cast: Cast) -> None:
    answered(session, opened(session, cast, 0), "executes", 2)
    same = now_asked(session)
    same[1] = replace(same[1], text="We do what we said", meaning=Meaning.SAME)
    save(session, cast, same, base=1)
    answered(session, opened(session, cast, 31), "executes", 4)
    other = now_asked(session)
    other[1] = replace(other[1], text="We are fast", meaning=Meaning.NEW)
    made = save(session, cast, other, base=2)
    by, later = cast.actor(session, cast.cio, NOW.date()), NOW + timedelta(days=60)
    chart = satisfaction.of_unit(session, by=by, unit=cast.finance, now=later, measure="executes")
    assert [point.tally.value for point in chart.points] == [2, 4]
    assert made.questions[1].key == "we-are-fast"


@pytest.mark.parametrize("change", [{"kind": SCORE}, {"per": Per.SERVICE, "text": "How far does {service} do it?"}])
def test_another_scale_or_asking_of_something_else_forces_a_new_key(
    session: Session, cast: Cast, change: dict[str, object]
) -> None:
    wanted = now_asked(session)
    wanted[0] = replace(wanted[0], meaning=Meaning.SAME, **change)  # type: ignore[arg-type]
    made = save(session, cast, wanted)
    assert made.questions[0].key not in {"understands", ""}
    assert len({question.key for question in made.questions}) == len(made.questions)


def test_other_words_need_a_word_on_whether_they_ask_the_same(session: Session, cast: Cast) -> None:
    wanted = now_asked(session)
    wanted[2] = replace(wanted[2], text="We tell you in time")
    with pytest.raises(Invalid) as refused:
        save(session, cast, wanted)
    assert refused.value.field == "questions-2-meaning"
    assert session.scalar(select(func.max(QuestionSet.version))) == 1


def test_a_question_asked_again_in_the_same_words_takes_up_its_old_chart(session: Session, cast: Cast) -> None:
    wanted = now_asked(session)
    save(session, cast, wanted[1:], base=1)
    again = save(session, cast, [replace(wanted[0], key=""), *wanted[1:]], base=2)
    assert again.questions[0].key == "understands"


def test_a_key_that_was_never_asked_here_or_is_sent_twice_is_not_believed(session: Session, cast: Cast) -> None:
    question_sets.current(session, instrument=Instrument.PROJECT, now=NOW)
    wanted = now_asked(session)
    foreign = Wanted("quality", "It works well", EXTENT)
    twice = replace(wanted[0], text="We know your plans", meaning=Meaning.SAME)
    made = save(session, cast, [*wanted, foreign, twice, Wanted("overall", "Overall", EXTENT)])
    assert [question.key for question in made.questions][-3:] == ["it-works-well", "we-know-your-plans", "overall-2"]


def test_of_two_editors_the_second_is_told_and_nothing_is_overwritten(session: Session, cast: Cast) -> None:
    wanted = now_asked(session)
    save(session, cast, [*wanted, GOOD], base=1)
    with pytest.raises(Conflict, match="Margit Lindqvist was faster"):
        save(session, cast, wanted[:3], base=1)
    session.expire_all()
    assert session.scalar(select(func.max(QuestionSet.version))) == 2


def test_nothing_different_no_reason_and_a_pulse_are_refused(session: Session, cast: Cast) -> None:
    wanted = now_asked(session)
    for questions, why, field in ((wanted, "Clearer", "questions"), ([*wanted, GOOD], "", "reason")):
        with pytest.raises(Invalid) as refused:
            save(session, cast, questions, why=why)
        assert refused.value.field == field
    by = cast.actor(session, cast.cio)
    with pytest.raises(NotFound):
        question_editing.save(
            session, by=by, instrument=Instrument.PULSE, base=1, wanted=[GOOD], reason="More", now=NOW
        )


def test_only_the_cio_and_administrators_change_what_is_asked(session: Session, cast: Cast) -> None:
    for person in (cast.rep, cast.head):
        by = cast.actor(session, person)
        with pytest.raises(Forbidden):
            question_editing.save(session, by=by, instrument=SURVEY, base=1, wanted=[GOOD], reason="Mine", now=NOW)
