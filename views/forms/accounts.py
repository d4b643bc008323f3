"""Forms of signing in, setting up, and the own account."""

from __future__ import annotations

from zoneinfo import available_timezones

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, Optional

from crm.services import languages
from crm.services.languages import ENGLISH
from crm.services.organisation import Organisation
from crm.services.request_facts import CURRENCIES
from models.person import Role
from views.forms.base import Form, key_or_none, tidy
from views.forms.places import InCountryForm

TIME_ZONES = [
    (zone, zone.replace("_", " "))
    for zone in [*sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")), "UTC"]
]

MONEY = [(code, f"{code} ({sign})" if sign != code else code) for code, sign in CURRENCIES.items()]


def language_choices(organisation: Organisation) -> list[tuple[str, str]]:
    """The languages there are; first the organisation's, by not choosing."""
    house = languages.of(None, organisation.language).own_name
    return [("", f"As the organisation writes ({house})"), *((one.code, one.own_name) for one in languages.known())]


ROLES = (
    (Role.REP.value, "Account rep: looks after units, logs meetings"),
    (Role.BUSINESS.value, "Business: head or key user, sees the own units"),
    (Role.CIO.value, "CIO: sees every relationship"),
    (Role.ADMINISTRATOR.value, "Administrator: people, units and settings"),
)


class SignInForm(Form):
    email = StringField("Work e-mail", [InputRequired("Say which address you sign in with."), Length(max=320)])
    password = PasswordField("Password", [InputRequired("Give your password.")])
    #: Where to go afterwards, and what was typed there.
    next = HiddenField()
    kept = HiddenField()


class ForgottenForm(Form):
    email = StringField("Work e-mail", [InputRequired("Say which address you sign in with."), Length(max=320)])


class PasswordForm(Form):
    password = PasswordField(
        "Your new password",
        [InputRequired("Choose a password.")],
        description="Twelve characters or more. A short sentence is easiest to remember.",
    )


class ChangePasswordForm(Form):
    current = PasswordField("Your current password", [InputRequired("Give the password you have now.")])
    password = PasswordField(
        "Your new password",
        [InputRequired("Choose a password.")],
        description="Twelve characters or more. Other places where you are signed in are signed out.",
    )


class ThemeForm(Form):
    theme = RadioField("Appearance", choices=[("", "As the system says"), ("light", "Light"), ("dark", "Dark")])


class SetUpForm(Form):
    code = StringField(
        "Set-up code",
        [InputRequired("The code is in the terminal in which Rapport was started.")],
        description="Printed in the terminal in which Rapport was started.",
    )
    organisation_name = StringField(
        "What is your IT called?",
        [InputRequired("Give it a name."), Length(max=80, message="Keep it under 80 letters.")],
        filters=[tidy],
        description="It stands at the top of every page, like “Fernhill IT”.",
    )
    time_zone = SelectField("Time zone", choices=TIME_ZONES, default="Europe/London")
    name = StringField("Your name", [InputRequired("Say what you are called."), Length(max=120)], filters=[tidy])
    email = StringField("Your work e-mail", [InputRequired("You sign in with it."), Length(max=320)])
    password = PasswordField(
        "Choose a password",
        [InputRequired("Choose a password.")],
        description="Twelve characters or more. A short sentence is easiest to remember.",
    )


class PersonForm(Form):
    name = StringField("Name", [InputRequired("Say what this person is called."), Length(max=120)], filters=[tidy])
    job_title = StringField("Job title", [Optional(), Length(max=160)], filters=[tidy])
    email = StringField(
        "Work e-mail",
        [Optional(), Length(max=320)],
        description="Without one, this person can be named here but not written to.",
    )
    language = SelectField("Language of mail", default="")
    lead_id = SelectField("Led by", coerce=key_or_none, validate_choice=False)
    roles = SelectMultipleField("What may this person do here?", choices=ROLES)
    invite = BooleanField("Send a link to set a password")

    def offer(self, organisation: Organisation) -> None:
        """Fill the list of languages."""
        self.language.choices = language_choices(organisation)

    def chosen_roles(self) -> frozenset[Role]:
        return frozenset(Role(role) for role in self.roles.data or [])


class SettingsForm(InCountryForm):
    name = StringField("What is your IT called?", [InputRequired("Give it a name."), Length(max=80)], filters=[tidy])
    time_zone = SelectField("Time zone", choices=TIME_ZONES)
    language = SelectField(
        "Language of mail", default=ENGLISH, description="Everybody may choose another for what they get themselves."
    )
    currency = SelectField("What money is counted in", choices=MONEY, default="EUR")
    reason = StringField(
        "Why the change?",
        [InputRequired("Say why; it is kept with the change."), Length(max=300)],
        filters=[tidy],
    )
