"""What goes into people's calendars, as iCalendar text: invitations (RFC 5545, 5546) and feeds.

Whoever reads it needs no zone table: times are UTC, and the unit's zone is named beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from icalendar import Calendar, Event, vCalAddress
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.calendar import CalendarAnswer
from models.setting import Setting

PRODUCT = "-//Rapport//Relationship CRM//EN"
#: The setting that makes the UIDs of this house unlike those of any other. Written once, by a migration.
HOUSE = "calendar_house"
#: How often a subscribed calendar should come again.
REFRESH = timedelta(hours=1)


class Method(StrEnum):
    """What a calendar is to do with an object (RFC 5546, 1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


class Status(StrEnum):
    """Whether it takes place (RFC 5545, 3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"
    #: Not said: it takes place without whoever reads this.
    UNSAID = ""


class Part(StrEnum):
    """As what somebody comes (RFC 5545, 3.2.16)."""

    CHAIR = "CHAIR"
    NEEDED = "REQ-PARTICIPANT"
    WELCOME = "OPT-PARTICIPANT"


_STATUS = {
    CalendarAnswer.NONE: "NEEDS-ACTION",
    CalendarAnswer.ACCEPTED: "ACCEPTED",
    CalendarAnswer.TENTATIVE: "TENTATIVE",
    CalendarAnswer.DECLINED: "DECLINED",
}


@dataclass(frozen=True)
class Guest:
    name: str
    address: str
    part: Part = Part.NEEDED
    answer: CalendarAnswer = CalendarAnswer.NONE


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar. ``ends`` is exclusive; without ``organiser`` nobody is asked to come.

    Two dates instead of two instants: it takes those whole days, and keeps nobody from anything.
    """

    uid: str
    starts: datetime | date
    ends: datetime | date
    summary: str
    description: str
    #: When it last changed.
    changed_at: datetime
    sequence: int = 0
    place: str = ""
    #: The zone in which its time was chosen: "Europe/Berlin".
    zone: str = ""
    organiser: Guest | None = None
    guests: Sequence[Guest] = ()
    status: Status = Status.CONFIRMED
    #: Where to read more, when the place is no such address.
    link: str = ""


def house(session: Session) -> str:
    """What all UIDs of this house end with."""
    return session.scalar(select(Setting.value).where(Setting.name == HOUSE).order_by(Setting.id).limit(1)) or "rapport"


def uid(review_id: int, house: str) -> str:
    """The one name of a review in all calendars."""
    return f"review-{review_id}@{house}.rapport"


def action_uid(action_id: int, house: str) -> str:
    """The same of an action that is due."""
    return f"action-{action_id}@{house}.rapport"


def invitation(entry: Entry, method: Method) -> str:
    """What goes with a mail: one entry with whoever the mail is about."""
    calendar = _calendar(method)
    calendar.add_component(_event(entry))
    return _text(calendar)


def answered_to(text: str, address: str) -> str:
    """An invitation whose answers go to that address. The organiser stays by name, and comes under the own address."""
    calendar = Calendar.from_ical(text)
    for event in calendar.walk("VEVENT"):
        if "ORGANIZER" in event:
            event["ORGANIZER"] = _person(Guest(event["ORGANIZER"].params.get("CN", ""), address))
    return _text(calendar)


def feed(name: str, entries: Sequence[Entry]) -> str:
    """A calendar to subscribe to; the same entries give the same text, to the letter."""
    calendar = _calendar(Method.PUBLISH)
    calendar.add("x-wr-calname", _clean(name))
    calendar.add("name", _clean(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{int(REFRESH.total_seconds() // 3600)}H")
    for entry in entries:
        calendar.add_component(_event(entry))
    return _text(calendar)


def _calendar(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    for name in ("dtstamp", "last-modified"):
        event.add(name, entry.changed_at)
    event.add("dtstart", entry.starts)
    event.add("dtend", entry.ends)
    for name, words in (("summary", entry.summary), ("description", entry.description), ("location", entry.place)):
        if _clean(words):
            event.add(name, _clean(words))
    if url := _address_of_call(entry.place) or entry.link:
        event.add("url", url)
    if entry.zone:
        event.add("x-rapport-zone", entry.zone)
    _add_people(event, entry)
    if entry.status:
        event.add("status", entry.status)
    event.add("transp", "OPAQUE" if isinstance(entry.starts, datetime) else "TRANSPARENT")
    return event


def _add_people(event: Event, entry: Entry) -> None:
    if entry.organiser is None:
        return
    event.add("organizer", _person(entry.organiser))
    for guest in entry.guests:
        address = _person(guest)
        address.params["CUTYPE"] = "INDIVIDUAL"
        address.params["ROLE"] = guest.part.value
        address.params["PARTSTAT"] = _STATUS[guest.answer]
        address.params["RSVP"] = "FALSE" if guest.part is Part.CHAIR else "TRUE"
        event.add("attendee", address)


def _person(guest: Guest) -> vCalAddress:
    """A mail address may hold what an address on the web may not."""
    address = vCalAddress("mailto:" + quote(guest.address, safe="@!$&'*+-./=?^_`{|}~"))
    # Not every calendar knows how a quotation mark is written within a parameter (RFC 6868).
    address.params["CN"] = _clean(guest.name).replace('"', "'").replace("\n", " ")
    return address


def _clean(words: str) -> str:
    """Without control characters, which no property may hold; lines stay lines."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(letter for letter in line if letter.isprintable()) for line in lines).strip()


def _address_of_call(place: str) -> str:
    """The link of a call, when the place is nothing else."""
    is_link = place.startswith(("https://", "http://")) and place.isprintable() and " " not in place
    return place if is_link else ""


def _text(calendar: Calendar) -> str:
    text: bytes = calendar.to_ical()
    return text.decode()
