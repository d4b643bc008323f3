"""The agenda is built from what happened since the last review, from the end of that review on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.services import confidentiality, projects
from crm.services.agenda import points
from crm.services.agenda.evidence import Evidence
from crm.services.agenda.points import OPENING, Point, fitting
from models import (
    Action,
    ActionState,
    AgendaItem,
    BusinessUnit,
    Confidentiality,
    Decision,
    Meeting,
    Person,
    RequestState,
    Response,
    Review,
    Round,
    Source,
)
from models import Stage as ProjectStage
from tests.crm.services.agenda.conftest import LAST, LAST_ENDED, Read, suggested
from tests.factories.relationships import NOW, TODAY, Stage, ago, ahead

TICK = timedelta(microseconds=1)


def settled(stage: Stage, unit: BusinessUnit, text: str, at: datetime) -> Action:
    action = stage.action(unit, text, state=ActionState.DONE)
    action.settled_at = at
    return action


def test_every_review_begins_with_how_things_are_going(read: Read, last: Meeting) -> None:
    found = read()
    assert [point.text for point in found.on] == [OPENING]
    assert not found.is_kept


def test_the_window_begins_exactly_at_the_end_of_the_last_review(
    stage: Stage, finance: BusinessUnit, last: Meeting, read: Read
) -> None:
    settled(stage, finance, "A moment before", LAST_ENDED - TICK)
    settled(stage, finance, "At that moment", LAST_ENDED)
    settled(stage, finance, "A day later", LAST_ENDED + timedelta(days=1))
    assert suggested(read()).keys() == {OPENING, "At that moment", "A day later"}


def test_what_was_ticked_while_logging_that_review_was_said_there(
    stage: Stage, finance: BusinessUnit, last: Meeting, read: Read
) -> None:
    settled(stage, finance, "Ticked in the log", last.logged_at)
    settled(stage, finance, "Just after it", last.logged_at + TICK)
    assert suggested(read()).keys() == {OPENING, "Just after it"}


def test_held_on_another_day_than_planned_all_of_that_day_counts(
    stage: Stage, finance: BusinessUnit, last: Meeting, read: Read
) -> None:
    review = stage.session.get_one(Review, last.review_id)
    review.planned_on = LAST - timedelta(days=2)
    midnight = datetime(LAST.year, LAST.month, LAST.day, tzinfo=NOW.tzinfo)
    settled(stage, finance, "The day before", midnight - TICK)
    settled(stage, finance, "That day", midnight)
    assert suggested(read()).keys() == {OPENING, "That day"}


def test_a_review_of_another_unit_does_not_move_the_window(
    stage: Stage, finance: BusinessUnit, last: Meeting, read: Read
) -> None:
    legal = stage.unit("Legal")
    stage.review(legal, ago(2), held=ago(2))
    settled(stage, finance, "Ours", LAST_ENDED + timedelta(days=1))
    settled(stage, legal, "Theirs", NOW)
    assert "Ours" in suggested(read())
    assert "Theirs" not in suggested(read())


def test_never_met_everything_is_new(stage: Stage, finance: BusinessUnit, read: Read) -> None:
    settled(stage, finance, "Long ago", NOW - timedelta(days=300))
    assert "Long ago" in suggested(read())


def test_promises_open_and_kept(stage: Stage, finance: BusinessUnit, last: Meeting, read: Read) -> None:
    olu = stage.person("Olu Adeyemi")
    stage.action(finance, "Late", due=ago(4), owner=olu)
    stage.action(finance, "To come", due=ahead(4))
    stage.action(finance, "Some day")
    settled(stage, finance, "Kept", NOW - timedelta(days=2))
    found = suggested(read())
    assert found["Late"] == "Overdue since 16 November"
    assert found["To come"] == "Due on 24 November"
    assert found["Some day"] == "Promised, without a day"
    assert found["Kept"] == "Done on 18 November"
    late = next(point for point in read().on if point.text == "Late")
    assert late.evidence
    assert (late.evidence.more, late.evidence.is_late, late.key) == (
        "Olu Adeyemi owes it",
        True,
        f"action-{late.about}",
    )


def test_requests_new_and_decided(stage: Stage, finance: BusinessUnit, last: Meeting, read: Read) -> None:
    stage.request(finance, "Waiting")
    stage.request(finance, "No before", state=RequestState.DECLINED, decided_at=LAST_ENDED - TICK)
    stage.request(finance, "No since", state=RequestState.DECLINED, decided_at=LAST_ENDED, alternative="a report")
    stage.request(finance, "Bare no", state=RequestState.DECLINED, decided_at=NOW)
    stage.request(finance, "Yes", state=RequestState.ACCEPTED, decided_at=NOW)
    stage.request(finance, "There", state=RequestState.DELIVERED, decided_at=LAST_ENDED - TICK, delivered_at=NOW)
    stage.request(
        finance,
        "Long there",
        state=RequestState.DELIVERED,
        decided_at=NOW - timedelta(90),
        delivered_at=LAST_ENDED - TICK,
    )
    found = suggested(read())
    assert found["Waiting"] == "Asked on 11 November, waits for our answer"
    assert found["No since"] == "We said no on 21 October and offered: a report"
    assert found["Bare no"] == "We said no on 20 November and had nothing to offer instead"
    assert found["Yes"] == "We said yes on 20 November, not delivered yet"
    assert found["There"] == "Delivered on 20 November"
    assert not found.keys() & {"No before", "Long there"}


def test_projects_that_moved_come_before_those_without_news(
    stage: Stage, ines: Person, finance: BusinessUnit, last: Meeting, read: Read
) -> None:
    def start(name: str, now: datetime, **told: Any) -> None:
        projects.start(stage.session, by=stage.actor(ines), unit=finance, name=name, now=now, **told)

    start("Quiet", LAST_ENDED - timedelta(days=9))
    start("Told in the review", last.logged_at, meeting_id=last.id)
    start("New", NOW, state="Scope agreed")
    start("Ended", NOW, stage=ProjectStage.DELIVERED)
    found = read()
    said = suggested(found)
    assert said["Quiet"] == "No news since 12 October"
    assert said["Told in the review"] == "No news since 21 October"
    assert said["New"] == "Moved on 20 November"
    assert said["Ended"] == "Delivered on 20 November"
    assert [point.text for point in found.on if point.source is Source.PROJECT][:2] == ["Ended", "New"]


def decision(stage: Stage, unit: BusinessUnit, text: str, on: date, revisit: date | None = None) -> Decision:
    return stage.add(Decision(unit_id=unit.id, text=text, decided_on=on, revisit_on=revisit))


def test_decisions_whose_day_has_come_or_that_are_old(
    stage: Stage, finance: BusinessUnit, review: Review, last: Meeting, read: Read
) -> None:
    decision(stage, finance, "Due on the day of the review", ago(60), review.planned_on)
    decision(stage, finance, "Due the day after", ago(60), review.planned_on + timedelta(days=1))
    decision(stage, finance, "Half a year old", date(2026, 5, 23))
    decision(stage, finance, "A day younger", date(2026, 5, 24))
    decision(stage, finance, "Old, but with a day ahead", ago(400), ahead(90))
    assert suggested(read()).keys() == {OPENING, "Due on the day of the review", "Half a year old"}


def test_a_decision_that_a_review_went_through_is_not_asked_about_again(
    stage: Stage, finance: BusinessUnit, last: Meeting, read: Read
) -> None:
    old = decision(stage, finance, "Old", ago(400))
    assert "Old" in suggested(read())
    assert last.review_id
    about = Source.DECISION
    stage.add(
        AgendaItem(review_id=last.review_id, source=about, source_id=old.id, text="Old", position=1, settled=True)
    )
    assert "Old" not in suggested(read())
    old.revisit_on = TODAY
    assert "Old" in suggested(read())


def rate(stage: Stage, unit: BusinessUnit, scores: list[int], *, anonymous: bool = False) -> Round:
    """Everybody says something with their score."""
    opened = stage.rated(unit, ago(5), scores, asked=max(12, len(scores)))
    for number, response in enumerate(stage.session.query(Response).filter_by(round_id=opened.id)):
        response.comment = f"Comment {number}"
    if anonymous:
        opened.closes_at = opened.opened_at + timedelta(days=1)
        confidentiality.promise(opened, Confidentiality.ANONYMOUS)
        stage.session.flush()
        confidentiality.reveal_closed(stage.session, now=opened.closes_at)
    stage.session.flush()
    return opened


def rating(read: Read) -> Point:
    return next(point for point in (*read().on, *read().off) if point.source is Source.RATING)


def test_a_rating_carries_who_answered_and_the_newest_comments(
    stage: Stage, finance: BusinessUnit, last: Meeting, read: Read
) -> None:
    rate(stage, finance, [4, 5, 3, 4])
    found = rating(read).evidence
    assert found
    assert found.said.startswith("4.0 of 5, from 4 of 12 people, ")
    assert found.text == "How you rated us on 15 November"
    assert [comment for _, comment in found.comments] == ["Comment 3", "Comment 2", "Comment 1"]
    assert all(name for name, _ in found.comments)


def test_a_rating_answered_before_the_window_is_old_news(
    stage: Stage, finance: BusinessUnit, last: Meeting, read: Read
) -> None:
    opened = stage.rated(finance, ago(60), [3])
    response = stage.session.query(Response).filter_by(round_id=opened.id).one()
    response.answered_at = LAST_ENDED - TICK
    assert suggested(read()).keys() == {OPENING}
    response.answered_at = LAST_ENDED
    assert len(suggested(read())) == 2


@pytest.mark.parametrize(
    ("answers", "score", "comments"), [(4, False, False), (5, True, False), (9, True, False), (10, True, True)]
)
def test_an_anonymous_group_shows_scores_from_five_and_comments_from_ten_and_never_a_name(
    stage: Stage, finance: BusinessUnit, last: Meeting, read: Read, answers: int, score: bool, comments: bool
) -> None:
    rate(stage, finance, [4] * answers, anonymous=True)
    found = [point.evidence for point in (*read().on, *read().off) if point.source is Source.RATING]
    assert len(found) == score, "what may not be read is no point of an agenda"
    for evidence in found:
        assert evidence
        assert bool(evidence.comments) is comments
        assert [name for name, _ in evidence.comments if name] == []
        assert "of 5" in evidence.said


def test_nothing_is_said_of_another_unit(stage: Stage, last: Meeting, read: Read) -> None:
    legal = stage.unit("Legal")
    stage.action(legal, "Theirs", due=ago(4))
    stage.request(legal, "Their wish")
    decision(stage, legal, "Their decision", ago(400))
    rate(stage, legal, [1, 2])
    assert suggested(read()).keys() == {OPENING}


WEIGHTS = st.tuples(st.integers(-1, 9), st.integers(0, 9), st.integers(1, 30))


@given(st.lists(WEIGHTS, max_size=30), st.integers(15, 90))
def test_what_fits_fits_and_nothing_is_lost(told: list[tuple[int, int, int]], length: int) -> None:
    made = [_weighed(number, *one) for number, one in enumerate(told)]
    on, off = fitting(made, length)
    assert sum(point.minutes or 0 for point in on) <= length
    assert sorted(point.key for point in (*on, *off)) == sorted(point.key for point in made)
    assert [point.place for point in on] == sorted(point.place for point in on)


def _weighed(number: int, weight: int, place: int, minutes: int) -> Point:
    thing = Evidence(Source.ACTION, number, "A promise", "", weight=weight, place=place)
    return Point(str(number), Source.ACTION, number, thing.text, minutes, thing)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [([30, 25], "55 of 60 minutes"), ([60, 15], "75 minutes, 15 more than there are"), ([], "0 of 60 minutes")],
)
def test_the_time_is_said_in_words(minutes: list[int], said: str) -> None:
    made = [Point(str(number), Source.OWN, None, "A point", one) for number, one in enumerate(minutes)]
    assert points.time_in_words(made, 60) == said
