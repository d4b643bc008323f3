"""Forms of themes: the list of them, and which one a request has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wtforms import SelectField, StringField

from models.request_part import RequestTheme
from views.forms.base import Form, key_or_none, tidy

NOT_SORTED = "Not sorted"


class ThemeForm(Form):
    name = StringField("What it is called", filters=[tidy])


class MergeForm(Form):
    into_id = SelectField("The theme that stays", coerce=key_or_none, validate_choice=False)


class SortForm(Form):
    theme_id = SelectField("What it is about", coerce=key_or_none)
    #: By id; what there is to choose from.
    names: Mapping[int, str] = {}

    @property
    def chosen(self) -> str:
        """In words."""
        return self.names.get(self.theme_id.data or 0, NOT_SORTED)


def sort_form(themes: Sequence[RequestTheme], *, fresh: bool, theme_id: int | None = None) -> SortForm:
    form = SortForm(formdata=None, theme_id=theme_id) if fresh else SortForm()
    form.names = {theme.id: theme.name for theme in themes}
    form.theme_id.choices = [("", NOT_SORTED), *form.names.items()]
    return form
