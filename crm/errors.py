"""Refusals the user should read. Views turn them into pages; services only raise them."""

from __future__ import annotations


class CrmError(Exception):
    """A refusal with a sentence for the person who met it."""

    status = 400


class NotFound(CrmError):
    """It does not exist, or this person may not know that it does."""

    status = 404


class Forbidden(CrmError):
    """This person may see it, but not do that."""

    status = 403


class Gone(CrmError):
    """A link that has had its day."""

    status = 410


class TooMany(CrmError):
    """Slow down. ``seconds``: how long to wait."""

    status = 429

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Invalid(CrmError):
    """What was typed cannot be taken. ``field`` names the form field that the message belongs beside."""

    status = 422

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Conflict(Invalid):
    """It clashes with what is already there."""

    status = 409
