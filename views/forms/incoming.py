"""The form that makes a mail a note."""

from __future__ import annotations

from wtforms import SelectField
from wtforms.validators import InputRequired

from views.forms.base import Form, key_or_none


class TakeForm(Form):
    unit_id = SelectField("Unit", coerce=key_or_none, validators=[InputRequired("Choose the unit it is about.")])
