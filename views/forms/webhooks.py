"""The forms of webhooks."""

from __future__ import annotations

from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional

from crm.services.webhook_addresses import LONGEST
from crm.services.webhook_desk import NAME_LENGTH, Told
from crm.services.webhook_events import CHOICES, TITLES
from models.webhook import WebhookKind
from views.forms.base import Form, key_or_none, tidy

KINDS = (
    (WebhookKind.TEAMS.value, "Microsoft Teams"),
    (WebhookKind.SLACK.value, "Slack"),
    (WebhookKind.JSON.value, "Another program"),
)


def trimmed(text: str | None) -> str:
    return (text or "").strip()


class WebhookForm(Form):
    name = StringField(
        "Name",
        [
            InputRequired("Give it a name, like the channel it leads to."),
            Length(max=NAME_LENGTH, message=f"Keep the name under {NAME_LENGTH} letters."),
        ],
        filters=[tidy],
        description="Like “IT partners in Teams”.",
    )
    url = StringField(
        "Address",
        [Optional(), Length(max=LONGEST, message=f"Keep the address under {LONGEST:,} letters.")],
        filters=[trimmed],
    )
    unit_id = SelectField("Which units", coerce=key_or_none)
    events = SelectMultipleField(
        "What to tell", choices=[(event.value, TITLES[event]) for event in CHOICES], validators=[]
    )

    def told(self) -> Told:
        """What was said; the address is "" when the one it has stays."""
        return Told(self.name.data or "", self.url.data or "", self.events.data or (), self.unit_id.data)


class NewWebhookForm(WebhookForm):
    kind = RadioField("What listens there", choices=KINDS, default=WebhookKind.TEAMS.value)
    url = StringField(
        "Address",
        [
            InputRequired("Copy the address that was given to you there."),
            Length(max=LONGEST, message=f"Keep the address under {LONGEST:,} letters."),
        ],
        filters=[trimmed],
        description="Whoever knows it can write there, so it is not shown again.",
    )
