"""Links nobody sent: tried too often from one address, they are answered no more."""

from __future__ import annotations

from flask import request

from crm import db
from crm.services import throttle
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
