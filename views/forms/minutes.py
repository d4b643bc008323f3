"""Forms of shared minutes: sharing them, and what those who were there say."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, TextAreaField

from models.minutes import Reply
from views.forms.base import Form, prose, tidy


class ShareForm(Form):
    reason = TextAreaField("What was corrected", filters=[tidy])
    revision = HiddenField()

    @property
    def seen(self) -> int:
        """The revision that was looked at; 0 for anything else, which no meeting has."""
        text = str(self.revision.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class ReplyForm(Form):
    reply = RadioField(
        "Do the minutes say it right?",
        choices=[(Reply.CONFIRMED.value, "Yes, they do"), (Reply.OBJECTED.value, "No, something is wrong")],
        validate_choice=False,  # the service says it better
    )
    said = TextAreaField("What is wrong, or missing", filters=[prose])

    @property
    def told(self) -> Reply | None:
        """What was chosen; None for anything else."""
        return Reply(self.reply.data) if self.reply.data in set(Reply) else None
