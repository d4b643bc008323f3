"""Asking, correcting and attaching, as a browser does it."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crm.services import clock
from models import Origin, Request, RequestKind, RequestState, Severity
from models.request_part import Attachment
from tests.cast import Cast
from tests.client import Client
from tests.factories.files import GOOD
from tests.views.test_requests import wish

PHOTO = GOOD["photo.jpg"]


def new_path(cast: Cast) -> str:
    return f"/units/{cast.finance.id}/requests/new"


def ask(client: Client, cast: Cast, *files: tuple[bytes, str], **told: Any) -> TestResponse:
    words = {"title": "A dashboard", "business_need": "To see spend", "kind": "standard", **told}
    sent = [(io.BytesIO(content), name) for content, name in files] or [(io.BytesIO(), "")]
    return client.submit(new_path(cast), {**words, "files": sent}, content_type="multipart/form-data")


def only(session: Session) -> Request:
    session.expire_all()
    return session.scalars(select(Request)).one()


def test_a_head_asks_with_a_photo_and_reads_it_back(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.head)
    page = client.get(new_path(cast)).text
    assert "Something new or different" in page
    assert "Non-standard" not in page
    assert "What it costs" not in page
    told = {"value_wanted": "A day", "value_low": "20.000", "value_high": "35k", "wished_for": "2099-03-01"}
    answer = ask(client, cast, (PHOTO, "photo.jpg"), (GOOD["letter.pdf"], "Brief Müller.pdf"), **told)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "€\N{NO-BREAK SPACE}20,000 to 35,000 a year" in page
    assert "Sun 1 March 2099" in page
    links = re.findall(r'href="(/requests/\d+/files/\d+)"', page)
    assert [client.get(link).data for link in links] == [PHOTO, GOOD["letter.pdf"]]


def test_a_file_is_served_to_be_saved_and_never_to_be_shown(client: Client, cast: Cast) -> None:
    client.sign_in(cast.head)
    answer = ask(client, cast, (PHOTO, "../up; filename=x.exe \u202e é.jpg"))
    link = re.findall(r'href="(/requests/\d+/files/\d+)"', client.get(answer.location).text)[0]
    got = client.get(link)
    assert got.headers["Content-Type"] == "image/jpeg"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in got.headers["Content-Security-Policy"]
    said = got.headers["Content-Disposition"]
    assert said.startswith("attachment; filename=")
    assert "filename*=UTF-8''" in said
    assert not set("\r\n/\\") & set(said)
    assert "%E2%80%AE" not in said, "nothing that turns the reading direction"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ\x90\x00", "tool.exe", "of a kind we do not keep"),
        (b"<script>alert(1)</script>", "photo.jpg", "not what its name says"),
        (b"", "empty.pdf", "is empty"),
        (b"<svg onload=alert(1)>", "<b>x</b>.svg", "of a kind we do not keep"),
    ],
)
def test_a_refused_file_leaves_the_form_as_typed(
    client: Client, cast: Cast, session: Session, app: Flask, content: bytes, name: str, words: str
) -> None:
    client.sign_in(cast.head)
    before = stored(app)
    answer = ask(client, cast, (PHOTO, "photo.jpg"), (content, name), value_wanted="A day", wished_for="2099-03-01")
    assert answer.status_code == 422
    assert words in answer.text
    assert "<b>x</b>" not in answer.text
    for typed in ("A dashboard", "To see spend", "A day", "2099-03-01"):
        assert typed in answer.text
    assert '<details class="more" open>' in answer.text
    assert session.scalar(select(func.count(Request.id))) == 0
    assert stored(app) == before


def stored(app: Flask) -> list[Path]:
    return sorted(app.extensions["files"].folder.glob("*/*"))


def test_a_figure_nobody_can_read_comes_back_as_typed(client: Client, cast: Cast) -> None:
    client.sign_in(cast.rep)
    answer = ask(client, cast, cost_low="a lot", hours_low="9", hours_high="3", value_low="7")
    assert answer.status_code == 422
    assert "Write a figure like 20,000." in answer.text
    assert 'value="a lot"' in answer.text
    answer = ask(client, cast, hours_low="9", hours_high="3")
    assert "This is less than where it begins." in answer.text


def test_what_is_far_too_large_is_refused_kindly(client: Client, cast: Cast) -> None:
    client.sign_in(cast.head)
    answer = client.post(new_path(cast), environ_overrides={"CONTENT_LENGTH": str(21 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "what you typed is still there" in answer.text


def test_it_offers_something_with_what_it_costs_and_where_it_is_followed(
    client: Client, cast: Cast, session: Session
) -> None:
    client.sign_in(cast.rep)
    page = client.get(new_path(cast)).text
    assert "may we suggest" in page
    told = {"kind": "offer", "leaves_usual_way": "y", "cost_low": "500", "hours_low": "4", "hours_high": "8"}
    answer = ask(client, cast, requester_id=str(cast.head.id), link="https://desk.example/REQ-17", **told)
    assert answer.status_code == 303
    request = only(session)
    assert (request.origin, request.kind) == (Origin.OFFERED, RequestKind.NON_STANDARD)
    assert (request.cost_high, request.hours_high, request.requester_id) == (Decimal(500), Decimal(8), cast.head.id)
    client.sign_in(cast.head)
    page = client.get(answer.location).text
    for words in ("Offered by us", "€\N{NO-BREAK SPACE}500", "4 to 8 hours", "desk.example"):
        assert words in page
    assert 'href="https://desk.example/REQ-17"' in page


def test_a_complaint_says_how_bad_it_is(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.head)
    assert ask(client, cast, kind="complaint", severity="critical").status_code == 303
    request = only(session)
    assert (request.kind, request.severity) == (RequestKind.COMPLAINT, Severity.CRITICAL)


# ---- Correcting


def form_of(client: Client, path: str) -> dict[str, str]:
    """What a browser would send back unchanged: the hidden signature, and the words."""
    page = client.get(path).text
    found = re.search(r'name="seen"[^>]*value="(\w+)"', page)
    assert found, "no form"
    return {"seen": found[1], "kind": "standard", "title": "A dashboard", "business_need": "To see spend in time"}


def test_a_head_corrects_the_own_words_until_it_is_decided(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast)
    path = f"/requests/{request.id}/edit"
    client.sign_in(cast.head)
    assert f'href="{path}"' in client.get(f"/requests/{request.id}").text
    typed = {**form_of(client, path), "title": "A report", "wished_for": "2099-03-01"}
    assert client.submit(path, typed).status_code == 303
    assert (only(session).title, only(session).wished_for) == ("A report", date(2099, 3, 1))
    typed = {**form_of(client, path), "title": "", "value_wanted": "A day"}
    answer = client.submit(path, typed)
    assert answer.status_code == 422
    assert "Say in a few words what is asked for." in answer.text
    assert 'value="A day"' in answer.text


def test_what_was_decided_while_somebody_wrote_loses_nobodys_words(
    client: Client, cast: Cast, session: Session
) -> None:
    request = wish(session, cast)
    path = f"/requests/{request.id}/edit"
    client.sign_in(cast.head)
    typed = {**form_of(client, path), "business_need": "My long words"}
    session.refresh(request)
    request.state = RequestState.ACCEPTED
    session.commit()
    answer = client.submit(path, typed)
    assert answer.status_code == 422
    assert "now it stays as it was asked for" in answer.text
    assert "My long words" in answer.text
    assert f'href="{path}"' not in client.get(f"/requests/{request.id}").text


def test_of_two_at_once_the_second_sees_both(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast)
    path = f"/requests/{request.id}/edit"
    client.sign_in(cast.key_user)
    typed = {**form_of(client, path), "title": "A chart"}
    client.sign_in(cast.head)
    client.submit(path, {**form_of(client, path), "title": "A report"})
    client.sign_in(cast.key_user)
    answer = client.submit(path, typed)
    assert answer.status_code == 409
    assert "Amara Diallo saved this while you wrote." in answer.text
    assert "A report" in answer.text
    assert 'value="A chart"' in answer.text
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', answer.text)
    assert seen
    assert client.submit(path, {**typed, "seen": seen[1]}).status_code == 303
    assert only(session).title == "A chart"


def test_it_says_what_it_costs_beside_words_that_are_not_its_own(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.head)
    path = ask(client, cast).location + "/edit"
    client.sign_in(cast.rep)
    page = client.get(path).text
    assert "The words are Finance’s own." in page
    assert 'name="title"' not in page
    assert 'value="offer"' not in page
    typed = {**form_of(client, path), "title": "Ours", "cost_low": "900", "kind": "non_standard"}
    assert client.submit(path, typed).status_code == 303
    request = only(session)
    assert (request.title, request.cost_low, request.kind) == ("A dashboard", Decimal(900), RequestKind.NON_STANDARD)
    client.sign_in(cast.head)
    assert client.submit(path, {**form_of(client, path), "title": "A report"}).status_code == 303
    assert (only(session).title, only(session).kind) == ("A report", RequestKind.NON_STANDARD)


@pytest.mark.parametrize(("name", "status"), [("colleague", 403), ("outsider", 404), ("cio", 403)])
def test_nobody_else_corrects_or_attaches(client: Client, cast: Cast, session: Session, name: str, status: int) -> None:
    request = wish(session, cast)
    client.sign_in(getattr(cast, name))
    assert client.get(f"/requests/{request.id}/edit").status_code == status
    assert client.submit(f"/requests/{request.id}/edit", {"title": "Mine"}).status_code == status
    assert client.submit(f"/requests/{request.id}/files").status_code == status


# ---- Files of a request that is there


def attach(client: Client, request: Request, content: bytes, name: str) -> str:
    sent = {"files": [(io.BytesIO(content), name)]}
    answer = client.submit(f"/requests/{request.id}/files", sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    return client.get(f"/requests/{request.id}").text


def test_a_file_comes_later_and_goes_again(client: Client, cast: Cast, session: Session, app: Flask) -> None:
    request = wish(session, cast)
    client.sign_in(cast.key_user)
    assert "“photo.jpg” is with it now." in attach(client, request, PHOTO, "photo.jpg")
    assert "of a kind we do not keep" in attach(client, request, b"MZ", "tool.exe")
    client.submit(f"/requests/{request.id}/files")
    file = session.scalars(select(Attachment)).one()
    path = f"/requests/{request.id}/files/{file.id}"
    bytes_ = app.extensions["files"].path(file.key)
    assert bytes_.exists()
    client.sign_in(cast.head)
    assert f"{path}/remove" not in client.get(f"/requests/{request.id}").text
    assert client.submit(f"{path}/remove").status_code == 403
    client.sign_in(cast.rep)
    assert client.submit(f"{path}/remove").status_code == 303
    assert client.get(path).status_code == 404


def test_nobody_of_another_unit_reads_a_file(client: Client, cast: Cast, session: Session) -> None:
    request, foreign = wish(session, cast), wish(session, cast, unit_id=cast.legal.id, requester_id=None)
    client.sign_in(cast.head)
    attach(client, request, PHOTO, "photo.jpg")
    file = session.scalars(select(Attachment)).one()
    client.sign_in(cast.outsider)
    assert client.get(f"/requests/{request.id}/files/{file.id}").status_code == 404
    assert client.get(f"/requests/{foreign.id}/files/{file.id}").status_code == 404, "by way of the own request"
    client.sign_in(cast.administrator)
    assert client.get(f"/requests/{request.id}/files/{file.id}").status_code == 403
    client.sign_in(cast.cio)
    assert client.get(f"/requests/{request.id}/files/{file.id}").data == PHOTO


def test_the_wished_day_is_not_over(client: Client, cast: Cast) -> None:
    client.sign_in(cast.head)
    answer = ask(client, cast, wished_for="2020-01-01")
    assert answer.status_code == 422
    assert "That day is over." in answer.text
    today = clock.local_date(clock.now(), "Europe/Lisbon").isoformat()
    assert ask(client, cast, wished_for=today).status_code == 303


# ---- Entered by mistake


def test_what_was_entered_by_mistake_goes_with_its_files(
    client: Client, cast: Cast, session: Session, app: Flask
) -> None:
    client.sign_in(cast.head)
    path = ask(client, cast, (PHOTO, "photo.jpg")).location
    file = app.extensions["files"].path(session.scalars(select(Attachment.key)).one())
    assert file.exists()
    client.sign_in(cast.rep)
    assert "Take it back" not in client.get(f"{path}/edit").text, "somebody else's"
    assert client.submit(f"{path}/remove").status_code == 303
    assert only(session).title == "A dashboard"
    client.sign_in(cast.head)
    assert "Take it back" in client.get(f"{path}/edit").text
    assert client.submit(f"{path}/remove").status_code == 303
    session.expire_all()
    assert session.scalar(select(func.count(Request.id))) == 0
    assert client.get(path).status_code == 404
    session.commit()
    assert session.scalar(select(func.count(Attachment.id))) == 0


@pytest.mark.parametrize("kind", ["standard", "complaint"])
def test_what_somebody_looked_at_and_what_is_a_complaint_stays(
    client: Client, cast: Cast, session: Session, kind: str
) -> None:
    client.sign_in(cast.head)
    path = ask(client, cast, kind=kind).location
    if kind == "standard":
        client.sign_in(cast.rep)
        client.submit(f"{path}/move", {"to": "looking"})
        client.sign_in(cast.head)
    answer = client.submit(f"{path}/remove")
    assert "only until somebody has looked at it" in client.get(answer.location).text
    assert only(session).title == "A dashboard"
