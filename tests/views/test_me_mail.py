"""One's own mail: language, hours, kinds; and the one click that ends a kind."""

from __future__ import annotations

import re
from datetime import time

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.services import mail_preferences, stop_links
from models import MailPreference
from models.mail import MailChoice, MailKind
from tests.cast import Cast
from tests.client import Client
from tests.conftest import SECRET_KEY
from tests.views.pages import controls

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def choice(session: Session, person_id: int, kind: MailKind) -> MailChoice:
    session.expire_all()
    return mail_preferences.choices(session, [person_id])[person_id, kind]


def test_each_role_is_asked_only_about_mail_it_can_get(client: Client, cast: Cast) -> None:
    rep = client.sign_in(cast.rep).get("/me/mail").text
    assert 'name="agenda"' in rep
    assert 'name="weekly"' not in rep
    assert 'name="handover"' not in rep, "what is not optional is no choice"
    head = client.sign_in(cast.head).get("/me/mail").text
    assert 'name="rating_reminder"' in head
    assert "In the daily mail" not in head
    assert 'name="weekly"' in client.sign_in(cast.cio).get("/me/mail").text
    assert client.sign_in(cast.administrator).get("/me/mail").status_code == 200


def test_language_hours_and_kinds_are_kept_and_only_what_differs_is_a_choice(
    client: Client, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.rep)
    form = controls(client.get("/me/mail").text)
    given = {"language": "de", "time_zone": "Europe/Berlin", "quiet_since": "19:00", "quiet_until": "06:30"}
    answer = client.submit("/me/mail", form | given | {"agenda": "never"})
    assert answer.status_code == 303
    session.refresh(cast.rep)
    assert (cast.rep.language, cast.rep.time_zone) == ("de", "Europe/Berlin")
    assert (cast.rep.quiet_since, cast.rep.quiet_until) == (time(19), time(6, 30))
    assert choice(session, cast.rep.id, MailKind.AGENDA) is MailChoice.NEVER
    assert session.scalar(select(func.count()).select_from(MailPreference)) == 1
    shown = controls(client.get("/me/mail").text)
    assert (shown["agenda"], shown["log"], shown["quiet_since"]) == (["never"], ["digest"], ["19:00"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"quiet_since": "19:00", "quiet_until": ""}, "Give both times, or neither."),
        ({"time_zone": "Moon/Tranquility"}, "Not a valid choice"),
        ({"language": "xx"}, "Not a valid choice"),
        ({"agenda": "sometimes"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    client: Client, session: Session, cast: Cast, given: dict[str, str], said: str
) -> None:
    client.sign_in(cast.rep)
    answer = client.submit("/me/mail", controls(client.get("/me/mail").text) | given)
    assert answer.status_code == 422
    assert said in answer.text
    session.refresh(cast.rep)
    assert (cast.rep.language, cast.rep.time_zone, cast.rep.quiet_since) == ("", None, None)


def test_the_administrator_says_in_which_language_somebody_is_written_to(
    client: Client, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    path = f"/people/{cast.specialist.id}"
    form = {"name": cast.specialist.name, "email": cast.specialist.email, "job_title": "", "language": "de"}
    assert client.submit(path, form).status_code == 303
    session.refresh(cast.specialist)
    assert cast.specialist.language == "de"


# ---- One click


@pytest.fixture
def link(cast: Cast) -> str:
    return stop_links.path(SECRET_KEY, cast.rep.id, MailKind.DIGEST)


def test_a_mail_program_ends_it_without_cookie_token_or_redirect(
    app: Flask, session: Session, cast: Cast, link: str
) -> None:
    answer = app.test_client().post(link, data=ONE_CLICK)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert choice(session, cast.rep.id, MailKind.DIGEST) is MailChoice.NEVER
    assert app.test_client().post(link, data=ONE_CLICK, content_type="multipart/form-data").status_code == 200


def test_looking_at_the_link_records_nothing(client: Client, session: Session, cast: Cast, link: str) -> None:
    assert "Stop “The daily mail”?" in client.get(link).text
    assert choice(session, cast.rep.id, MailKind.DIGEST) is MailChoice.NOW


def test_the_button_ends_it_and_it_can_be_undone(client: Client, session: Session, cast: Cast, link: str) -> None:
    answer = client.post(link, follow_redirects=True)
    assert "“The daily mail” has stopped" in answer.text
    assert choice(session, cast.rep.id, MailKind.DIGEST) is MailChoice.NEVER
    again = client.submit(f"{link}/undo", follow_redirects=True)
    assert "Stop “The daily mail”?" in again.text
    assert choice(session, cast.rep.id, MailKind.DIGEST) is MailChoice.NOW


def test_the_page_speaks_the_language_of_who_got_the_mail(
    client: Client, session: Session, cast: Cast, link: str
) -> None:
    cast.rep.language = "de"
    session.commit()
    page = client.get(link).text
    assert "„Die tägliche Mail“ abbestellen?" in page
    assert 'lang="de"' in page


def test_only_ending_is_taken_without_a_forms_token(client: Client, link: str) -> None:
    assert client.post(f"{link}/undo").status_code == 400


def test_a_link_we_did_not_sign_is_unknown_and_guessing_is_slowed_down(client: Client, cast: Cast, link: str) -> None:
    forged = [
        link[:-2] + ("AA" if link[-2:] != "AA" else "BB"),
        stop_links.path("another key " * 4, cast.rep.id, MailKind.DIGEST),
        stop_links.path(SECRET_KEY, cast.rep.id, MailKind.ACCOUNT),
        stop_links.path(SECRET_KEY, 2**31 - 1, MailKind.DIGEST),
        "/stop/x",
    ]
    for path in forged:
        assert client.get(path).status_code == 404
        assert client.post(path, data=ONE_CLICK).status_code == 404
    for _ in range(30):
        status = client.get("/stop/x").status_code
    assert status == 429
    assert client.get(link).status_code == 200, "a known link never waits"


# ---- As it will look


def test_a_mail_is_shown_as_it_will_look_in_a_frame_that_can_do_nothing(
    client: Client, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.rep).submit(f"/units/{cast.finance.id}/ask", {"people": [cast.head.id]})
    client.sign_in(cast.head)
    (number,) = set(re.findall(r"/outbox/(\d+)", client.get("/outbox").text))
    page = client.get(f"/outbox/{number}").text
    assert re.search(rf'<iframe[^>]* src="/outbox/{number}/as-mail" sandbox', page)
    answer = client.get(f"/outbox/{number}/as-mail")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox")
    assert "frame-ancestors 'self'" in policy
    assert set(re.findall(r'href="([^"]*)"', answer.text)) == {"#"}, "a personal link is nobody else's"
    assert client.sign_in(cast.outsider).get(f"/outbox/{number}/as-mail").status_code == 404
