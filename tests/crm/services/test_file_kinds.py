"""Which files are kept: what a name says and what a file holds have to agree, and nothing is ever unpacked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.services import file_kinds
from crm.services.file_kinds import LONGEST_NAME, media_type, plain_name
from tests.factories import files


@pytest.mark.parametrize(("name", "content"), files.GOOD.items(), ids=files.GOOD)
def test_the_usual_files_are_known_by_what_they_hold(name: str, content: bytes) -> None:
    assert media_type(name, content)
    assert media_type(name.upper(), content)


@pytest.mark.parametrize("name", [name for name in files.GOOD if not name.endswith(("txt", "csv"))])
@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"<html><script>alert(1)</script>", b"", b"PK\x03\x04junk"])
def test_a_file_that_only_bears_the_name_is_refused(name: str, content: bytes) -> None:
    assert media_type(name, content) is None


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a.svg", "a.docm", "a.zip", "pdf", "", "a.pdf.js", "a.doc"])
def test_other_kinds_are_refused_whatever_they_hold(name: str) -> None:
    assert all(media_type(name, content) is None for content in files.GOOD.values())


def test_a_program_is_no_text_and_an_old_office_file_is_no_mail() -> None:
    assert media_type("a.txt", b"MZ\x90\x00\x03") is None
    assert media_type("a.csv", files.GOOD["photo.jpg"]) is None
    assert media_type("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"WordDocument" * 9) is None
    assert media_type("a.txt", "Größe\r\n".encode("cp1252"))
    assert media_type("a.csv", "a;b\n1;ü\n".encode("utf-16"))


def test_macros_are_refused_in_an_office_file() -> None:
    assert media_type("a.docx", files.office("word/", {"word/vbaProject.bin": b"x"})) is None


def test_a_zip_bomb_is_refused_without_being_unpacked() -> None:
    assert media_type("a.xlsx", files.bomb("xl/")) is None
    assert media_type("a.xlsx", files.many_parts("xl/", file_kinds.MOST_PARTS + 1)) is None


@given(st.binary(max_size=400))
def test_no_bytes_upset_it(content: bytes) -> None:
    for name in files.GOOD:
        media_type(name, content)
        media_type(name, files.GOOD[name][:20] + content)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\fakepath\\photo.jpg", "photo.jpg"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ('a"; filename="b.pdf', "a_; filename=_b.pdf"),
        ("line\r\nSet-Cookie: x.pdf", "lineSet-Cookie_ x.pdf"),
        ("nul\0.pdf", "nul.pdf"),
        (" . .pdf", "file.pdf"),
        ("", "file"),
        ("...", "file"),
        ("Straße 日本.pdf", "Straße 日本.pdf"),
    ],
)
def test_a_hostile_name_becomes_a_plain_one(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@given(st.text(max_size=300))
def test_every_name_becomes_one_that_is_safe_anywhere(name: str) -> None:
    plain = plain_name(name)
    assert 0 < len(plain) <= LONGEST_NAME
    assert not set(plain) & set('/\\<>:"|?*\0\r\n')
    assert plain not in (".", "..")
    assert plain_name(plain) == plain
