"""Private calendar addresses: made, shown once, fetched, unchanged, withdrawn; and what stands in them for whom."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import feeds, invitations, reviews, throttle
from models import Action, ActionState, Attempt, FeedLink, Meeting, MeetingKind, Person, Review, ReviewInvitation
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.crm.services.test_calendar_objects import valid
from tests.factories.reviews import NOW, TODAY, add_cadence, add_review, rule
from tests.second_reader import Reader

THE_19TH = date(2026, 11, 19)


@pytest.fixture(autouse=True)
def on_the_tenth() -> object:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def review(session: Session, cast: Cast) -> Review:
    add_cadence(session, cast.finance, rule(nth=3), date(2026, 11, 1), place="Room 4")
    return add_review(session, cast.finance, THE_19TH)


def address(session: Session, person: Person, name: str = "Phone") -> str:
    token = feeds.make(session, person=person, name=name, now=NOW)
    session.commit()
    return f"/feed/{token}.ics"


def summaries(client: Client, path: str) -> list[str]:
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(client.get(path).data).walk("VEVENT")]


def test_an_address_is_made_shown_once_and_withdrawn(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.rep)
    assert client.submit("/me/calendar", {"name": "Phone"}).status_code == 303
    page = client.get("/me/calendar").text
    path = re.search(r'value="http://127\.0\.0\.1:8000(/feed/[^"]+\.ics)"', page)
    assert path
    assert "webcal://127.0.0.1:8000/feed/" in page
    assert path[1] not in client.get("/me/calendar").text
    assert client.get(path[1]).status_code == 200
    link = session.scalars(select(FeedLink)).one()
    assert link.token_hash not in path[1]
    client.submit(f"/me/calendar/{link.id}/withdraw")
    assert client.get(path[1]).status_code == 410


def test_a_name_is_wanted_and_ten_addresses_are_enough(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.rep)
    answer = client.submit("/me/calendar", {"name": " "})
    assert (answer.status_code, "Say where it is for" in answer.text) == (422, True)
    for number in range(feeds.MOST):
        address(session, cast.rep, f"Device {number}")
    assert "You have 10 addresses already" in client.submit("/me/calendar", {"name": "One more"}).text


def test_nobody_withdraws_what_belongs_to_somebody_else(client: Client, session: Session, cast: Cast) -> None:
    path = address(session, cast.head)
    link = session.scalars(select(FeedLink)).one()
    client.sign_in(cast.rep)
    assert client.submit(f"/me/calendar/{link.id}/withdraw").status_code == 404
    assert client.get(path).status_code == 200


def test_unknown_addresses_are_not_found_and_soon_not_answered(client: Client, session: Session, cast: Cast) -> None:
    assert {client.get(f"/feed/guess{number}.ics").status_code for number in range(30)} == {404}
    assert client.get("/feed/guess.ics").status_code == 429
    assert session.scalars(select(Attempt.kind)).first() == throttle.LINK_BY_ADDRESS.kind
    assert client.get(address(session, cast.rep)).status_code == 200


def test_who_has_left_reads_nothing_more(client: Client, session: Session, cast: Cast) -> None:
    path = address(session, cast.rep)
    cast.rep.left_on = TODAY
    session.commit()
    assert client.get(path).status_code == 410


def test_the_feed_is_what_calendars_can_read(
    client: Client, session: Session, cast: Cast, review: Review, second_reader: Reader
) -> None:
    session.add(Action(unit_id=cast.finance.id, text="Send the list", owner_id=cast.rep.id, due_on=THE_19TH))
    invitations.changed(session, reviews=[review], now=NOW)
    answer = client.get(address(session, cast.rep))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    valid(answer.text)
    found = second_reader(answer.text)
    assert (found["method"], found["name"]) == ("PUBLISH", "Fernhill IT: reviews and actions")
    assert [one["summary"] for one in found["events"]] == ["Review of Finance and IT", "Due: Send the list"]
    sent = session.scalars(select(ReviewInvitation)).one()
    assert found["events"][0]["uid"] == sent.uid
    assert found["events"][0]["attendees"] == []


def test_what_has_not_changed_is_not_sent_again(
    client: Client, session: Session, cast: Cast, review: Review, on_the_tenth: time_machine.Traveller
) -> None:
    path = address(session, cast.rep)
    first = client.get(path)
    tag, since = first.headers["ETag"], first.headers["Last-Modified"]
    on_the_tenth.shift(timedelta(hours=3))
    assert client.get(path).headers["Last-Modified"] == since
    for header in ({"If-None-Match": tag}, {"If-Modified-Since": since}):
        again = client.get(path, headers=header)
        assert (again.status_code, again.data) == (304, b"")
    later = NOW + timedelta(hours=3)
    by = cast.actor(session, cast.rep, TODAY)
    reviews.move(session, by=by, review=review, day=date(2026, 11, 24), at=time(14), now=later)
    session.commit()
    for header in ({"If-None-Match": tag}, {"If-Modified-Since": since}):
        moved = client.get(path, headers=header)
        assert moved.status_code == 200
        assert "DTSTART:20261124T140000Z" in moved.text
    assert moved.headers["Last-Modified"] > since


def test_what_is_skipped_or_settled_is_gone(client: Client, session: Session, cast: Cast, review: Review) -> None:
    action = Action(unit_id=cast.finance.id, text="Send the list", owner_id=cast.rep.id, due_on=THE_19TH)
    session.add(action)
    path = address(session, cast.rep)
    assert len(summaries(client, path)) == 2
    reviews.skip(session, by=cast.actor(session, cast.rep, TODAY), review=review, reason="Year end", now=NOW)
    action.state = ActionState.DONE
    session.commit()
    assert summaries(client, path) == []


def test_a_move_is_shown_under_the_same_uid_with_a_higher_sequence(
    client: Client, session: Session, cast: Cast, review: Review
) -> None:
    invitations.changed(session, reviews=[review], now=NOW)
    path = address(session, cast.head)

    def shown() -> tuple[str, str]:
        (event,) = Calendar.from_ical(client.get(path).data).walk("VEVENT")
        return str(event["UID"]), str(event["SEQUENCE"])

    before = shown()
    by = cast.actor(session, cast.rep, TODAY)
    reviews.move(session, by=by, review=review, day=date(2026, 11, 24), at=time(14), now=NOW)
    session.commit()
    assert shown() == (before[0], "1")


def test_a_review_held_on_another_day_takes_that_day(
    client: Client, session: Session, cast: Cast, review: Review
) -> None:
    path = address(session, cast.rep)
    reviews.hold(session, review=review, held_on=date(2026, 11, 9))
    session.commit()
    assert "DTSTART;VALUE=DATE:20261109" in client.get(path).text


def test_everybody_reads_only_what_is_theirs(client: Client, session: Session, cast: Cast, review: Review) -> None:
    add_review(session, cast.legal, date(2026, 11, 20))
    session.add_all(
        [
            Action(unit_id=cast.finance.id, text="Of the head", owner_id=cast.head.id, due_on=THE_19TH),
            Action(unit_id=cast.legal.id, text="Of the outsider", owner_id=cast.outsider.id, due_on=THE_19TH),
            Action(unit_id=cast.legal.id, text="No longer seen", owner_id=cast.head.id, due_on=THE_19TH),
            Action(unit_id=cast.finance.id, text="Of nobody", due_on=THE_19TH),
        ]
    )
    expected = {
        "rep": ["Review of Finance and IT"],
        "colleague": ["Review of Legal and IT"],
        "head": ["Review of Finance and IT", "Due: Of the head"],
        "key_user": ["Review of Finance and IT"],
        "outsider": ["Review of Legal and IT", "Due: Of the outsider"],
        "cio": [],
        "administrator": [],
        "specialist": [],
    }
    assert {who: summaries(client, address(session, getattr(cast, who))) for who in expected} == expected


def test_notes_and_agendas_never_leave(client: Client, session: Session, cast: Cast, review: Review) -> None:
    meeting = Meeting(unit_id=cast.finance.id, kind=MeetingKind.REVIEW, held_on=TODAY, review_id=review.id)
    meeting.internal_notes, meeting.minutes, meeting.logged_at = "SECRET", "SECRET", NOW
    session.add(meeting)
    reviews.hold(session, review=review, held_on=TODAY)
    for person in (cast.rep, cast.head):
        assert "SECRET" not in client.get(address(session, person)).text


def test_an_action_in_german_for_who_reads_german(client: Client, session: Session, cast: Cast) -> None:
    cast.head.language = "de"
    session.add(Action(unit_id=cast.finance.id, text="Liste", owner_id=cast.head.id, due_on=THE_19TH))
    assert summaries(client, address(session, cast.head)) == ["Fällig: Liste"]


def test_a_feed_takes_few_statements_however_much_is_in_it(
    client: Client, session: Session, cast: Cast, review: Review, statements: StatementCounter
) -> None:
    path = address(session, cast.rep)
    with statements:
        client.get(path)
    for number in range(1, 12):
        add_review(session, cast.finance, TODAY + timedelta(days=31 * number))
    for number in range(50):
        due = TODAY + timedelta(days=number)
        session.add(Action(unit_id=cast.finance.id, text=f"No. {number}", owner_id=cast.rep.id, due_on=due))
    session.commit()
    with statements:
        assert len(summaries(client, path)) == 62
    # One more to write down that it changed, in a transaction of its own: read, and written.
    assert statements.count <= 14


def test_the_same_data_give_the_same_text(session: Session, cast: Cast, review: Review) -> None:
    token = address(session, cast.rep).removeprefix("/feed/").removesuffix(".ics")
    link = feeds.find(session, token=token).found
    assert link
    later = (NOW + timedelta(minutes=minutes) for minutes in (0, 5, 300))
    assert len({feeds.serve(session, link=link, base_url="https://x", now=now).text for now in later}) == 1
