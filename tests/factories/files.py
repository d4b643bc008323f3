"""Files as people attach them, and as nobody should."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping


def office(folder: str, more: Mapping[str, bytes] | None = None) -> bytes:
    """The smallest that is a document of that kind."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"<Types/>", f"{folder}main.xml": b"<x/>", **(more or {})}.items():
            archive.writestr(name, content)
    return kept.getvalue()


def bomb(folder: str) -> bytes:
    """Small, and 400 MB when unpacked."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        with archive.open(f"{folder}sheet.xml", "w") as part:
            for _ in range(400):
                part.write(bytes(1024 * 1024))
    return kept.getvalue()


def many_parts(folder: str, count: int) -> bytes:
    return office(folder, {f"{folder}{number}": b"" for number in range(count)})


#: One of each kind.
GOOD: dict[str, bytes] = {
    "letter.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "screen.png": b"\x89PNG\r\n\x1a\n" + bytes(20),
    "photo.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20),
    "photo.jpeg": b"\xff\xd8\xff\xe1\x00\x10Exif\x00" + bytes(20),
    "letter.docx": office("word/"),
    "sheet.xlsx": office("xl/"),
    "slides.pptx": office("ppt/"),
    "notes.txt": "Every month end, naïvely.\n".encode(),
    "list.csv": b"a,b\n1,2\n",
    "mail.msg": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40) + "__properties_version1.0".encode("utf-16-le"),
    "mail.eml": b"From: jo@fernhill.example\r\nSubject: A photo\r\n\r\nSee below.\r\n",
}
