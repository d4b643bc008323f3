"""What every form of a meeting shares, and correcting its notes."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import Length

from models.meeting import MeetingKind
from views.forms.base import Form, prose

KINDS = (
    (MeetingKind.TOUCHPOINT.value, "Touchpoint"),
    (MeetingKind.REVIEW.value, "Review"),
    (MeetingKind.OWN.value, "Their own meeting"),
    (MeetingKind.ESCALATION.value, "Escalation"),
)

notes_length = Length(max=50_000, message="Keep it under 50,000 letters.")


class CorrectForm(Form):
    minutes = TextAreaField("Notes", [notes_length], filters=[prose])
    internal_notes = TextAreaField("Only for IT", [notes_length], filters=[prose])
