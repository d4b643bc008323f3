"""Links nobody sent: tried too often from one address, they are answered no more."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from crm import db
from crm.services import languages, throttle
from models.person import Person
from views import access, session


def count() -> None:
    """One more from this address. Raises TooMany from the 30th in ten minutes on; links that are known never wait."""
    throttle.check(db.session(), throttle.LINK_BY_ADDRESS, session.address(), access.now())
    if request.method in db.READING:
        with db.apart() as opened:
            throttle.count(opened, throttle.LINK_BY_ADDRESS, session.address(), access.now())
    else:
        throttle.count(db.session(), throttle.LINK_BY_ADDRESS, session.address(), access.now())
        db.keep()


def unknown() -> ResponseReturnValue:
    """The page of a link that is not known here, in the language of the house."""
    return render_template("answers/unknown.html", say=languages.of(None, access.organisation().language)), 404


def withdrawn(person: Person | None = None) -> ResponseReturnValue:
    """The page of a link that was withdrawn. It tells nothing of anybody: the link may be in the wrong hands."""
    return render_template("answers/withdrawn.html", say=languages.of(person, access.organisation().language)), 410
