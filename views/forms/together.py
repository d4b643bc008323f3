"""What is asked before many actions or reviews are changed at once."""

from __future__ import annotations

from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from crm.services.bulk_reviews import FARTHEST
from crm.services.reviews import REASON_LENGTH
from models.request import RequestKind
from views.forms.base import DayField, Form, key_or_none, prose


class SureForm(Form):
    """Nothing but the button."""


class MoveActionsForm(Form):
    due_on = DayField("The new day")


class GiveActionsForm(Form):
    owner_id = SelectField("Who does them", coerce=key_or_none)


class MoveReviewsForm(Form):
    days = IntegerField(
        "Working days",
        [
            InputRequired("Say by how many working days."),
            NumberRange(-FARTHEST, FARTHEST, f"Between −{FARTHEST} and {FARTHEST}."),
        ],
    )


class SkipReviewsForm(Form):
    reason = TextAreaField(
        "Why",
        [
            InputRequired("Say why, so that nobody wonders later."),
            Length(max=REASON_LENGTH, message=f"Keep the reason under {REASON_LENGTH} letters."),
        ],
        filters=[prose],
    )


class GiveRequestsForm(Form):
    owner_id = SelectField("Who sees to them", coerce=key_or_none)


class SortRequestsForm(Form):
    theme_id = SelectField("What they are about", coerce=key_or_none)


class CallRequestsForm(Form):
    kind = SelectField(
        "What they are",
        choices=[
            (RequestKind.STANDARD.value, "Standard"),
            (RequestKind.NON_STANDARD.value, "Non-standard: they leave our usual way"),
            (RequestKind.QUESTION.value, "Questions"),
            (RequestKind.COMPLAINT.value, "Complaints"),
        ],
    )
