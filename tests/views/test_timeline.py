"""The timeline of a unit: everything in order, narrowed, searched, stretch by stretch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from models import (
    ActionState,
    Assignment,
    Cover,
    Decision,
    Handover,
    MeetingKind,
    MinutesVersion,
    Person,
    Praise,
    Project,
    ProjectStep,
    RequestState,
    ReviewState,
)
from models.project import Stage as ProjectStage
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories.relationships import NOW, Stage, ago, at

BUDGET = 12


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    """Finance with one of every event."""
    stage, finance, under_way = Stage(session), cast.finance, ProjectStage.UNDER_WAY
    shared = stage.meeting(
        finance, ago(30), minutes="The *ledger* is late", internal_notes="Amara is cross", shared_version=1
    )
    stage.add(MinutesVersion(meeting_id=shared.id, number=1, text="The ledger is late", shared_at=at(ago(29))))
    unshared = stage.meeting(finance, ago(3), kind=MeetingKind.ESCALATION, minutes="Payroll stopped")
    stage.action(finance, "Name the testers", owner=cast.head, made_at=at(ago(30)), meeting_id=shared.id)
    stage.action(finance, "Send the log", made_at=at(ago(28)), state=ActionState.DONE, settled_at=at(ago(20)))
    stage.request(finance, "Second approver", by=cast.head, logged_on=ago(27))
    no: dict[str, Any] = {
        "reason": "no budget",
        "alternative": "an extract",
        "logged_on": ago(60),
        "decided_at": at(ago(50)),
    }
    stage.request(finance, "Dashboard", state=RequestState.DECLINED, **no)
    stage.rated(finance, ago(15), [4, 5, 3], asked=5)
    skipped = stage.review(finance, ago(70))
    skipped.state, skipped.skip_reason = ReviewState.SKIPPED, "Year-end week"
    stage.review(finance, ago(100))
    stage.add(Decision(unit_id=finance.id, meeting_id=shared.id, text="No changes in March", decided_on=ago(30)))
    stage.add(Decision(unit_id=finance.id, meeting_id=unshared.id, text="Stop the vendor", decided_on=ago(3)))
    stage.add(Praise(unit_id=finance.id, person_id=cast.specialist.id, text="Stayed until it ran", said_on=ago(30)))
    project = stage.add(Project(unit_id=finance.id, name="Ledger, phase 2", stage=under_way, moved_on=ago(9)))
    stage.add(
        ProjectStep(project_id=project.id, at=at(ago(9)), on=ago(9), stage=under_way, state="Going well", milestone="")
    )
    people = {"to_id": cast.rep.id, "from_id": cast.colleague.id}
    stage.add(Handover(unit_id=finance.id, on=ago(500), started_at=at(ago(510)), **people))
    session.commit()
    return stage


def read(client: Client, person: Person, unit_id: int, query: str = "") -> str:
    answer = client.sign_in(person).get(f"/units/{unit_id}/timeline{query}")
    assert answer.status_code == 200
    return answer.text


EVENTS = (
    "Escalation",
    "Decided: Stop the vendor",
    "Ledger, phase 2: under way",
    "Rated 4.0 of 5",
    "Done: Send the log",
    "Asked for: Second approver",
    "Promised: Send the log",
    "Minutes shared",
    "Thanks to Olu Adeyemi",
    "Decided: No changes in March",
    "Promised: Name the testers",
    "We said no: Dashboard",
    "2026 skipped",
    "2026 missed",
    "Handover from Tom Okafor to Ines Carvalho begun",
    "Ines Carvalho became account rep",
    "Amara Diallo became head",
)


def test_a_rep_reads_every_kind_of_event(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.rep, cast.finance.id)
    for event in EVENTS:
        assert event in text, event


def test_the_newest_stands_first(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.rep, cast.finance.id)
    order = (
        "Payroll stopped",
        "Rated 4.0",
        "Done: Send the log",
        "Promised: Send the log",
        "The ledger is late",
        "2026 missed",
    )
    places = [text.index(event) for event in order]
    assert places == sorted(places)


def test_the_head_reads_what_is_for_the_unit_and_nothing_else(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.head, cast.finance.id)
    for event in (
        "The ledger is late",
        "Promised: Name the testers",
        "Ledger, phase 2",
        "Decided: No changes in March",
    ):
        assert event in text, event
    assert "Minutes not shared yet." in text
    for hidden in ("Payroll stopped", "Amara is cross", "Rated", "Handover", "Stop the vendor"):
        assert hidden not in text, hidden


@pytest.mark.parametrize("words", ["cross", "Payroll", "vendor", "%", "_"])
def test_a_search_of_the_head_never_finds_what_the_head_may_not_read(
    client: Client, cast: Cast, stage: Stage, words: str
) -> None:
    assert "Nothing found" in read(client, cast.head, cast.finance.id, f"?text={words.replace('%', '%25')}")


def test_a_search_finds_the_place_in_what_was_said(client: Client, cast: Cast, stage: Stage) -> None:
    assert "The ledger is late" in read(client, cast.head, cast.finance.id, "?text=LEDGER")
    text = read(client, cast.rep, cast.finance.id, "?text=cross")
    assert "For IT only: Amara is cross" in text
    assert "Payroll" not in text


def test_it_can_be_narrowed_to_a_kind(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.rep, cast.finance.id, "?kind=escalations")
    assert "Payroll stopped" in text
    assert "The ledger is late" not in text
    assert "Promised" not in read(client, cast.rep, cast.finance.id, "?kind=people")
    assert "Payroll stopped" in read(client, cast.rep, cast.finance.id, "?kind=nonsense")


def test_another_unit_is_not_there_for_its_neighbours(client: Client, cast: Cast, stage: Stage) -> None:
    assert client.sign_in(cast.outsider).get(f"/units/{cast.finance.id}/timeline").status_code == 404


def _entries(text: str) -> list[str]:
    return re.findall(r'<div class="row-what">(.*?)</div>', text)


def _earlier(text: str) -> str | None:
    found = re.search(r'class="btn btn-quiet" href="([^"]+)" rel="next"', text)
    return found[1].replace("&amp;", "&") if found else None


def test_going_earlier_reads_everything_once_and_in_order(client: Client, cast: Cast, stage: Stage) -> None:
    for number in range(70):
        day = ago(number // 4)
        stage.action(cast.finance, f"Promise {number:03}", made_at=at(day, 9 + number % 4))
        stage.meeting(cast.finance, day, minutes=f"Meeting {number:03}")
    stage.session.commit()
    query: str | None = ""
    seen: list[str] = []
    stretches = 0
    while query is not None:
        text = read(client, cast.rep, cast.finance.id, query)
        seen += re.findall(r"(?:Promise|Meeting) \d{3}", text)
        stretches += 1
        query = _earlier(text)
    assert stretches > 5
    assert len(seen) == len(set(seen)) == 140


def test_what_is_earlier_goes_on_in_the_month_that_was_begun(client: Client, cast: Cast, stage: Stage) -> None:
    for number in range(60):
        stage.meeting(cast.finance, ago(number // 4), minutes=f"Meeting {number:03}")
    stage.session.commit()
    first = read(client, cast.rep, cast.finance.id)
    earlier = _earlier(first)
    assert earlier is not None
    assert first.count('class="month">November 2026') == 1
    assert 'class="month">November 2026' not in read(client, cast.rep, cast.finance.id, earlier)


BAD = (
    "x",
    "2026-13-45.1.-.5",
    "9999-99-99.1.-.5",
    "2026-11-01.1.99999999999999999.5",
    "2026-11-01.99.-.999999999",
    "2026-11-01.1.-.5'--",
    "2026-11-01.10.123.5",
    "1000-01-01.4.-.5",
    "２026-11-01.1.-.5",
)


@pytest.mark.parametrize("place", BAD)
def test_a_place_that_was_tampered_with_does_no_harm(client: Client, cast: Cast, stage: Stage, place: str) -> None:
    read(client, cast.rep, cast.finance.id, f"?before={place}")


def test_a_place_that_makes_no_sense_is_the_beginning(client: Client, cast: Cast, stage: Stage) -> None:
    first = _entries(read(client, cast.rep, cast.finance.id))
    for place in ("x", "2026-13-45.1.-.5", "2026-11-01.1.-.5.6"):
        assert _entries(read(client, cast.rep, cast.finance.id, f"?before={place}")) == first


def test_the_end_of_a_lead_that_nobody_took_over_is_told(client: Client, cast: Cast, stage: Stage) -> None:
    stage.add(
        Assignment(unit_id=cast.corporate.id, rep_id=cast.rep.id, cover=Cover.LEAD, since=ago(300), until=ago(50))
    )
    stage.add(
        Assignment(unit_id=cast.corporate.id, rep_id=cast.colleague.id, cover=Cover.LEAD, since=ago(40), until=ago(10))
    )
    stage.session.commit()
    text = read(client, cast.rep, cast.corporate.id)
    assert "Ines Carvalho no longer leads, and nobody followed" in text
    assert "Tom Okafor became account rep" in text


def test_a_day_is_the_units_own(client: Client, cast: Cast, stage: Stage) -> None:
    island = stage.unit("Kiritimati", zone="Pacific/Kiritimati")
    stage.action(island, "Late on the 17th in Lisbon", made_at=NOW - timedelta(days=2, hours=-12))
    stage.session.commit()
    assert "Thu 19 November" in read(client, cast.rep, island.id)


def test_few_statements(client: Client, cast: Cast, stage: Stage, statements: StatementCounter) -> None:
    client.sign_in(cast.rep)
    with statements:
        client.get(f"/units/{cast.finance.id}/timeline")
    assert statements.count <= BUDGET


def test_the_unit_page_leads_to_it(client: Client, cast: Cast, stage: Stage) -> None:
    assert f'href="/units/{cast.finance.id}/timeline"' in client.sign_in(cast.rep).get(f"/units/{cast.finance.id}").text


def test_an_empty_one_says_what_will_be_there(client: Client, cast: Cast, stage: Stage) -> None:
    nobody = stage.unit("Newborn")
    stage.session.commit()
    assert "Nothing happened yet" in read(client, cast.rep, nobody.id)
