"""The web: blueprints, forms, filters and the gate before them."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect

from views import access, assets, design, errors, filters, headers, shell

BLUEPRINTS = (design.bp,)


def init_app(app: Flask) -> None:
    headers.init_app(app)
    CSRFProtect(app)
    access.init_app(app)
    filters.init_app(app)
    assets.init_app(app)
    errors.init_app(app)
    shell.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
