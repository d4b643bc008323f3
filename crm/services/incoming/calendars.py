"""What a calendar program answers to an invitation: RFC 5546, 3.2.3.

Only the lines that matter are read: a reply with a broken time zone in it is an answer all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from icalendar.parser import Contentlines

from models.calendar import CalendarAnswer
from models.person import email_key

ANSWERS = {
    "ACCEPTED": CalendarAnswer.ACCEPTED,
    "TENTATIVE": CalendarAnswer.TENTATIVE,
    "DECLINED": CalendarAnswer.DECLINED,
    "NEEDS-ACTION": CalendarAnswer.NONE,
}
#: Whoever sends somebody else does not come.
DELEGATED = "DELEGATED"
READ = frozenset(("BEGIN", "END", "METHOD", "UID", "ATTENDEE", "SEQUENCE", "DTSTAMP", "COMMENT", "RECURRENCE-ID"))
MOST_LETTERS = 200_000
SAID_LENGTH = 500


class Unreadable(Exception):
    """Why it is no answer to an invitation, as a sentence."""


class Line(NamedTuple):
    name: str
    params: dict[str, str]
    value: str


@dataclass(frozen=True)
class Answer:
    """Who answers what to which invitation. ``at``: when, as the sender's clock says."""

    uid: str
    #: (address as its key, answer) of everybody it speaks of.
    people: tuple[tuple[str, CalendarAnswer], ...]
    sequence: int
    said: str
    at: datetime | None


def read(text: str, method: str) -> Answer:
    """The answer in an iCalendar object. ``method``: what the mail's own head says, when the object says none.

    Raises Unreadable.
    """
    if len(text) >= MOST_LETTERS:
        raise Unreadable("The calendar in it is too large for an answer.")
    lines = list(_lines(text))
    if ("BEGIN", "VCALENDAR") not in {(line.name, line.value.upper()) for line in lines}:
        raise Unreadable("It calls itself a calendar, and is none.")
    _refuse_other_methods(_first(lines, "METHOD").upper() or method.upper())
    event = _event(lines)
    return Answer(
        uid=_uid(event),
        people=_people(event),
        sequence=_sequence(event),
        said=" ".join(_first(event, "COMMENT").split())[:SAID_LENGTH],
        at=_instant(_first(event, "DTSTAMP")),
    )


def _refuse_other_methods(method: str) -> None:
    if method == "COUNTER":
        raise Unreadable("It proposes another time. Move the review if that suits, and everybody gets the new time.")
    if method != "REPLY":
        what = f"It holds a calendar ({method.lower()[:20]})" if method.isalpha() else "It holds a calendar"
        raise Unreadable(f"{what}, and no answer to an invitation.")


def _lines(text: str) -> Iterator[Line]:
    """The lines that matter. One of them that cannot be read makes the whole unreadable."""
    try:
        for line in Contentlines.from_ical(text):  # type: ignore[no-untyped-call]
            if _name(line) in READ:
                name, params, value = line.parts()
                yield Line(name.upper(), {key.upper(): str(one) for key, one in params.items()}, str(value).strip())
    except Exception as error:  # icalendar raises ValueError, KeyError, IndexError and others over hostile text
        raise Unreadable(f"The calendar in it cannot be read ({type(error).__name__}).") from error


def _name(line: str) -> str:
    return line.replace(";", ":", 1).partition(":")[0].strip().upper()


def _event(lines: list[Line]) -> list[Line]:
    """The lines of its one event, without those of alarms within."""
    found: list[list[Line]] = []
    inside: list[str] = []
    for line in lines:
        if line.name == "BEGIN":
            inside.append(line.value.upper())
            if inside[-1] == "VEVENT":
                found.append([])
        elif line.name == "END":
            del inside[-1:]
        elif inside and inside[-1] == "VEVENT":
            found[-1].append(line)
    if len(found) != 1:
        raise Unreadable("It answers no single invitation.")
    return found[0]


def _first(lines: list[Line], name: str) -> str:
    return next((line.value for line in lines if line.name == name), "")


def _uid(event: list[Line]) -> str:
    uid = _first(event, "UID")
    if not uid or len(uid) > 255:
        raise Unreadable("It does not say which invitation it answers.")
    if _first(event, "RECURRENCE-ID"):
        raise Unreadable("It answers one of a series, and no series was sent.")
    return uid


def _people(event: list[Line]) -> tuple[tuple[str, CalendarAnswer], ...]:
    people = []
    for line in (line for line in event if line.name == "ATTENDEE"):
        address = email_key(line.value[7:] if line.value.lower().startswith("mailto:") else line.value) or ""
        said = line.params.get("PARTSTAT", "NEEDS-ACTION").upper()
        if said != DELEGATED and said not in ANSWERS:
            raise Unreadable(f"It answers “{said[:30]}”, which is neither yes, no nor perhaps.")
        people.append((address, CalendarAnswer.DECLINED if said == DELEGATED else ANSWERS[said]))
    if not people:
        raise Unreadable("It does not say who answers.")
    return tuple(people)


def _sequence(event: list[Line]) -> int:
    found = _first(event, "SEQUENCE") or "0"
    if not (found.isascii() and found.isdigit() and len(found) < 10):
        raise Unreadable("It does not say which version of the invitation it answers.")
    return int(found)


def _instant(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
