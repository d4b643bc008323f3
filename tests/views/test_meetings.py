"""The pages of meetings, as a person at a browser meets them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from crm.services import minutes
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
    Request,
)
from tests.cast import LONG_AGO, Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories.hostile import hostile
from tests.factories.meeting_forms import kept_meeting, log_path, today
from tests.november import review_of_this_month

BUDGET = 12


def test_one_click_from_choosing_to_the_form_of_a_unit(client: Client, cast: Cast, session: Session) -> None:
    review = review_of_this_month(session, cast.finance, today())
    page = client.sign_in(cast.rep).get("/meetings/new").text
    assert f'href="{log_path(cast)}?review={review.id}"' in page
    assert "Legal" not in page[page.index("<main") :]


def test_a_unit_that_is_not_there_is_not_found(client: Client, cast: Cast) -> None:
    assert client.sign_in(cast.rep).get("/units/999999/meetings/new").status_code == 404


def test_the_unit_reads_what_was_said_and_never_the_notes_of_it(client: Client, cast: Cast, session: Session) -> None:
    meeting = kept_meeting(session, cast, internal_notes="Losing patience.")
    minutes.share(session, by=cast.actor(session, cast.rep), meeting=meeting, now=datetime.now(UTC))
    session.commit()
    for person, sees_notes in ((cast.rep, True), (cast.colleague, True), (cast.cio, True), (cast.head, False)):
        page = client.sign_in(person).get(f"/meetings/{meeting.id}").text
        assert "It went well." in page
        assert ("Losing patience." in page) is sees_notes
        assert ("Only for IT" in page) is sees_notes
        found = client.get("/meetings?text=patience").text
        assert (f'href="/meetings/{meeting.id}"' in found) is sees_notes
        assert "Losing patience." not in found


def test_a_foreign_meeting_is_not_found(client: Client, cast: Cast, session: Session) -> None:
    meeting = kept_meeting(session, cast)
    client.sign_in(cast.outsider)
    assert client.get(f"/meetings/{meeting.id}").status_code == 404
    assert "It went well." not in client.get("/meetings").text
    assert client.submit(f"/meetings/{meeting.id}/correct", {"minutes": "Mine now"}).status_code in (403, 404)


def test_a_colleague_does_not_correct_them(client: Client, cast: Cast, session: Session) -> None:
    meeting = kept_meeting(session, cast)
    client.sign_in(cast.colleague)
    assert client.get(f"/meetings/{meeting.id}/correct").status_code == 403
    assert client.submit(f"/meetings/{meeting.id}/correct", {"minutes": "Mine now"}).status_code == 403


def test_the_list_is_narrowed(client: Client, cast: Cast, session: Session) -> None:
    talk = kept_meeting(session, cast)
    call = kept_meeting(session, cast, kind=MeetingKind.OWN, minutes="Printer again.")
    client.sign_in(cast.rep)

    def shown(query: str) -> set[int]:
        return {int(number) for number in re.findall(r'href="/meetings/(\d+)"', client.get(f"/meetings?{query}").text)}

    assert shown("") == {talk.id, call.id}
    assert shown("kind=own") == {call.id}
    assert shown("text=printer") == {call.id}
    assert shown(f"unit={cast.legal.id}") == set()
    assert shown("unit=99999999999999999999&kind=nonsense&page=x&text=%00") == {talk.id, call.id}


def test_a_search_for_hostile_words_is_answered(client: Client, cast: Cast, session: Session) -> None:
    kept_meeting(session, cast)
    client.sign_in(cast.rep)
    for text in hostile()[::7]:
        for place in ("meetings", "requests"):
            assert client.get(f"/{place}", query_string={"text": text}).status_code == 200


def many(session: Session, cast: Cast, count: int) -> None:
    """So many more units of the rep's, each with a cover, a meeting, an action and a request."""
    units = [BusinessUnit(code=f"U{count}-{n}", name=f"Unit {n}", time_zone="Europe/Lisbon") for n in range(count)]
    session.add_all(units)
    session.flush()
    common = {"held_on": today(), "logged_by_id": cast.rep.id, "logged_at": datetime.now(UTC)}
    meetings = [Meeting(unit_id=unit.id, kind=MeetingKind.TOUCHPOINT, **common) for unit in units]
    session.add_all(meetings)
    session.flush()
    for meeting in meetings:
        of_it = {"unit_id": meeting.unit_id, "meeting_id": meeting.id}
        session.add_all(
            [
                Assignment(unit_id=meeting.unit_id, rep_id=cast.rep.id, cover=Cover.LEAD, since=LONG_AGO),
                Membership(unit_id=meeting.unit_id, person_id=cast.head.id, part=Part.KEY_USER, since=LONG_AGO),
                Attendance(meeting_id=meeting.id, person_id=cast.rep.id),
                Action(**of_it, text="Think", owner_id=cast.rep.id),
                Request(**of_it, title="A", business_need="B", requester_id=cast.head.id, logged_on=today()),
            ]
        )
    session.commit()


def test_no_page_takes_more_statements_with_500_units_than_with_12(
    client: Client, cast: Cast, session: Session, statements: StatementCounter
) -> None:
    meeting = kept_meeting(session, cast, review_id=review_of_this_month(session, cast.finance, today()).id)
    action = Action(unit_id=cast.finance.id, text="Think", owner_id=cast.rep.id, state=ActionState.OPEN)
    request = Request(unit_id=cast.finance.id, title="A", business_need="B", logged_on=today())
    session.add_all([action, request])
    session.commit()
    for_both = [
        "/meetings",
        f"/meetings?unit={cast.finance.id}&text=well",
        f"/meetings/{meeting.id}",
        "/actions",
        "/actions?show=overdue&whose=mine",
        f"/actions/{action.id}",
        "/requests",
        "/requests?unit=mine&show=all",
        f"/requests/{request.id}",
        f"/units/{cast.finance.id}/requests/new",
    ]
    for_the_rep = [*for_both, "/meetings/new", log_path(cast), f"/meetings/{meeting.id}/correct"]
    many(session, cast, 12)
    few = [counted(client, cast.rep, for_the_rep, statements), counted(client, cast.head, for_both, statements)]
    assert max(count for counts in few for count in counts.values()) <= BUDGET, few
    many(session, cast, 488)
    assert [
        counted(client, cast.rep, for_the_rep, statements),
        counted(client, cast.head, for_both, statements),
    ] == few


def counted(client: Client, person: Person, paths: list[str], statements: StatementCounter) -> dict[str, int]:
    client.sign_in(person)
    found = {}
    for path in paths:
        with statements:
            assert client.get(path).status_code == 200, path
        found[path] = statements.count
    return found
