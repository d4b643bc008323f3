"""A unit's satisfaction over time: no verdict on noise, and limits that begin anew only for a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.services import satisfaction, totals
from models import Assignment, Audience, Confidentiality, Instrument, Invitation, Person, Rebasing, Response, Round
from tests.cast import Cast
from tests.client import Client
from tests.factories.relationships import Stage

NOW = datetime.now(UTC)


def rounds(session: Session, cast: Cast, scores: list[int | None]) -> list[Round]:
    """One a month of the head of Finance, the last of them today; None: no answer."""
    made = []
    for back, score in zip(reversed(range(len(scores))), scores, strict=True):
        at = NOW - timedelta(days=30 * back)
        opened = Round(unit_id=cast.finance.id, opened_at=at, closes_at=at + timedelta(days=14), asked=2)
        session.add(opened)
        session.flush()
        if score is not None:
            _answer(session, opened, cast.head, score, at)
        made.append(opened)
    totals.changed(session, round_ids=[opened.id for opened in made])
    session.commit()
    return made


def test_end_users_have_a_chart_of_their_own(client: Client, session: Session, cast: Cast) -> None:
    ours, *_, theirs = rounds(session, cast, [4, 4, 4, 1])
    theirs.audience = Audience.END_USERS
    totals.changed(session, round_ids=[theirs.id])
    session.commit()
    by = policy.actor_for(session, cast.cio, NOW.date())
    for measure, first, many in (("overall", ours, 3), ("end_users", theirs, 1)):
        found = satisfaction.of_unit(session, by=by, unit=cast.finance, now=NOW, measure=measure)
        assert (found.points[0].round.id, len(found.points)) == (first.id, many)
    page = client.sign_in(cast.cio).get(f"/units/{cast.finance.id}/satisfaction?measure=end_users").text
    assert "End users, overall" in page
    assert "measure=end_users" in client.get(f"/units/{cast.legal.id}/satisfaction").text
    assert client.get(f"/units/{cast.legal.id}/satisfaction?measure=end_users").status_code == 200


def _answer(session: Session, opened: Round, person: Person, score: int, at: datetime) -> None:
    link = Invitation(round_id=opened.id, person_id=person.id, token_hash=f"{opened.id}")
    session.add(link)
    session.flush()
    session.add(
        Response(invitation_id=link.id, round_id=opened.id, unit_id=opened.unit_id, score=score, answered_at=at)
    )
    session.flush()


def page(client: Client, cast: Cast, person: Person, measure: str = "overall") -> str:
    return client.sign_in(person).get(f"/units/{cast.finance.id}/satisfaction?measure={measure}").text


def test_under_six_rounds_there_is_no_verdict(client: Client, session: Session, cast: Cast) -> None:
    rounds(session, cast, [4, 3, 4, 5])
    assert "Too early to tell" in page(client, cast, cast.rep)


def test_what_its_scores_usually_do_is_no_change(client: Client, session: Session, cast: Cast) -> None:
    rounds(session, cast, [4, 3, 4, 5, 4, 3, 4, 4])
    assert "No real change" in page(client, cast, cast.rep)


def test_a_drop_below_the_limits_is_a_change_and_a_missing_round_a_gap(
    client: Client, session: Session, cast: Cast
) -> None:
    rounds(session, cast, [4, 4, 5, 4, 4, None, 4, 5, 4, 4, 4, 4, 4, 1])
    text = page(client, cast, cast.rep)
    assert "A real change, not noise" in text
    assert "nothing said" in text


def test_the_limits_begin_anew_only_from_a_round_on_and_for_a_reason(
    client: Client, session: Session, cast: Cast
) -> None:
    made = rounds(session, cast, [2, 2, 3, 2, 2, 3, 2, 4, 4, 5, 4, 4, 5, 4])
    path = f"/units/{cast.finance.id}/satisfaction"
    client.sign_in(cast.cio)
    assert client.submit(path, {"round_id": str(made[7].id), "reason": ""}).status_code == 422
    assert client.submit(path, {"round_id": str(made[0].id), "reason": "The first"}).status_code == 422
    assert client.submit(path, {"round_id": str(made[7].id), "reason": "A desk of its own"}).status_code == 303
    assert client.submit(path, {"round_id": str(made[7].id), "reason": "Again"}).status_code in (409, 422)
    kept = session.scalars(select(Rebasing)).one()
    assert (kept.made_by_id, kept.measure) == (cast.cio.id, "overall")
    assert "A desk of its own" in page(client, cast, cast.rep)
    assert "Draw the limits anew" not in page(client, cast, cast.rep), "the CIO's to decide"
    assert client.sign_in(cast.rep).submit(path, {"round_id": str(made[8].id), "reason": "Mine"}).status_code == 403


def test_a_withheld_round_is_not_on_the_chart(session: Session, cast: Cast) -> None:
    made = rounds(session, cast, [4, 4, 4])
    made[1].confidentiality, made[1].scores_shown = Confidentiality.ANONYMOUS, False
    session.flush()
    by = policy.actor_for(session, cast.rep, NOW.date())
    found = satisfaction.of_unit(session, by=by, unit=cast.finance, now=NOW)
    assert [point.round.id for point in found.points] == [made[0].id, made[2].id]


def test_a_projects_rating_is_not_the_units(session: Session, cast: Cast) -> None:
    made = rounds(session, cast, [4, 1])
    made[1].instrument = Instrument.PROJECT
    session.flush()
    by = policy.actor_for(session, cast.rep, NOW.date())
    assert len(satisfaction.of_unit(session, by=by, unit=cast.finance, now=NOW).points) == 1


@pytest.mark.parametrize("measure", ["understands", "nonsense"])
def test_before_the_first_round_the_page_says_so(client: Client, session: Session, cast: Cast, measure: str) -> None:
    text = page(client, cast, cast.rep, measure)
    assert "No round to show yet" in text


def test_limits_drawn_anew_can_be_taken_back_for_a_reason_and_the_later_ones_stay(
    client: Client, session: Session, cast: Cast
) -> None:
    made = rounds(session, cast, [2, 2, 3, 2, 2, 3, 2, 4, 4, 5, 4, 4, 5, 4])
    path = f"/units/{cast.finance.id}/satisfaction"
    client.sign_in(cast.cio)
    for place, reason in ((9, "A new desk"), (5, "Moved house")):
        assert client.submit(path, {"round_id": str(made[place].id), "reason": reason}).status_code == 303
    assert "A new desk" in page(client, cast, cast.cio), "the later one stays in force"
    moved = session.scalars(select(Rebasing).where(Rebasing.reason == "Moved house")).one()
    back = {"rebasing_id": str(moved.id), "why": ""}
    assert client.submit(f"{path}/as-before", back).status_code == 422
    assert client.submit(f"{path}/as-before", back | {"why": "They did not move"}).status_code == 303
    assert "Moved house" not in page(client, cast, cast.cio)
    session.refresh(moved)
    assert moved.withdrawn_by_id == cast.cio.id
    assert client.submit(path, {"round_id": str(made[5].id), "reason": "Now they did"}).status_code == 303


def test_a_real_fall_is_a_signal_and_noise_is_none(session: Session, cast: Cast) -> None:
    made = rounds(session, cast, [4, 4, 5, 4, 4, 4, 4, 5, 4, 4, 4, 4, 4, 1])
    told = [satisfaction.signal(session, unit_id=cast.finance.id, upto_round=one.id) for one in (made[4], *made[-2:])]
    assert told == [None, None, "drop"]


def test_the_chart_says_who_was_rep_and_marks_where_another_came(client: Client, session: Session, cast: Cast) -> None:
    rounds(session, cast, [4, 3, 4, 5])
    held = session.scalars(select(Assignment).where(Assignment.unit_id == cast.finance.id)).one()
    held.until = (NOW - timedelta(days=45)).date()
    session.flush()
    Stage(session).lead(cast.finance, cast.colleague, since=held.until)
    text = page(client, cast, cast.rep)
    assert "Tom Okafor is lead rep from" in text
    assert "Lead rep then" in text
