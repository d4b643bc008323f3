"""Reads the mailbox over IMAP. What was taken gets a mark and stays where it is."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Self

from imapclient import SEEN, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

from crm.config import MailboxServer
from crm.services.incoming.parcels import Parcel, Unreachable

#: Seconds to connect, and for each answer.
PATIENCE = SocketTimeout(connect=15, read=60)
#: The mark of what was taken: a keyword of our own, so that mail a person has looked at is read all the same.
TAKEN = b"RapportTaken"


class ImapMailbox:
    """The mailbox over one connection, opened when it is first asked for something."""

    def __init__(self, server: MailboxServer) -> None:
        self._server = server
        self._imap: Any = None
        self._keeps_keywords = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._imap is not None:
            with suppress(IMAPClientError, OSError):
                self._imap.logout()
            self._imap = None

    def waiting(self, most: int) -> Sequence[int]:
        """The uids of what was not taken yet, the oldest first."""
        with self._talking() as imap:
            # A mailbox without keywords has only "seen": there, whatever a person opened first is left alone.
            found = imap.search(["UNKEYWORD", TAKEN] if self._keeps_keywords else ["UNSEEN"])
            return sorted(found)[:most]

    def open(self, uid: int, most_bytes: int) -> Parcel | None:
        """One mail, without changing it; its head only when it is larger than ``most_bytes``."""
        with self._talking() as imap:
            facts = imap.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid)
            if not facts:
                return None
            size = facts[b"RFC822.SIZE"]
            # PEEK leaves it unseen until it is taken; no more than so many bytes come, whatever size was said.
            part = "" if size <= most_bytes else "HEADER"
            content = imap.fetch([uid], [f"BODY.PEEK[{part}]<0.{most_bytes}>"]).get(uid, {})
            return Parcel(
                uid=uid,
                size=size,
                received_at=_aware(facts.get(b"INTERNALDATE")),
                content=content.get(f"BODY[{part}]<0>".encode(), b""),
                is_whole=size <= most_bytes,
            )

    def taken(self, uid: int) -> None:
        """Mark it as read and taken."""
        with self._talking() as imap:
            imap.add_flags([uid], [SEEN, TAKEN] if self._keeps_keywords else [SEEN], silent=True)

    @contextmanager
    def _talking(self) -> Iterator[Any]:
        try:
            yield self._opened()
        except (IMAPClientError, OSError) as error:
            raise Unreachable(f"The mailbox at {self._server.host} cannot be read ({error}).") from error

    def _opened(self) -> Any:
        if self._imap is None:
            imap = _connected(self._server)
            try:
                imap.login(self._server.user, self._server.password)
                allowed = imap.select_folder(self._server.folder).get(b"PERMANENTFLAGS", ())
            except BaseException:
                imap.shutdown()
                raise
            self._keeps_keywords = rb"\*" in allowed or TAKEN in allowed
            self._imap = imap
        return self._imap


def _connected(server: MailboxServer) -> Any:
    context = ssl.create_default_context()
    is_tls = server.security == "tls"
    imap = IMAPClient(server.host, server.port, ssl=is_tls, ssl_context=context if is_tls else None, timeout=PATIENCE)
    imap.normalise_times = False  # instants with their zone, not this machine's wall clock
    if server.security == "starttls":
        imap.starttls(context)
    return imap


def _aware(at: datetime | None) -> datetime:
    return at if at and at.tzinfo else datetime.now(UTC)
