"""A list as a file: ``?as=csv`` or ``?as=xlsx`` at the address of the list itself."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from flask import Response, request

from crm.services.exports.sheets import WRITERS, Sheet
from views import access

KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: Beyond so many bytes the file is made on disk.
IN_MEMORY = 1_000_000
AT_ONCE = 65_536


def wanted() -> str | None:
    """ "csv", "xlsx", or None for the page."""
    kind = request.args.get("as", "")
    return kind if kind in KINDS else None


def send(name: str, sheet: Sheet, kind: str) -> Response:
    """The file, called by list and day. It is made before the first byte leaves, so that none arrives cut off."""
    file = cast(BinaryIO, SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - closed with the answer
    WRITERS[kind](sheet, file)
    answer = Response(_parts(file), mimetype=KINDS[kind])
    answer.content_length = file.tell()
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}-{access.today().isoformat()}.{kind}")
    answer.call_on_close(file.close)
    return answer


def _parts(file: BinaryIO) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while part := file.read(AT_ONCE):
            yield part
