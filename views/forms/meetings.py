"""What every form of a meeting shares."""

from __future__ import annotations

from wtforms.validators import Length

from models.meeting import MeetingKind

KINDS = (
    (MeetingKind.TOUCHPOINT.value, "Touchpoint"),
    (MeetingKind.REVIEW.value, "Review"),
    (MeetingKind.OWN.value, "Their own meeting"),
    (MeetingKind.OURS.value, "Our own meeting"),
    (MeetingKind.ESCALATION.value, "Escalation"),
)

notes_length = Length(max=50_000, message="Keep it under 50,000 letters.")
