"""Minutes as a Word document: who was there, what was said, what was decided, who does what."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from crm.documents.plain import cleaned


@dataclass(frozen=True)
class Minutes:
    """``present``: "Amara Diallo, Head of Finance"; ``actions``: what, who and by when; ``made``: which version."""

    title: str
    subtitle: str
    present: tuple[str, ...]
    text: str
    decisions: tuple[str, ...]
    actions: tuple[tuple[str, str, str], ...]
    made: str
    language: str = "en-GB"


def made(minutes: Minutes) -> bytes:
    """A .docx file."""
    minutes, paper, file = cleaned(minutes), Document(), io.BytesIO()
    properties = paper.core_properties
    properties.title, properties.author, properties.comments = minutes.title[:255], "Rapport", minutes.made[:255]
    properties.language = minutes.language
    _in_language(paper, minutes.language)
    paper.add_heading(minutes.title, level=0)
    paper.add_paragraph(minutes.subtitle)
    _listed(paper, "Who was there", minutes.present)
    paper.add_heading("What was said", level=1)
    _said(paper, minutes.text)
    _listed(paper, "Decided", minutes.decisions)
    _actions(paper, minutes.actions)
    paper.add_paragraph(minutes.made)
    paper.save(file)
    return file.getvalue()


def _in_language(paper: Any, language: str) -> None:
    properties = paper.styles["Normal"].element.get_or_add_rPr()
    told = OxmlElement("w:lang")
    told.set(qn("w:val"), language)
    properties.append(told)


def _listed(paper: Any, title: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    paper.add_heading(title, level=1)
    for line in lines:
        paper.add_paragraph(line, style="List Bullet")


def _said(paper: Any, text: str) -> None:
    """A heading and a list of Markdown as such; everything else as it was typed."""
    for line in text.splitlines():
        if line.startswith("#"):
            paper.add_heading(line.lstrip("# "), level=2)
        elif line.startswith(("- ", "* ")):
            paper.add_paragraph(line[2:], style="List Bullet")
        elif line.strip():
            paper.add_paragraph(line)


def _actions(paper: Any, actions: Sequence[tuple[str, str, str]]) -> None:
    if not actions:
        return
    paper.add_heading("Actions", level=1)
    table = paper.add_table(rows=1, cols=3, style="Table Grid")
    for row in (("What", "Who", "By when"), *actions):
        cells = table.rows[0].cells if row[0] == "What" and row[1] == "Who" else table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
