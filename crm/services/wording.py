"""What one mail says: written by the module that knows its occasion, in the language of its reader."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """``body`` is plain text, with an empty line between paragraphs; ``button`` names the one thing to do."""

    subject: str
    body: str
    button: str


def paragraphs(*parts: str) -> str:
    """A body of these paragraphs; empty ones are left out."""
    return "\n\n".join(filter(None, parts))
