"""What every form of a meeting shares."""

from __future__ import annotations

from wtforms.validators import Length

from models.meeting import AskedBy, MeetingKind

KINDS = (
    (MeetingKind.TOUCHPOINT.value, "Touchpoint"),
    (MeetingKind.REVIEW.value, "Review"),
    (MeetingKind.OWN.value, "Their own meeting"),
    (MeetingKind.OURS.value, "Our own meeting"),
    (MeetingKind.ESCALATION.value, "Escalation"),
)

#: Who asked for a meeting; nobody has to say.
ASKED_BY = (("", "Not said"), (AskedBy.UNIT.value, "The unit"), (AskedBy.IT.value, "IT"))

notes_length = Length(max=50_000, message="Keep it under 50,000 letters.")
