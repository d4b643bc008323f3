"""Where each kind of event comes from, and who may read it.

Each part is found by an index that begins with the unit and ends with the event's time, so that a stretch costs the
same however long the history is. Only people, handovers, projects and reviews not held are sorted: there are few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crm import policy
from crm.policy import Action as Right
from crm.policy import Actor
from crm.services.timeline import of_meetings, of_people, of_promises
from crm.services.timeline.kinds import SHOWN_BY, Kind, Only
from crm.services.timeline.part import Part, Wanted
from models.unit import BusinessUnit

#: Who reads a kind, and where it comes from.
PARTS: dict[Kind, tuple[Right, Callable[[Wanted], Part]]] = {
    Kind.SHARED: (Right.SEE_MEETINGS, of_meetings.shared),
    Kind.SETTLED: (Right.SEE_PROMISES, of_promises.settled),
    Kind.DELIVERED: (Right.SEE_PROMISES, of_promises.delivered),
    Kind.DECIDED: (Right.SEE_PROMISES, of_promises.decided),
    Kind.RATED: (Right.SEE_RATINGS, of_meetings.rated),
    Kind.PROJECT: (Right.SEE_PROMISES, of_meetings.projects),
    Kind.PRAISE: (Right.SEE_MEETINGS, of_meetings.praise),
    Kind.DECISION: (Right.SEE_MEETINGS, of_meetings.decisions),
    Kind.ASKED: (Right.SEE_PROMISES, of_promises.asked),
    Kind.PROMISED: (Right.SEE_PROMISES, of_promises.promised),
    Kind.MEETING: (Right.SEE_MEETINGS, of_meetings.meetings),
    Kind.NOT_HELD: (Right.SEE_REVIEWS, of_meetings.not_held),
    Kind.HANDOVER: (Right.SEE_HANDOVER, of_people.handovers),
    Kind.UNCOVERED: (Right.SEE_UNIT, of_people.uncovered),
    Kind.LEAD: (Right.SEE_UNIT, of_people.leads),
    Kind.HEAD: (Right.SEE_UNIT, of_people.heads),
}


def chosen(*, by: Actor, unit: BusinessUnit, wanted: Wanted) -> Iterator[tuple[Kind, Part]]:
    """The parts this person may read, of those asked for."""
    for kind, (right, part_of) in PARTS.items():
        is_asked_for = wanted.only is Only.ALL or wanted.only in SHOWN_BY[kind]
        if is_asked_for and policy.can(by, right, unit):
            yield kind, part_of(wanted)
