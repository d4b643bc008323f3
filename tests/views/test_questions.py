"""The pages on which the CIO changes what is asked."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Instrument, QuestionSet
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter

EDIT = "/questions/survey/edit"
ONE = {
    "base": "1",
    "questions-0-key": "understands",
    "questions-0-text": "We understand what {unit} needs",
    "questions-0-kind": "extent",
    "questions-0-per": "once",
    "questions-0-is_weighed": "y",
}
TWO = ONE | {
    "questions-1-key": "",
    "questions-1-text": "How well does {service} serve you?",
    "questions-1-kind": "score",
    "questions-1-per": "service",
    "questions-1-has_zone": "y",
}


def press(client: Client, button: str, data: dict[str, Any], status: int = 200) -> str:
    answer = client.submit(EDIT, data | {"do": button})
    assert answer.status_code == status, answer.text
    return answer.text


def test_the_three_instruments_are_listed_with_the_version_in_force(client: Client, cast: Cast) -> None:
    page = client.sign_in(cast.cio).get("/questions").text
    for words in ("The pulse", "The survey", "The project questions", "We keep you informed", "Version 1"):
        assert words in page
    assert "That takes thirty seconds, so nothing can be added." in page
    assert page.count("questions/survey/edit") == 1
    assert "questions/pulse/edit" not in page
    for path in ("/questions/pulse/edit", "/questions/pulse", "/questions/torture", "/questions/survey/9"):
        assert client.get(path).status_code == 404


def test_reps_read_what_is_asked_and_change_nothing(client: Client, cast: Cast) -> None:
    client.sign_in(cast.rep)
    for path in ("/questions", "/questions/survey", "/questions/survey/1"):
        page = client.get(path)
        assert page.status_code == 200
        assert "/edit" not in page.text
    assert client.get(EDIT).status_code == 403
    assert client.submit(EDIT, TWO | {"do": "save", "reason": "Mine"}).status_code == 403
    assert client.sign_in(cast.head).get("/questions").status_code == 403


def test_rows_move_come_and_go_by_buttons_and_keep_what_was_typed(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.cio)
    down = press(client, "down-0", TWO)
    assert down.index("How well does {service}") < down.index("We understand what {unit}")
    up = press(client, "up-1", TWO)
    assert up.index("How well does {service}") < up.index("We understand what {unit}")
    assert "Question 3" in press(client, "add", TWO)
    gone = press(client, "remove-0", TWO)
    assert "We understand what {unit}" not in gone
    assert 'name="questions-0-has_zone" type="checkbox" value="y"' in gone
    for odd in ("up-9", "remove-", "remove-²", "nonsense", ""):
        assert press(client, odd, TWO).count("Take away") == 2
    assert session.scalar(select(func.count(QuestionSet.id))) == 0


@pytest.mark.parametrize("text", ["We know {uint}", "We know {person}", "Half a {unit", ""])
def test_a_wrong_name_in_braces_is_refused_beside_the_field(client: Client, cast: Cast, text: str) -> None:
    client.sign_in(cast.cio)
    page = press(client, "see", TWO | {"questions-0-text": text}, 422)
    assert 'id="questions-0-text-error"' in page
    assert "How well does {service} serve you?" in page


def test_the_page_is_seen_as_a_head_will_before_it_is_saved(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.cio)
    page = press(client, "see", TWO)
    assert '<div class="phone" inert>' in page
    assert "We understand what Corporate services needs" in page
    assert "How well does Mail serve you?" in page
    assert "This becomes version 2" in page
    assert "“We keep you informed” is no longer asked: its chart ends." in page
    assert session.scalar(select(func.count(QuestionSet.id))) == 0
    assert "Take away" in press(client, "back", TWO)


def test_saving_asks_for_a_reason_and_for_the_meaning_of_other_words(
    client: Client, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.cio)
    reworded = TWO | {"questions-0-text": "We know what {unit} needs", "reason": "Plainer"}
    asked = press(client, "save", reworded, 422)
    assert "Does it still ask the same?" in asked
    assert "Say whether it still asks the same." in asked
    meant = reworded | {"questions-0-meaning": "same"}
    assert "Say why; it stays with the version." in press(client, "save", meant | {"reason": ""}, 422)
    assert client.submit(EDIT, meant | {"do": "save"}).status_code == 303
    page = client.get("/questions/survey").text
    assert "Version 2 is asked now." in page
    assert "Plainer" in page
    assert "is worded “We know what {unit} needs”: its chart goes on." in page
    assert "Not asked yet." in page
    assert "We know what Corporate services needs" in client.get("/questions/survey/2").text
    assert "We keep you informed" in client.get("/questions/survey/1").text


def test_the_second_of_two_editors_is_told_what_the_first_did_and_keeps_what_was_typed(
    client: Client, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.cio)
    assert client.submit(EDIT, TWO | {"do": "save", "reason": "Shorter"}).status_code == 303
    client.sign_in(cast.administrator)
    mine = ONE | {"do": "save", "reason": "Only the one", "questions-0-is_weighed": ""}
    clash = client.submit(EDIT, mine)
    assert clash.status_code == 409
    assert "Margit Lindqvist was faster" in clash.text
    assert "What was saved meanwhile" in clash.text
    assert "“We keep you informed” is no longer asked" in clash.text
    assert "Only the one" in clash.text
    assert client.submit(EDIT, mine | {"base": "2"}).status_code == 303
    assert session.scalar(select(func.max(QuestionSet.version))) == 3


def test_a_form_that_was_tampered_with_breaks_nothing(client: Client, cast: Cast) -> None:
    client.sign_in(cast.cio)
    odd = {
        "base": "x",
        "questions-0-key": "\0",
        "questions-0-text": "Why?",
        "questions-0-kind": "torture",
        "questions-7-per": "9",
    }
    assert client.submit(EDIT, odd | {"do": "see"}).status_code == 422
    assert client.submit(EDIT, odd | {"do": "save", "reason": "?", "questions-7-text": "And?"}).status_code == 409
    assert client.submit(EDIT, {"do": "save"}).status_code == 422


def test_the_pages_take_few_statements(
    client: Client, session: Session, cast: Cast, statements: StatementCounter
) -> None:
    client.sign_in(cast.cio)
    client.submit(EDIT, TWO | {"do": "save", "reason": "Shorter"})
    for path in ("/questions", "/questions/survey", "/questions/survey/2", EDIT):
        with statements:
            assert client.get(path).status_code == 200
        assert statements.count <= 12, path
    assert session.scalar(select(func.count(QuestionSet.id)).where(QuestionSet.instrument == Instrument.SURVEY)) == 2
