"""Minutes as Word, opened again."""

from __future__ import annotations

import io

from docx import Document

from crm.documents import text
from tests.factories.packs_of_documents import CONTROLS, SCRIPTS


def test_minutes_have_headings_who_was_there_and_a_table_of_actions() -> None:
    told = text.Minutes(
        "Minutes with Finance",
        "12 November 2026",
        ("Amara Diallo, Head of Finance",),
        f"# Month-end\nIt went well.\n- {SCRIPTS}\n{CONTROLS}",
        ("A second approver",),
        (("Set up the approver", "Ines Carvalho", "30 November 2026"),),
        "Version 2, shared on 13 November 2026.",
    )
    paper = Document(io.BytesIO(text.made(told)))
    assert [one.text for one in paper.paragraphs if one.style.name.startswith("Heading")] == [
        "Who was there",
        "What was said",
        "Month-end",
        "Decided",
        "Actions",
    ]
    assert [[cell.text for cell in row.cells] for row in paper.tables[0].rows] == [
        ["What", "Who", "By when"],
        ["Set up the approver", "Ines Carvalho", "30 November 2026"],
    ]
    assert paper.core_properties.language == "en-GB"
    assert SCRIPTS in [one.text for one in paper.paragraphs]
