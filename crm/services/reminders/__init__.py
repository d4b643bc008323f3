"""Reminders that help: each once, on the morning of a working day, with why it came and one click to settle it."""

from crm.services.reminders.telling import due as due
