"""Files that came with a form, and the folder they go to."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app
from werkzeug.datastructures import FileStorage

from crm.services.request_files import MOST_BYTES, Sent
from crm.services.stored_files import Store


def store() -> Store:
    found: Store = current_app.extensions["files"]
    return found


def sent(files: Sequence[FileStorage]) -> list[Sent]:
    """Each with its bytes; of one that is too large only so many that this is seen."""
    return [Sent(file.filename or "", file.stream.read(MOST_BYTES + 1)) for file in files]


def size_in_words(size: int) -> str:
    """ "340 KB", "2.1 MB"; at least "1 KB"."""
    if size < 1024**2:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024**2:.1f} MB"
