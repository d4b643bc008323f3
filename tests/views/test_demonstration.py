"""One-click sign-in: in the demonstration, on this machine, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Client


@pytest.fixture
def demonstration(app: Flask, session: Session) -> Iterator[Flask]:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, demonstration=True)
    yield app
    app.extensions["settings"] = settings


@pytest.mark.usefixtures("demonstration")
def test_one_click_signs_in(client: Client, cast: Cast) -> None:
    page = client.get("/sign-in", base_url="http://127.0.0.1:8000").text
    assert "Ines Carvalho" in page
    assert f'action="/sign-in/as/{cast.rep.id}"' in page
    assert client.submit(f"/sign-in/as/{cast.rep.id}", base_url="http://localhost").status_code == 303


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("192.0.2.7", "http://127.0.0.1:8000"),
        ("127.0.0.1", "http://rapport.example"),
        ("::ffff:192.0.2.7", "http://[::1]"),
    ],
)
def test_from_elsewhere_or_under_another_name_there_is_no_click(
    client: Client, cast: Cast, address: str, host: str
) -> None:
    environ = {"REMOTE_ADDR": address}
    assert "Ines Carvalho" not in client.get("/sign-in", base_url=host, environ_base=environ).text
    refused = client.submit(f"/sign-in/as/{cast.rep.id}", base_url=host, environ_base=environ)
    assert refused.status_code in (400, 404)


@pytest.mark.usefixtures("demonstration")
def test_the_outbox_is_open_in_the_demonstration(client: Client, cast: Cast) -> None:
    client.sign_in(cast.rep)
    assert client.get("/outbox").status_code == 200
    assert 'href="/outbox"' in client.get("/units").text
