"""The form that says what came of a comment."""

from __future__ import annotations

from wtforms import BooleanField, TextAreaField

from views.forms.base import Form, prose


class OutcomeForm(Form):
    done = TextAreaField("What came of it", filters=[prose])
    is_for_unit = BooleanField("Also tell the whole unit")
    said = TextAreaField("What was said, in your words", filters=[prose])
