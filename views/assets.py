"""Files that pages need: the icon sprite, cut to the icons in use, and a version in the address of every file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app
from flask_bootstrap import Bootstrap5

from crm import paths
from views.access import PUBLIC, allow

bp = Blueprint("assets", __name__, url_prefix="/assets")

#: Endpoints that serve files. Their addresses carry a version, so browsers may keep the files for ever.
FILES = frozenset({"static", "bootstrap.static", "htmx.static", "assets.icons"})
SYMBOL = re.compile(r'<symbol class="[^"]*" (viewBox="[^"]*") id="([^"]+)">(.*?)</symbol>', re.DOTALL)
QUOTED = re.compile(r"""["']([a-z0-9-]+)["']""")


class Sprite:
    """The icons in use, as one SVG."""

    def __init__(self, whole: str, wanted: Iterable[str]) -> None:
        symbols = {name: f'<symbol {box} id="{name}">{shape}</symbol>' for box, name, shape in SYMBOL.findall(whole)}
        self.names = frozenset(symbols) & frozenset(wanted)
        inside = "".join(symbols[name] for name in sorted(self.names))
        self.svg = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'.encode()
        self.version = _version(self.svg)


def init_app(app: Flask) -> None:
    Bootstrap5().init_app(app)
    bootstrap = Path(str(app.blueprints["bootstrap"].static_folder))
    whole = (bootstrap / "icons" / "bootstrap-icons.svg").read_text(encoding="utf-8")
    app.extensions["sprite"] = Sprite(whole, _quoted_words())
    htmx = _htmx_folder()
    folders = {"static": paths.STATIC, "bootstrap.static": bootstrap, "htmx.static": htmx}
    app.extensions["asset folders"] = folders
    app.register_blueprint(bp)
    app.register_blueprint(Blueprint("htmx", __name__, static_folder=htmx, static_url_path="/assets/htmx"))
    app.url_defaults(_add_version)


@bp.get("/icons.svg")
@allow(PUBLIC)
def icons() -> Response:
    return Response(sprite().svg, mimetype="image/svg+xml")


def _htmx_folder() -> Path:
    """Where the django-htmx wheel keeps htmx. It is found, not imported: Django is not installed with it."""
    package = find_spec("django_htmx")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("htmx is missing: pip install --no-deps -r requirements/assets.txt")
    return Path(package.submodule_search_locations[0]) / "static" / "django_htmx"


def sprite() -> Sprite:
    found: Sprite = current_app.extensions["sprite"]
    return found


def _quoted_words() -> set[str]:
    """Every quoted word in templates and views. Those that are names of icons are the icons in use, however they
    reach the macro: said there, passed on, or chosen in a view. A word too many costs 300 bytes."""
    sources = [*paths.TEMPLATES.rglob("*.html"), *Path(__file__).parent.rglob("*.py")]
    return {word for source in sources for word in QUOTED.findall(source.read_text(encoding="utf-8"))}


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint not in FILES or "v" in values:
        return
    if endpoint == "assets.icons":
        values["v"] = sprite().version
        return
    file = current_app.extensions["asset folders"][endpoint] / values["filename"]
    values["v"] = _file_version(file, file.stat().st_mtime_ns)


@lru_cache
def _file_version(file: Path, _changed: int) -> str:
    return _version(file.read_bytes())


def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
