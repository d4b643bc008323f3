"""Bytes on disk that rows point at. They are there as soon as a row may be, and gone when its transaction fails; when
the row goes, they go after the commit. What a crash leaves behind is swept."""

from __future__ import annotations

import logging
import os
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

log = logging.getLogger(__name__)
_WRITTEN, _LEAVING = "files written", "files leaving"
_KEY = re.compile(r"[0-9a-f]{32}")
#: A file without a row that is younger may belong to a transaction under way.
SETTLED = timedelta(hours=1)


class Store:
    """A folder of files with names that tell nothing, in as many subfolders as keep each one small."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """Raises ValueError for what is no key: no key leads out of the folder."""
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a file")
        return self.folder / key[:2] / key

    def write(self, session: Session, content: bytes) -> str:
        """Keep the bytes if ``session`` commits; its key."""
        key = secrets.token_hex(16)
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        session.info.setdefault(_WRITTEN, []).append(path)
        with open(path, "xb", opener=_for_us_alone) as file:
            file.write(content)
        return key

    def remove(self, session: Session, key: str) -> None:
        """Let the bytes go once ``session`` has committed."""
        session.info.setdefault(_LEAVING, []).append(self.path(key))

    def sweep(self, known: Collection[str], *, now: datetime) -> int:
        """Remove what no row points at any more; how many files."""
        since = (now - SETTLED).timestamp()
        strays = [
            path
            for path in self.folder.glob("??/*")
            if _KEY.fullmatch(path.name) and path.name not in known and path.stat().st_mtime < since
        ]
        for path in strays:
            _unlink(path)
        return len(strays)


def listen() -> None:
    """Follow the ends of transactions. Once for the whole application."""
    if not event.contains(Session, "after_commit", _committed):
        event.listen(Session, "after_commit", _committed)
        event.listen(Session, "after_transaction_end", _ended)


def _committed(session: Session) -> None:
    session.info.pop(_WRITTEN, None)
    for path in session.info.pop(_LEAVING, ()):
        _unlink(path)


def _ended(session: Session, transaction: SessionTransaction) -> None:
    """What was written and not committed goes; what was to leave stays."""
    if transaction.parent is None:
        session.info.pop(_LEAVING, None)
        for path in session.info.pop(_WRITTEN, ()):
            _unlink(path)


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        log.exception("The file %s could not be removed; it is tried again at night", path)


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
