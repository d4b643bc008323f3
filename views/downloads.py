"""A list as a file: ``?as=csv`` or ``?as=xlsx`` at the address of the list itself."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import IO, cast

from flask import Response, request, send_file

from crm.services.exports.sheets import WRITERS, Sheet
from views import access

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: Beyond so many bytes the file is made on disk.
IN_MEMORY = 1_000_000


def wanted() -> str | None:
    """"csv", "xlsx", or None for the page."""
    kind = request.args.get("as", "")
    return kind if kind in KINDS else None


def send(name: str, sheet: Sheet, kind: str) -> Response:
    """The file, called by list and day. It is made before the first byte leaves, so that none arrives cut off."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the answer
    WRITERS[kind](sheet, cast(IO[bytes], file))
    file.seek(0)
    answer = send_file(
        cast(IO[bytes], file),
        mimetype=KINDS[kind],
        as_attachment=True,
        download_name=f"{name}-{access.today().isoformat()}.{kind}",
        etag=False,
    )
    answer.call_on_close(file.close)
    return answer
