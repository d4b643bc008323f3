"""Logging a meeting: what is kept, what is asked about, and who reads it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.db import Database
from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.services import attendees, meeting_lists, meeting_log, meeting_mistakes, meetings, minutes
from crm.services.new_meetings import NewAction, NewMeeting, NewRequest
from models import (
    Action,
    ActionState,
    Assignment,
    Attendance,
    BusinessUnit,
    Cover,
    Meeting,
    MeetingKind,
    Membership,
    Part,
    Person,
    Presence,
    ReviewState,
)
from tests.cast import LONG_AGO, Cast, assemble
from tests.november import NOW, TODAY, acting, november_review

TALK = NewMeeting(kind=MeetingKind.TOUCHPOINT, held_on=TODAY, minutes="Month-end went well.")
REVIEW = replace(TALK, kind=MeetingKind.REVIEW)


def log(session: Session, cast: Cast, new: NewMeeting = TALK) -> Meeting:
    return meeting_log.log(session, by=acting(session, cast.rep), unit=cast.finance, new=new, now=NOW)


def refused(session: Session, cast: Cast, new: NewMeeting) -> dict[str, str]:
    found = meeting_mistakes.mistakes(session, unit=cast.finance, new=new, now=NOW)
    return {mistake.field: str(mistake) for mistake in found}


def test_a_meeting_keeps_everything_that_was_told(session: Session, cast: Cast) -> None:
    left = Action(unit_id=cast.finance.id, text="Send the run logs", owner_id=cast.rep.id)
    session.add(left)
    session.flush()
    meeting = log(
        session,
        cast,
        replace(
            TALK,
            attendees={
                cast.head.id: Presence.PRESENT,
                cast.rep.id: Presence.PRESENT,
                cast.key_user.id: Presence.EXCUSED,
            },
            internal_notes="She is losing patience.",
            actions=[NewAction("Find the cause", cast.specialist.id, TODAY + timedelta(days=3)), NewAction("Think")],
            requests=[NewRequest("Checks before the run", "A failed job costs a night", cast.head.id)],
            settled=frozenset({left.id}),
        ),
    )
    kept = meetings.kept(session, meeting=meetings.find(session, by=acting(session, cast.rep), meeting_id=meeting.id))
    assert {(row.person.name, row.presence) for row in kept.attendances} == {
        ("Amara Diallo", Presence.PRESENT),
        ("Ines Carvalho", Presence.PRESENT),
        ("Jo Lindt", Presence.EXCUSED),
    }
    assert [(row.text, row.owner.name if row.owner else None, row.due_on) for row in kept.actions] == [
        ("Find the cause", "Olu Adeyemi", date(2026, 11, 13)),
        ("Think", None, None),
    ]
    assert [(row.title, row.business_need, row.logged_on) for row in kept.requests] == [
        ("Checks before the run", "A failed job costs a night", TODAY)
    ]
    assert (left.state, left.settled_at) == (ActionState.DONE, NOW)
    assert (meeting.minutes, meeting.internal_notes) == ("Month-end went well.", "She is losing patience.")
    assert (meeting.logged_by_id, meeting.logged_at) == (cast.rep.id, NOW)


def test_only_who_looks_after_the_unit_logs_its_meetings(session: Session, cast: Cast) -> None:
    for person in (cast.colleague, cast.head, cast.cio, cast.administrator):
        with pytest.raises(Forbidden):
            meeting_log.log(session, by=acting(session, person), unit=cast.finance, new=TALK, now=NOW)


def test_a_meeting_was_held_by_the_calendar_on_the_units_wall(session: Session, cast: Cast) -> None:
    assert set(refused(session, cast, replace(TALK, held_on=TODAY + timedelta(days=1)))) == {"held_on"}
    cast.legal.time_zone = "Pacific/Auckland"
    late_evening_in_utc = datetime(2026, 11, 10, 22, 0, tzinfo=UTC)
    tomorrow = replace(TALK, held_on=date(2026, 11, 11))
    assert meeting_mistakes.mistakes(session, unit=cast.legal, new=tomorrow, now=late_evening_in_utc) == []


def test_an_action_with_an_owner_or_a_day_but_no_words_is_asked_about(session: Session, cast: Cast) -> None:
    new = replace(TALK, actions=[NewAction(), NewAction(owner_id=cast.rep.id), NewAction(due_on=TODAY)])
    assert set(refused(session, cast, new)) == {"actions-1-text", "actions-2-text"}


def test_an_action_is_not_due_before_the_meeting(session: Session, cast: Cast) -> None:
    new = replace(
        TALK, actions=[NewAction("Too late", due_on=TODAY - timedelta(days=1)), NewAction("Now", due_on=TODAY)]
    )
    assert set(refused(session, cast, new)) == {"actions-0-due_on"}


def test_a_request_has_a_title_and_says_what_the_unit_needs_it_for(session: Session, cast: Cast) -> None:
    rows = [NewRequest("A dashboard"), NewRequest(business_need="To see spend"), NewRequest()]
    found = refused(session, cast, replace(TALK, requests=rows))
    assert found["requests-0-business_need"] == "Say what the unit needs it for."
    assert set(found) == {"requests-0-business_need", "requests-1-title"}


def test_log_raises_what_is_wrong_and_keeps_nothing(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid, match="needs it for") as caught:
        log(session, cast, replace(TALK, requests=[NewRequest("A dashboard")]))
    assert caught.value.field == "requests-0-business_need"
    assert session.scalar(select(func.count(Meeting.id))) == 0


def test_people_of_another_unit_are_refused_wherever_they_are_named(session: Session, cast: Cast) -> None:
    stranger = cast.outsider.id
    new = replace(
        TALK,
        attendees={stranger: Presence.PRESENT},
        actions=[NewAction("Sign", stranger)],
        requests=[NewRequest("A form", "To sign", stranger)],
    )
    assert set(refused(session, cast, new)) == {"attendees", "actions-0-owner_id", "requests-0-requester_id"}
    assert set(refused(session, cast, replace(TALK, attendees={999_999: Presence.PRESENT}))) == {"attendees"}


@pytest.mark.parametrize("name", ["rep", "colleague", "head", "key_user", "specialist", "cio", "administrator"])
def test_people_of_the_unit_and_from_it_may_be_named(session: Session, cast: Cast, name: str) -> None:
    person: Person = getattr(cast, name)
    assert refused(session, cast, replace(TALK, attendees={person.id: Presence.PRESENT})) == {}


def test_who_has_left_it_is_refused(session: Session, cast: Cast) -> None:
    cast.specialist.left_on = TODAY - timedelta(days=30)
    session.flush()
    assert set(refused(session, cast, replace(TALK, actions=[NewAction("Help", cast.specialist.id)]))) == {
        "actions-0-owner_id"
    }


def test_who_met_the_unit_before_may_be_named_again(session: Session, cast: Cast) -> None:
    earlier = Meeting(unit_id=cast.finance.id, kind=MeetingKind.OWN, held_on=TODAY, logged_at=NOW)
    session.add(earlier)
    session.flush()
    session.add(Attendance(meeting_id=earlier.id, person_id=cast.outsider.id, presence=Presence.PRESENT))
    session.flush()
    assert refused(session, cast, replace(TALK, attendees={cast.outsider.id: Presence.PRESENT})) == {}


def test_an_action_of_another_unit_cannot_be_ticked(session: Session, cast: Cast) -> None:
    elsewhere = Action(unit_id=cast.legal.id, text="Sign")
    session.add(elsewhere)
    session.flush()
    assert set(refused(session, cast, replace(TALK, settled=frozenset({elsewhere.id})))) == {"settled"}


def test_an_action_settled_meanwhile_stays_as_it_is(session: Session, cast: Cast) -> None:
    dropped = Action(unit_id=cast.finance.id, text="Old", state=ActionState.DROPPED, settled_at=NOW - timedelta(days=1))
    session.add(dropped)
    session.flush()
    log(session, cast, replace(TALK, settled=frozenset({dropped.id})))
    assert (dropped.state, dropped.settled_at) == (ActionState.DROPPED, NOW - timedelta(days=1))


def test_a_review_closes_the_period_its_day_falls_in(session: Session, cast: Cast) -> None:
    review = november_review(session, cast.finance)
    meeting = log(session, cast, REVIEW)
    assert meeting.review_id == review.id
    assert (review.state, review.held_on) == (ReviewState.HELD, TODAY)


def test_a_talk_leaves_the_review_open(session: Session, cast: Cast) -> None:
    review = november_review(session, cast.finance)
    assert log(session, cast, replace(TALK, review_id=review.id)).review_id is None
    assert review.state is ReviewState.PLANNED


def test_the_day_decides_when_the_review_meant_lies_in_another_period(session: Session, cast: Cast) -> None:
    review = november_review(session, cast.finance)
    meeting = log(session, cast, replace(REVIEW, review_id=review.id, held_on=date(2026, 10, 30)))
    assert meeting.review_id is None
    assert review.state is ReviewState.PLANNED


def test_a_second_meeting_cannot_hold_the_same_review(session: Session, cast: Cast) -> None:
    review = november_review(session, cast.finance)
    log(session, cast, replace(REVIEW, review_id=review.id))
    with pytest.raises(Conflict) as caught:
        log(session, cast, replace(REVIEW, review_id=review.id, minutes="Another talk."))
    assert caught.value.field == "kind"


def test_the_review_of_another_unit_is_not_held(session: Session, cast: Cast) -> None:
    elsewhere = november_review(session, cast.legal)
    assert log(session, cast, replace(REVIEW, review_id=elsewhere.id)).review_id is None
    assert elsewhere.state is ReviewState.PLANNED


def test_the_same_form_twice_is_one_meeting(session: Session, cast: Cast) -> None:
    new = replace(REVIEW, form_key="k1", actions=[NewAction("Think"), NewAction()])
    november_review(session, cast.finance)
    first = log(session, cast, new)
    assert log(session, cast, new) is first
    assert session.scalar(select(func.count(Action.id))) == 1


def test_a_saved_form_with_other_words_loses_none_of_them(session: Session, cast: Cast) -> None:
    log(session, cast, replace(TALK, form_key="k1"))
    for other in (
        replace(TALK, minutes="Month-end failed."),
        replace(TALK, actions=[NewAction("Think")]),
        replace(TALK, requests=[NewRequest("A dashboard", "To see spend")]),
    ):
        with pytest.raises(Conflict) as caught:
            log(session, cast, replace(other, form_key="k1"))
        assert caught.value.field == "meeting"


def test_somebody_elses_form_key_never_opens_their_meeting(session: Session, cast: Cast) -> None:
    session.add(Assignment(unit_id=cast.finance.id, rep_id=cast.colleague.id, cover=Cover.DEPUTY, since=LONG_AGO))
    new = replace(TALK, form_key="k1")
    log(session, cast, new)
    for unit in (cast.finance, cast.legal):
        with pytest.raises(Conflict):
            meeting_log.log(session, by=acting(session, cast.colleague), unit=unit, new=new, now=NOW)


def test_a_meeting_of_a_unit_not_seen_is_not_there(session: Session, cast: Cast) -> None:
    meeting = log(session, cast)
    for person in (cast.rep, cast.colleague, cast.head, cast.key_user, cast.cio):
        assert meetings.find(session, by=acting(session, person), meeting_id=meeting.id) is meeting
    for person in (cast.outsider, cast.administrator):
        with pytest.raises(NotFound):
            meetings.find(session, by=acting(session, person), meeting_id=meeting.id)


def test_the_list_holds_the_visible_meetings_newest_first(session: Session, cast: Cast) -> None:
    old = log(session, cast, replace(TALK, held_on=date(2026, 9, 1)))
    first, second = log(session, cast), log(session, cast, replace(TALK, kind=MeetingKind.OWN))
    by = acting(session, cast.head)
    assert list(meeting_lists.listed(session, by=by).rows) == [second, first, old]
    assert list(meeting_lists.listed(session, by=by, kind=MeetingKind.OWN).rows) == [second]
    assert list(meeting_lists.listed(session, by=by, unit_id=cast.legal.id).rows) == []
    assert list(meeting_lists.listed(session, by=acting(session, cast.outsider)).rows) == []
    with pytest.raises(Forbidden):
        meeting_lists.listed(session, by=acting(session, cast.administrator))


def test_the_list_comes_in_pages(session: Session, cast: Cast) -> None:
    for number in range(30):
        log(session, cast, replace(TALK, minutes=f"Talk {number}"))
    by = acting(session, cast.cio)
    one, two = meeting_lists.listed(session, by=by), meeting_lists.listed(session, by=by, number=2)
    assert (len(one.rows), one.has_next, len(two.rows), two.has_next) == (25, True, 5, False)


def test_notes_for_it_are_searched_only_for_who_may_read_them(session: Session, cast: Cast) -> None:
    meeting = log(session, cast, replace(TALK, internal_notes="100% losing PATIENCE"))
    for text in ("patience", "month-END", "finance", "100%"):
        assert list(meeting_lists.listed(session, by=acting(session, cast.rep), text=text).rows) == [meeting]
    assert list(meeting_lists.listed(session, by=acting(session, cast.rep), text="1%s").rows) == []
    assert list(meeting_lists.listed(session, by=acting(session, cast.head), text="patience").rows) == []
    assert list(meeting_lists.listed(session, by=acting(session, cast.head), text="month-end").rows) == []
    minutes.share(session, by=acting(session, cast.rep), meeting=meeting, now=NOW)
    assert list(meeting_lists.listed(session, by=acting(session, cast.head), text="month-end").rows) == [meeting]


def test_the_unit_whose_review_is_due_soonest_is_logged_first(session: Session, cast: Cast) -> None:
    session.add(Assignment(unit_id=cast.corporate.id, rep_id=cast.rep.id, cover=Cover.DEPUTY, since=LONG_AGO))
    session.flush()
    log(session, cast, replace(TALK, held_on=date(2026, 10, 1)))
    review = november_review(session, cast.finance)
    lines = meeting_lists.to_log(session, by=acting(session, cast.rep), now=NOW)
    assert [(line.unit, line.review, line.last_held_on) for line in lines] == [
        (cast.finance, review, date(2026, 10, 1)),
        (cast.corporate, None, None),
    ]
    log(session, cast, REVIEW)
    assert [line.unit for line in meeting_lists.to_log(session, by=acting(session, cast.rep), now=NOW)] == [
        cast.corporate,
        cast.finance,
    ]


def test_the_usual_people_are_offered_with_the_head_first(session: Session, cast: Cast) -> None:
    session.add_all(
        [Membership(unit_id=cast.finance.id, person_id=cast.key_user.id, part=Part.MEMBER, since=date(2025, 1, 1))]
    )
    newcomer = Person(name="Ben Stone")
    session.add(newcomer)
    before = log(
        session, cast, replace(TALK, attendees={cast.specialist.id: Presence.PRESENT, cast.head.id: Presence.EXCUSED})
    )
    offered = attendees.candidates(session, unit=cast.finance, on=TODAY, last=before)
    usual = [(row.person.name, row.is_from_unit, row.was_at_last) for row in offered if row.is_usual]
    assert usual == [
        ("Amara Diallo", True, False),
        ("Jo Lindt", True, False),
        ("Ines Carvalho", False, False),
        ("Olu Adeyemi", False, True),
    ]
    assert [row.person.name for row in offered if not row.is_usual] == [
        "Ben Stone",
        "Margit Lindqvist",
        "Pia Holm",
        "Tom Okafor",
    ]
    assert cast.outsider not in [row.person for row in offered]


def at_once(database: Database, unit_id: int, rep_id: int, news: list[NewMeeting]) -> list[int | str]:
    """Log each in a thread of its own, all let go at one moment: ids, or the fields refused."""
    ready = threading.Barrier(len(news))
    answers: list[int | str] = []

    def run(new: NewMeeting) -> None:
        ready.wait()
        with database.session(writes=True) as session:
            rep = session.get_one(Person, rep_id)
            unit = session.get_one(BusinessUnit, unit_id)
            try:
                by = policy.actor_for(session, rep, TODAY)
                answers.append(meeting_log.log(session, by=by, unit=unit, new=new, now=NOW).id)
                session.commit()
            except Conflict as conflict:
                answers.append(conflict.field)

    threads = [threading.Thread(target=run, args=(new,)) for new in news]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_clicks_at_one_moment_are_one_meeting(own_database: Database) -> None:
    with own_database.session(writes=True) as session:
        cast = assemble(session)
        november_review(session, cast.finance)
        session.commit()
    new = replace(REVIEW, form_key="k1", actions=[NewAction("Think")])
    answers = at_once(own_database, cast.finance.id, cast.rep.id, [new] * 4)
    assert len(answers) == 4
    assert len(set(answers)) == 1
    with own_database.session(writes=False) as session:
        assert session.scalar(select(func.count(Meeting.id))) == 1
        assert session.scalar(select(func.count(Action.id))) == 1


def test_two_reps_at_one_moment_hold_a_review_once(own_database: Database) -> None:
    with own_database.session(writes=True) as session:
        cast = assemble(session)
        review = november_review(session, cast.finance)
        session.commit()
    news = [
        replace(REVIEW, minutes=f"Told by {number}", form_key=f"k{number}", review_id=review.id) for number in range(4)
    ]
    answers = at_once(own_database, cast.finance.id, cast.rep.id, news)
    assert sorted(map(str, answers)) == ["1", "kind", "kind", "kind"]
    with own_database.session(writes=False) as session:
        assert session.scalar(select(func.count(Meeting.id)).where(Meeting.review_id == review.id)) == 1


def test_back_and_save_again_is_one_meeting_and_other_words_are_another(session: Session, cast: Cast) -> None:
    first = log(session, cast, replace(TALK, form_key="one"))
    again = log(session, cast, replace(TALK, form_key="two"))
    other = log(session, cast, replace(TALK, form_key="three", minutes="Something else."))
    assert again is first
    assert other is not first
