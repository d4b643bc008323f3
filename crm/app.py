"""Puts the application together."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context, request
from werkzeug.middleware.proxy_fix import ProxyFix

import views
from crm import config, db, paths
from crm.config import Settings
from crm.jobs import JOBS
from crm.services import audit, stored_files
from crm.services.stored_files import Store
from crm.services.webhook_addresses import Addresses

#: So many addresses are remembered: more than any page shows, and little to keep.
REMEMBERED = 4096
#: What makes an address depend on more than its page.
LEADING_OUT = frozenset({"_external", "_scheme"})


class Rapport(Flask):
    """Flask, but for one line in the log, and for addresses that are put together once."""

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        self._remembered = lru_cache(maxsize=REMEMBERED, typed=True)(self._address)

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """As Flask has it. A page has some hundred links: to build them was a seventh of what it cost."""
        if self.debug or not has_request_context() or endpoint[:1] == "." or not LEADING_OUT.isdisjoint(values):
            return super().url_for(endpoint, **values)
        try:
            return self._remembered(endpoint, request.script_root, request.method, **values)
        except TypeError:  # a list among them, which nothing can be remembered by
            return super().url_for(endpoint, **values)

    def _address(self, endpoint: str, _root: str, _method: str, /, **values: Any) -> str:
        """What an address depends on, within one house, is told here: Flask reads root and method by itself."""
        return super().url_for(endpoint, **values)

    def log_exception(self, exc_info: Any) -> None:
        """Name the endpoint, not the path: the path of a rating or a password holds a secret."""
        self.logger.error("Exception in %s %s", request.method, request.endpoint, exc_info=exc_info)


def build_app(settings: Settings | None = None) -> Flask:
    settings = settings or config.from_environment()
    app = Rapport("crm", template_folder=str(paths.TEMPLATES), static_folder=str(paths.STATIC))
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        DEBUG=settings.debug,
        SESSION_COOKIE_NAME="__Host-rapport" if settings.production else "rapport",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a form left open over lunch is still good; the token dies with the session
        WTF_CSRF_SSL_STRICT=False,  # Referrer-Policy withholds what that check reads; the token and SameSite remain
        MAX_CONTENT_LENGTH=20 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.extensions["settings"] = settings
    app.extensions["jobs"] = JOBS  # for the page that shows them: views do not import jobs
    app.extensions["addresses"] = Addresses()  # checks where webhooks lead
    app.extensions["files"] = Store(settings.files)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app, settings.database_url)
    audit.listen()
    stored_files.listen()
    views.init_app(app)
    return app
