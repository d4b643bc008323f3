"""The sprite and the files: small, versioned, kept by browsers for as long as they stay the same."""

from __future__ import annotations

import re

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from crm import paths
from views.assets import Sprite

ICON_CALL = re.compile(r"""(?:icon|picture)\(["']([a-z0-9-]+)["']|icon=["']([a-z0-9-]+)["']""")
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|light-dark)\(")
SYMBOL = '<symbol{} viewBox="0 0 16 16" id="{}"><path d="M1"/></symbol>'


def test_the_sprite_holds_the_wanted_icons_and_no_other() -> None:
    whole = "".join(SYMBOL.format(' class="bi"', name) for name in ("star", "bug"))
    sprite = Sprite(f"<svg>{whole}</svg>", {"star", "not-an-icon"})
    assert sprite.names == {"star"}
    assert sprite.svg.decode() == f'<svg xmlns="http://www.w3.org/2000/svg">{SYMBOL.format("", "star")}</svg>'


def test_every_icon_named_in_a_template_is_in_the_sprite(app: Flask) -> None:
    drawings = {"path", "units", "calendar", "letter"}
    for template in paths.TEMPLATES.rglob("*.html"):
        named = {one or other for one, other in ICON_CALL.findall(template.read_text(encoding="utf-8"))}
        missing = named - app.extensions["sprite"].names - drawings
        assert not missing, f"{template.name}: {missing}"


def test_the_sprite_is_served_small_to_anybody_and_kept_for_ever(app: Flask) -> None:
    with app.test_request_context():
        address = url_for("assets.icons")
    answer = app.test_client().get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert len(answer.data) < 100_000
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("endpoint", ["static", "bootstrap.static"])
def test_files_carry_a_version_and_are_kept_for_ever(app: Flask, endpoint: str) -> None:
    filename = "css/tokens.css" if endpoint == "static" else "css/bootstrap.min.css"
    with app.test_request_context():
        address = url_for(endpoint, filename=filename)
    assert re.search(r"\?v=[0-9a-f]{12}$", address)
    with app.test_client().get(address) as answer:
        assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "Set-Cookie" not in answer.headers


def test_a_file_asked_for_without_its_version_is_checked_each_time(app: Flask) -> None:
    client: FlaskClient = app.test_client()
    with client.get("/static/css/tokens.css") as first:
        pass
    assert first.headers["Cache-Control"] == "no-cache"
    with client.get("/static/css/tokens.css", headers={"If-None-Match": first.headers["ETag"]}) as again:
        assert again.status_code == 304
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


def test_no_style_sheet_but_the_tokens_names_a_colour() -> None:
    for sheet in (paths.STATIC / "css").glob("*.css"):
        if sheet.name != "tokens.css":
            assert not COLOUR.findall(sheet.read_text(encoding="utf-8")), sheet.name


def test_every_class_in_a_template_is_defined_in_a_style_sheet(app: Flask) -> None:
    sheets = [
        *(paths.STATIC / "css").glob("*.css"),
        app.extensions["asset folders"]["bootstrap.static"] / "css/bootstrap.min.css",
    ]
    defined = {
        name for sheet in sheets for name in re.findall(r"\.(-?[a-zA-Z][\w-]*)", sheet.read_text(encoding="utf-8"))
    }
    for template in paths.TEMPLATES.rglob("*.html"):
        used = re.findall(r'class="([^"{}]*)"', template.read_text(encoding="utf-8"))
        missing = {name for names in used for name in names.split()} - defined
        assert not missing, f"{template.relative_to(paths.TEMPLATES)}: {missing}"
