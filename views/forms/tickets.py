"""Forms of a ticket: the request it belongs to."""

from __future__ import annotations

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from crm.services.request_states import LONGEST
from views.forms.base import Form, prose, tidy


class BelongForm(Form):
    said = StringField("It belongs to request", [InputRequired("Write the request’s number.")], filters=[tidy])


class MakeForm(Form):
    title = StringField(
        "What is asked for", [InputRequired("Say in a few words what is asked for."), Length(max=200)], filters=[tidy]
    )
    business_need = TextAreaField(
        "What the unit needs it for",
        [InputRequired("Say what the unit needs it for."), Length(max=LONGEST)],
        filters=[prose],
    )
