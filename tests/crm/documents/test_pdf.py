"""A pack as PDF, opened again by pdftotext and pdfinfo."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from crm.documents import pdf
from crm.documents.content import Item, Items, Line, Pack, Point, Section, Text
from tests.factories import packs_of_documents as packs
from tests.other_readers import wanted

EVERY = {"small": packs.small, "large": packs.large, "hostile": packs.hostile}
BREAK = "\u200b"


@pytest.fixture(autouse=True, scope="module")
def _poppler() -> None:
    wanted("pdftotext", "poppler-utils")


def opened(pack: Pack, folder: Path) -> Path:
    file = folder / "pack.pdf"
    file.write_bytes(pdf.made(pack))
    return file


def told(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, check=True).stdout.decode(errors="replace")


def words(file: Path) -> str:
    """Its text in reading order, in one line."""
    return " ".join(told("pdftotext", "-raw", file, "-").replace(BREAK, "").split())


def tree(file: Path) -> str:
    return told("pdfinfo", "-struct", file)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return opened(packs.small(), tmp_path_factory.mktemp("pdf"))


@pytest.fixture(scope="module", params=EVERY)
def any_of_them(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Pack, Path]:
    pack = EVERY[request.param]()
    return pack, opened(pack, tmp_path_factory.mktemp("pdf"))


def test_what_a_pack_says_stands_in_it(small: Path) -> None:
    said = words(small)
    for text in ("Payments stop", "Only Amara closes this", "3.2", "from 5 of 7 people, 2.6–3.8", "Second approver 1"):
        assert text in said
    assert "Two of twelve relationships need you. Finance is slipping, and that is not noise." in said
    assert "No request was refused." in said
    assert "How the figures are told" in said


def test_it_has_a_title_a_language_and_tags_of_pdf_ua(small: Path) -> None:
    assert "Board pack, autumn 2026" in told("pdfinfo", small)
    assert re.search(r"Tagged:\s+yes", told("pdfinfo", small))
    kept = told("pdfinfo", "-meta", small)
    assert "<pdfuaid:part>1</pdfuaid:part>" in kept
    assert "<rdf:li>en</rdf:li>" in kept


def test_its_headings_are_bookmarks_in_their_order(any_of_them: tuple[Pack, Path]) -> None:
    pack, file = any_of_them
    headings = re.findall(r"^\s*H[12] ", tree(file), flags=re.MULTILINE)
    assert len(headings) == 1 + len(pack.sections) + 1
    assert b"/Outlines" in file.read_bytes()


def test_charts_say_their_finding_and_tables_have_heads(small: Path) -> None:
    shape = tree(small)
    assert "Figure" in shape
    assert "TH" in shape
    raw = small.read_bytes()
    assert b"/Alt(October is a real step down.)" in raw
    assert raw.count(b"/Alt") == 1 + 3  # the line, and each bar


def test_every_page_says_when_from_what_and_by_whom(any_of_them: tuple[Pack, Path]) -> None:
    pack, file = any_of_them
    pages = told("pdftotext", "-raw", file, "-").split("\f")[:-1]
    assert all(pack.made in " ".join(page.split()) for page in pages)
    assert f"{len(pages)} / {len(pages)}" in pages[-1]


def test_nothing_is_lost_of_five_hundred_rows(tmp_path: Path) -> None:
    said = words(opened(packs.large(), tmp_path))
    assert all(f"Second approver {at} " in said for at in range(500))
    assert all(f"Request {at}:" in said for at in range(500))


def test_markup_is_words(tmp_path: Path) -> None:
    signs = "#let x = 1 $y^2$ *bold* _it_ [box] @ref <label> \\ `raw` // = head #sys.inputs"
    pack = packs.pack(Section(signs, (Text(signs, signs), Items((Item(signs, signs),)))), title=signs)
    assert words(opened(pack, tmp_path)).count(signs) >= 5


def test_an_unknown_letter_is_a_box_and_the_pack_is_there(tmp_path: Path) -> None:
    """Private letters are in no font."""
    file = opened(packs.pack(Section("A \U0010fffd", (Text("Known words stay."),))), tmp_path)
    assert "Known words stay." in words(file)
    assert re.search(r"Tagged:\s+yes", told("pdfinfo", file))


def test_a_long_word_stays_on_the_paper(tmp_path: Path) -> None:
    file = opened(packs.pack(Section("Names", (Text("N" * 200),))), tmp_path)
    boxes = told("pdftotext", "-bbox", file, "-")
    width = float(re.findall(r'<page width="([\d.]+)"', boxes)[0])
    assert max(float(edge) for edge in re.findall(r'xMax="([\d.]+)"', boxes)) < width


def test_a_line_without_points_says_so(tmp_path: Path) -> None:
    line = Line("Not rated yet.", (Point("October", None),), 1, 5)
    assert "Not rated yet." in words(opened(packs.pack(Section("Ratings", (line,))), tmp_path))


def test_a_language_of_any_length_is_one(tmp_path: Path) -> None:
    assert "Finance is slipping" in words(opened(replace(packs.small(), language="zh-Hant-TW"), tmp_path))
