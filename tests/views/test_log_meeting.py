"""Logging a meeting, as a person at a browser meets it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Action, Attendance, Meeting, Presence, ReviewState
from tests.cast import Cast
from tests.client import Client
from tests.factories.hostile import dangers, hostile
from tests.factories.meeting_forms import chosen, is_ticked, kept_meeting, log_path, the_form, today
from tests.november import review_of_this_month


def test_a_rep_logs_a_meeting_and_reads_it(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.rep)
    due = today() + timedelta(days=3)
    answer = client.submit(
        log_path(cast),
        the_form(
            cast,
            **{
                "internal_notes": "She is losing patience.",
                "actions-1-text": "Find the cause",
                "actions-1-owner_id": str(cast.specialist.id),
                "actions-1-due_on": due.isoformat(),
                "requests-0-title": "Checks before the run",
                "requests-0-business_need": "A failed job costs a night",
                "requests-0-requester_id": str(cast.head.id),
            },
        ),
    )
    assert answer.status_code == 303
    page = client.get(answer.location).text
    for words in (
        "Touchpoint with Finance",
        "<em>well</em>",
        "She is losing patience.",
        "Find the cause",
        "Olu Adeyemi",
        "Checks before the run",
        "A failed job costs a night",
        "asked by Amara Diallo",
        "The meeting with Finance is kept.",
    ):
        assert words in page, words
    there = session.scalars(select(Attendance.person_id))
    assert set(there) == {cast.head.id, cast.rep.id}


def test_the_form_stands_ready_with_those_of_last_time(client: Client, cast: Cast, session: Session) -> None:
    before = kept_meeting(session, cast, held_on=today() - timedelta(days=9))
    session.add(Attendance(meeting_id=before.id, person_id=cast.specialist.id, presence=Presence.PRESENT))
    session.add(Action(unit_id=cast.finance.id, text="Send the run logs", owner_id=cast.rep.id))
    session.commit()
    page = client.sign_in(cast.rep).get(log_path(cast)).text
    assert "Meeting with Finance" in page
    assert is_ticked(page, "attendees", cast.specialist.id)
    assert is_ticked(page, "attendees", cast.rep.id)
    assert not is_ticked(page, "attendees", cast.head.id)
    assert "Left from" in page
    assert "Send the run logs" in page
    assert "Finance reads them once you share them." in page
    assert page.count('<legend class="visually-hidden">Action ') == 2  # one, and the one the script clones
    assert page.count('<legend class="visually-hidden">Request ') == 2
    assert 'name="actions-__index__-text"' in page
    assert 'name="requests-__index__-title"' in page


def test_at_the_first_meeting_the_head_is_ticked(client: Client, cast: Cast) -> None:
    page = client.sign_in(cast.rep).get(log_path(cast)).text
    assert is_ticked(page, "attendees", cast.head.id)
    assert not is_ticked(page, "attendees", cast.key_user.id)


def test_a_due_review_is_chosen_and_closed(client: Client, cast: Cast, session: Session) -> None:
    review = review_of_this_month(session, cast.finance, today())
    page = client.sign_in(cast.rep).get(f"{log_path(cast)}?review={review.id}").text
    assert is_ticked(page, "kind", "review")
    answer = client.submit(log_path(cast), the_form(cast, kind="review", review_id=str(review.id)))
    session.refresh(review)
    assert review.state is ReviewState.HELD
    assert "It held the review of" in client.get(answer.location).text


def test_an_invalid_form_comes_back_as_it_was_typed(client: Client, cast: Cast, session: Session) -> None:
    left = Action(unit_id=cast.finance.id, text="Send the run logs")
    session.add(left)
    session.commit()
    answer = client.sign_in(cast.rep).submit(
        log_path(cast),
        the_form(
            cast,
            **{
                "held_on": (today() + timedelta(days=1)).isoformat(),
                "kind": "own",
                "attendees": [str(cast.key_user.id), str(cast.specialist.id)],
                "minutes": "All of this\nwas typed.",
                "internal_notes": "And this.",
                "settled": [str(left.id)],
                "actions-0-owner_id": str(cast.colleague.id),
                "actions-2-text": "Kept action",
                "actions-2-due_on": (today() + timedelta(days=5)).isoformat(),
                "requests-0-title": "Kept title",
                "requests-0-requester_id": str(cast.key_user.id),
                "requests-0-kind": "offer",
            },
        ),
    )
    page = answer.text
    assert answer.status_code == 422
    for message in ("That day is still to come", "Say what will be done", "Say what the unit needs it for."):
        assert page.count(message) == 2, message  # above the form and beside the field
    for typed in ("All of this\nwas typed.", "And this.", 'value="Kept action"', 'value="Kept title"'):
        assert typed in page, typed
    assert is_ticked(page, "kind", "own")
    assert is_ticked(page, "attendees", cast.key_user.id)
    assert is_ticked(page, "attendees", cast.specialist.id)
    assert not is_ticked(page, "attendees", cast.head.id)
    assert is_ticked(page, "settled", left.id)
    assert chosen(page, "actions-0-owner_id") == str(cast.colleague.id)
    assert chosen(page, "requests-0-requester_id") == str(cast.key_user.id)
    assert chosen(page, "requests-0-kind") == "offer"
    assert 'aria-invalid="true"' in page
    assert session.scalar(select(func.count(Meeting.id))) == 0


@pytest.mark.parametrize("day", ["yesterday", "2026-13-40", ""])
def test_a_day_that_is_none_is_asked_about_and_stays(client: Client, cast: Cast, day: str) -> None:
    answer = client.sign_in(cast.rep).submit(
        log_path(cast), the_form(cast, held_on=day, **{"actions-0-text": "Think", "actions-0-due_on": day})
    )
    assert answer.status_code == 422
    assert "Month-end went *well*." in answer.text
    assert 'value="Think"' in answer.text


@pytest.mark.parametrize(("what", "rows"), [("actions", "actions-3-text"), ("requests", "requests-1-title")])
def test_another_row_loses_nothing(client: Client, cast: Cast, session: Session, what: str, rows: str) -> None:
    typed = the_form(cast, add=what, held_on="", **{"actions-0-text": "Half an act", "requests-0-title": "Half a wish"})
    answer = client.sign_in(cast.rep).submit(log_path(cast), typed)
    assert answer.status_code == 200
    assert f'name="{rows}"' in answer.text
    assert 'value="Half an act"' in answer.text
    assert 'value="Half a wish"' in answer.text
    assert "Month-end went *well*." in answer.text
    assert "another look" not in answer.text
    assert session.scalar(select(func.count(Meeting.id))) == 0


def test_someone_else_becomes_a_chip(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.rep)
    typed = the_form(cast, someone_else=str(cast.specialist.id))
    page = client.submit(log_path(cast), {**typed, "add": "person"}).text
    assert is_ticked(page, "attendees", cast.specialist.id)
    assert client.submit(log_path(cast), typed).status_code == 303
    assert session.get(Attendance, (session.scalar(select(Meeting.id)), cast.specialist.id))


def test_saving_twice_is_one_meeting(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.rep)
    first, second = (client.submit(log_path(cast), the_form(cast)) for _ in range(2))
    assert first.location == second.location
    assert session.scalar(select(func.count(Meeting.id))) == 1


def test_going_back_and_writing_more_loses_none_of_it(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.rep)
    client.submit(log_path(cast), the_form(cast))
    answer = client.submit(log_path(cast), the_form(cast, minutes="Month-end went well. And more."))
    assert answer.status_code == 422
    assert "This meeting is saved already." in answer.text
    assert "And more." in answer.text


@pytest.mark.parametrize("name", ["colleague", "cio", "head", "administrator"])
def test_only_who_looks_after_the_unit_logs_a_meeting(client: Client, cast: Cast, name: str) -> None:
    client.sign_in(getattr(cast, name))
    assert client.get(log_path(cast)).status_code == 403
    assert client.submit(log_path(cast), the_form(cast)).status_code == 403


def test_hostile_words_come_through_unharmed_and_escaped(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.rep)
    words = [text[:190] for text in hostile()]
    for start in range(0, len(words), 40):
        some = words[start : start + 40]
        rows = {f"actions-{row}-text": text for row, text in enumerate(some)}
        answer = client.submit(
            log_path(cast),
            the_form(
                cast,
                form_key=f"key {start}",
                minutes="\n\n".join(some),
                internal_notes="\n\n".join(some),
                **rows,
                **{"requests-0-title": some[0], "requests-0-business_need": some[-1]},
            ),
        )
        assert answer.status_code == 303, re.findall(r'class="field-error".*', answer.text)
        page = client.get(answer.location)
        assert page.status_code == 200
        kept = session.scalars(
            select(Action.text).where(Action.meeting_id == int(answer.location.rsplit("/", 1)[1])).order_by(Action.id)
        ).all()
        expected = [" ".join(text.replace("\0", "").split()) for text in some]
        assert kept == [text for text in expected if text]
        shown = unescape(page.text)
        assert all(text in shown for text in kept)
        assert not dangers(page.text)
        assert client.get("/meetings").status_code == 200
    assert client.get("/actions").status_code == 200
    assert client.get("/requests").status_code == 200
