"""What a job is given to work with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm.services.incoming.parcels import Mailbox
from crm.services.sending import Begin, Post
from crm.services.stored_files import Store


@dataclass(frozen=True)
class Work:
    """``begin()`` opens a transaction and commits it at its end; ``now`` is when the run began."""

    begin: Begin
    now: datetime
    #: None: no mail server is connected.
    post: Post | None = None
    #: None: nothing leaves, as in the demonstration.
    hooks: Post | None = None
    #: None: no mailbox is connected.
    mailbox: Mailbox | None = None
    #: Where files lie that people attached. None: nowhere.
    files: Store | None = None
