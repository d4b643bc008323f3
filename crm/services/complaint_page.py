"""What the page of a complaint shows beside the rest: how high it is, when it goes up next, what it complains of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import complaint_rules, complaints, escalation_rule, escalations, working_days
from crm.services.complaint_rules import CIO
from models.request import DONE, Request, RequestKind, RequestState
from models.request_part import Escalation


@dataclass(frozen=True)
class ComplaintPart:
    """``passed``: the first first."""

    since: date
    passed: Sequence[Escalation]
    #: What it complains of, where that is a request.
    of: Request | None
    may_pass_up: bool
    may_solve: bool
    may_correct: bool

    @property
    def level(self) -> int:
        return max((one.level for one in self.passed), default=0)


def of(session: Session, *, by: Actor, request: Request) -> ComplaintPart | None:
    """None for what is no complaint. One statement, and one for what it complains of."""
    if request.kind is not RequestKind.COMPLAINT:
        return None
    passed = escalations.of_request(session, request=request)
    level = max((one.level for one in passed), default=0)
    is_open = request.state is not RequestState.CONFIRMED
    is_ours = is_open and policy.can(by, Action.DECIDE_REQUEST, request)
    return ComplaintPart(
        since=complaints.since(request),
        passed=passed,
        of=session.get(Request, request.complains_of_id) if request.complains_of_id else None,
        may_pass_up=is_open and level < CIO and policy.can(by, Action.ESCALATE_COMPLAINT, request),
        may_solve=is_ours and request.state not in (*DONE, RequestState.DECLINED),
        may_correct=is_ours,
    )


def goes_up(session: Session, *, request: Request, level: int) -> tuple[int, date] | None:
    """To which level it goes next by itself, and on which day; None when it does not. Four statements; ``request``
    comes with its unit."""
    if request.state not in escalation_rule.OURS:
        return None
    since = complaints.since(request)
    until = since + timedelta(days=3 * complaint_rules.MOST)
    calendar = working_days.house_calendar(session, unit=request.unit, since=since, until=until)
    rules = complaint_rules.current(session)
    severity = request.severity or escalation_rule.USUAL
    return escalation_rule.next_step(since, rules[severity], level, calendar)
