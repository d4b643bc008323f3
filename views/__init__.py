"""The web: blueprints, forms, filters and the gate before them."""

from __future__ import annotations

from flask import Flask

from views import access


def init_app(app: Flask) -> None:
    access.init_app(app)
