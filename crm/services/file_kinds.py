"""Which files are kept: by what they are called and what they hold, which have to agree. Nothing is ever unpacked."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: Letters that turn the reading direction or cannot be seen: "invoice\u202efdp.exe" reads as a PDF.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
#: What names of files cannot hold on one system or another.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
LONGEST_NAME = 120
#: An Office file that says it holds more than this when unpacked, or more parts, is no letter and no sheet.
MOST_UNPACKED, MOST_PARTS = 300 * 1024 * 1024, 5_000
_OFFICE = "application/vnd.openxmlformats-officedocument"
_HEADER_LINE = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:[ \t]?\S?")
_USUAL_HEADERS = re.compile(rb"^(from|to|date|subject|received|message-id|mime-version):", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Kind:
    """``holds(content)``: whether it is what its name says."""

    media_type: str
    holds: Callable[[bytes], bool]


def _begins(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signatures)


def _office(folder: str) -> Callable[[bytes], bool]:
    """A zip archive with the parts of such a document, none of them a program. Only its list of parts is read."""

    def holds(content: bytes) -> bool:
        if not content.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts = archive.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError):
            return False
        names = [part.filename for part in parts]
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            return False
        is_document = "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)
        return is_document and not any(name.lower().endswith("vbaproject.bin") for name in names)

    return holds


def _is_text(content: bytes) -> bool:
    """Words in a usual encoding, and nothing that is not seen."""
    for encoding in ("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "cp1252"):
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in words)
    return False


def _is_outlook(content: bytes) -> bool:
    """A compound file with the properties of a message; not an old Word or Excel file under another name."""
    return (
        content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
        and "__properties_version1.0".encode("utf-16-le") in content
    )


def _is_mail(content: bytes) -> bool:
    head = re.split(rb"\r?\n\r?\n", content.removeprefix(b"\xef\xbb\xbf"), maxsplit=1)[0]
    return bool(_HEADER_LINE.match(head) and _USUAL_HEADERS.search(head)) and b"\0" not in head


#: By the end of the name.
KINDS: Mapping[str, Kind] = {
    "pdf": Kind("application/pdf", _begins(b"%PDF-")),
    "png": Kind("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": Kind("image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpeg": Kind("image/jpeg", _begins(b"\xff\xd8\xff")),
    "docx": Kind(f"{_OFFICE}.wordprocessingml.document", _office("word/")),
    "xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", _office("xl/")),
    "pptx": Kind(f"{_OFFICE}.presentationml.presentation", _office("ppt/")),
    "txt": Kind("text/plain", _is_text),
    "csv": Kind("text/csv", _is_text),
    "msg": Kind("application/vnd.ms-outlook", _is_outlook),
    "eml": Kind("message/rfc822", _is_mail),
}
IN_WORDS = "PDF, PNG, JPG, Word, Excel, PowerPoint, text, CSV or a mail (MSG, EML)"


def ending(name: str) -> str:
    """ "pdf"; "" without one."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def media_type(name: str, content: bytes) -> str | None:
    """What the file is; None where its name and what it holds do not agree, or it is of no kind that is kept."""
    kind = KINDS.get(ending(name))
    return kind.media_type if kind and kind.holds(content) else None


def plain_name(name: str) -> str:
    """The name without folders and without letters that mislead; never empty, at most ``LONGEST_NAME`` letters."""
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    seen = "".join(letter for letter in last if unicodedata.category(letter) not in _UNSEEN)
    tidy = " ".join(_FORBIDDEN.sub("_", seen).split()).rstrip(". ")
    stem, dot, end = tidy.rpartition(".")
    if not dot:
        return tidy[:LONGEST_NAME] or "file"
    return f"{(stem.strip('. ') or 'file')[: LONGEST_NAME - len(end) - 1]}.{end}"[-LONGEST_NAME:]
