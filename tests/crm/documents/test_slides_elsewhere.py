"""The slides are opened by a program that is not ours, which draws them as they will be seen."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from crm.documents import slides
from tests.factories import packs_of_documents as packs
from tests.other_readers import wanted


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile pack as LibreOffice prints it."""
    office = wanted("soffice", "libreoffice-impress")
    folder = tmp_path_factory.mktemp("slides")
    (folder / "pack.pptx").write_bytes(slides.made(packs.hostile()))
    home = f"-env:UserInstallation=file://{folder}/home"
    command = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / "pack.pptx")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / "pack.pdf"


def test_every_slide_is_drawn_and_no_word_leaves_it(drawn: Path) -> None:
    boxes = subprocess.run(
        [wanted("pdftotext", "poppler-utils"), "-bbox", drawn, "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = boxes.split("<page ")[1:]
    assert len(pages) > len(packs.hostile().sections)
    for page in pages:
        width, height = (float(side) for side in re.findall(r'(?:width|height)="([\d.]+)"', page)[:2])
        for left, top, right, bottom in re.findall(
            r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)"', page
        ):
            assert float(left) >= 0
            assert float(top) >= 0
            assert float(right) <= width
            assert float(bottom) <= height
