"""The form that confirms that a person is to be forgotten."""

from __future__ import annotations

from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from views.forms.base import Form, tidy


class ForgetForm(Form):
    answers_too = BooleanField("Also the marks and words they gave")
    typed = StringField("Their name", [InputRequired("Write the name, so that it is the right one.")], filters=[tidy])
