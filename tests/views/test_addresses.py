"""Addresses are put together once, and are what Flask would have built each time."""

from __future__ import annotations

import pytest
from flask import Flask, url_for
from werkzeug.routing import BuildError


def test_what_looks_alike_keeps_its_own_address(app: Flask) -> None:
    with app.test_request_context():
        told = [url_for("requests.index", page=page) for page in (1, True, "1", 1.0, 1)]
    assert told == [
        "/requests?page=1",
        "/requests?page=True",
        "/requests?page=1",
        "/requests?page=1.0",
        "/requests?page=1",
    ]


def test_a_house_that_moved_below_a_path_is_told_so(app: Flask) -> None:
    addresses = []
    for root in ("", "/rapport", ""):
        with app.test_request_context(environ_overrides={"SCRIPT_NAME": root}):
            addresses.append(url_for("units.index"))
    assert addresses == ["/units", "/rapport/units", "/units"]


def test_a_list_a_place_on_the_page_and_the_whole_address_are_built_as_ever(app: Flask) -> None:
    with app.test_request_context(base_url="https://it.example"):
        assert url_for("requests.index", state=["logged", "looking"]) == "/requests?state=logged&state=looking"
        assert url_for("units.index", _anchor="new") == "/units#new"
        assert url_for("units.index", _external=True) == "https://it.example/units"
        with pytest.raises(BuildError):
            url_for("nowhere.index")
