"""Each danger sign is raised by its behaviour and shows its evidence; it goes, stays answered or comes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.services import deciding, request_states
from crm.services.engagement import choosing, danger, looking, models
from crm.services.engagement.thresholds import Thresholds
from models import (
    AskedBy,
    Attendance,
    BusinessUnit,
    DangerFlag,
    DangerRule,
    EngagementModel,
    MeetingKind,
    Membership,
    Model,
    Origin,
    Part,
    Person,
    Request,
    RequestKind,
    RequestState,
    RequestVerdict,
    Ticket,
    TicketSource,
    Verdict,
)
from tests.cast import Cast
from tests.factories.relationships import LONG_AGO, NOW, TODAY, Stage, ago, at, statements


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


def be(stage: Stage, unit: BusinessUnit, model: Model, since: date = LONG_AGO) -> EngagementModel:
    last = stage.session.scalars(
        select(EngagementModel).where(EngagementModel.unit_id == unit.id, EngagementModel.until.is_(None))
    ).one_or_none()
    if last:
        last.until = since
        stage.session.flush()
    return stage.add(EngagementModel(unit_id=unit.id, model=model, since=since, why="So agreed.", at=at(since)))


def refused(stage: Stage, unit: BusinessUnit, on: date, **given: Any) -> Request:
    return stage.request(unit, state=RequestState.DECLINED, decided_at=at(on), **given)


def bent(stage: Stage, unit: BusinessUnit, on: date, *, bends: bool = True, **given: Any) -> Request:
    given.setdefault("kind", RequestKind.NON_STANDARD)
    granted = stage.request(unit, state=RequestState.ACCEPTED, decided_at=at(on), **given)
    stage.add(
        RequestVerdict(request_id=granted.id, at=at(on), verdict=Verdict.ACCEPT, reason="Yes.", bends_process=bends)
    )
    return granted


def sat(stage: Stage, person: Person, unit: BusinessUnit, on: date) -> None:
    meeting = stage.meeting(unit, on, kind=MeetingKind.OURS)
    stage.add(Attendance(meeting_id=meeting.id, person_id=person.id))


def up(session: Session, unit: BusinessUnit) -> dict[DangerRule, DangerFlag]:
    return {flag.rule: flag for flag in danger.flags(session, unit_id=unit.id)}


def seen(session: Session, unit: BusinessUnit) -> set[DangerRule]:
    danger.look(session, now=NOW)
    return set(up(session, unit))


# ---- Neither


def test_a_refusal_without_an_alternative_is_a_sign_that_names_it(session: Session, cast: Cast, stage: Stage) -> None:
    request = refused(stage, cast.finance, ago(20), title="A dashboard")
    assert seen(session, cast.finance) == {DangerRule.NEITHER}
    flag = up(session, cast.finance)[DangerRule.NEITHER]
    (fact,) = danger.facts_of(flag)
    assert (fact.request_id, fact.on, fact.says) == (
        request.id,
        ago(20),
        "“A dashboard” was declined without an alternative.",
    )
    assert danger.clears(flag).startswith("Look at it again and offer something, however small.")
    assert "31 October 2027" in danger.clears(flag), "a year after it"


@pytest.mark.parametrize(
    ("days", "alternative"), [(366, ""), (20, "A monthly extract")], ids=["a year later", "with an alternative"]
)
def test_an_old_refusal_and_one_with_an_alternative_are_none(
    session: Session, cast: Cast, stage: Stage, days: int, alternative: str
) -> None:
    refused(stage, cast.finance, ago(days), alternative=alternative)
    assert seen(session, cast.finance) == set()


def test_looking_at_it_again_clears_it_at_once(session: Session, cast: Cast, stage: Stage) -> None:
    request = refused(stage, cast.finance, ago(20))
    danger.look(session, now=NOW)
    by = stage.actor(cast.rep)
    request_states.move(session, by=by, request=request, to=RequestState.LOOKING, why="There is a way.", now=NOW)
    assert up(session, cast.finance) == {}
    assert session.scalars(select(DangerFlag.cleared_at)).all() == [NOW], "the history keeps it"


def test_a_decision_raises_it_at_once(session: Session, cast: Cast, stage: Stage) -> None:
    deciding.decide(
        session,
        by=stage.actor(cast.rep),
        request=stage.request(cast.finance),
        verdict=Verdict.DECLINE,
        reason="No.",
        no_alternative=True,
        did="We asked around.",
        now=NOW,
    )
    assert set(up(session, cast.finance)) == {DangerRule.NEITHER}


# ---- Both


def test_an_own_choice_for_which_our_way_was_left_is_a_sign_for_a_year(
    session: Session, cast: Cast, stage: Stage
) -> None:
    request = bent(stage, cast.finance, ago(100), title="Macs")
    assert seen(session, cast.finance) == {DangerRule.BOTH}
    (fact,) = danger.facts_of(up(session, cast.finance)[DangerRule.BOTH])
    assert (fact.request_id, fact.says) == (request.id, "“Macs” was granted, and our usual way was left for it.")
    danger.look(session, now=NOW + timedelta(days=265))
    assert up(session, cast.finance) == {}


@pytest.mark.parametrize(
    ("kind", "bends"), [(RequestKind.STANDARD, True), (RequestKind.NON_STANDARD, False)], ids=["standard", "our way"]
)
def test_what_is_standard_or_done_our_way_is_none(
    session: Session, cast: Cast, stage: Stage, kind: RequestKind, bends: bool
) -> None:
    bent(stage, cast.finance, ago(100), kind=kind, bends=bends)
    assert seen(session, cast.finance) == set()


# ---- Label against behaviour: November 2026, quarters; so the second and third of 2026 are over


def test_a_partner_met_only_through_requests_and_tickets_is_a_sign(session: Session, cast: Cast, stage: Stage) -> None:
    be(stage, cast.finance, Model.PARTNER)
    request = stage.request(cast.finance, logged_on=date(2026, 5, 4))
    source = stage.add(TicketSource(name="Desk"))
    ticket = {"source_id": source.id, "unit_id": cast.finance.id, "is_open": True}
    stage.add(Ticket(number="7", opened_at=at(date(2026, 8, 1)), **ticket))
    stage.meeting(cast.finance, date(2026, 8, 20), asked_by=AskedBy.IT)
    assert seen(session, cast.finance) == {DangerRule.LABEL}
    flag = up(session, cast.finance)[DangerRule.LABEL]
    newest, older = danger.facts_of(flag)
    assert older.request_id == request.id
    assert older.says.startswith("The second quarter of 2026: one request, no talk that Finance asked for")
    assert newest.says.startswith("The third quarter of 2026: one ticket")
    assert "an offer from us" in danger.clears(flag)


@pytest.mark.parametrize("how", ["its own meeting", "asked for", "not said", "offered", "nothing asked", "new partner"])
def test_a_partner_who_talks_or_is_offered_something_is_none(
    session: Session, cast: Cast, stage: Stage, how: str
) -> None:
    be(stage, cast.finance, Model.PARTNER, date(2026, 4, 2) if how == "new partner" else LONG_AGO)
    if how != "nothing asked":
        stage.request(cast.finance, logged_on=date(2026, 5, 4))
    day = date(2026, 6, 1)
    if how == "its own meeting":
        stage.meeting(cast.finance, day, kind=MeetingKind.OWN)
    elif how == "asked for":
        stage.meeting(cast.finance, day, kind=MeetingKind.REVIEW, asked_by=AskedBy.UNIT)
    elif how == "not said":
        stage.meeting(cast.finance, day)
    elif how == "offered":
        stage.request(cast.finance, origin=Origin.OFFERED, logged_on=day)
    assert seen(session, cast.finance) == set()


def test_reviews_alone_do_not_make_a_partner_and_an_offer_clears_it(session: Session, cast: Cast, stage: Stage) -> None:
    be(stage, cast.finance, Model.PARTNER)
    stage.request(cast.finance, logged_on=date(2026, 5, 4))
    stage.meeting(cast.finance, date(2026, 7, 1), kind=MeetingKind.REVIEW)
    assert seen(session, cast.finance) == {DangerRule.LABEL}
    stage.request(cast.finance, origin=Origin.OFFERED, logged_on=TODAY)
    assert seen(session, cast.finance) == set()


def test_a_customer_whose_people_sit_in_our_own_meetings_is_a_sign(session: Session, cast: Cast, stage: Stage) -> None:
    be(stage, cast.finance, Model.CUSTOMER)
    sat(stage, cast.head, cast.finance, date(2026, 8, 1))
    assert seen(session, cast.finance) == set(), "once is a visit"
    sat(stage, cast.key_user, cast.legal, date(2026, 9, 1))
    assert seen(session, cast.finance) == {DangerRule.LABEL}
    facts = danger.facts_of(up(session, cast.finance)[DangerRule.LABEL])
    assert [fact.on for fact in facts] == [date(2026, 9, 1), date(2026, 8, 1)]
    assert all(fact.meeting_id and "One person of Finance" in fact.says for fact in facts)
    be(stage, cast.finance, Model.PARTNER, ago(3))
    assert seen(session, cast.finance) == set(), "as a partner they belong there"


def test_a_customer_with_somebody_deputised_to_us_is_a_sign(session: Session, cast: Cast, stage: Stage) -> None:
    be(stage, cast.finance, Model.CUSTOMER)
    stage.add(Membership(unit_id=cast.finance.id, person_id=cast.key_user.id, part=Part.DEPUTISED, since=ago(9)))
    assert seen(session, cast.finance) == {DangerRule.LABEL}


# ---- Switching


def test_a_model_changed_twice_in_a_year_is_a_sign(session: Session, cast: Cast, stage: Stage) -> None:
    be(stage, cast.finance, Model.CUSTOMER, ago(800))
    be(stage, cast.finance, Model.PARTNER, ago(200))
    assert seen(session, cast.finance) == set()
    meeting = stage.meeting(cast.finance, ago(1))
    models.change(
        session,
        by=stage.actor(cast.rep),
        unit=cast.finance,
        model=Model.CUSTOMER,
        since=TODAY,
        why="It did not work.",
        meeting_id=meeting.id,
        now=NOW,
    )
    flag = up(session, cast.finance)[DangerRule.SWITCHING]
    assert [fact.says for fact in danger.facts_of(flag)] == ["It became a customer.", "It became a partner."]
    assert danger.facts_of(flag)[0].meeting_id == meeting.id
    danger.look(session, now=NOW + timedelta(days=166))
    assert up(session, cast.finance) == {}, "a year after the first of the two"


# ---- Answered, and coming back


def test_an_answered_sign_stays_answered_until_there_is_new_evidence(
    session: Session, cast: Cast, stage: Stage
) -> None:
    first = refused(stage, cast.finance, ago(20))
    danger.look(session, now=NOW)
    flag = up(session, cast.finance)[DangerRule.NEITHER]
    danger.acknowledge(session, by=stage.actor(cast.rep), flag_id=flag.id, reason="They agreed with it.", now=NOW)
    assert danger.look(session, now=NOW + timedelta(days=1)) == 0
    second = refused(stage, cast.finance, ago(1))
    danger.look(session, now=NOW + timedelta(days=2))
    (again,) = danger.flags(session, unit_id=cast.finance.id)
    assert (again.id != flag.id, again.acknowledged_at, flag.cleared_at) == (True, None, NOW + timedelta(days=2))
    facts = {fact.request_id: fact.is_known for fact in danger.facts_of(again)}
    assert facts == {first.id: True, second.id: False}


def test_what_was_answered_does_not_come_back_when_a_threshold_goes_up_and_down(
    session: Session, cast: Cast, stage: Stage
) -> None:
    refused(stage, cast.finance, ago(20))
    danger.look(session, now=NOW)
    (flag,) = danger.flags(session, unit_id=cast.finance.id)
    danger.acknowledge(session, by=stage.actor(cast.rep), flag_id=flag.id, reason="They agreed.", now=NOW)
    by = stage.actor(cast.cio)
    assert choosing.change(session, by=by, wanted=Thresholds(danger_refusals=2), reason="One is life.", now=NOW)
    assert up(session, cast.finance) == {}
    assert choosing.change(session, by=by, wanted=Thresholds(), reason="One is one.", now=NOW)
    assert up(session, cast.finance) == {}
    kept = choosing.history(session, by=by).rows
    assert [(setting.value, setting.reason) for setting, _ in kept] == [("1", "One is one."), ("2", "One is life.")]


def test_an_answer_has_a_reason_and_is_given_once(session: Session, cast: Cast, stage: Stage) -> None:
    refused(stage, cast.finance, ago(20))
    danger.look(session, now=NOW)
    (flag,) = danger.flags(session, unit_id=cast.finance.id)
    ines, tom, amara = (stage.actor(one) for one in (cast.rep, cast.colleague, cast.head))
    with pytest.raises(Invalid):
        danger.acknowledge(session, by=ines, flag_id=flag.id, reason="", now=NOW)
    with pytest.raises(Forbidden):
        danger.acknowledge(session, by=tom, flag_id=flag.id, reason="Not mine.", now=NOW)
    with pytest.raises(NotFound):
        danger.acknowledge(session, by=amara, flag_id=flag.id, reason="Ours.", now=NOW)
    danger.acknowledge(session, by=ines, flag_id=flag.id, reason="They agreed.", now=NOW)
    with pytest.raises(Conflict):
        danger.acknowledge(session, by=ines, flag_id=flag.id, reason="Again.", now=NOW)


@pytest.mark.parametrize("wanted", [Thresholds(danger_refusals=0), Thresholds(danger_switch_days=5000)])
def test_a_threshold_that_says_nothing_is_refused(
    session: Session, cast: Cast, stage: Stage, wanted: Thresholds
) -> None:
    with pytest.raises(Invalid):
        choosing.change(session, by=stage.actor(cast.cio), wanted=wanted, reason="Why not.", now=NOW)
    with pytest.raises(Forbidden):
        choosing.change(session, by=stage.actor(cast.rep), wanted=Thresholds(danger_refusals=2), reason="Why.", now=NOW)


# ---- Nothing to say


def test_two_well_behaved_years_raise_none(session: Session, cast: Cast, stage: Stage) -> None:
    """A partner who talks, a customer who asks: on no morning of two years is there a sign."""
    be(stage, cast.finance, Model.PARTNER, ago(900))
    be(stage, cast.legal, Model.CUSTOMER, ago(900))
    for back in range(0, 760, 38):
        for unit in (cast.finance, cast.legal):
            stage.request(unit, logged_on=ago(back), state=RequestState.CONFIRMED)
            refused(stage, unit, ago(back), alternative="A monthly extract")
            bent(stage, unit, ago(back), bends=False)
            stage.meeting(unit, ago(back), kind=MeetingKind.REVIEW)
        own = stage.meeting(cast.finance, ago(back), kind=MeetingKind.OWN)
        stage.add(Attendance(meeting_id=own.id, person_id=cast.head.id))
    sat(stage, cast.head, cast.finance, ago(30))
    sat(stage, cast.key_user, cast.finance, ago(20))
    stage.session.flush()
    for back in range(0, 700, 35):
        danger.look(session, now=NOW - timedelta(days=back))
    assert session.scalars(select(DangerFlag)).all() == []


@given(order=st.permutations(range(5)), times=st.integers(1, 3))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_evidence_does_not_matter_and_looking_twice_changes_nothing(
    session: Session, cast: Cast, order: Sequence[int], times: int
) -> None:
    with session.begin_nested() as undone:
        stage = Stage(session)
        for number in order:
            refused(stage, cast.finance, ago(10 + number), title=f"Number {number}")
            bent(stage, cast.finance, ago(30 + number), title=f"Number {number}")
        assert danger.look(session, now=NOW) == 2
        for _ in range(times):
            assert danger.look(session, now=NOW) == 0
        for flag in danger.flags(session, unit_id=cast.finance.id):
            told = [kept["on"] for kept in flag.evidence["facts"]]
            assert told == sorted(told)
            assert len(told) == 5
        undone.rollback()


def test_all_units_are_looked_at_in_as_many_statements_as_one(session: Session, cast: Cast, stage: Stage) -> None:
    def count() -> int:
        with statements(session) as sent:
            danger.look(session, now=NOW)
        return len(sent)

    be(stage, cast.finance, Model.PARTNER)
    few = count()
    for number in range(40):
        unit = stage.unit(f"Unit {number}")
        be(stage, unit, Model.PARTNER if number % 2 else Model.CUSTOMER)
        stage.request(unit, logged_on=date(2026, 5, 4))
    many = count()
    raised = len(session.scalars(select(DangerFlag)).all())
    assert raised == 20
    assert few <= 11
    # Each new sign is a savepoint, an insert and a line of the trail.
    session.expire_all()
    assert count() == few, (few, many)


def test_the_signs_of_one_unit_are_read_alone(session: Session, cast: Cast, stage: Stage) -> None:
    refused(stage, cast.finance, ago(20))
    refused(stage, cast.legal, ago(20))
    danger.look(session, now=NOW, unit_ids=[cast.legal.id])
    assert (set(up(session, cast.finance)), set(up(session, cast.legal))) == (set(), {DangerRule.NEITHER})
    (legal,) = looking.read(session, limits=Thresholds(), now=NOW, unit_ids=[cast.legal.id])
    assert legal.name == "Legal"


def test_a_closed_unit_has_no_signs(session: Session, cast: Cast, stage: Stage) -> None:
    refused(stage, cast.finance, ago(20))
    danger.look(session, now=NOW)
    cast.finance.closed_on = TODAY
    assert seen(session, cast.finance) == set()
