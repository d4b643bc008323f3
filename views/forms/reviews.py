"""Forms that move and skip a review."""

from __future__ import annotations

from wtforms import DateField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length

from crm.services.reviews import REASON_LENGTH
from views.forms.base import Form


class MoveForm(Form):
    day = DateField("Day", [InputRequired("Say on which day.")])
    at = TimeField("Time", [InputRequired("Say at what time.")])


class SkipForm(Form):
    reason = TextAreaField(
        "Why",
        [
            InputRequired("Say why, so that nobody wonders later."),
            Length(max=REASON_LENGTH, message=f"Keep the reason under {REASON_LENGTH} letters."),
        ],
    )
