"""Forms about mail: in which language, when, and which."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import RadioField, SelectField, TimeField
from wtforms.validators import Optional

from crm.services import mail_kinds
from crm.services.organisation import Organisation
from models.mail import MailChoice, MailKind
from models.person import Person
from views.forms.accounts import TIME_ZONES, language_choices
from views.forms.base import Form

IN_WORDS = {MailChoice.NOW: "At once", MailChoice.DIGEST: "In the daily mail", MailChoice.NEVER: "Never"}
#: The daily and the weekly mail do not come at once: they come, or not.
COMES = {MailChoice.NOW: "Yes", MailChoice.NEVER: "Never"}


class MailForm(Form):
    language = SelectField("Language", default="")
    time_zone = SelectField(
        "Time zone", default="", description="Where your clock stands. Times in mail are told on it."
    )
    quiet_since = TimeField("Quiet from", [Optional()])
    quiet_until = TimeField("Quiet until", [Optional()])

    def offer(self, organisation: Organisation) -> None:
        """Fill the lists."""
        self.language.choices = language_choices(organisation)
        self.time_zone.choices = [
            ("", f"As the organisation ({organisation.time_zone.replace('_', ' ')})"),
            *TIME_ZONES,
        ]

    @property
    def kinds(self) -> list[RadioField]:
        """One field for each kind of mail that can be chosen."""
        return [field for field in self if field.name in set(MailKind)]

    def chosen(self) -> dict[MailKind, MailChoice]:
        return {MailKind(field.name): MailChoice(field.data) for field in self.kinds}


def mail_form_for(person: Person, in_force: Mapping[MailKind, MailChoice]) -> type[MailForm]:
    """The form with the kinds of mail that this person can get and do without."""
    fields = {
        name.value: RadioField(
            kind.title,
            choices=[(choice.value, _in_words(name)[choice]) for choice in mail_kinds.choices_of(kind, person.roles)],
            default=in_force[name].value,
        )
        for name, kind in mail_kinds.for_person(person).items()
        if kind.is_optional
    }
    return type("MailFormOfOne", (MailForm,), fields)


def _in_words(kind: MailKind) -> Mapping[MailChoice, str]:
    return COMES if kind in (MailKind.DIGEST, MailKind.WEEKLY) else IN_WORDS
