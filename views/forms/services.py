"""Forms of the catalogue of services."""

from __future__ import annotations

from wtforms import SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from crm.services.catalogue import NAME_LENGTH
from views.forms.base import DayField, Form, tidy


def _id(value: object) -> int:
    """The id of a row, or 0, which no row has."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class ServiceForm(Form):
    name = StringField(
        "What the business calls it",
        [
            InputRequired("Say what the business calls it."),
            Length(max=NAME_LENGTH, message=f"Keep the name under {NAME_LENGTH} letters."),
        ],
        filters=[tidy],
    )


class UsesForm(Form):
    """Rows that are ticked, and since when."""

    ids = SelectMultipleField("Which", coerce=_id, validate_choice=False)
    since = DayField("Since which day")
