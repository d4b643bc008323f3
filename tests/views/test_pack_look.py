"""The page on which the organisation's template for slides is chosen."""

from __future__ import annotations

import io

import pytest
from pptx import Presentation

from tests.cast import Cast
from tests.client import Client
from tests.crm.services.packs.test_look import template


@pytest.fixture
def cio(client: Client, cast: Cast) -> Client:
    client.sign_in(cast.cio)
    return client


def send(client: Client, content: bytes, name: str = "Fernhill.pptx") -> str:
    data = {"file": (io.BytesIO(content), name)}
    answer = client.submit("/packs/look", data, content_type="multipart/form-data", follow_redirects=True)
    return answer.get_data(as_text=True)


def test_a_template_is_chosen_tried_and_left_again(cio: Client) -> None:
    assert "Slides have our own look." in cio.get("/packs/look").text
    content = template()
    assert "Slides are made in Fernhill.pptx." in send(cio, content)
    sample = cio.get("/packs/look/sample")
    assert sample.headers["Content-Disposition"] == "attachment; filename=sample.pptx"
    assert Presentation(io.BytesIO(sample.data)).slide_width == Presentation().slide_width
    assert cio.get("/packs/look/file").data == content
    assert "our own look again" in cio.submit("/packs/look/ours", follow_redirects=True).text


def test_what_is_wrong_with_a_file_is_said_at_the_field(cio: Client) -> None:
    assert "is no PowerPoint file" in send(cio, b"%PDF-", "report.pdf")
    assert "Choose the file first." in cio.submit("/packs/look").text
