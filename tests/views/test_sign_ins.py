"""Signing in and out, seen from the browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import passwords
from models import OutboxMessage, SignIn
from tests.cast import Cast
from tests.client import Client

PASSWORD = "four unrelated kettle words"


@pytest.fixture
def with_password(session: Session, cast: Cast) -> Cast:
    passwords.set_for(cast.rep, PASSWORD)
    session.commit()
    return cast


def sign_in(client: Client, email: str, password: str, **more: str) -> int:
    return client.submit("/sign-in", {"email": email, "password": password, **more}).status_code


def test_the_right_password_signs_in_whatever_the_case_of_the_address(client: Client, with_password: Cast) -> None:
    assert sign_in(client, "INES.Carvalho@Fernhill.Example", PASSWORD) == 303
    assert client.get("/me").status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client, with_password: Cast) -> None:
    wrong = client.submit("/sign-in", {"email": with_password.rep.email, "password": "not this one, no"})
    unknown = client.submit("/sign-in", {"email": "nobody@fernhill.example", "password": "not this one, no"})
    assert wrong.status_code == unknown.status_code == 422
    assert "That did not match" in wrong.text
    assert "That did not match" in unknown.text
    assert "nobody@fernhill.example" in unknown.text  # what was typed comes back


def test_after_five_wrong_tries_even_the_right_password_waits_a_minute(client: Client, with_password: Cast) -> None:
    email = str(with_password.rep.email)
    for _ in range(5):
        assert sign_in(client, email, "wrong and wrong again") == 422
    refused = client.submit("/sign-in", {"email": email, "password": PASSWORD})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_the_session_gets_a_new_token_at_sign_in_and_the_old_one_ends(client: Client, with_password: Cast) -> None:
    client.sign_in(with_password.rep)
    with client.session_transaction() as browser:
        before = browser["_user_id"]
    client.submit("/sign-out")
    assert sign_in(client, str(with_password.rep.email), PASSWORD) == 303
    with client.session_transaction() as browser:
        after = browser["_user_id"]
        browser["_user_id"] = before
    assert before != after
    assert client.get("/me").status_code == 303


def test_signing_out_ends_the_session_on_the_server(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.rep)
    assert client.submit("/sign-out").status_code == 303
    assert session.scalars(select(SignIn)).all() == []


def test_signing_out_everywhere_ends_the_other_browser_too(app: Flask, client: Client, cast: Cast) -> None:
    other = app.test_client()
    assert isinstance(other, Client)
    client.sign_in(cast.rep)
    other.sign_in(cast.rep)
    client.submit("/me/sign-out-everywhere")
    assert other.get("/me").status_code == 303


def test_a_session_ends_after_twelve_idle_hours(client: Client, cast: Cast) -> None:
    client.sign_in(cast.rep)
    with time_machine.travel(timedelta(hours=12, minutes=1)):
        assert client.get("/me").status_code == 303


def test_a_session_in_use_ends_after_fourteen_days(client: Client, cast: Cast) -> None:
    client.sign_in(cast.rep)
    for hours in range(6, 14 * 24, 6):
        with time_machine.travel(timedelta(hours=hours)):
            assert client.get("/me").status_code == 200
    with time_machine.travel(timedelta(days=14, minutes=1)):
        assert client.get("/me").status_code == 303


def test_who_has_left_is_signed_out_at_once(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.rep)
    cast.rep.left_on = cast.actor(session, cast.rep).today
    session.commit()
    assert client.get("/me").status_code == 303


def test_a_stranger_is_sent_to_sign_in_and_then_to_where_the_link_led(client: Client, with_password: Cast) -> None:
    asked = client.get("/units?text=fin")
    assert asked.headers["Location"].endswith("/sign-in?next=/units?text%3Dfin"), asked.headers["Location"]
    entered = client.submit(
        "/sign-in", {"email": with_password.rep.email, "password": PASSWORD, "next": "/units?text=fin"}
    )
    assert entered.headers["Location"] == "/units?text=fin"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
def test_signing_in_never_leads_elsewhere(client: Client, with_password: Cast, elsewhere: str) -> None:
    entered = client.submit("/sign-in", {"email": with_password.rep.email, "password": PASSWORD, "next": elsewhere})
    assert entered.headers["Location"] == "/"


def test_what_was_typed_before_the_sign_in_expired_comes_back(client: Client, with_password: Cast) -> None:
    page = client.submit("/settings", {"reason": "a <long> thought", "name": ["one", "two"]})
    assert page.status_code == 401
    kept = re.search(r'name="kept" value="([^"]*)"', page.text)
    assert kept is not None
    resumed = client.submit(
        "/sign-in",
        {
            "email": with_password.rep.email,
            "password": PASSWORD,
            "next": "/settings",
            "kept": kept[1].replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">"),
        },
    )
    assert resumed.status_code == 200
    assert 'action="/settings"' in resumed.text
    assert "a &lt;long&gt; thought" in resumed.text
    assert 'value="one"' in resumed.text
    assert 'value="two"' in resumed.text


def test_the_one_click_sign_in_exists_only_in_the_demonstration(client: Client, cast: Cast) -> None:
    assert client.submit(f"/sign-in/as/{cast.rep.id}").status_code == 404
    assert "Ines Carvalho" not in client.get("/sign-in").text


def test_a_forgotten_password_is_answered_alike_for_known_and_unknown(
    client: Client, session: Session, with_password: Cast
) -> None:
    known = client.submit("/forgotten", {"email": with_password.rep.email})
    unknown = client.submit("/forgotten", {"email": "nobody@fernhill.example"})
    assert known.text.split("<main")[1] == unknown.text.split("<main")[1]
    assert session.scalars(select(OutboxMessage.to_address)).all() == [with_password.rep.email]


def test_a_password_link_works_once(client: Client, session: Session, cast: Cast) -> None:
    client.submit("/forgotten", {"email": cast.rep.email})
    path = session.scalars(select(OutboxMessage.path)).one()
    assert client.get(path).status_code == 200
    assert client.submit(path, {"password": "short"}).status_code == 422
    assert client.submit(path, {"password": "password123456"}).status_code == 422
    assert client.submit(path, {"password": PASSWORD}).status_code == 303
    assert client.get("/me").status_code == 200
    assert client.get(path).status_code == 410


def test_a_newer_password_link_ends_the_older(client: Client, session: Session, cast: Cast) -> None:
    for _ in range(2):
        client.submit("/forgotten", {"email": cast.rep.email})
    older, newer = session.scalars(select(OutboxMessage.path).order_by(OutboxMessage.id)).all()
    assert client.get(older).status_code == 410
    assert client.get(newer).status_code == 200


def test_a_form_without_its_token_is_refused(client: Client, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    assert client.post("/settings", data={"name": "x"}).status_code == 400


def test_a_form_of_an_older_session_loses_nothing(client: Client, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    typed = {"name": "Fernhill", "reason": "We have a new name", "csrf_token": "of yesterday"}
    page = client.post("/settings", data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert page.status_code == 400
    assert "We have a new name" in page.text
    assert 'action="/settings"' in page.text


def test_a_form_from_elsewhere_is_only_refused(client: Client, cast: Cast) -> None:
    typed = {"name": "Fernhill", "reason": "planted", "csrf_token": "none"}
    page = client.post("/settings", data=typed, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 400
    assert "planted" not in page.text
