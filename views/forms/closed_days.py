"""The form of closed days."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from crm.services.closed_days import NAME_LENGTH
from views.forms.base import DayField, Form, key_or_none, tidy


class ClosedDaysForm(Form):
    name = StringField(
        "What they are called",
        [
            InputRequired("Say what the days are called."),
            Length(max=NAME_LENGTH, message=f"Keep the name under {NAME_LENGTH} letters."),
        ],
        filters=[tidy],
        description="It stands beside the reviews that move, like “Summer closing”.",
    )
    first = DayField("First day", [InputRequired("Say on which day it begins.")])
    last = DayField("Last day", [Optional()], description="Empty for a single day.")
    unit_id = SelectField("Where", coerce=key_or_none, validators=[Optional()])
