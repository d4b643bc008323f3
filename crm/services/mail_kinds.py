"""What each kind of mail is, why it comes, and who may do without it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from crm.services.languages import later
from models.mail import MailChoice, MailKind
from models.person import Person, Role

#: Nothing that can wait arrives between these, on the recipient's clock, unless the person says otherwise.
QUIET_SINCE, QUIET_UNTIL = time(20), time(7)

REP, BUSINESS, CIO = frozenset({Role.REP}), frozenset({Role.BUSINESS}), frozenset({Role.CIO})
ANYBODY = frozenset(Role)


@dataclass(frozen=True)
class Kind:
    """``title`` names it, ``why`` says at its foot why it came: both in English, for ``say``. What is not optional
    comes whatever somebody chose. ``gathers``: it may stand in the daily mail instead."""

    title: str
    why: str
    is_optional: bool
    default: MailChoice
    for_roles: frozenset[Role]
    gathers: bool = False


def _always(title: str, why: str, for_roles: frozenset[Role]) -> Kind:
    return Kind(title, why, False, MailChoice.NOW, for_roles)


def _optional(title: str, why: str, for_roles: frozenset[Role]) -> Kind:
    return Kind(title, why, True, MailChoice.NOW, for_roles)


def _gathered(title: str, why: str, for_roles: frozenset[Role]) -> Kind:
    return Kind(title, why, True, MailChoice.DIGEST, for_roles, gathers=True)


KINDS: dict[MailKind, Kind] = {
    MailKind.ACCOUNT: _always(later("Your account"), later("This mail came because of your account with us."), ANYBODY),
    MailKind.HANDOVER: _always(
        later("Units that change hands"), later("This mail came because a unit of yours changes hands."), REP
    ),
    MailKind.MINUTES: _always(
        later("Minutes to confirm"), later("This mail came because you were in the meeting."), BUSINESS
    ),
    MailKind.PROMISE: _always(
        later("What you promised"), later("This mail came because you promised this in a meeting with us."), BUSINESS
    ),
    MailKind.RATING: _always(
        later("How IT is doing"), later("This mail came because you head this unit or speak for it."), BUSINESS
    ),
    MailKind.RATING_REMINDER: _optional(
        later("A reminder to rate IT"),
        later("This mail came because you have not answered yet. There are at most two reminders."),
        BUSINESS,
    ),
    MailKind.REQUESTED: _optional(
        later("What became of what you asked for"),
        later("This mail came because you asked IT for this."),
        BUSINESS,
    ),
    MailKind.OUTCOME: _optional(
        later("What came of what you said"),
        later("This mail came because you wrote a comment beside your rating. There is at most one a day."),
        BUSINESS,
    ),
    MailKind.AFTER_REFUSAL: _optional(
        later("How you solved what IT could not do"),
        later("This mail came because IT said no to this three months ago. There is at most one reminder."),
        BUSINESS,
    ),
    MailKind.INVITATION: _always(
        later("Invitations to reviews"), later("This mail came because you take part."), REP | BUSINESS
    ),
    MailKind.DIGEST: _optional(
        later("The daily mail"), later("This mail comes on working days when something waits for you."), REP
    ),
    MailKind.WEEKLY: _optional(
        later("The weekly mail"), later("This mail comes once a week, because you see every relationship."), CIO
    ),
    MailKind.AGENDA: _gathered(
        later("A review comes near without an agenda"),
        later("This mail came because you look after this unit."),
        REP,
    ),
    MailKind.LOG: _gathered(
        later("A review was held and is not written down"),
        later("This mail came because you look after this unit."),
        REP,
    ),
    MailKind.ACTION: _gathered(
        later("Actions due tomorrow or overdue"),
        later("This mail came because the action is yours."),
        REP | BUSINESS,
    ),
    MailKind.REQUEST: _gathered(
        later("Requests past their limit"),
        later("This mail came because you look after this unit."),
        REP,
    ),
    MailKind.ENDING: _gathered(
        later("Assignments that end"), later("This mail came because you look after this unit."), REP | CIO
    ),
    MailKind.COVER: _gathered(
        later("Absences without cover"), later("This mail came because it is about you or a unit of yours."), REP | CIO
    ),
    MailKind.HOOK: _always(later("Messages to a chat"), "", frozenset()),
    MailKind.OTHER: _always(later("Other mail"), "", frozenset()),
}


def for_person(person: Person) -> dict[MailKind, Kind]:
    """The kinds that people in these roles get."""
    return {name: kind for name, kind in KINDS.items() if kind.for_roles & person.roles}


def choices_of(kind: Kind, roles: frozenset[Role]) -> tuple[MailChoice, ...]:
    """What may be chosen: only who gets the daily mail can find something in it."""
    if not kind.is_optional:
        return (MailChoice.NOW,)
    if kind.gathers and roles & KINDS[MailKind.DIGEST].for_roles:
        return (MailChoice.NOW, MailChoice.DIGEST, MailChoice.NEVER)
    return (MailChoice.NOW, MailChoice.NEVER)
