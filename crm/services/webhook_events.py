"""What other programs can be told, and in which words a chat reads it."""

from __future__ import annotations

import enum


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
    Event.MEETING_LOGGED: "A meeting was logged",
    Event.MINUTES_OBJECTED: "Somebody objects to the minutes",
    Event.REVIEW_MOVED: "A review was moved",
    Event.REVIEW_SKIPPED: "A review is left out",
    Event.REVIEW_RESTORED: "A review that was left out is on again",
    Event.REQUEST_LOGGED: "A request was logged",
    Event.REQUEST_DECIDED: "A request was decided",
    Event.REQUEST_DELIVERED: "What was asked for is delivered",
    Event.RATING_LOW: "A low rating came in",
    Event.ACTION_OVERDUE: "An action is overdue",
    Event.HANDOVER_AGREED: "A unit is handed over",
    Event.HANDOVER_WITHDRAWN: "A handover is called off",
    Event.TEST: "A test from Rapport",
}
#: Those that a webhook can be told.
CHOICES = tuple(event for event in Event if event is not Event.TEST)

#: The facts that can be told, with their names in a chat. What ends in "_on" is a day, as ISO 8601.
FACTS = {
    "kind": "Kind",
    "title": "What",
    "held_on": "Held on",
    "planned_on": "Planned on",
    "was_planned_on": "Was planned on",
    "period": "Period",
    "reason": "Why",
    "decision": "Decision",
    "alternative": "Offered instead",
    "owner": "Owner",
    "due_on": "Was due on",
    "from": "From",
    "to": "To",
    "hands_over_on": "On",
    "says": "Says",
}
