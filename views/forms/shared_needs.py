"""Forms that bring together what several units need."""

from __future__ import annotations

from wtforms import SelectField, SelectMultipleField, StringField

from views.forms.base import Form, key, key_or_none, tidy


class NeedForm(Form):
    title = StringField("What they all need, in your words", filters=[tidy])
    facilitator_id = SelectField("Who brings it together", coerce=key_or_none)


class AddForm(Form):
    #: Whatever is sent is looked up again by the service.
    requests = SelectMultipleField("The same need", coerce=key, validate_choice=False)


class JoinForm(NeedForm, AddForm):
    pass
