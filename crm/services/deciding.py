"""Saying yes or no to a request: by whom, why, what was weighed by which rule; and what the unit gets instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Invalid
from crm.policy import Actor
from crm.services import after_refusals, happenings, priority_rules, request_mail, request_states
from crm.services.engagement import danger
from crm.services.request_states import LONGEST
from models.request import UNDECIDED, Request, RequestState
from models.request_part import RequestVerdict, Verdict
from models.unit import BusinessUnit


def decide(
    session: Session,
    *,
    by: Actor,
    request: Request,
    verdict: Verdict,
    reason: str,
    now: datetime,
    alternative: str = "",
    no_alternative: bool = False,
    trade_off: str = "",
    points: Mapping[str, int] | None = None,
    bends_process: bool = False,
    did: str = "",
) -> RequestVerdict:
    """Answer a request. A "no" carries an alternative, or says in so many words that there is none, and ``did``: what
    IT did all the same, as the unit reads it ("you said, we did"). ``points``: 0 to 4 by key of criterion, for all
    criteria of the rule in force or for none. ``bends_process``: a yes for which IT's usual way is left.

    Raises Invalid("reason" | "alternative" | "no_alternative" | "did" | "points" | "trade_off"), Conflict("verdict")
    when it was decided already.
    """
    policy.require(by, policy.Action.DECIDE_REQUEST, request)
    session.refresh(request, ["state"], with_for_update=True)  # two may decide at once; the second is told
    if request.state not in UNDECIDED:
        raise Conflict("verdict", "This was decided in the meantime.")
    declined = verdict is Verdict.DECLINE
    _check_words(reason=reason, trade_off=trade_off, did=did if declined else "")
    if declined:
        _check_refusal(alternative, no_alternative, did)
    rule = priority_rules.current(session)
    made = RequestVerdict(
        request_id=request.id,
        at=now,
        by_id=by.id,
        verdict=verdict,
        reason=reason,
        alternative=alternative if declined else "",
        no_alternative=declined and no_alternative,
        trade_off=trade_off,
        bends_process=bends_process and not declined,
        rule_id=rule.id,
        points=dict(points or {}),
        score=priority_rules.score(rule, points or {}),
    )
    _answer(request, made, did)
    to = RequestState.DECLINED if declined else RequestState.ACCEPTED
    request_states.step(session, by=by, request=request, to=to, why=reason, field="reason", now=now)
    session.add(made)
    session.flush()
    if declined:
        unit = session.get_one(BusinessUnit, request.unit_id)
        after_refusals.expect(session, verdict=made, unit=unit, now=now)
    happenings.request_decided(session, request, now)
    request_mail.tell(session, request=request, said=reason, now=now)
    danger.look(session, unit_ids=[request.unit_id], now=now)
    return made


def _answer(request: Request, made: RequestVerdict, did: str) -> None:
    """The newest verdict stands on the request too. Before its state: the database refuses a refusal that offers
    nothing."""
    request.reason, request.alternative, request.no_alternative = made.reason, made.alternative, made.no_alternative
    request.decided_at, request.decided_by_id = made.at, made.by_id
    request.did = did if made.verdict is Verdict.DECLINE else ""


def _check_words(**told: str) -> None:
    if not told["reason"]:
        raise Invalid("reason", "Say why. The unit reads it.")
    for field, text in told.items():
        if len(text) > LONGEST:
            raise Invalid(field, f"Keep it under {LONGEST:,} letters.")


def _check_refusal(alternative: str, no_alternative: bool, did: str) -> None:
    if not alternative and not no_alternative:
        raise Invalid("alternative", "Add an alternative, however small, or say that there is none.")
    if alternative and no_alternative:
        raise Invalid("no_alternative", "Either offer something or say that there is nothing to offer.")
    if not did:
        raise Invalid("did", "Write one sentence on what we did with it. The unit reads it as “you said, we did”.")
