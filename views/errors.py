"""Error pages: what happened, in words, and the way back. They ask the database nothing, for it may be what is away."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Flask, Response, current_app, make_response, request
from werkzeug.exceptions import HTTPException, InternalServerError

from crm.errors import CrmError, TooMany
from views.filters import plural


@dataclass(frozen=True)
class Words:
    """What an error page says: a title, and a sentence for when nobody has said it better."""

    title: str
    sentence: str


PAGES = {
    400: Words("We could not read that", "The browser sent something we do not understand. Go back and try once more."),
    401: Words("Sign in first", "This page is for people who have signed in."),
    403: Words("That is not yours to do", "Your account may not do this. Whoever looks after Rapport can change that."),
    404: Words("There is nothing here", "The address may be mistyped, or what stood here is for others to see."),
    405: Words("That does not work here", "This address is for reading, not for sending. Go back and use the form."),
    409: Words("Something changed meanwhile", "Somebody else was quicker. Go back, look again, and decide anew."),
    410: Words("This link has had its day", "It was good for a while, and is no longer."),
    413: Words(
        "That is too large",
        "Files may have up to 20 MB together, a form up to 2 MB of text. Go back: what you typed is still there. Then "
        "send less, or in parts.",
    ),
    422: Words("Something needs another look", "Go back: what you typed is still there."),
    429: Words("That was quick", "Too many tries in a short time."),
    500: Words(
        "Something broke on our side", "It was not you. What you typed before is kept; the last step may not be."
    ),
    503: Words("We are away for a moment", "Try again in a minute."),
}
EXPIRED = Words(
    "This form was open too long", "Go back and load the page anew, then send it again. Copy what you typed first."
)


def init_app(app: Flask) -> None:
    app.register_error_handler(CrmError, refused)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(InternalServerError, broken)


def refused(error: CrmError) -> Response:
    """A refusal of ours: its own sentence."""
    seconds = error.seconds if isinstance(error, TooMany) else 0
    words = Words(_words(error.status).title, str(error))
    answer = page(error.status, words, wait=_wait(seconds) if seconds else "")
    if seconds:
        answer.headers["Retry-After"] = str(seconds)
    return answer


def failed(error: HTTPException) -> Response:
    status = error.code or 500
    answer = page(status, _words(status))
    answer.headers.extend((name, value) for name, value in error.get_headers() if name != "Content-Type")
    return answer


def broken(_: InternalServerError) -> Response:
    """Our own fault: a number to name when asking, which the log has too."""
    number = secrets.token_hex(4)
    current_app.logger.error("Error %s at %s; the traceback stands above", number, request.endpoint)
    return page(500, _words(500), number=number)


def _words(status: int) -> Words:
    return PAGES.get(status) or PAGES[500 if status >= 500 else 400]


def page(status: int, words: Words, *, number: str = "", wait: str = "") -> Response:
    # Not render_template: it would run the context processors, and those read the database.
    template = current_app.jinja_env.get_template("errors/page.html")
    html = template.render(words=words, number=number, wait=wait, home=request.script_root + "/")
    return make_response(html, status)


def _wait(seconds: int) -> str:
    """How long, as a person says it."""
    if seconds < 90:
        return plural(max(seconds, 1), "second", "seconds")
    return plural(-(-seconds // 60), "minute", "minutes")
