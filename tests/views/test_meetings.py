"""The pages of meetings, as a person at a browser meets them."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.services import clock, minutes
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
    Request,
    ReviewState,
)
from tests.cast import LONG_AGO, Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.november import review_of_this_month

BUDGET = 12
STRINGS = Path("/work/shared/data/hostile/blns/blns.json")


def today() -> date:
    return clock.local_date(datetime.now(UTC), "Europe/Lisbon")


def the_form(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What a browser sends when little was typed: three blank actions, one blank request."""
    blank = {f"actions-{row}-{name}": "" for row in range(3) for name in ("text", "owner_id", "due_on")}
    return {
        "form_key": "a key",
        "review_id": "",
        "held_on": today().isoformat(),
        "kind": "touchpoint",
        "attendees": [str(cast.head.id), str(cast.rep.id)],
        "minutes": "Month-end went *well*.",
        "internal_notes": "",
        **blank,
        "requests-0-title": "",
        "requests-0-business_need": "",
        "requests-0-requester_id": "",
        "requests-0-origin": "asked",
        **changes,
    }


def log_path(cast: Cast) -> str:
    return f"/units/{cast.finance.id}/meetings/new"


def kept_meeting(session: Session, cast: Cast, **changes: Any) -> Meeting:
    columns = {
        "unit_id": cast.finance.id,
        "kind": MeetingKind.TOUCHPOINT,
        "held_on": today(),
        "logged_by_id": cast.rep.id,
    }
    meeting = Meeting(**{**columns, "minutes": "It went well.", "logged_at": datetime.now(UTC), **changes})
    session.add(meeting)
    session.commit()
    return meeting


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
    assert "Amara Diallo and Jo Lindt can read this" in page
    assert page.count('<legend class="visually-hidden">Action ') == 4  # three, and the one the script clones
    assert page.count('<legend class="visually-hidden">Request ') == 2
    assert 'name="actions-__index__-text"' in page
    assert 'name="requests-__index__-title"' in page


def test_at_the_first_meeting_the_head_is_ticked(client: Client, cast: Cast) -> None:
    page = client.sign_in(cast.rep).get(log_path(cast)).text
    assert is_ticked(page, "attendees", cast.head.id)
    assert not is_ticked(page, "attendees", cast.key_user.id)


def is_ticked(page: str, name: str, value: object) -> bool:
    found = re.search(rf'<input type="(?:checkbox|radio)"[^>]*name="{name}" value="{value}"[^>]*>', page)
    assert found, f"{name} {value} is not offered"
    return " checked" in found[0]


def test_a_due_review_is_chosen_and_closed(client: Client, cast: Cast, session: Session) -> None:
    review = review_of_this_month(session, cast.finance, today())
    page = client.sign_in(cast.rep).get(f"{log_path(cast)}?review={review.id}").text
    assert is_ticked(page, "kind", "review")
    answer = client.submit(log_path(cast), the_form(cast, kind="review", review_id=str(review.id)))
    session.refresh(review)
    assert review.state is ReviewState.HELD
    assert "It held the review of" in client.get(answer.location).text


def test_one_click_from_choosing_to_the_form_of_a_unit(client: Client, cast: Cast, session: Session) -> None:
    review = review_of_this_month(session, cast.finance, today())
    page = client.sign_in(cast.rep).get("/meetings/new").text
    assert f'href="{log_path(cast)}?review={review.id}"' in page
    assert "Legal" not in page[page.index("<main") :]


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
                "requests-0-origin": "offered",
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
    assert chosen(page, "requests-0-origin") == "offered"
    assert 'aria-invalid="true"' in page
    assert session.scalar(select(func.count(Meeting.id))) == 0


def chosen(page: str, name: str) -> str | None:
    select_element = re.search(rf'<select[^>]*name="{name}"[^>]*>(.*?)</select>', page, re.DOTALL)
    assert select_element, f"no {name}"
    options: list[str] = re.findall(r"<option[^>]*>", select_element[1])
    values = [re.search(r'value="([^"]*)"', option) for option in options if " selected" in option]
    return values[0][1] if values and values[0] else None


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


def hostile() -> list[str]:
    strings: list[str] = json.loads(STRINGS.read_text()) if STRINGS.exists() else []
    return [
        text for text in [*strings, "<script>alert(1)</script>", "a\0b", "' OR 1=1 --", "{{ 7*7 }}"] if text.strip()
    ]


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


class Dangers(HTMLParser):
    """What a page must not have grown out of words: foreign elements, handlers, addresses that run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("iframe", "object", "embed", "style", "img", "base") or (tag == "script" and "src" not in given):
            self.found.append(tag)
        self.found += [name for name in given if name.startswith("on") or name == "style"]
        scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", (given.get("href") or "").lower())
        if scheme and scheme[1] not in ("http", "https", "mailto"):
            self.found.append(scheme[0])


def dangers(page: str) -> list[str]:
    parser = Dangers()
    parser.feed(page)
    return parser.found


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
