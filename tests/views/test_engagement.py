"""The page of a relationship: what it is, what each side may expect, what contradicts it; and the danger zone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import clock, engagement
from crm.services.engagement import danger
from models import (
    AskedBy,
    Called,
    DangerFlag,
    DangerRule,
    EngagementModel,
    EngagementWords,
    Meeting,
    Model,
    RequestState,
)
from tests.cast import LONG_AGO, Cast
from tests.client import Client
from tests.factories.relationships import Stage


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


@pytest.fixture
def meeting(session: Session, cast: Cast, stage: Stage) -> Meeting:
    return stage.meeting(cast.finance, date(2025, 3, 4))


def page_of(cast: Cast) -> str:
    return f"/units/{cast.finance.id}/engagement"


def partner(stage: Stage, cast: Cast) -> EngagementModel:
    why = "They plan with us."
    return stage.add(
        EngagementModel(unit_id=cast.finance.id, model=Model.PARTNER, since=LONG_AGO, why=why, at=clock.now())
    )


def flagged(session: Session, cast: Cast, stage: Stage) -> DangerFlag:
    stage.request(
        cast.finance, "A dashboard", state=RequestState.DECLINED, decided_at=clock.now(), logged_on=clock.now().date()
    )
    danger.look(session, now=clock.now())
    session.commit()
    return session.scalars(select(DangerFlag)).one()


def test_the_first_model_needs_a_reason_and_a_change_a_conversation_too(
    client: Client, cast: Cast, session: Session, meeting: Meeting
) -> None:
    client.sign_in(cast.rep)
    assert "Nobody has said yet what Finance is to IT." in client.get(page_of(cast)).text
    told = {"model": "customer", "since": "2025-01-07"}
    assert "Say why. Both sides read it." in client.submit(page_of(cast), data=told).text
    assert client.submit(page_of(cast), data={**told, "why": "They buy from us."}).status_code == 303
    told = {"model": "partner", "since": "2025-03-04", "why": "We plan together."}
    refused = client.submit(page_of(cast), data=told)
    assert refused.status_code == 422
    assert "Choose the conversation in which you agreed on it." in refused.text
    assert client.submit(page_of(cast), data={**told, "meeting_id": meeting.id}).status_code == 303
    page = client.get(page_of(cast)).text
    assert "Finance is a partner since 4 March 2025." in page
    assert "They buy from us." in page
    assert f"/meetings/{meeting.id}" in page
    models = engagement.history(session, by=cast.actor(session, cast.rep), unit=cast.finance)
    assert [(one.model, one.since, one.until) for one in models] == [
        (Model.PARTNER, date(2025, 3, 4), None),
        (Model.CUSTOMER, date(2025, 1, 7), date(2025, 3, 4)),
    ]
    assert engagement.current(session, unit_id=cast.finance.id, on=date(2025, 2, 1)) is models[1]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"model": "partner", "since": "2025-03-04"}, "It is a partner already."),
        ({"model": "customer", "since": "2123-03-04"}, "today or earlier"),
        ({"model": "customer", "since": "2023-03-04"}, "That is before the last change."),
        ({"model": "customer", "since": "2025-03-04", "meeting_id": "999999"}, "Choose a meeting with Finance."),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_a_sentence(
    client: Client, cast: Cast, stage: Stage, told: dict[str, str], said: str
) -> None:
    partner(stage, cast)
    client.sign_in(cast.rep)
    answer = client.submit(page_of(cast), data={"why": "Because.", **told})
    assert answer.status_code == 422
    assert said in answer.text


def test_their_own_words_stand_on_their_pages_and_the_newest_hold(
    client: Client, cast: Cast, session: Session, stage: Stage
) -> None:
    partner(stage, cast)
    asked = stage.request(cast.finance, logged_on=date(2025, 1, 1))
    client.sign_in(cast.rep)
    words = {"called": "colleague", "unit_may_expect": "Lunch on Fridays.", "it_may_expect": "Cake."}
    assert client.submit(f"{page_of(cast)}/words", data=words).status_code == 303
    assert client.submit(f"{page_of(cast)}/words", data={**words, "it_may_expect": "Cake, still."}).status_code == 303
    assert len(session.scalars(select(EngagementWords)).all()) == 2
    assert engagement.words_of(session, unit_ids=[cast.finance.id, cast.legal.id]) == {
        cast.finance.id: Called.COLLEAGUE,
        cast.legal.id: Called.COLLEAGUE,
    }
    client.sign_in(cast.head)
    page = client.get(page_of(cast)).text
    assert "Finance is IT’s colleague since 1 January 2024." in page
    assert "Lunch on Fridays." in page
    assert "Cake, still." in page
    assert "IT’s colleague since 1 January 2024" in client.get(f"/units/{cast.finance.id}").text
    assert "You are our colleague since 1 January 2024" in client.get("/").text
    assert "IT’s colleague since 1 January 2024" in client.get(f"/requests/{asked.id}").text
    client.sign_in(cast.rep)
    assert "our colleague since 1 January 2024" in client.get(f"/requests/{asked.id}").text


def test_usual_words_follow_the_model_and_so_does_a_word_that_was_the_model(
    client: Client, cast: Cast, session: Session, stage: Stage, meeting: Meeting
) -> None:
    partner(stage, cast)
    stage.add(EngagementWords(unit_id=cast.finance.id, called=Called.PARTNER, unit_may_expect="Lunch.", at=clock.now()))
    client.sign_in(cast.rep)
    told = {"model": "customer", "since": "2025-03-04", "why": "They want it so.", "meeting_id": meeting.id}
    assert client.submit(page_of(cast), data=told).status_code == 303
    found = engagement.of_unit(session, unit_id=cast.finance.id, model=Model.CUSTOMER)
    assert (found.called, found.unit_may_expect) == (Called.CUSTOMER, "Lunch.")
    assert found.it_may_expect.startswith("Requests with the business need")


def test_the_unit_reads_model_and_expectations_and_never_the_signs(
    client: Client, cast: Cast, session: Session, stage: Stage
) -> None:
    partner(stage, cast)
    flag = flagged(session, cast, stage)
    client.sign_in(cast.head)
    page = client.get(page_of(cast))
    assert "They plan with us." in page.text
    assert "A seat where we plan" in page.text
    for hidden in ("danger", "What contradicts it", "without an alternative."):
        assert hidden not in page.text
    assert "danger" not in client.get(f"/units/{cast.finance.id}").text
    assert client.get("/danger").status_code == 403
    assert client.submit(f"/danger/{flag.id}", data={"reason": "No."}).status_code == 403
    client.sign_in(cast.outsider)
    assert client.get(page_of(cast)).status_code == 404
    assert client.submit(page_of(cast), data={}).status_code == 403


def test_a_sign_stands_on_the_unit_the_portfolio_and_the_list_until_it_is_answered(
    client: Client, cast: Cast, session: Session, stage: Stage
) -> None:
    flag = flagged(session, cast, stage)
    client.sign_in(cast.rep)
    for path in (f"/units/{cast.finance.id}", "/portfolio/list", "/"):
        assert "One danger sign" in client.get(path).text or "1 danger sign" in client.get(path).text, path
    page = client.get(page_of(cast)).text
    assert "“A dashboard” was declined without an alternative." in page
    assert "What would clear it:" in page
    assert "Say why this is no danger." in client.submit(f"/danger/{flag.id}", data={}).text
    told = {f"sign-{flag.id}-reason": "They agreed to it."}
    assert client.submit(f"/danger/{flag.id}", data=told).status_code == 303
    assert "They agreed to it." in client.get(page_of(cast)).text
    assert "danger sign" not in client.get(f"/units/{cast.finance.id}").text
    assert "Nothing to look at" in client.get("/danger").text
    assert "They agreed to it." in client.get("/danger?only=answered").text
    assert client.submit(f"/danger/{flag.id}", data=told).status_code == 422


def test_the_danger_zone_is_narrowed_and_taken_along_as_a_file(
    client: Client, cast: Cast, session: Session, stage: Stage
) -> None:
    flagged(session, cast, stage)
    client.sign_in(cast.cio)
    assert "A dashboard" in client.get("/danger").text
    assert "A dashboard" in client.get(f"/danger?rule=neither&unit={cast.finance.id}").text
    for nothing in ("rule=both", f"unit={cast.legal.id}", "only=gone"):
        assert "A dashboard" not in client.get(f"/danger?{nothing}").text
    assert "“A dashboard” was declined" in client.get("/danger?as=csv").text
    assert client.get("/danger?as=xlsx").status_code == 200
    assert "No sign fits" in client.get("/danger?rule=both").text


def test_what_counts_is_changed_with_a_reason_and_every_unit_is_looked_at_again(
    client: Client, cast: Cast, session: Session, stage: Stage
) -> None:
    flag = flagged(session, cast, stage)
    client.sign_in(cast.cio)
    page = client.get("/danger/signs").text
    assert "Usually 365." in page
    told = {
        "danger_refusals": 2,
        "danger_refusal_days": 365,
        "danger_bendings": 1,
        "danger_bending_days": 365,
        "danger_silent_periods": 2,
        "danger_our_meetings": 2,
        "danger_switches": 2,
        "danger_switch_days": 365,
    }
    assert "Say why, for whoever wonders later." in client.submit("/danger/signs", data=told).text
    assert client.submit("/danger/signs", data={**told, "reason": "One is life."}).status_code == 303
    page = client.get("/danger/signs").text
    assert "2 refusals without an alternative" in page
    assert "One is life." in page
    session.refresh(flag)
    assert flag.rule is DangerRule.NEITHER
    assert flag.cleared_at is not None
    client.sign_in(cast.rep)
    assert client.get("/danger/signs").status_code == 403


def test_who_asked_for_a_meeting_is_kept_shown_and_corrected(
    client: Client, cast: Cast, session: Session, stage: Stage
) -> None:
    client.sign_in(cast.rep)
    log = f"/units/{cast.finance.id}/meetings/new"
    assert "Who asked for it" in client.get(log).text
    told = {"held_on": "2025-03-04", "kind": "ours", "asked_by": "unit", "minutes": "We talked.", "save": "save"}
    assert client.submit(log, data=told).status_code == 303
    meeting = session.scalars(select(Meeting)).one()
    assert (meeting.kind.value, meeting.asked_by) == ("ours", AskedBy.UNIT)
    page = client.get(f"/meetings/{meeting.id}").text
    assert "Our own meeting with Finance" in page
    assert "Finance asked for it." in page
    assert "Who asked for it" in client.get(f"/meetings/{meeting.id}/correct").text
