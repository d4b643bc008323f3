"""How much each part weighs: seen before it is kept, with a reason, by the CIO alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import AuditEntry
from models.health import HealthDay, HealthRule, HealthSnapshot
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories import health
from tests.factories.relationships import NOW, TODAY, Stage, ago

PATH = "/health/weights"
EVEN = {"satisfaction": 25, "rhythm": 25, "promises": 25, "engagement": 25}


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def standing(session: Session, cast: Cast) -> None:
    """Finance at 82, by the first weights; Legal at 60, whatever they weigh."""
    session.add(HealthDay(day=TODAY, taken_at=NOW, units=3, changed=0))
    health.kept(session, cast.finance, since=ago(50), satisfaction=100, rhythm=80, promises=80, engagement=56)
    health.kept(session, cast.legal, since=TODAY, satisfaction=60, rhythm=60, promises=60, engagement=60)
    session.commit()


def preview(client: Client, cast: Cast, **weights: Any) -> str:
    told = "&".join(f"{name}={weight}" for name, weight in (EVEN | weights).items())
    return client.sign_in(cast.cio).get(f"{PATH}?{told}").text


def keep(client: Client, cast: Cast, reason: str = "All the same", seen: str = "", **weights: Any) -> tuple[int, str]:
    answer = client.sign_in(cast.cio).submit(PATH, EVEN | weights | {"reason": reason, "seen": seen})
    return answer.status_code, answer.text


def test_a_preview_names_who_would_move_and_keeps_nothing(
    client: Client, cast: Cast, session: Session, standing: None
) -> None:
    text = preview(client, cast)
    assert "One unit would move; one of them is called otherwise then." in text
    assert "strong → <strong>good</strong>" in text
    assert "One unit stays as it is." in text
    assert session.scalars(select(HealthRule)).all() == []


def test_kept_weights_hold_from_today_and_yesterday_stays(
    client: Client, cast: Cast, session: Session, standing: None
) -> None:
    assert keep(client, cast)[0] == 303
    rule = session.scalars(select(HealthRule)).one()
    assert (rule.weights, rule.since, rule.reason, rule.by_id) == (EVEN, TODAY, "All the same", cast.cio.id)
    rows = session.execute(
        select(HealthSnapshot.unit_id, HealthSnapshot.since, HealthSnapshot.until, HealthSnapshot.score)
        .add_columns(HealthSnapshot.rule_id)
        .order_by(HealthSnapshot.unit_id, HealthSnapshot.since)
    ).all()
    assert [tuple(row) for row in rows] == [
        (cast.finance.id, ago(50), TODAY, 82, None),
        (cast.finance.id, TODAY, None, 79, rule.id),
        (cast.legal.id, TODAY, None, 60, rule.id),
    ]
    audited = session.scalars(select(AuditEntry.entity).where(AuditEntry.entity == "health_rule")).all()
    assert len(audited) == 1
    text = client.get(PATH).text
    assert "All the same" in text
    assert "Margit Lindqvist" in text


def test_a_day_that_is_not_taken_yet_is_left_to_the_job(
    client: Client, cast: Cast, session: Session, standing: None
) -> None:
    session.get_one(HealthDay, TODAY).day = ago(1)
    session.commit()
    assert keep(client, cast)[0] == 303
    assert session.scalars(select(HealthSnapshot).where(HealthSnapshot.rule_id.is_not(None))).all() == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"promises": 40}, "Together they come to 115; they have to come to 100."),
        ({"promises": "many"}, "Not a valid integer value."),
        ({"promises": -5, "rhythm": 55}, "Between 0 and 100."),
        ({"promises": ""}, "Give it a number, or 0."),
        ({"promises": 0, "rhythm": 0, "engagement": 0, "satisfaction": 100}, "At least two parts have to count"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_stays_typed(
    client: Client, cast: Cast, session: Session, standing: None, wrong: dict[str, Any], said: str
) -> None:
    for text in (preview(client, cast, **wrong), keep(client, cast, **wrong)[1]):
        assert said in text
        assert f'value="{wrong["promises"]}"' in text or wrong["promises"] == ""
    assert session.scalars(select(HealthRule)).all() == []


def test_without_a_reason_nothing_is_kept_and_the_preview_stays(
    client: Client, cast: Cast, session: Session, standing: None
) -> None:
    status, text = keep(client, cast, reason="  ")
    assert status == 422
    assert "Say why; it is kept with the change." in text
    assert "Who would move" in text


def test_weights_that_hold_already_are_no_change(client: Client, cast: Cast, standing: None) -> None:
    status, text = keep(client, cast, satisfaction=35, rhythm=20, engagement=20)
    assert (status, "These are the weights that hold already." in text) == (422, True)


def test_two_at_once_the_second_is_told(client: Client, cast: Cast, session: Session, standing: None) -> None:
    assert keep(client, cast)[0] == 303
    status, text = keep(client, cast, satisfaction=40, rhythm=10, seen="")
    assert status == 409
    assert "Margit Lindqvist changed the weights meanwhile. Look at it once more." in text
    newest = session.scalars(select(HealthRule)).one()
    assert keep(client, cast, satisfaction=40, rhythm=10, seen=str(newest.id))[0] == 303


def test_only_the_cio_changes_them(client: Client, cast: Cast, session: Session, standing: None) -> None:
    for person in (cast.rep, cast.head, cast.administrator):
        client.sign_in(person)
        assert client.get(PATH).status_code == 403
        assert client.submit(PATH, EVEN | {"reason": "Mine"}).status_code == 403
    assert "Change the weights" in client.sign_in(cast.cio).get("/health/method").text
    assert "Change the weights" not in client.sign_in(cast.rep).get("/health/method").text


def test_who_is_called_otherwise_comes_first_and_the_list_is_paged(
    client: Client, cast: Cast, session: Session, standing: None, statements: StatementCounter
) -> None:
    stage = Stage(session)
    for number in range(30):
        unit = stage.unit(f"Unit {number:02}")
        health.kept(session, unit, since=ago(9), satisfaction=0, rhythm=10 + number, promises=10, engagement=10)
    session.commit()
    text = preview(client, cast)
    assert text.index(">Finance</a></th>") < text.index(">Unit 29</a></th>") < text.index(">Unit 20</a></th>")
    assert 'rel="next"' in text
    with statements:
        client.get(f"{PATH}?satisfaction=25&rhythm=25&promises=25&engagement=25&page=2")
    assert statements.count <= 12
