"""What a decision keeps: the rule, the points, what was weighed; whom it is told; and on no path more than the rules
of the state machine allow."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import CrmError, Forbidden, Invalid
from crm.services import (
    deciding,
    home_business,
    priority_rules,
    request_limits,
    request_owners,
    request_rules,
    request_states,
    requests,
)
from crm.services.priority_rules import DEFAULT, Criterion, Rule
from crm.services.request_rules import Wanted
from crm.services.request_standing import standing
from models import MailKind, OutboxMessage, PriorityRule, Request, RequestState
from models.request_part import RequestVerdict, Verdict
from tests.cast import Cast
from tests.november import NOW, TODAY, acting

POINTS = {"value": 4, "people": 2, "risk": 1, "cost": 4}


def asked(session: Session, cast: Cast, **told: Any) -> Request:
    words = {"unit": cast.finance, "title": "A dashboard", "business_need": "To see spend in time", **told}
    return requests.add(session, by=acting(session, cast.head), now=NOW, **words)


def decide(session: Session, cast: Cast, request: Request, verdict: Verdict, **told: Any) -> RequestVerdict:
    words = {"reason": "It pays for itself", **told}
    by = acting(session, cast.rep)
    return deciding.decide(session, by=by, request=request, verdict=verdict, now=NOW, **words)


def test_a_score_explains_itself() -> None:
    assert priority_rules.score(DEFAULT, POINTS) == 55
    assert priority_rules.explained(DEFAULT, POINTS) == (
        "55 of 100: value to the unit counts most and is very high; cost and effort (very high) takes most off."
    )
    assert priority_rules.explained(DEFAULT, {"value": 1, "people": 4, "risk": 2, "cost": 2}) == (
        "50 of 100: value to the unit counts most and is low; people it helps (very high) speaks for it most besides."
    )
    assert priority_rules.explained(DEFAULT, {}) == ""


@given(st.fixed_dictionaries({one.key: st.integers(0, 4) for one in DEFAULT.criteria}))
def test_a_score_lies_between_nothing_and_a_hundred_and_rises_with_what_speaks_for_it(points: dict[str, int]) -> None:
    found = priority_rules.score(DEFAULT, points)
    assert found is not None
    assert 0 <= found <= 100
    for one in DEFAULT.criteria:
        if points[one.key] < 4:
            more = priority_rules.score(DEFAULT, {**points, one.key: points[one.key] + 1})
            assert more is not None
            assert more < found if one.counts_against else more > found


@pytest.mark.parametrize(
    "points", [{"value": 4}, {**POINTS, "other": 1}, {**POINTS, "value": 5}, {**POINTS, "risk": -1}]
)
def test_half_a_judgement_is_none(points: dict[str, int]) -> None:
    with pytest.raises(Invalid) as caught:
        priority_rules.score(DEFAULT, points)
    assert caught.value.field == "points"


def test_a_rule_of_one_criterion_still_explains_itself() -> None:
    alone = Rule(None, "Only value counts.", (Criterion("value", "Value", 100, "None", "All"),))
    assert (
        priority_rules.explained(alone, {"value": 3})
        == "75 of 100: value counts most and is high; nothing else counts."
    )


def test_what_was_weighed_is_kept_with_the_decision(session: Session, cast: Cast) -> None:
    told: dict[str, Any] = {"points": POINTS, "trade_off": "€ 20,000 a year for three days", "bends_process": True}
    made = decide(session, cast, asked(session, cast), Verdict.ACCEPT, **told)
    assert (made.points, made.score, made.trade_off, made.bends_process) == (
        POINTS,
        Decimal(55),
        "€ 20,000 a year for three days",
        True,
    )


def test_a_refusal_bends_nothing(session: Session, cast: Cast) -> None:
    told = {"alternative": "An extract", "did": "We looked", "bends_process": True}
    assert not decide(session, cast, asked(session, cast), Verdict.DECLINE, **told).bends_process


def test_a_decision_keeps_the_rule_of_its_day(session: Session, cast: Cast) -> None:
    by = acting(session, cast.cio)
    weights = [10, 20, 50, 20]
    criteria = tuple(
        Criterion(one.key, one.name, weight, one.low, one.high, one.counts_against)
        for one, weight in zip(DEFAULT.criteria, weights, strict=True)
    )
    wanted = Wanted("Risk first.", criteria, request_limits.DEFAULTS)
    request_rules.change(session, by=by, wanted=wanted, reason="An audit", now=NOW)
    made = decide(session, cast, asked(session, cast), Verdict.ACCEPT, points=POINTS)
    request_rules.change(session, by=by, wanted=Wanted("Value.", DEFAULT.criteria, wanted.limits), reason="No", now=NOW)
    session.expire_all()
    kept = session.scalars(select(PriorityRule).where(PriorityRule.id == made.rule_id))
    rule = priority_rules.told(kept.one())
    assert (rule.words, [one.weight for one in rule.criteria]) == ("Risk first.", weights)
    assert priority_rules.explained(rule, made.points).startswith(
        "32 of 100: risk of leaving it counts most and is low"
    )


def test_a_refusal_says_what_was_done_with_it(session: Session, cast: Cast) -> None:
    request = asked(session, cast)
    with pytest.raises(Invalid) as caught:
        decide(session, cast, request, Verdict.DECLINE, alternative="An extract")
    assert caught.value.field == "did"
    decide(session, cast, request, Verdict.DECLINE, alternative="An extract", did="We asked two suppliers")
    said = home_business.standing_of(request, time_zone="UTC", today=TODAY)
    assert said.endswith("Instead: An extract. We did: We asked two suppliers.")


def mails(session: Session) -> list[tuple[str, str]]:
    wanted = select(OutboxMessage).where(OutboxMessage.kind == MailKind.REQUESTED).order_by(OutboxMessage.id)
    return [(mail.subject, mail.body) for mail in session.scalars(wanted)]


def test_whoever_asked_is_told_what_became_of_it(session: Session, cast: Cast) -> None:
    request, by = asked(session, cast), acting(session, cast.rep)
    requests.move(session, by=by, request=request, to=RequestState.WAITING, why="Which cost centres?", now=NOW)
    decide(session, cast, request, Verdict.ACCEPT)
    later = NOW + timedelta(days=9)
    requests.move(session, by=by, request=request, to=RequestState.DELIVERED, why="It runs each Monday", now=later)
    subjects = [subject for subject, _ in mails(session)]
    assert subjects == [
        "A question on what you asked for: A dashboard",
        "We said yes: A dashboard",
        "It is there: A dashboard",
    ]
    body = mails(session)[-1][1]
    assert "You said: To see spend in time" in body
    assert "We did: It runs each Monday" in body


def test_nobody_of_it_is_told_by_mail_what_it_did_itself(session: Session, cast: Cast) -> None:
    by = acting(session, cast.rep)
    request = requests.add(session, by=by, unit=cast.finance, title="A", business_need="B", now=NOW)
    decide(session, cast, request, Verdict.ACCEPT)
    assert mails(session) == []


def test_whoever_of_it_acts_first_sees_to_it_and_can_pass_it_on(session: Session, cast: Cast) -> None:
    request, by = asked(session, cast), acting(session, cast.rep)
    assert "Nobody in IT" in standing(requests.find(session, by=by, request_id=request.id), TODAY).rest
    requests.move(session, by=by, request=request, to=RequestState.LOOKING, why="", now=NOW)
    assert request.owner_id == cast.rep.id
    assert request_owners.give(session, by=by, request=request, owner_id=cast.colleague.id, now=NOW)
    assert not request_owners.give(session, by=by, request=request, owner_id=cast.colleague.id, now=NOW)
    last = request_states.history(session, request=request)[-1]
    assert (last.state, last.why) == (RequestState.LOOKING, "Tom Okafor sees to it from now on.")
    with pytest.raises(Invalid):
        request_owners.give(session, by=by, request=request, owner_id=cast.head.id, now=NOW)
    with pytest.raises(Forbidden):
        request_owners.give(session, by=acting(session, cast.head), request=request, owner_id=cast.rep.id, now=NOW)


def test_the_page_says_whose_move_it_is_and_by_when(session: Session, cast: Cast) -> None:
    by = acting(session, cast.rep)
    request = requests.find(session, by=by, request_id=asked(session, cast).id)
    assert standing(request, TODAY).finding == "IT is to look at it by 17 November."
    assert standing(request, TODAY + timedelta(9)).finding == "IT was to look at it by 17 November: two days late."
    requests.move(session, by=by, request=request, to=RequestState.WAITING, why="Which?", now=NOW)
    assert standing(request, TODAY).finding == "Finance is to answer by 24 November."


# ---- A walk of IT and the unit

WHO = ("rep", "colleague", "head", "key_user", "outsider", "cio", "administrator")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(WHO),
        st.sampled_from([*RequestState, *Verdict]),
        st.sampled_from(["", "Because"]),
        st.booleans(),
    ),
    max_size=25,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_on_no_walk_is_it_confirmed_without_the_unit_or_decided_without_a_reason(
    session: Session, cast: Cast, steps: list[tuple[str, RequestState | Verdict, str, bool]]
) -> None:
    """Through the services and a real database: whatever people try, in any order."""
    request = asked(session, cast, title=f"Wish {NOW}")
    request.title = "walked"  # each walk has a request of its own
    session.flush()
    for number, (who, to, why, offers) in enumerate(steps):
        by, now = acting(session, getattr(cast, who)), NOW + timedelta(hours=number)
        before = request.state
        try:
            if isinstance(to, Verdict):
                words: dict[str, Any] = {"alternative": "An extract" if offers else "", "did": why}
                deciding.decide(session, by=by, request=request, verdict=to, reason=why, now=now, **words)
            else:
                requests.move(session, by=by, request=request, to=to, why=why, now=now)
        except CrmError:
            assert request.state is before
            continue
        _holds(request, before, who)
    taken = request_states.history(session, request=request)
    assert taken[-1].state is request.state
    assert all(step.why for step in taken if step.state in request_states.DECIDED)
    assert all(step.by_id in (cast.head.id, cast.key_user.id) for step in taken if step.state is RequestState.CONFIRMED)


def _holds(request: Request, before: RequestState, who: str) -> None:
    if request.state is before:
        return
    assert request.state in {way.to for way in request_states.WAYS[before]}
    assert who in ("rep", "head", "key_user")
    if request.state is RequestState.CONFIRMED:
        assert before is RequestState.DELIVERED
        assert who in ("head", "key_user")
    if request.state in request_states.DECIDED:
        assert who == "rep"
        assert request.reason
    if request.state is RequestState.DECLINED:
        assert request.alternative
        assert request.did
    if request.state in (RequestState.DELIVERED, RequestState.CONFIRMED):
        assert request.did
    assert (request.due_on is not None) == (request.state in request_limits.LIMITED)
