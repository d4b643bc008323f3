"""Mail as it lies in the mailbox, before anybody has looked into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Unreachable(Exception):
    """There is no talking to the mailbox now; the sentence says why."""


@dataclass(frozen=True)
class Parcel:
    """One mail of the mailbox. ``content``: the whole of it, or its head only when it is too large."""

    uid: int
    size: int
    received_at: datetime
    content: bytes
    is_whole: bool = True


class Mailbox(Protocol):
    """What mail is read from. Nothing is ever deleted there. Raises Unreachable."""

    def waiting(self, most: int) -> Sequence[int]:
        """The uids of what was not taken yet, the oldest first."""
        ...

    def open(self, uid: int, most_bytes: int) -> Parcel | None:
        """One of them; its head only when it is larger than that. None when it is not there any more."""
        ...

    def taken(self, uid: int) -> None:
        """Mark it, so that it waits no longer."""
        ...
