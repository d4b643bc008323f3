"""What is being typed about a request."""

from __future__ import annotations

from wtforms import StringField

from views.forms.base import Form, prose, tidy


class WordsForm(Form):
    title = StringField(filters=[tidy])
    business_need = StringField(filters=[prose])

    @property
    def words(self) -> str:
        return f"{self.title.data or ''}\n{self.business_need.data or ''}"
