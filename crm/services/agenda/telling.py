"""Evidence in words: what each thing is called on an agenda, and what stands behind it."""

from __future__ import annotations

from datetime import date

from crm.services import clock, words
from crm.services.agenda.evidence import Evidence, Found
from models.action import Action, ActionState
from models.agenda import Source
from models.project import OVER, Project, Stage
from models.remark import Decision
from models.request import UNDECIDED, Request, RequestState

# Where a kind stands in a review that goes its usual way.
KEPT_PLACE, OWED_PLACE, REQUEST_PLACE, PROJECT_PLACE, DECISION_PLACE = 3, 4, 5, 6, 7


def told(found: Found, *, zone: str, today: date) -> Evidence:
    """One thing as evidence. ``zone``: the unit's, in which instants become days."""
    match found.thing:
        case Action() as action:
            return _action(action, zone, today)
        case Request() as request:
            return _request(request, found.moved, zone, today)
        case Project() as project:
            return _project(project, found.moved, today)
        case Decision() as decision:
            return _decision(decision, today)


def _action(action: Action, zone: str, today: date) -> Evidence:
    owner = action.owner.name if action.owner else ""
    if action.state is not ActionState.OPEN:
        what = "Done" if action.state is ActionState.DONE else "Dropped"
        on = f" on {words.day(clock.local_date(action.settled_at, zone), today)}" if action.settled_at else ""
        return Evidence(Source.ACTION, action.id, action.text, what + on, owner, minutes=1, weight=7, place=KEPT_PLACE)
    late = action.due_on is not None and action.due_on < today
    if action.due_on is None:
        said = "Promised, without a day"
    else:
        said = f"{'Overdue since' if late else 'Due on'} {words.day(action.due_on, today)}"
    more = f"{owner} owes it" if owner else "nobody owns it yet"
    weight, minutes = (0, 3) if late else (8, 2)
    return Evidence(Source.ACTION, action.id, action.text, said, more, late, minutes, weight=weight, place=OWED_PLACE)


def _request(request: Request, moved: bool, zone: str, today: date) -> Evidence:
    minutes, weight = (5, 3) if request.state in UNDECIDED else (3, 6) if moved else (2, 8)
    return Evidence(
        Source.REQUEST,
        request.id,
        request.title,
        _answer(request, zone, today),
        request.business_need,
        minutes=minutes,
        weight=weight,
        place=REQUEST_PLACE,
    )


def _answer(request: Request, zone: str, today: date) -> str:
    decided = words.day(clock.local_date(request.decided_at, zone), today) if request.decided_at else ""
    if request.state is RequestState.WAITING:
        return f"Asked on {words.day(request.logged_on, today)}; we asked back and wait for their answer"
    if request.state in UNDECIDED:
        return f"Asked on {words.day(request.logged_on, today)}, waits for our answer"
    if request.state is RequestState.CONFIRMED:
        return "Delivered, and they said that it does what they needed"
    if request.state is RequestState.DELIVERED and request.delivered_at:
        return f"Delivered on {words.day(clock.local_date(request.delivered_at, zone), today)}"
    if request.state is RequestState.DECLINED:
        instead = f"and offered: {request.alternative}" if request.alternative else "and had nothing to offer instead"
        return f"We said no on {decided} {instead}"
    return f"We said yes on {decided}, not delivered yet"


def _project(project: Project, moved: bool, today: date) -> Evidence:
    on = words.day(project.moved_on, today)
    late = project.stage not in OVER and project.milestone_on is not None and project.milestone_on < today
    if project.stage in OVER:
        said = f"{'Delivered' if project.stage is Stage.DELIVERED else 'Stopped'} on {on}"
    else:
        said = f"Moved on {on}" if moved else f"No news since {on}"
    return Evidence(
        Source.PROJECT,
        project.id,
        project.name,
        said + _milestone(project, late, today),
        project.state,
        late,
        minutes=5 if moved or late else 2,
        weight=5 if moved or late else 9,
        place=PROJECT_PLACE,
    )


def _milestone(project: Project, late: bool, today: date) -> str:
    if project.stage in OVER or not project.milestone:
        return ""
    if project.milestone_on is None:
        return f"; next: {project.milestone}"
    was = "was due on" if late else "is due on"
    return f"; {project.milestone} {was} {words.day(project.milestone_on, today)}"


def _decision(decision: Decision, today: date) -> Evidence:
    decided = f"Decided on {words.day(decision.decided_on, today)}"
    again = f", to look at again from {words.day(decision.revisit_on, today)}" if decision.revisit_on else ""
    said = decided + (again or ", and nobody has looked at it since")
    weight = 4 if decision.revisit_on else 9
    text = " ".join(decision.text.split())
    return Evidence(Source.DECISION, decision.id, text, said, minutes=5, weight=weight, place=DECISION_PLACE)
