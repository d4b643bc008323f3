"""Correcting a saved meeting, alone and with somebody else at the same time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import clock, meeting_corrections
from models import (
    Action,
    Assignment,
    Attendance,
    Cover,
    Decision,
    Meeting,
    MeetingKind,
    Praise,
    Presence,
    Request,
    ReviewState,
)
from tests.cast import LONG_AGO, Cast
from tests.client import Client
from tests.november import review_of_this_month
from tests.views.pages import controls

TEXT = "We began late.\n\nThe run failed.\n\nWe end at ten."


def today() -> date:
    return clock.local_date(datetime.now(UTC), "Europe/Lisbon")


@pytest.fixture
def meeting(session: Session, cast: Cast) -> Meeting:
    session.add(Assignment(unit_id=cast.finance.id, rep_id=cast.colleague.id, cover=Cover.DEPUTY, since=LONG_AGO))
    kept = Meeting(
        unit_id=cast.finance.id,
        kind=MeetingKind.TOUCHPOINT,
        held_on=today(),
        minutes=TEXT,
        internal_notes="Hm.",
        logged_at=datetime.now(UTC),
        logged_by_id=cast.rep.id,
    )
    session.add(kept)
    session.flush()
    session.add(Attendance(meeting_id=kept.id, person_id=cast.head.id))
    session.commit()
    return kept


def path(meeting: Meeting) -> str:
    return f"/meetings/{meeting.id}/correct"


def form(client: Client, meeting: Meeting, **changes: Any) -> dict[str, Any]:
    """The form as it stands, with changes."""
    return {**controls(client.get(path(meeting)).text), **changes}


def test_minutes_and_notes_are_corrected(client: Client, cast: Cast, session: Session, meeting: Meeting) -> None:
    client.sign_in(cast.rep)
    sent = form(client, meeting)
    assert sent["minutes"] == [TEXT]
    assert sent["internal_notes"] == ["Hm."]
    answer = client.submit(path(meeting), {**sent, "minutes": "It went badly.", "internal_notes": ""})
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "It went badly." in page
    assert "The run failed." not in page
    session.refresh(meeting)
    assert (meeting.internal_notes, meeting.revision) == ("", 2)


def test_saving_without_a_change_changes_nothing(
    client: Client, cast: Cast, session: Session, meeting: Meeting
) -> None:
    client.sign_in(cast.rep)
    assert client.submit(path(meeting), form(client, meeting)).status_code == 303
    session.refresh(meeting)
    assert meeting.revision == 1


def test_day_kind_duration_and_attendance_are_corrected(
    client: Client, cast: Cast, session: Session, meeting: Meeting
) -> None:
    yesterday = today() - timedelta(days=1)
    session.add(Decision(unit_id=meeting.unit_id, meeting_id=meeting.id, text="We wait", decided_on=today()))
    session.commit()
    client.sign_in(cast.rep)
    sent = form(client, meeting, held_on=yesterday.isoformat(), kind="own", lasted="45", someone_else=cast.rep.id)
    rows = {sent[name][0]: name.replace("person_id", "presence") for name in sent if name.endswith("person_id")}
    sent[rows[str(cast.head.id)]] = "excused"
    sent[rows[str(cast.key_user.id)]] = "present"
    assert client.submit(path(meeting), sent).status_code == 303
    session.expire_all()
    assert (meeting.held_on, meeting.kind, meeting.lasted) == (yesterday, MeetingKind.OWN, 45)
    assert {row.person_id: row.presence for row in session.scalars(select(Attendance))} == {
        cast.head.id: Presence.EXCUSED,
        cast.key_user.id: Presence.PRESENT,
        cast.rep.id: Presence.PRESENT,
    }
    assert session.scalars(select(Decision.decided_on)).one() == yesterday


def test_what_cannot_be_is_asked_about_and_all_that_was_typed_stays(
    client: Client, cast: Cast, session: Session, meeting: Meeting
) -> None:
    client.sign_in(cast.rep)
    tomorrow = (today() + timedelta(days=1)).isoformat()
    answer = client.submit(path(meeting), form(client, meeting, held_on=tomorrow, lasted="2000", minutes="Typed."))
    assert answer.status_code == 422
    assert "That day is still to come." in answer.text
    assert "Between one minute and a day." in answer.text
    assert controls(answer.text)["minutes"] == ["Typed."]
    assert client.submit(path(meeting), form(client, meeting, lasted="an hour")).status_code == 422
    assert client.submit(path(meeting), form(client, meeting, someone_else=cast.outsider.id)).status_code == 422


def test_a_review_stays_in_its_period_and_what_it_held_follows(
    client: Client, cast: Cast, session: Session, meeting: Meeting
) -> None:
    first = today().replace(day=1)
    review = review_of_this_month(session, cast.finance, today())
    client.sign_in(cast.rep)
    assert client.submit(path(meeting), form(client, meeting, kind="review")).status_code == 303
    session.expire_all()
    assert (meeting.review_id, review.state, review.held_on) == (review.id, ReviewState.HELD, today())
    before = client.submit(path(meeting), form(client, meeting, held_on=(first - timedelta(days=1)).isoformat()))
    assert before.status_code == 422
    assert "Choose a day in there." in before.text
    assert client.submit(path(meeting), form(client, meeting, held_on=first.isoformat())).status_code == 303
    session.expire_all()
    assert review.held_on == first
    assert client.submit(path(meeting), form(client, meeting, kind="touchpoint")).status_code == 303
    session.expire_all()
    assert [meeting.review_id, review.state, review.held_on] == [None, ReviewState.PLANNED, None]


def test_a_colleague_does_not_correct_it(client: Client, cast: Cast, session: Session, meeting: Meeting) -> None:
    for person in (cast.cio, cast.head):
        client.sign_in(person)
        assert client.get(path(meeting)).status_code == 403
        assert client.submit(path(meeting), {"minutes": "Mine now"}).status_code == 403


# ---- Two at once


def begun_by_both(client: Client, cast: Cast, meeting: Meeting) -> tuple[dict[str, Any], dict[str, Any]]:
    """The form as the rep has it, and as the deputy has it, at the same time."""
    return form(client.sign_in(cast.rep), meeting), form(client.sign_in(cast.colleague), meeting)


def test_the_second_to_save_finds_both_changes_together_ready_to_save(
    client: Client, cast: Cast, session: Session, meeting: Meeting
) -> None:
    mine, theirs = begun_by_both(client, cast, meeting)
    theirs["minutes"] = TEXT.replace("late", "on time")
    assert client.submit(path(meeting), theirs).status_code == 303
    mine |= {"minutes": TEXT.replace("ten", "eleven"), "lasted": "50"}
    answer = client.sign_in(cast.rep).submit(path(meeting), mine)
    assert answer.status_code == 409
    assert "Tom Okafor saved this meeting while you wrote." in answer.text
    assert "<ins>" in answer.text
    session.expire_all()
    assert meeting.minutes == theirs["minutes"], "nothing is overwritten silently"
    proposed = controls(answer.text)
    together = TEXT.replace("late", "on time").replace("ten", "eleven")
    assert (proposed["minutes"], proposed["lasted"]) == ([together], ["50"])
    assert client.submit(path(meeting), proposed).status_code == 303
    session.expire_all()
    assert (meeting.minutes, meeting.lasted, meeting.revision) == (together, 50, 3)


def test_where_both_changed_the_same_line_both_stand_and_are_settled_by_hand(
    client: Client, cast: Cast, session: Session, meeting: Meeting
) -> None:
    mine, theirs = begun_by_both(client, cast, meeting)
    theirs |= {"minutes": TEXT.replace("failed", "stopped"), "kind": "own"}
    client.submit(path(meeting), theirs)
    mine |= {"minutes": TEXT.replace("failed", "was late"), "kind": "escalation"}
    answer = client.sign_in(cast.rep).submit(path(meeting), mine)
    assert answer.status_code == 409
    proposed = controls(answer.text)
    for words in ("The run stopped.", "The run was late.", "▼ Tom Okafor saved this:", "▼ You wrote this:"):
        assert words in proposed["minutes"][0]
    assert proposed["kind"] == ["escalation"]
    assert "Both of you changed the kind." in answer.text
    unsettled = client.submit(path(meeting), proposed)
    assert unsettled.status_code == 422
    assert "Two of you wrote here at once." in unsettled.text
    settled = {**proposed, "minutes": TEXT.replace("failed", "stopped late")}
    assert client.submit(path(meeting), settled).status_code == 303
    session.expire_all()
    assert (meeting.minutes, meeting.kind) == (settled["minutes"], MeetingKind.ESCALATION)


def test_a_form_that_forgot_what_it_began_with_overwrites_nothing(
    client: Client, cast: Cast, session: Session, meeting: Meeting
) -> None:
    client.sign_in(cast.rep)
    for seen in ("", "{}", "[]", "7", '{"revision": "x"}', "null"):
        answer = client.submit(path(meeting), form(client, meeting, seen=seen, minutes="Other words."))
        assert answer.status_code == 409
        assert "The run failed." in controls(answer.text)["minutes"][0]
        assert "Other words." in controls(answer.text)["minutes"][0]
    session.expire_all()
    assert meeting.minutes == TEXT


def test_the_marks_of_two_at_once_are_recognised(session: Session) -> None:
    found = meeting_corrections.marks("Tom Okafor")
    for line in (found.theirs, found.mine, found.end):
        assert meeting_corrections.MARKED.search(f"Before\n{line}\nafter")
    assert not meeting_corrections.MARKED.search("▼ is a triangle")


# ---- Lines with marks


def test_what_new_lines_promise_is_kept_and_what_stood_there_makes_nothing_again(
    client: Client, cast: Cast, session: Session, meeting: Meeting
) -> None:
    client.sign_in(cast.rep)
    given = cast.rep.name.split()[0]
    added = f"{TEXT}\n- [ ] Tell the auditors @{given}\n! A second screen -- need: two ledgers side by side\n"
    added += "> decision: we wait for May\n+ everybody: the hotline was quick"
    answer = client.submit(path(meeting), form(client, meeting, minutes=added))
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "One action, one request, one decision and one word of praise are kept with it." in page
    (action,) = session.scalars(select(Action).where(Action.meeting_id == meeting.id))
    assert (action.text, action.owner_id) == ("Tell the auditors", cast.rep.id)
    assert session.scalars(select(Request.title)).one() == "A second screen"
    assert session.scalars(select(Decision.decided_on)).one() == meeting.held_on
    again = added.replace(f"- [ ] Tell the auditors @{given}", "- [x] Tell the auditors").replace("late", "early")
    assert client.submit(path(meeting), form(client, meeting, minutes=again)).status_code == 303
    assert client.submit(path(meeting), form(client, meeting, minutes="Nothing.")).status_code == 303
    for table in (Action, Request, Decision, Praise):
        assert len(session.scalars(select(table).where(table.meeting_id == meeting.id)).all()) == 1


def test_what_a_new_line_leaves_open_is_said(client: Client, cast: Cast, session: Session, meeting: Meeting) -> None:
    client.sign_in(cast.rep)
    added = f"{TEXT}\n- [ ] Call the bank @zzyx\n! A third screen"
    answer = client.submit(path(meeting), form(client, meeting, minutes=added))
    page = client.get(answer.location).text
    assert "One action is kept with it. Still open:" in page
    assert session.scalars(select(Action.owner_id).where(Action.meeting_id == meeting.id)).one() is None
    assert not session.scalars(select(Request)).all()
    said_why = added.replace("third screen", "third screen -- need: the ledger")
    assert client.submit(path(meeting), form(client, meeting, minutes=said_why)).status_code == 303
    assert session.scalars(select(Request.title)).one() == "A third screen"
