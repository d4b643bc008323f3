"""Forms about lists as such."""

from __future__ import annotations

from wtforms import StringField

from views.forms.base import Form, tidy


class SaveFilterForm(Form):
    name = StringField("How you call it", filters=[tidy])
