"""Headers that every answer carries, whatever becomes of the request."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import Headers

from crm import create_app
from crm.config import Settings
from tests.client import Client

NOWHERE = "/there-is-no-such-page"
FILE = "/static/css/tokens.css"


def headers_of(app: Flask, path: str) -> Headers:
    with app.test_client().get(path) as response:
        return response.headers


@pytest.mark.parametrize("path", [NOWHERE, FILE, "/assets/icons.svg", "/static/../secret"])
def test_every_answer_carries_the_policy(app: Flask, path: str) -> None:
    headers = headers_of(app, path)
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["object-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_pages_are_never_kept(client: Client) -> None:
    headers = client.get(NOWHERE).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Vary"] == "Cookie"


def test_a_missing_file_is_not_kept_either(app: Flask) -> None:
    answer = app.test_client().get("/static/css/gone.css?v=1")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_https_is_demanded_in_production_only(app: Flask, tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'x.db'}", secret_key="x" * 40, production=True)
    assert headers_of(create_app(settings), FILE)["Strict-Transport-Security"].startswith("max-age=63072000")
    assert "Strict-Transport-Security" not in headers_of(app, FILE)
