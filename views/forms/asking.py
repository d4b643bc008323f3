"""The form of how we ask."""

from __future__ import annotations

from wtforms import IntegerField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired

from crm.services.rounds.rules import Rules
from models.question import Instrument
from models.rating import Confidentiality
from models.setting import Setting
from views.forms.base import Form, prose

INSTRUMENTS = {
    Instrument.PULSE: "Pulse",
    Instrument.SURVEY: "Survey",
    Instrument.PROJECT: "Project",
}
LEVELS = {
    Confidentiality.NAMED: "By name",
    Confidentiality.CONFIDENTIAL: "Confidentially",
    Confidentiality.ANONYMOUS: "Anonymously",
}
NOT_ASKED = ""


class AskingForm(Form):
    opens = SelectMultipleField(
        "What opens by itself", choices=[(one.value, name) for one, name in INSTRUMENTS.items()]
    )
    rest_days = IntegerField(
        "Days between two questions to the same person", [InputRequired("Say after how many days.")]
    )
    key_users = RadioField("Key users answer the survey", choices=[(one.value, name) for one, name in LEVELS.items()])
    end_users = RadioField(
        "End users",
        choices=[
            (NOT_ASKED, "Not asked"),
            (Confidentiality.CONFIDENTIAL.value, "Confidentially"),
            (Confidentiality.ANONYMOUS.value, "Anonymously"),
        ],
        default=NOT_ASKED,
    )
    sample = IntegerField("People drawn from a large group", [InputRequired("Say how many.")])
    reason = TextAreaField("Why it changes", [InputRequired("Say why, for whoever wonders later.")], filters=[prose])

    def rules(self) -> Rules:
        """As chosen; which of them are possible the service says."""
        return Rules(
            opens=frozenset(Instrument(one) for one in self.opens.data or []),
            rest_days=int(self.rest_days.data or 0),
            key_users=Confidentiality(self.key_users.data),
            end_users=Confidentiality(self.end_users.data) if self.end_users.data else None,
            sample=int(self.sample.data or 0),
        )


def opened(rules: Rules) -> AskingForm:
    return AskingForm(
        formdata=None,
        opens=[one.value for one in Instrument if one in rules.opens],
        rest_days=rules.rest_days,
        key_users=rules.key_users.value,
        end_users=rules.end_users.value if rules.end_users else NOT_ASKED,
        sample=rules.sample,
    )


def what_changed(setting: Setting) -> str:
    """What a choice has meant since then."""
    value = setting.value
    names = [INSTRUMENTS[Instrument(one)].lower() for one in value.split()] if setting.name == "asks" else []
    sentences = {
        "asks": f"Opens by itself: {', '.join(names) or 'nothing'}",
        "rest_days": f"{value} days between two questions to the same person",
        "key_users": f"Key users answer {_level(value)}",
        "end_users": f"End users answer {_level(value)}" if value else "End users are not asked",
        "sample": f"{value} people drawn from a large group",
    }
    return sentences[setting.name]


def _level(value: str) -> str:
    return LEVELS[Confidentiality(value)].lower() if value in set(Confidentiality) else value
