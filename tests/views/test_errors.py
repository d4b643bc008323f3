"""Error pages: the right status, calm words, the way back, and no need of a database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, abort
from werkzeug.test import TestResponse

from crm import create_app
from crm.config import Settings
from crm.errors import Conflict, CrmError, Forbidden, Gone, Invalid, NotFound, TooMany
from tests.page_checks import check_page, text_of
from views.access import PUBLIC, allow
from views.errors import PAGES

RAISED: dict[str, Callable[[], Exception]] = {
    "not-found": lambda: NotFound("There is no such unit."),
    "forbidden": lambda: Forbidden("You may not decide a request."),
    "gone": lambda: Gone("This link was good until 24 November."),
    "too-many": lambda: TooMany("Too many tries.", 125),
    "too-many-now": lambda: TooMany("Too many tries.", 1),
    "invalid": lambda: Invalid("need", "Say what the unit needs it for"),
    "conflict": lambda: Conflict("code", "FIN is taken by Finance"),
    "hostile": lambda: CrmError("<script>alert('x')</script>"),
    "bug": lambda: ZeroDivisionError("secret detail"),
}


@pytest.fixture(scope="module")
def broken_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application whose database cannot be reached, with a route for each way to fail."""
    folder: Path = tmp_path_factory.mktemp("errors")
    settings = Settings(database_url=f"sqlite:///{folder / 'away.db'}", secret_key="x" * 40)
    app = create_app(settings)
    app.extensions["database"].engine.dispose()
    (folder / "away.db").mkdir()

    @app.get("/raise/<name>")
    @allow(PUBLIC)
    def fail(name: str) -> str:
        raise RAISED[name]()

    @app.get("/status/<int:status>")
    @allow(PUBLIC)
    def status(status: int) -> str:
        abort(status)

    @app.post("/form")
    @allow(PUBLIC)
    def form() -> str:
        return "sent"

    @app.get("/closed")
    def closed() -> str:
        return "nobody may read this"

    return app


def get(app: Flask, path: str) -> TestResponse:
    response = app.test_client().get(path)
    check_page(response, path)
    return response


@pytest.mark.parametrize("status", sorted(PAGES))
def test_each_status_has_its_page_with_the_way_back(broken_app: Flask, status: int) -> None:
    response = broken_app.test_client().get(f"/status/{status}")
    document = check_page(response, str(status))
    assert response.status_code == status
    heading = document.find(".//h1")
    assert heading is not None
    assert text_of(heading) == PAGES[status].title
    assert [link.get("href") for link in document.iter("a") if text_of(link) == "Back to the start"] == ["/"]


@pytest.mark.parametrize(
    ("name", "status"),
    [("not-found", 404), ("forbidden", 403), ("gone", 410), ("too-many", 429), ("invalid", 422), ("conflict", 409)],
)
def test_a_refusal_says_its_own_sentence(broken_app: Flask, name: str, status: int) -> None:
    response = get(broken_app, f"/raise/{name}")
    assert response.status_code == status
    assert str(RAISED[name]()) in response.text


def test_a_refusal_cannot_bring_markup(broken_app: Flask) -> None:
    assert "&lt;script&gt;alert(" in get(broken_app, "/raise/hostile").text


def test_too_many_tries_are_told_how_long_to_wait(broken_app: Flask) -> None:
    response = get(broken_app, "/raise/too-many")
    assert response.headers["Retry-After"] == "125"
    assert "Try again in 3 minutes." in response.text
    assert "Try again in 1 second." in get(broken_app, "/raise/too-many-now").text


def test_a_bug_shows_a_number_that_the_log_has_too(broken_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        response = get(broken_app, "/raise/bug")
    assert response.status_code == 500
    assert "secret detail" not in response.text
    number = text_of(next(element for element in check_page(response).iter("span") if element.get("class") == "mono"))
    assert len(number) == 8
    assert any(number in record.getMessage() for record in caplog.records)
    assert any(record.exc_info for record in caplog.records)


def test_an_unknown_address_says_so(broken_app: Flask) -> None:
    assert get(broken_app, "/nowhere").status_code == 404


def test_a_wrong_method_names_the_right_one(broken_app: Flask) -> None:
    response = get(broken_app, "/form")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_a_form_without_its_token_is_refused_kindly(broken_app: Flask) -> None:
    response = broken_app.test_client().post("/form", data={"name": "x"})
    check_page(response)
    assert response.status_code == 400
    assert "This form was open too long" in response.text


def test_a_form_that_is_too_large_is_refused(broken_app: Flask) -> None:
    response = broken_app.test_client().post("/form", environ_overrides={"CONTENT_LENGTH": str(21 * 1024 * 1024)})
    check_page(response)
    assert response.status_code == 413


def test_an_endpoint_that_declares_no_right_is_closed(broken_app: Flask) -> None:
    response = get(broken_app, "/closed")
    assert response.status_code == 403
    assert "nobody may read this" not in response.text
