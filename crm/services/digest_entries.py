"""What a rep's daily mail lists: the needs of the start page and the reminders of the morning, each thing once."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from crm.services import mail_lines, words
from crm.services.languages import Language, later
from crm.services.reminders.telling import about
from crm.services.rep_needs import Kind, Need, Press
from models.follow_up import FollowUpCause
from models.mail import MailKind, Reminder
from models.review import Review


class Section(enum.IntEnum):
    """Where it stands in the mail, in this order."""

    TODAY = 0
    OVERDUE = 1
    WAITING = 2
    AHEAD = 3


@dataclass(frozen=True)
class Entry:
    """One thing. ``of``: what it is about, so that it is said once."""

    of: tuple[str, int]
    section: Section
    what: str
    why: str
    label: str
    path: str

    @property
    def text(self) -> str:
        return mail_lines.block(self.what, words.capital(self.why), label=self.label, path=self.path)


@dataclass(frozen=True)
class Desk:
    """What a rep's entries are made of. ``zone``: where the rep's clock stands."""

    needs: Sequence[Need]
    reminders: Sequence[Reminder]
    reviews: Mapping[int, Review]
    today: date
    zone: ZoneInfo
    say: Language


def entries(desk: Desk) -> list[Entry]:
    """In the order of the mail. What a reminder says is not said again as a need, but stands where the need would."""
    needed = {entry.of: entry for entry in _of_needs(desk)}
    found = dict(needed)
    for entry in map(_of_reminder, desk.reminders):
        found[entry.of] = replace(entry, section=needed[entry.of].section) if entry.of in needed else entry
    return sorted(found.values(), key=_place)


def _place(entry: Entry) -> tuple[Section, bool]:
    """Of each section reviews come first: they have an hour."""
    return entry.section, entry.of[0] != "review"


# ---- Reminders

_PLACES = {MailKind.LOG: Section.OVERDUE, MailKind.REQUEST: Section.WAITING}
_OF = {MailKind.LOG: "review", MailKind.AGENDA: "review", MailKind.ACTION: "action", MailKind.REQUEST: "request"}


def _of_reminder(reminder: Reminder) -> Entry:
    is_late = reminder.key.endswith(":late")
    section = Section.OVERDUE if is_late else _PLACES.get(reminder.kind, Section.AHEAD)
    of = (_OF.get(reminder.kind, reminder.key), about(reminder))
    return Entry(of, section, reminder.what, reminder.why, reminder.button, reminder.path)


# ---- Needs


def _of_needs(desk: Desk) -> Iterator[Entry]:
    for need in sorted(desk.needs, key=lambda need: need.urgency):
        write = _WRITERS.get(need.kind)
        if write is not None and need.press is not Press.SOON:
            yield write(need, desk)


def _review(need: Need, desk: Desk) -> Entry:
    say, review = desk.say, desk.reviews[need.id]
    what = words.capital(say("{review} with {unit}", review=say.review(review.unit), unit=need.unit_name))
    if need.is_late:
        log = f"/units/{need.unit_id}/meetings/new?review={need.id}"
        return Entry(("review", need.id), Section.OVERDUE, what, _late(need, desk), say("Log it"), log)
    label = say("Open the agenda") if need.is_prepared else say("Prepare it")
    return Entry(("review", need.id), Section.TODAY, what, _hour(review, desk), label, f"/reviews/{need.id}/prepare")


def _hour(review: Review, desk: Desk) -> str:
    """On the rep's own clock, which is named where the unit's shows something else."""
    here = review.planned_at.astimezone(desk.zone)
    there = review.planned_at.astimezone(review.unit.zone)
    same = here.replace(tzinfo=None) == there.replace(tzinfo=None)
    at = f"{here:%H:%M}" if same else desk.say.moment(review.planned_at, desk.zone, desk.today)
    place = desk.say("by call") if "://" in review.cadence.place else review.cadence.place
    return f"{at}, {place}" if place else at


def _action(need: Need, desk: Desk) -> Entry:
    say = desk.say
    whose = say("{name} owes it", name=need.name) if need.name else say("nobody owns it yet") if need.why else ""
    when = _late(need, desk) if need.is_late else say("due today")
    why = ", ".join(part for part in (need.unit_name, when, whose) if part)
    section = Section.OVERDUE if need.is_late else Section.TODAY
    return Entry(("action", need.id), section, need.what, why, say("Open it"), f"/actions/{need.id}")


def _late(need: Need, desk: Desk) -> str:
    say = desk.say
    return say.many("{n} day late", "{n} days late", (desk.today - need.since).days)


def _request(need: Need, desk: Desk) -> Entry:
    say = desk.say
    days = (desk.today - need.since).days
    since = say.many("waiting for {n} day", "waiting for {n} days", days) if days > 0 else say("new today")
    what, why = say("Decide: {title}", title=need.name), f"{need.unit_name}, {since}"
    return Entry(("request", need.id), Section.WAITING, what, why, say("Decide it"), f"/requests/{need.id}")


def _handover(need: Need, desk: Desk) -> Entry:
    say = desk.say
    what = say("{unit} comes to you", unit=need.unit_name)
    why = say.soon(need.since, desk.today) if need.since >= desk.today else ""
    return Entry(("handover", need.id), Section.WAITING, what, why, say("Read the handover"), f"/handovers/{need.id}")


def _objection(need: Need, desk: Desk) -> Entry:
    say = desk.say
    what = say("{name} objects to the minutes", name=need.name)
    return Entry(("meeting", need.id), Section.WAITING, what, need.unit_name, say("Look at it"), f"/meetings/{need.id}")


_OWED: Mapping[str, str] = {
    FollowUpCause.LOW: later("Reply to {name}, who rated IT low"),
    FollowUpCause.WISH: later("Reply to {name}, who asked for something"),
    FollowUpCause.DROP: later("Reply to {name}: the unit’s rating of IT really fell"),
}


def _follow_up(need: Need, desk: Desk) -> Entry:
    say = desk.say
    what = say(_OWED[need.cause], name=need.name)
    section = Section.OVERDUE if need.is_late else Section.WAITING
    why = ", ".join(part for part in (need.unit_name, _late(need, desk) if need.is_late else "") if part)
    return Entry(("follow_up", need.id), section, what, why, say("Write the reply"), f"/follow-ups/{need.id}")


#: What may wait for another day is not in the mail.
_WRITERS: dict[Kind, Callable[[Need, Desk], Entry]] = {
    Kind.REVIEW: _review,
    Kind.ACTION: _action,
    Kind.REQUEST: _request,
    Kind.HANDOVER: _handover,
    Kind.OBJECTION: _objection,
    Kind.FOLLOW_UP: _follow_up,
}


def counted(found: Iterable[Entry], say: Language) -> str:
    """ "one thing today, two overdue and three waiting for you"."""
    sections = [entry.section for entry in found]
    many = {section: sections.count(section) for section in Section}
    said = {
        Section.TODAY: say.many("{n} thing today", "{n} things today", many[Section.TODAY]),
        Section.OVERDUE: say.many("{n} overdue", "{n} overdue", many[Section.OVERDUE]),
        Section.WAITING: say.many("{n} waiting for you", "{n} waiting for you", many[Section.WAITING]),
        Section.AHEAD: say.many("{n} coming near", "{n} coming near", many[Section.AHEAD]),
    }
    return say.listed([said[section] for section in Section if many[section]])
