"""What the rep arranges stays: order, what was taken off, own points, time boxes. What is left over carries."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crm.errors import Conflict, Forbidden, Invalid
from crm.services import agenda
from crm.services.agenda import Arranged, Own
from crm.services.agenda.points import OPENING
from models import ActionState, AgendaItem, BusinessUnit, Meeting, Person, Review, ReviewState, Source
from tests.crm.services.agenda.conftest import Read
from tests.factories.relationships import NOW, Stage, ago, ahead, statements

OPENING_KEY = "own-0"
#: When the review before was prepared.
THEN = NOW - timedelta(days=36)


def keep(
    stage: Stage,
    by: Person,
    review: Review,
    *on: str | Arranged,
    off: tuple[str, ...] = (),
    own: Own | None = None,
    now: datetime = NOW,
) -> None:
    told = [one if isinstance(one, Arranged) else Arranged(one, 5) for one in on]
    agenda.keep(stage.session, by=stage.actor(by), review=review, on=told, off=off, own=own, now=now)


def texts(stage: Stage, by: Person, review: Review) -> list[str]:
    return [item.text for item in agenda.of(stage.session, by=stage.actor(by), review=review)]


def test_the_first_time_prepares_the_review(stage: Stage, ines: Person, review: Review) -> None:
    keep(stage, ines, review, OPENING_KEY)
    assert review.prepared_at == NOW
    review.prepared_at = NOW - timedelta(days=1)
    keep(stage, ines, review, OPENING_KEY)
    assert review.prepared_at == NOW - timedelta(days=1)


def test_the_order_and_the_time_boxes_are_kept(
    stage: Stage, ines: Person, finance: BusinessUnit, review: Review, read: Read
) -> None:
    first, second = stage.action(finance, "First", due=ago(1)), stage.action(finance, "Second")
    keep(stage, ines, review, f"action-{second.id}", Arranged(OPENING_KEY, 20), Arranged(f"action-{first.id}"))
    assert [(point.text, point.minutes) for point in read().on] == [("Second", 5), (OPENING, 20), ("First", None)]
    assert texts(stage, ines, review) == ["Second", OPENING, "First"]


def test_what_is_taken_off_is_not_suggested_again_and_can_come_back(
    stage: Stage, ines: Person, finance: BusinessUnit, review: Review, read: Read
) -> None:
    action = stage.action(finance, "Send the list", due=ago(1))
    key = f"action-{action.id}"
    keep(stage, ines, review, OPENING_KEY, off=(key,))
    found = read()
    assert [point.text for point in found.on] == [OPENING]
    assert [point.text for point in found.off] == ["Send the list"]
    assert not found.news
    keep(stage, ines, review, key, OPENING_KEY)
    assert texts(stage, ines, review) == ["Send the list", OPENING]
    assert stage.session.query(AgendaItem).count() == 2


def test_own_points_go_to_the_end_and_the_same_words_are_one(stage: Stage, ines: Person, review: Review) -> None:
    keep(stage, ines, review, OPENING_KEY, own=Own("The move to Porto", 10))
    keep(stage, ines, review, OPENING_KEY, own=Own("The move to Porto", 10))
    assert texts(stage, ines, review) == [OPENING, "The move to Porto"]


def test_a_point_told_twice_is_one(stage: Stage, ines: Person, review: Review) -> None:
    keep(stage, ines, review, OPENING_KEY, OPENING_KEY)
    assert texts(stage, ines, review) == [OPENING]


def test_what_comes_later_is_new_since_it_was_prepared(
    stage: Stage, ines: Person, finance: BusinessUnit, review: Review, read: Read
) -> None:
    keep(stage, ines, review, OPENING_KEY)
    request = stage.request(finance, "A new wish")
    found = read()
    assert [point.text for point in found.on] == [OPENING]
    assert [point.text for point in found.news] == ["A new wish"]
    keep(stage, ines, review, OPENING_KEY, f"request-{request.id}")
    assert [point.text for point in read().on] == [OPENING, "A new wish"]
    assert not read().news


def test_what_nobody_saw_yet_is_not_taken_off_by_the_first_keeping(
    stage: Stage, ines: Person, finance: BusinessUnit, review: Review, read: Read
) -> None:
    stage.request(finance, "Came while the page was open")
    keep(stage, ines, review, OPENING_KEY)
    assert [point.text for point in read().news] == ["Came while the page was open"]


def test_a_point_somebody_else_added_meanwhile_stays(
    stage: Stage, ines: Person, finance: BusinessUnit, review: Review
) -> None:
    keep(stage, ines, review, OPENING_KEY, own=Own("From the deputy"))
    keep(stage, ines, review, OPENING_KEY)
    assert texts(stage, ines, review) == [OPENING, "From the deputy"]


def test_a_settled_promise_on_the_agenda_says_so(
    stage: Stage, ines: Person, finance: BusinessUnit, review: Review, last: Meeting, read: Read
) -> None:
    action = stage.action(finance, "Send the list", due=ago(1))
    keep(stage, ines, review, f"action-{action.id}")
    action.state, action.settled_at = ActionState.DONE, NOW
    (point,) = read().on
    assert point.evidence
    assert point.evidence.said == "Done on 20 November"


def test_evidence_of_another_unit_cannot_be_put_on(stage: Stage, ines: Person, review: Review) -> None:
    secret = stage.request(stage.unit("Legal"), "Their secret")
    keep(stage, ines, review, OPENING_KEY, f"request-{secret.id}", "request-x", "nonsense")
    assert texts(stage, ines, review) == [OPENING]


@pytest.mark.parametrize("minutes", [0, -1, 481])
def test_a_time_box_is_a_sensible_number(stage: Stage, ines: Person, review: Review, minutes: int) -> None:
    with pytest.raises(Invalid) as refused:
        keep(stage, ines, review, Arranged(OPENING_KEY, minutes))
    assert refused.value.field == "minutes"
    with pytest.raises(Invalid) as refused:
        keep(stage, ines, review, OPENING_KEY, own=Own("x", minutes))
    assert refused.value.field == "own_minutes"


@pytest.mark.parametrize("text", ["", "x" * 201])
def test_an_own_point_has_words_and_not_too_many(stage: Stage, ines: Person, review: Review, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        keep(stage, ines, review, OPENING_KEY, own=Own(text))
    assert refused.value.field == "own_text"


@pytest.mark.parametrize("state", [ReviewState.HELD, ReviewState.SKIPPED])
def test_the_agenda_of_a_review_that_is_over_stays(
    stage: Stage, ines: Person, review: Review, state: ReviewState
) -> None:
    keep(stage, ines, review, OPENING_KEY)
    review.state = state
    review.held_on = ago(0) if state is ReviewState.HELD else None
    stage.session.flush()
    with pytest.raises(Conflict):
        keep(stage, ines, review, own=Own("Too late"))
    assert texts(stage, ines, review) == [OPENING]


def test_only_who_covers_the_unit_prepares_and_it_may_read(
    stage: Stage, ines: Person, finance: BusinessUnit, review: Review
) -> None:
    tom, margit = stage.person("Tom Okafor", is_rep=True), stage.person("Margit Lindqvist", is_cio=True)
    amara = stage.person("Amara Diallo")
    stage.member(finance, amara)
    for reader in (tom, margit):
        assert agenda.read(stage.session, by=stage.actor(reader), review=review, now=NOW).on
        with pytest.raises(Forbidden):
            keep(stage, reader, review, OPENING_KEY)
    with pytest.raises(Forbidden):
        agenda.read(stage.session, by=stage.actor(amara), review=review, now=NOW)


# ---- What is left over


def hold(stage: Stage, review: Review, *, done: set[int]) -> Meeting:
    """Log the review with its agenda."""
    agenda.settle(stage.session, review=review, done=done)
    review.state, review.held_on = ReviewState.HELD, review.planned_on
    meeting = stage.meeting(stage.session.get_one(BusinessUnit, review.unit_id), review.planned_on, review_id=review.id)
    stage.session.flush()
    return meeting


def ids(stage: Stage, by: Person, review: Review) -> dict[str, int]:
    return {item.text: item.id for item in agenda.of(stage.session, by=stage.actor(by), review=review)}


@pytest.fixture
def earlier(stage: Stage, ines: Person, finance: BusinessUnit) -> Review:
    """A review with three points, whose meeting settles the first."""
    review = stage.review(finance, ago(35))
    for text in ("Settled", "Not reached", "Left off"):
        keep(
            stage,
            ines,
            review,
            *(f"own-{id_}" for id_ in ids(stage, ines, review).values()),
            own=Own(text, 7),
            now=THEN,
        )
    points = ids(stage, ines, review)
    keep(stage, ines, review, off=(f"own-{points['Left off']}",), now=THEN)
    hold(stage, review, done={points["Settled"]})
    return review


def test_what_was_not_ticked_carries_into_the_next_review(earlier: Review, read: Read) -> None:
    (point,) = [point for point in read().on if point.source is Source.CARRIED]
    assert (point.text, point.minutes, point.carried_from) == ("Not reached", 5, ago(35))


def test_it_carries_on_until_it_is_settled(
    stage: Stage, ines: Person, finance: BusinessUnit, earlier: Review, review: Review, read: Read
) -> None:
    (point,) = [point for point in read().on if point.source is Source.CARRIED]
    keep(stage, ines, review, point.key)
    (point,) = read().on
    assert (point.carried_from, read().news) == (ago(35), [])
    hold(stage, review, done=set())
    after = stage.review(finance, ahead(40))
    by = stage.actor(ines)
    (again,) = [one for one in agenda.read(stage.session, by=by, review=after, now=NOW).on if one.carried_from]
    assert (again.text, again.carried_from) == ("Not reached", review.planned_on)
    keep(stage, ines, after, again.key)
    hold(stage, after, done=set(ids(stage, ines, after).values()))
    last = stage.review(finance, ahead(75))
    assert [one.text for one in agenda.read(stage.session, by=by, review=last, now=NOW).on] == [OPENING]


def test_what_is_left_over_and_still_open_stands_there_once(
    stage: Stage, ines: Person, finance: BusinessUnit, read: Read
) -> None:
    action = stage.action(finance, "Send the list", due=ago(50))
    before = stage.review(finance, ago(35))
    keep(stage, ines, before, f"action-{action.id}", now=THEN)
    hold(stage, before, done=set())
    points = [point for point in (*read().on, *read().off) if point.text == "Send the list"]
    (point,) = points
    assert point.source is Source.CARRIED
    assert point.evidence
    assert point.evidence.said == "Overdue since 1 October"


def test_points_of_a_review_that_never_took_place_are_not_lost(
    stage: Stage, ines: Person, finance: BusinessUnit, read: Read
) -> None:
    missed, skipped = stage.review(finance, ago(65)), stage.review(finance, ago(35))
    keep_late(stage, missed, "From the missed one")
    keep_late(stage, skipped, "From the skipped one")
    skipped.state = ReviewState.SKIPPED
    carried = {point.text for point in read().on if point.source is Source.CARRIED}
    assert carried == {"From the missed one", "From the skipped one"}


def keep_late(stage: Stage, review: Review, text: str) -> None:
    stage.add(AgendaItem(review_id=review.id, text=text, position=1))


def test_points_of_a_review_still_to_come_stay_there(
    stage: Stage, finance: BusinessUnit, review: Review, read: Read
) -> None:
    keep_late(stage, stage.review(finance, ahead(1)) if review.planned_on.month != ahead(1).month else review, "Mine")
    other = stage.unit("Legal")
    keep_late(stage, stage.review(other, ago(35), held=ago(35)), "Of another unit")
    assert "Of another unit" not in {point.text for point in (*read().on, *read().news)}


def test_the_agenda_is_read_in_four_statements(
    stage: Stage, ines: Person, finance: BusinessUnit, review: Review, earlier: Review, read: Read
) -> None:
    for number in range(9):
        stage.action(finance, f"Promise {number}", due=ago(number))
        stage.request(finance, f"Wish {number}")
    by = stage.actor(ines)
    stage.session.flush()
    with statements(stage.session) as sent:
        agenda.read(stage.session, by=by, review=review, now=NOW)
    assert len(sent) == 4
