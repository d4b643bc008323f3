"""What other programs can be told, and in which words a chat reads it."""

from __future__ import annotations

import enum

from crm.services.languages import later


class Event(enum.StrEnum):
    """Something that happened in a unit. The values stand in what leaves: they stay as they are."""

    MEETING_LOGGED = "meeting.logged"
    MINUTES_OBJECTED = "minutes.objected"
    REVIEW_MOVED = "review.moved"
    REVIEW_SKIPPED = "review.skipped"
    REVIEW_RESTORED = "review.restored"
    REQUEST_LOGGED = "request.logged"
    REQUEST_DECIDED = "request.decided"
    REQUEST_DELIVERED = "request.delivered"
    RATING_LOW = "rating.low"
    ACTION_OVERDUE = "action.overdue"
    HANDOVER_AGREED = "handover.agreed"
    HANDOVER_WITHDRAWN = "handover.withdrawn"
    #: Asked for by the administrator; nobody can choose it.
    TEST = "test"


TITLES = {
    Event.MEETING_LOGGED: later("A meeting was logged"),
    Event.MINUTES_OBJECTED: later("Somebody objects to the minutes"),
    Event.REVIEW_MOVED: later("A review was moved"),
    Event.REVIEW_SKIPPED: later("A review is left out"),
    Event.REVIEW_RESTORED: later("A review that was left out is on again"),
    Event.REQUEST_LOGGED: later("A request was logged"),
    Event.REQUEST_DECIDED: later("A request was decided"),
    Event.REQUEST_DELIVERED: later("What was asked for is delivered"),
    Event.RATING_LOW: later("A low rating came in"),
    Event.ACTION_OVERDUE: later("An action is overdue"),
    Event.HANDOVER_AGREED: later("A unit is handed over"),
    Event.HANDOVER_WITHDRAWN: later("A handover is called off"),
    Event.TEST: later("A test from Rapport"),
}
#: Those that a webhook can be told.
CHOICES = tuple(event for event in Event if event is not Event.TEST)

#: The facts a chat shows, with their names; others are for programs. What ends in "_on" is a day, as ISO 8601.
FACTS = {
    "kind": later("Kind"),
    "title": later("What"),
    "held_on": later("Held on"),
    "planned_on": later("Planned on"),
    "was_planned_on": later("Before"),
    "period": later("Period"),
    "decision": later("Decision"),
    "reason": later("Reason"),
    "alternative": later("Offered instead"),
    "owner": later("Owner"),
    "due_on": later("Was due on"),
    "from": later("From"),
    "to": later("To"),
    "hands_over_on": later("From that day"),
}
#: Facts of a few fixed values, as a chat shows them.
WORDS = {
    "review": later("Review"),
    "touchpoint": later("Touchpoint"),
    "own": later("The unit's own meeting"),
    "ours": later("IT's own meeting"),
    "escalation": later("Escalation"),
    "accepted": later("Accepted"),
    "declined": later("Declined"),
}
FIXED = frozenset({"kind", "decision"})
