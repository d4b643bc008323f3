"""What calendars get, read back by two libraries, with names and words as hostile as they come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from crm.services import calendar_objects
from crm.services.calendar_objects import Entry, Guest, Method, Part, Status
from models.calendar import CalendarAnswer
from tests.second_reader import Reader

ORGANISER = Guest("Ines Carvalho", "ines@fernhill.example", Part.CHAIR, CalendarAnswer.ACCEPTED)
ENTRY = Entry(
    uid=calendar_objects.uid(7, "5f3a"),
    starts=datetime(2026, 11, 24, 9, tzinfo=UTC),
    ends=datetime(2026, 11, 24, 10, tzinfo=UTC),
    summary="Review of Finance and IT",
    description="Tuesday 24 November, 10:00 (Berlin). Time zone: Europe/Berlin.",
    changed_at=datetime(2026, 11, 10, 9, 30, tzinfo=UTC),
    sequence=3,
    place="https://meet.example/j/1,2;3",
    zone="Europe/Berlin",
    organiser=ORGANISER,
    guests=(ORGANISER, Guest("Amara Diallo", "amara@fernhill.example")),
)
HOSTILE = (
    'O"Neil; ROLE=CHAIR:mailto:evil@evil.example',
    "Ann\r\nATTENDEE:mailto:evil@evil.example",
    "back\\slash, ^n ^' and ; semicolons: colons",
    "END:VEVENT\nBEGIN:VEVENT",
    "Zoë 😀 " + "ä" * 90,
    "\x00\x07bell\u2028line",
    "  ",
)


def event(text: str) -> dict[str, object]:
    (found,) = Calendar.from_ical(text).walk("VEVENT")
    return dict(found.items())


def valid(text: str) -> None:
    """What Google, Outlook and Apple ask of any calendar (RFC 5545)."""
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    assert all(line.split(":", 1)[1] for line in lines), "an empty property"
    assert all(letter.isprintable() for line in lines for letter in line)
    assert {line.split(":")[0] for line in lines} >= {"VERSION", "PRODID", "METHOD"}
    entries = lines.count("BEGIN:VEVENT")
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(uids) == len(set(uids)) == entries
    assert len([line for line in lines if line.startswith("DTSTAMP:")]) == entries


def test_an_invitation_is_valid_and_complete() -> None:
    text = calendar_objects.invitation(ENTRY, Method.REQUEST)
    valid(text)
    found = event(text)
    assert (str(found["UID"]), found["SEQUENCE"], str(found["STATUS"])) == ("review-7@5f3a.rapport", 3, "CONFIRMED")
    assert str(found["URL"]) == str(found["LOCATION"]) == "https://meet.example/j/1,2;3"
    assert "DTSTART:20261124T090000Z\r\n" in text


@pytest.mark.parametrize("name", ["Ines Carvalho", *HOSTILE])
def test_answers_go_to_the_mailbox_and_the_organiser_stays_by_name(name: str) -> None:
    entry = replace(ENTRY, organiser=replace(ORGANISER, name=name))
    before = calendar_objects.invitation(entry, Method.REQUEST)
    after = calendar_objects.answered_to(before, "rapport@fernhill.example")
    valid(after)
    assert str(event(after)["ORGANIZER"]) == "mailto:rapport@fernhill.example"
    unfolded = [text.replace("\r\n ", "") for text in (before, after)]
    assert unfolded[1].replace("mailto:rapport@", "mailto:ines@") == unfolded[0]


def test_ical_js_reads_an_invitation_as_it_was_meant(second_reader: Reader) -> None:
    found = second_reader(calendar_objects.invitation(ENTRY, Method.REQUEST))
    (only,) = found["events"]
    assert (found["method"], found["version"]) == ("REQUEST", "2.0")
    assert (only["uid"], only["sequence"], only["status"]) == ("review-7@5f3a.rapport", 3, "CONFIRMED")
    assert (only["starts"], only["ends"]) == ("2026-11-24T09:00:00.000Z", "2026-11-24T10:00:00.000Z")
    assert (only["zone"], only["description"]) == ("Europe/Berlin", ENTRY.description)
    assert only["url"] == only["location"] == ENTRY.place
    assert only["organizer"]["address"] == "mailto:ines@fernhill.example"
    assert only["attendees"] == [
        {
            "address": "mailto:ines@fernhill.example",
            "name": "Ines Carvalho",
            "role": "CHAIR",
            "partstat": "ACCEPTED",
            "rsvp": "FALSE",
        },
        {
            "address": "mailto:amara@fernhill.example",
            "name": "Amara Diallo",
            "role": "REQ-PARTICIPANT",
            "partstat": "NEEDS-ACTION",
            "rsvp": "TRUE",
        },
    ]


def test_hostile_names_stay_names_in_both_libraries(second_reader: Reader) -> None:
    for number, name in enumerate(HOSTILE):
        guest = Guest(name, f"guest{number}@fernhill.example")
        entry = replace(ENTRY, summary=f"Review: {name}", description=name, place=name, guests=(guest,))
        text = calendar_objects.invitation(entry, Method.REQUEST)
        valid(text)
        (only,) = second_reader(text)["events"]
        assert [one["address"] for one in only["attendees"]] == [f"mailto:guest{number}@fernhill.example"]
        assert only["attendees"][0]["role"] == "REQ-PARTICIPANT"
        (attendee,) = [event(text)["ATTENDEE"]]
        assert str(attendee) == f"mailto:guest{number}@fernhill.example"
        assert only["summary"] == str(event(text)["SUMMARY"])


@given(name=st.text(max_size=120), words=st.text(max_size=200))
def test_whatever_is_typed_the_calendar_stays_valid(name: str, words: str) -> None:
    entry = replace(ENTRY, summary=words, description=words, place=words, guests=(Guest(name, "a@b.example"),))
    text = calendar_objects.invitation(entry, Method.REQUEST)
    valid(text)
    assert str(event(text)["ATTENDEE"]) == "mailto:a@b.example"


@pytest.mark.parametrize("address", ["o'neil+it@fernhill.example", '"a b"@fernhill.example', "zoë@fernhill.example"])
def test_addresses_become_links_that_hold_them(address: str, second_reader: Reader) -> None:
    text = calendar_objects.invitation(replace(ENTRY, guests=(Guest("A", address),)), Method.REQUEST)
    valid(text)
    (only,) = second_reader(text)["events"]
    assert only["attendees"][0]["address"].isascii()
    assert " " not in only["attendees"][0]["address"]


def test_a_cancellation_says_so() -> None:
    text = calendar_objects.invitation(replace(ENTRY, status=Status.CANCELLED), Method.CANCEL)
    assert "METHOD:CANCEL\r\n" in text
    assert str(event(text)["STATUS"]) == "CANCELLED"


def test_a_feed_holds_whole_days_that_keep_nobody_busy(second_reader: Reader) -> None:
    due = Entry(
        uid=calendar_objects.action_uid(4, "5f3a"),
        starts=date(2026, 11, 30),
        ends=date(2026, 12, 1),
        summary="Due: Send the list",
        description="Promised between Finance and IT.",
        changed_at=ENTRY.changed_at,
        link="https://rapport.example/actions/4",
    )
    text = calendar_objects.feed("Fernhill IT", [replace(ENTRY, organiser=None, guests=()), due])
    valid(text)
    assert "DTSTART;VALUE=DATE:20261130\r\n" in text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H" in text.replace("X-WR", "\r\nX-WR")
    found = second_reader(text)
    assert (found["method"], found["name"]) == ("PUBLISH", "Fernhill IT")
    assert [one["starts"] for one in found["events"]] == ["2026-11-24T09:00:00.000Z", "2026-11-30"]
    assert found["events"][1]["url"] == "https://rapport.example/actions/4"
    assert text == calendar_objects.feed("Fernhill IT", [replace(ENTRY, organiser=None, guests=()), due])
