"""Answering by personal link, seen from a phone without a sign-in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.services import asking, comment_outcomes, confidentiality, partial_answers, throttle
from crm.services.rounds.days import project_occasion
from models import (
    Attempt,
    AuditEntry,
    Confidentiality,
    FollowUp,
    Invitation,
    OutboxMessage,
    PartialAnswer,
    Request,
    RequestState,
    Response,
    Round,
)
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories.everything import furnish

NOW = datetime.now(UTC)


@pytest.fixture
def link(session: Session, cast: Cast) -> str:
    return invite(session, cast)


def invite(session: Session, cast: Cast, now: datetime = NOW) -> str:
    """Ask the head of Finance; the path of the link in the mail."""
    asking.ask(session, by=policy.actor_for(session, cast.rep, now.date()), unit=cast.finance, now=now)
    session.commit()
    return session.scalars(select(OutboxMessage.path).order_by(OutboxMessage.id.desc())).first() or ""


def rows(session: Session) -> tuple[int | None, ...]:
    """Everything that recording anything would change."""
    return tuple(session.scalar(select(func.count()).select_from(table)) for table in (Response, AuditEntry, Attempt))


def answers(session: Session) -> list[tuple[int, str]]:
    session.expire_all()
    return [(response.score, response.comment) for response in session.scalars(select(Response))]


def test_the_page_greets_by_name_and_needs_no_sign_in(client: Client, link: str) -> None:
    page = client.get(link)
    assert page.status_code == 200
    assert "<h1" in page.text
    assert "Amara, how did we do for Finance?" in page.text
    assert "Ines Carvalho asks." in page.text
    assert "Nothing is recorded until you press Send." in page.text
    assert "You can change your answer until" in page.text


def test_it_says_that_the_answer_is_named_and_who_reads_it_before_the_first_question(client: Client, link: str) -> None:
    text = client.get(link).text
    named = text.index("Your name stays beside your answer.")
    readers = text.index("Ines Carvalho, Margit Lindqvist (CIO)")
    assert named < readers < text.index("<legend") < text.index('type="radio"')


def test_five_words_and_none_is_chosen(client: Client, link: str) -> None:
    text = client.get(link).text
    assert re.findall(r'name="score" value="(\d)"', text) == ["1", "2", "3", "4", "5"]
    for word in ("Very poorly", "Poorly", "Neither well nor poorly", "Well", "Very well"):
        assert f"</b>{word}" in text
    assert " checked" not in text


def test_opening_the_link_records_nothing(client: Client, session: Session, link: str) -> None:
    before = rows(session)
    for headers in ({}, {"Sec-Purpose": "prefetch"}, {"Purpose": "prefetch"}, {"User-Agent": "SafeLinks"}):
        assert client.get(link, headers=headers).status_code == 200
    assert client.head(link).status_code == 200
    assert client.get(f"{link}?score=1").status_code == 200
    assert rows(session) == before


def test_sending_records_the_answer_and_thanks(client: Client, session: Session, link: str) -> None:
    sent = client.submit(link, {"score": "2", "comment": "Payments stop when I travel."}, follow_redirects=True)
    assert sent.status_code == 200
    assert "Thank you, Amara" in sent.text
    assert "2 · Poorly" in sent.text
    assert "Payments stop when I travel." in sent.text
    assert f'href="{link}"' in sent.text
    assert answers(session) == [(2, "Payments stop when I travel.")]


def test_sending_twice_corrects(client: Client, session: Session, link: str) -> None:
    client.submit(link, {"score": "2", "comment": "Slow"})
    page = client.get(link).text
    assert re.search(r'value="2"[^>]* checked', page)
    assert page.count(" checked") == 1
    assert ">\nSlow</textarea>" in page.replace("\r\n", "\n") or ">Slow</textarea>" in page
    assert "You answered “Poorly”" in page
    client.submit(link, {"score": "4", "comment": "Better"})
    assert answers(session) == [(4, "Better")]


def test_without_a_choice_the_comment_stays_and_the_message_stands_beside(
    client: Client, session: Session, link: str
) -> None:
    page = client.submit(link, {"comment": "Tell me before my team does."})
    assert page.status_code == 422
    assert "Tell me before my team does.</textarea>" in page.text
    assert 'id="score-error"' in page.text
    assert "Choose one of the five answers." in page.text
    assert answers(session) == []


@pytest.mark.parametrize("score", ["", "0", "6", "four", "4.5", "-1", "²", "9" * 5000])
def test_a_mark_off_the_scale_is_refused(client: Client, session: Session, link: str, score: str) -> None:
    page = client.submit(link, {"score": score, "comment": "Kept"})
    assert page.status_code == 422
    assert "Choose one of the five answers." in page.text
    assert answers(session) == []


def test_a_comment_that_is_too_long_is_kept_and_explained(client: Client, session: Session, link: str) -> None:
    page = client.submit(link, {"score": "4", "comment": "x" * 4001})
    assert page.status_code == 422
    assert "There is room for 4,000 characters; this has 4,001." in page.text
    assert "x" * 4001 in page.text
    assert re.search(r'value="4"[^>]* checked', page.text)
    assert client.submit(link, {"score": "4", "comment": "x\r\n" * 2000}).status_code == 303


def test_what_is_written_is_shown_as_text(client: Client, link: str) -> None:
    page = client.submit(link, {"score": "4", "comment": "<script>alert(1)</script>"}, follow_redirects=True)
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;" in page.text


def test_a_form_from_elsewhere_records_nothing(client: Client, session: Session, link: str) -> None:
    assert client.post(link, data={"score": "4"}).status_code == 400
    assert answers(session) == []


def test_the_address_of_the_page_goes_nowhere(client: Client, link: str) -> None:
    for page in (client.get(link), client.get(f"{link}/thanks"), client.get("/r/unknown")):
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"


def test_after_the_round_the_link_says_so_kindly(client: Client, session: Session, cast: Cast, link: str) -> None:
    with time_machine.travel(NOW + timedelta(days=16)):
        page = client.get(link)
        sent = client.submit(link, {"score": "4"})
    assert page.status_code == sent.status_code == 410
    assert "This round has closed" in page.text
    assert "Nothing is recorded for you" in page.text
    assert str(cast.rep.email) in page.text
    assert answers(session) == []


def test_after_the_round_the_own_answer_is_still_shown(client: Client, link: str) -> None:
    client.submit(link, {"score": "5", "comment": "Go on like this"})
    with time_machine.travel(NOW + timedelta(days=16)):
        page = client.get(link)
    assert page.status_code == 410
    assert "5 · Very well" in page.text
    assert "Go on like this" in page.text


def test_a_withdrawn_link_tells_nothing_about_anybody(client: Client, session: Session, link: str) -> None:
    client.submit(link, {"score": "1", "comment": "A secret"})
    session.scalars(select(Invitation)).one().revoked_at = NOW
    session.commit()
    for page in (client.get(link), client.get(f"{link}/thanks"), client.submit(link, {"score": "4"})):
        assert page.status_code == 410
        assert "This link was withdrawn" in page.text
        assert "Amara" not in page.text
        assert "A secret" not in page.text


def test_unknown_links_get_the_same_page_and_then_have_to_wait(client: Client, session: Session, link: str) -> None:
    first = client.get("/r/not-a-link")
    assert first.status_code == 404
    assert "We do not know this link" in first.text
    assert client.get(f"/r/{'x' * 43}").text == first.text
    assert client.get("/r/not-a-link/thanks").text == first.text
    for _ in range(throttle.LINK_BY_ADDRESS.times - 4):
        client.get("/r/another")
    assert client.submit("/r/another", {"score": "4"}).status_code == 404
    assert client.get("/r/another").status_code == 429
    assert client.submit("/r/another", {"score": "4"}).status_code == 429
    assert client.get(link).status_code == 200  # whoever has a link never waits for those who guess


def test_nobody_thanks_for_an_answer_that_was_not_given(client: Client, link: str) -> None:
    answer = client.get(f"{link}/thanks")
    assert (answer.status_code, answer.headers["Location"]) == (303, link)


def test_not_amara_has_a_way_to_tell(client: Client, session: Session, cast: Cast, link: str) -> None:
    text = client.get(link).text
    assert "Not Amara Diallo?" in text
    assert "mailto:ines.carvalho" in text
    cast.rep.email = None
    session.commit()
    text = client.get(link).text
    assert "mailto:" not in text
    assert "Close the page; nothing is recorded." in text


def test_what_became_of_the_own_requests_stands_above_the_question(
    client: Client, session: Session, cast: Cast
) -> None:
    before = NOW - timedelta(days=90)
    first = invite(session, cast, before)
    with time_machine.travel(before):
        client.submit(first, {"score": "2"})
    session.add(
        Request(
            unit_id=cast.finance.id,
            requester_id=cast.head.id,
            title="A dashboard",
            business_need="See payments as they happen",
            logged_on=before.date(),
            state=RequestState.DECLINED,
            decided_at=NOW - timedelta(days=3),
            reason="The source changes in spring",
            alternative="A monthly extract",
        )
    )
    text = client.get(invite(session, cast)).text
    told = text.index("Since you last told us")
    assert told < text.index("“See payments as they happen”") < text.index("<legend")
    assert "We said no to “A dashboard”: The source changes in spring." in text
    assert "We offered instead: A monthly extract." in text
    assert " checked" not in text


def test_the_first_time_nothing_is_told_since(client: Client, link: str) -> None:
    assert "Since you last told us" not in client.get(link).text


def outcome(session: Session, cast: Cast, link: str, by: Client, **given: Any) -> None:
    """The key user commented, and something came of it."""
    actor = policy.actor_for(session, cast.rep, NOW.date())
    people = [cast.key_user.id]
    asking.ask(session, by=actor, unit=cast.finance, now=NOW - timedelta(days=60), person_ids=people)
    session.commit()
    path = session.scalars(select(OutboxMessage.path).order_by(OutboxMessage.id.desc())).first() or ""
    with time_machine.travel(NOW - timedelta(days=59)):
        by.submit(path, {"score": "3", "comment": "My own words"})
    number = session.scalars(select(Response.id).order_by(Response.id.desc())).first() or 0
    told: dict[str, Any] = {"done": "The run is watched at night.", "now": NOW - timedelta(days=9), **given}
    comment_outcomes.write(session, by=actor, response_id=number, **told)
    session.commit()


def test_what_the_unit_was_told_stands_first_also_for_who_is_asked_the_first_time(
    client: Client, session: Session, cast: Cast, link: str
) -> None:
    outcome(session, cast, link, client, said="Night runs fail unseen", is_for_unit=True)
    text = client.get(link).text
    told = text.index("What changed of late")
    assert told < text.index("“Night runs fail unseen”") < text.index("The run is watched at night.")
    assert text.index("The run is watched at night.") < text.index("Your name stays") < text.index("<legend")
    assert "My own words" not in text
    with time_machine.travel(NOW + timedelta(days=10)):
        client.submit(link, {"score": "4"})
    with time_machine.travel(NOW + timedelta(days=12)):
        assert "Night runs" in client.get(link).text, "within a round one reads what one read at its beginning"


def test_what_came_of_somebody_elses_comment_is_told_to_nobody_else(
    client: Client, session: Session, cast: Cast, link: str
) -> None:
    outcome(session, cast, link, client)
    assert "watched at night" not in client.get(link).text


def test_the_page_takes_few_statements(client: Client, link: str, statements: StatementCounter) -> None:
    with statements:
        client.get(link)
    assert statements.count <= 8


# ---- Kept for later


def kept(session: Session) -> list[dict[str, str]]:
    session.expire_all()
    return [partial.fields for partial in session.scalars(select(PartialAnswer))]


def test_a_part_is_kept_when_asked_to_and_the_link_brings_it_back(client: Client, session: Session, link: str) -> None:
    page = client.submit(f"{link}/keep", {"comment": "Half a thought"}, follow_redirects=True)
    assert "Kept for you, Amara" in page.text
    assert "on any device" in page.text
    assert answers(session) == []
    assert kept(session) == [{"comment": "Half a thought"}]
    back = client.get(link).text
    assert "Half a thought</textarea>" in back
    assert "It is not sent yet." in back
    assert " checked" not in back


def test_what_is_wrong_is_kept_as_it_was_typed(client: Client, session: Session, link: str) -> None:
    long = "x" * 4001
    assert client.submit(f"{link}/keep", {"score": "9", "comment": long, "mail": "no field"}).status_code == 303
    assert kept(session) == [{"score": "9", "comment": long}]
    assert long in client.get(link).text
    client.submit(f"{link}/keep", {"score": "3", "comment": "nul\0l"})
    assert kept(session) == [{"score": "3", "comment": "null"}]


@pytest.mark.parametrize("comment", ["", " \r\n", "x" * 20_001], ids=["nothing", "blanks", "too much"])
def test_nothing_and_too_much_are_not_kept(client: Client, session: Session, link: str, comment: str) -> None:
    page = client.submit(f"{link}/keep", {"comment": comment})
    assert page.status_code == 422
    assert "comment-error" in page.text
    assert kept(session) == []


def test_sending_removes_what_was_kept(client: Client, session: Session, link: str) -> None:
    client.submit(f"{link}/keep", {"score": "3", "comment": "Half"})
    assert client.submit(link, {"score": "4", "comment": "Whole"}).status_code == 303
    assert (kept(session), answers(session)) == ([], [(4, "Whole")])
    assert client.get(f"{link}/kept").location == link


def test_a_correction_can_be_kept_too_and_the_answer_stands_until_it_is_sent(
    client: Client, session: Session, link: str
) -> None:
    client.submit(link, {"score": "2", "comment": "Slow"})
    client.submit(f"{link}/keep", {"score": "4", "comment": "Perhaps"})
    assert answers(session) == [(2, "Slow")]
    page = client.get(link).text
    assert "Perhaps</textarea>" in page
    assert re.search(r'value="4"[^>]* checked', page)


def test_after_the_round_nothing_is_kept_and_what_was_is_forgotten(client: Client, session: Session, link: str) -> None:
    client.submit(f"{link}/keep", {"comment": "Half"})
    assert partial_answers.forget_closed(session, now=NOW) == 0
    with time_machine.travel(NOW + timedelta(days=16)):
        page = client.submit(f"{link}/keep", {"comment": "Late"})
        assert page.status_code == 410
        assert "was not sent, and counts for nothing" in page.text
        assert client.get(f"{link}/kept").status_code == 410
        assert partial_answers.forget_closed(session, now=datetime.now(UTC)) == 1
    assert kept(session) == []


def test_an_administrator_no_longer_sees_the_link_behind_which_something_is_kept(
    client: Client, session: Session, cast: Cast, link: str
) -> None:
    number = session.scalars(select(OutboxMessage.id)).one()
    client.submit(f"{link}/keep", {"comment": "Half"})
    assert link not in client.sign_in(cast.administrator).get(f"/outbox/{number}").text


# ---- In whatever way a round is kept


def promise(session: Session, how: Confidentiality) -> None:
    opened = session.scalars(select(Round)).one()
    confidentiality.promise(opened, how)
    session.commit()


def test_a_confidential_round_keeps_the_name_to_itself_and_can_be_corrected(
    client: Client, session: Session, link: str
) -> None:
    promise(session, Confidentiality.CONFIDENTIAL)
    page = client.get(link).text
    assert "Nobody is shown your name." in page
    assert "from five answers, comments from ten, and only when the round has closed" in page
    assert "Ines Carvalho can read" not in page
    assert "Keep and go on later" in page
    thanks = client.submit(link, {"score": "1"}, follow_redirects=True).text
    assert "scores are shown from five answers and comments from ten" in thanks
    assert "replies to you" not in thanks
    assert client.submit(link, {"score": "3"}).status_code == 303
    assert answers(session) == [(3, "")]


def test_an_anonymous_round_keeps_nothing_for_later_and_says_why(client: Client, session: Session, link: str) -> None:
    promise(session, Confidentiality.ANONYMOUS)
    page = client.get(link).text
    assert "Keep and go on later" not in page
    assert "nothing can be kept for later: nothing may lead back to you" in page
    assert client.submit(f"{link}/keep", {"comment": "Half"}).status_code == 403
    assert kept(session) == []
    thanks = client.submit(link, {"score": "1"}, follow_redirects=True).text
    assert "It is kept without your name" in thanks


def test_who_rates_low_reads_who_replies_and_by_when(client: Client, session: Session, link: str) -> None:
    thanks = client.submit(link, {"score": "2"}, follow_redirects=True).text
    owed = session.scalars(select(FollowUp)).one()
    assert f"Ines Carvalho replies to you by mail, by {owed.due_on:%A} {owed.due_on.day}" in thanks
    thanks = client.submit(link, {"score": "4"}, follow_redirects=True).text
    assert "replies to you" not in thanks
    assert "Ines Carvalho reads it." in thanks


# ---- What a round is about


def test_a_pulse_names_the_review_it_follows(client: Client, session: Session, cast: Cast, link: str) -> None:
    things = furnish(session, cast, now=NOW).of_finance
    opened = session.scalars(select(Round).order_by(Round.id)).first()
    assert opened
    opened.review_id = things["review_id"]
    session.commit()
    assert f"After the review of {NOW:%A} {NOW.day} {NOW:%B}." in client.get(link).text


@pytest.mark.parametrize(
    ("months", "told"),
    [
        (0, "It has just been delivered."),
        (3, "Three months after it was delivered."),
        (6, "Six months after it was delivered."),
    ],
)
def test_a_project_round_names_its_project_and_how_long_ago_it_was_delivered(
    client: Client, session: Session, cast: Cast, link: str, months: int, told: str
) -> None:
    things = furnish(session, cast, now=NOW).of_finance
    opened = session.scalars(select(Round).order_by(Round.id)).first()
    assert opened
    opened.project_id = things["project_id"]
    opened.occasion = project_occasion(opened.project_id, months)
    session.commit()
    page = client.get(link).text
    assert "Amara, how well does Ledger of Finance serve Finance?" in page
    assert told in page


# ---- In the reader's language


def test_the_pages_speak_the_language_of_the_mail(client: Client, session: Session, cast: Cast, link: str) -> None:
    cast.head.language = "de"
    session.commit()
    page = client.get(link).text
    assert '<html lang="de"' in page
    assert "Guten Tag Amara Diallo, wie gut waren wir für Finance?" in page
    assert "</b>Sehr schlecht" in page
    assert "Antwort senden" in page
    refused = client.submit(link, {"comment": "x" * 4001})
    assert "Wählen Sie eine der fünf Antworten." in refused.text
    assert "Es ist Platz für 4.000 Zeichen; dies sind 4.001." in refused.text
    assert "Sehen Sie sich zwei Angaben noch einmal an." in refused.text
    assert "Für Sie aufgehoben" in client.submit(f"{link}/keep", {"score": "2"}, follow_redirects=True).text
    assert "Wie es weitergeht" in client.submit(link, {"score": "2"}, follow_redirects=True).text
    with time_machine.travel(NOW + timedelta(days=16)):
        assert "Diese Runde ist zu Ende" in client.get(link).text
