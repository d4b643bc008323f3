"""A test client that behaves like a browser with a form: it sends the CSRF token, and every page it gets is checked."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from crm.services import sign_ins
from models import Person
from tests.page_checks import check_page

#: Pages that were checked: the many refusals of one person are alike but for their token.
SOUND: set[int] = set()


class Client(FlaskClient):
    """``sign_in(person)`` begins a real session; ``submit(path, data)`` posts with a CSRF token."""

    def open(self, *args: Any, **arguments: Any) -> TestResponse:
        """Any request; a page that comes back must keep the invariants of all pages."""
        response = super().open(*args, **arguments)
        # A mail in its frame is no page of ours: it is written for mail programs.
        is_part = "HX-Request" in response.request.headers or response.request.path.endswith("/as-mail")
        is_page = (
            response.mimetype == "text/html" and response.request.method not in ("HEAD", "OPTIONS") and not is_part
        )
        if is_page and response.status_code not in (301, 302, 303, 307, 308):
            self._check(response)
        return response

    def _check(self, response: TestResponse) -> None:
        page = hash(re.sub(r'(name="csrf_token"[^>]* value=")[^"]+', r"\1token", response.get_data(as_text=True)))
        if page not in SOUND:
            check_page(response, response.request.path)
            SOUND.add(page)

    def sign_in(self, person: Person) -> Client:
        with self.application.app_context():
            opened = self.application.extensions["database"].session(writes=True)
            with opened, opened.begin():
                person = opened.get_one(Person, person.id)
                begun = sign_ins.begin(
                    opened, person=person, address="127.0.0.1", browser="test", now=datetime.now(UTC)
                )
        with self.session_transaction() as browser:
            browser.clear()
            browser["_user_id"] = begun.token
            browser["_fresh"] = True
        return self

    def submit(self, path: str, data: Any = None, **arguments: Any) -> TestResponse:
        """POST a form. ``data``: a dict whose values may be lists."""
        return self.post(path, data={**(data or {}), "csrf_token": self.csrf_token()}, **arguments)

    def csrf_token(self) -> str:
        with self.session_transaction() as browser:
            raw = browser.setdefault("csrf_token", secrets.token_hex(20))
        signer = URLSafeTimedSerializer(self.application.config["SECRET_KEY"], salt="wtf-csrf-token")
        return str(signer.dumps(raw))
