"""Forms of units, their reps and their people."""

from __future__ import annotations

from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from models.unit import Cover, Part
from views.forms.accounts import TIME_ZONES
from views.forms.base import Form, tidy
from views.forms.places import InCountryForm


def _number_or_none(value: str | int | None) -> int | None:
    return int(value) if value not in (None, "", "None") else None


class UnitForm(InCountryForm):
    name = StringField("Name", [InputRequired("Give the unit a name."), Length(max=160)], filters=[tidy])
    code = StringField(
        "Code",
        [InputRequired("Give the unit a code."), Length(max=160)],
        filters=[tidy],
        description="Short and unique, as in your organisation's own lists. Imports find the unit by it.",
    )
    parent_id = SelectField("Lies below", coerce=_number_or_none, validators=[Optional()])
    time_zone = SelectField(
        "Time zone", choices=TIME_ZONES, description="Reviews are planned by the clock on its wall."
    )
    mail_name = StringField(
        "Mail to this unit",
        [
            Optional(),
            Length(max=40, message="Keep it under 40 letters."),
            Regexp(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*\Z", message="Use letters a to z, digits, and hyphens between them."),
        ],
        filters=[tidy],
        description="What stands before the @, or after a +: with finance, mail to finance@… or rapport+finance@… "
        "becomes a draft of meeting notes, when a mailbox is connected.",
    )
    calls_review = StringField(
        "What this unit calls its review",
        [Optional(), Length(max=60, message="Keep it under 60 letters.")],
        filters=[tidy],
        description="“IT round table”, say. Invitations and mails call it so.",
    )


class AssignForm(Form):
    rep_id = SelectField("Account rep", coerce=_number_or_none, validators=[InputRequired("Choose a rep.")])
    cover = SelectField(
        "Looks after the unit as", choices=[(Cover.LEAD.value, "Lead rep"), (Cover.DEPUTY.value, "Deputy")]
    )
    since = DateField("From", [InputRequired("Say from which day.")])
    until = DateField("Until, the first day without", [Optional()])


class JoinForm(Form):
    person_id = SelectField("Person", coerce=int)
    part = SelectField(
        "Is here as",
        choices=[(Part.HEAD.value, "Head"), (Part.KEY_USER.value, "Key user"), (Part.MEMBER.value, "Member")],
    )
    since = DateField("From", [InputRequired("Say from which day.")])
    until = DateField("Until, the first day without", [Optional()])
