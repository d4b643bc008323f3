"""The health of one unit, as each role meets it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from models.health import Component, EvidenceKind, HealthDay, Movement
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories import health
from tests.factories.relationships import NOW, TODAY, Stage, ago

BUDGET = 12


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def slipping(session: Session, cast: Cast) -> Stage:
    """Finance fell from 85 to 57: a refusal without an alternative, twenty days ago."""
    unit = cast.finance
    session.add(HealthDay(day=TODAY, taken_at=NOW, units=3, changed=1))
    add = health.evidence
    add(
        session,
        unit,
        Component.SATISFACTION,
        EvidenceKind.ROUND,
        since=ago(100),
        credit=70,
        facts={"mean": 3.8, "n": 5, "asked": 7},
    )
    add(session, unit, Component.PROMISES, EvidenceKind.ACTION, since=ago(200), credit=100, title="Name the testers")
    add(
        session,
        unit,
        Component.PROMISES,
        EvidenceKind.REFUSAL,
        since=ago(20),
        credit=0,
        title="Spend dashboard",
        source="request:7",
        weight=2,
        ages_on=TODAY + timedelta(160),
    )
    health.kept(session, unit, since=ago(300), until=ago(20), satisfaction=70, promises=100)
    health.kept(session, unit, since=ago(20), satisfaction=70, promises=33)
    for week in range(20, 0, -1):
        way = Movement.SLIPPING if week == 1 else Movement.STEADY
        health.week(session, unit, ago(7 * week), 82 + week % 3 if week > 2 else 55, way)
    session.commit()
    return Stage(session)


def read(client: Client, cast: Cast, path: str = "") -> str:
    answer = client.sign_in(cast.cio).get(f"/units/{cast.finance.id}/health{path}")
    assert answer.status_code == 200
    return answer.text


def test_the_figure_adds_up_and_says_on_how_much_it_stands(client: Client, cast: Cast, slipping: Stage) -> None:
    text = read(client, cast)
    assert "of 100, fair, based on 2 of 4 parts" in text
    assert "Finance is slipping: 55 of 100, fair, based on 2 of 4 parts." in text
    assert "As of this morning." in text
    assert "<strong>Reviews</strong> is not known yet" in text
    assert "Unknown is not zero" in text
    assert ">The rating closed on 12 August: 3.8 from 5 of 7 people</a>" in text


def test_why_it_moved_opens_its_evidence(client: Client, cast: Cast, slipping: Stage) -> None:
    text = read(client, cast, "?since=quarter")
    assert 'Refused without an alternative: <a href="/requests/7">Spend dashboard</a>' in text
    assert "on 20 August" in text
    assert "−28" in text


def test_any_two_days_can_be_compared(client: Client, cast: Cast, slipping: Stage) -> None:
    text = read(client, cast, f"?from={ago(15).isoformat()}&to={ago(3).isoformat()}")
    assert "Nothing that counts has changed." in text
    assert "17 November. Points are rounded" in text
    assert "on 5 November" in text


def test_days_that_make_no_sense_are_answered_with_the_usual_ones(client: Client, cast: Cast, slipping: Stage) -> None:
    for path in ("?from=x&to=y", "?from=2999-01-01", "?to=1900-01-01", "?since=ever", "?part=luck&page=-3"):
        assert "Why it moved" in read(client, cast, path)


def test_before_the_first_score_the_page_offers_the_first_day(client: Client, cast: Cast, slipping: Stage) -> None:
    text = read(client, cast, "?from=2024-01-01")
    assert "There was no score on both days." in text
    assert f"from={ago(300).isoformat()}" in text


def test_since_the_last_review_is_what_comes_first(client: Client, cast: Cast, slipping: Stage) -> None:
    slipping.review(cast.finance, ago(40), held=ago(40))
    slipping.session.commit()
    assert "the day of the last review" in read(client, cast)


def test_a_unit_without_a_snapshot_says_when_there_will_be_one(client: Client, cast: Cast) -> None:
    assert "Health is told from tomorrow morning on." in read(client, cast)


def test_too_little_known_makes_no_score_and_says_what_would(client: Client, cast: Cast, session: Session) -> None:
    session.add(HealthDay(day=TODAY, taken_at=NOW, units=3, changed=1))
    health.kept(session, cast.finance, since=ago(2), rhythm=80)
    session.commit()
    text = read(client, cast)
    assert "Too little is known of Finance for a score." in text
    assert "Satisfaction: nobody has rated us lately" in text


def test_long_lists_of_evidence_are_paged(client: Client, cast: Cast, slipping: Stage) -> None:
    for number in range(40):
        health.evidence(
            slipping.session,
            cast.finance,
            Component.PROMISES,
            EvidenceKind.ACTION,
            since=ago(100),
            credit=100,
            title=f"Step {number}",
            source=f"action:{100 + number}",
        )
    slipping.session.commit()
    assert "All 42" in read(client, cast)
    first, second = read(client, cast, "?part=promises"), read(client, cast, "?part=promises&page=2")
    assert "The rating closed" not in first
    assert first.count("Step ") + second.count("Step ") == 40
    assert 'rel="next"' in first


def test_business_people_and_the_administrator_are_refused(client: Client, cast: Cast, slipping: Stage) -> None:
    for person in (cast.head, cast.key_user, cast.administrator):
        for path in (f"/units/{cast.finance.id}/health", "/health/method"):
            assert client.sign_in(person).get(path).status_code == 403
    assert client.sign_in(cast.colleague).get(f"/units/{cast.finance.id}/health").status_code == 200


def test_the_method_says_what_counts_and_what_words_mean(client: Client, cast: Cast, session: Session) -> None:
    text = client.sign_in(cast.rep).get("/health/method").text
    for said in ("Unknown is not zero", "80–100", "0–49", "they have to weigh at least 40", "Nobody has changed them"):
        assert said in text


def test_the_page_takes_few_statements(
    client: Client, cast: Cast, slipping: Stage, statements: StatementCounter
) -> None:
    for person in (cast.rep, cast.cio):
        client.sign_in(person)
        client.get(f"/units/{cast.finance.id}/health")
        with statements:
            client.get(f"/units/{cast.finance.id}/health")
        print(statements.count)
        assert statements.count <= BUDGET, statements.statements
