"""The form of the own calendar addresses."""

from __future__ import annotations

from wtforms import StringField

from views.forms.base import Form, tidy


class FeedForm(Form):
    name = StringField("Where it is for", filters=[tidy])
