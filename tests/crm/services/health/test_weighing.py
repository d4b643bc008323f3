"""The weights change: other scores from that day on, of the same values."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services.health import daily, rebuild
from crm.services.health.reading_facts import Span
from models.health import Component, HealthEvidence, HealthRule, HealthSnapshot
from tests.cast import Cast
from tests.crm.services.health.history import History
from tests.crm.services.health.test_daily import BEGUN, DAY, everything, morning, start

PROMISES_ALONE_COUNT = {
    Component.SATISFACTION: 10,
    Component.RHYTHM: 10,
    Component.PROMISES: 70,
    Component.ENGAGEMENT: 10,
}


def snapshot(session: Session, cast: Cast) -> HealthSnapshot:
    wanted = select(HealthSnapshot).where(HealthSnapshot.unit_id == cast.finance.id, HealthSnapshot.until.is_(None))
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def test_new_weights_hold_from_the_day_and_say_the_same_made_anew(session: Session, cast: Cast) -> None:
    history = History(session, cast.finance, BEGUN, 8)
    start(session, BEGUN)
    for number in range(63):
        history.happens(BEGUN + number * DAY)
    monday = BEGUN + 63 * DAY
    daily.take(session, now=morning(monday))
    before, evidence = snapshot(session, cast), len(session.scalars(select(HealthEvidence)).all())
    score, values = before.score, [before.value(one) for one in Component]
    rule = HealthRule(weights=dict(PROMISES_ALONE_COUNT), since=monday, reason="Promises", at=morning(monday))
    session.add(rule)
    session.flush()
    assert daily.weigh_anew(session, day=monday, now=morning(monday)) == 1
    after = snapshot(session, cast)
    assert (after.since, after.rule_id) == (monday, rule.id)
    assert after.score != score
    assert [after.value(one) for one in Component] == values
    assert len(session.scalars(select(HealthEvidence)).all()) == evidence
    was = everything(session)
    assert daily.weigh_anew(session, day=monday, now=morning(monday)) == 0
    assert everything(session) == was
    assert rebuild.rebuild(session, span=Span(BEGUN, monday), now=morning(monday)).differed == 0
    assert everything(session) == was


def test_weights_of_another_day_wait_until_it_is_taken(session: Session, cast: Cast) -> None:
    start(session, BEGUN)
    assert daily.weigh_anew(session, day=BEGUN + DAY, now=morning(BEGUN)) == 0
