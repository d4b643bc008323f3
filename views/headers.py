"""Headers on every answer, errors and unchanged files included."""

from __future__ import annotations

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from crm.config import Settings
from views.assets import FILES

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",  # a mail as it will look
        "font-src 'self'",
        "manifest-src 'self'",
        "img-src 'self' data:",  # Bootstrap draws ticks and arrows as data: images
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
#: A mail as it will look, in a frame of its own: its styles stand in it; it runs nothing, loads nothing, leads nowhere.
FRAMED = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox",
    "X-Frame-Options": "SAMEORIGIN",
}
FRAMES = frozenset({"outbox.as_mail"})
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Rating links are secrets in an address: not even our own access log may learn them as a referrer.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}
TWO_YEARS = "max-age=63072000; includeSubDomains"
FOR_EVER = "public, max-age=31536000, immutable"


class Sessions(SecureCookieSessionInterface):
    """Leaves no mark on files: they are the same for everybody, and "Vary: Cookie" would have them fetched again
    after each sign-in. (Flask-Login looks into the session on every answer.)"""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint not in FILES:
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.session_interface = Sessions()
    app.after_request(add)


def add(response: Response) -> Response:
    response.headers.update(ALWAYS)
    if request.endpoint in FRAMES and response.status_code < 400:
        response.headers.update(FRAMED)
    settings: Settings = current_app.extensions["settings"]
    if settings.production:
        response.headers["Strict-Transport-Security"] = TWO_YEARS
    if request.endpoint in FILES and response.status_code < 400:
        # Without a version the address stays the same when the file changes: ask each time.
        response.headers["Cache-Control"] = FOR_EVER if request.args.get("v") else "no-cache"
    elif not response.cache_control.private:  # a view may let one reader keep it, and ask each time whether it holds
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    return response
