"""A pack as PDF: tagged, with bookmarks, and alternative texts for its charts. Made by typst, which fetches nothing."""

from __future__ import annotations

import json
import math
import unicodedata
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import typst

from crm.documents import drawn
from crm.documents.content import Bars, Block, Figure, Items, Line, Pack, Section, Table, Text

TEMPLATE = Path(__file__).with_name("pack.typ")
#: Words longer than this may be broken, after each so many letters.
LONGEST, APART = 24, 12
BREAK = "\u200b"
KINDS: dict[type, str] = {Text: "text", Items: "items", Table: "table", Line: "line", Bars: "bars", Figure: "figure"}


def made(pack: Pack) -> bytes:
    """PDF/UA-1 where every letter has a glyph; else the same, tagged too, with a box for what no font here can show."""
    source, told = TEMPLATE.read_bytes(), {"data": json.dumps(_pack(pack))}
    try:
        return typst.compile(source, sys_inputs=told, pdf_standards=["ua-1"])
    except typst.TypstError:
        return typst.compile(source, sys_inputs=told)


def _pack(pack: Pack) -> dict[str, Any]:
    """As data: nothing of it is ever read as typst's markup."""
    told = {name: getattr(pack, name) for name in ("title", "subtitle", "between", "lead", "summary", "made")}
    return {
        **{name: _tame(text) for name, text in told.items()},
        "name": _clean(pack.title),
        "language": pack.language[:2],
        "sections": [_section(section) for section in pack.sections],
        "method": [_block(text) for text in pack.method],
    }


def _section(section: Section) -> dict[str, Any]:
    blocks = [_block(block) for block in section.blocks]
    return {"title": _tame(section.title), "aside": _tame(section.aside), "blocks": blocks}


def _block(block: Block) -> dict[str, Any]:
    told = {"kind": KINDS[type(block)], **_tamed(asdict(block))}
    if isinstance(block, Line) and any(point.value is not None for point in block.points):
        told["drawing"] = _drawing(block)
    return told


def _drawing(line: Line) -> dict[str, Any]:
    drawing = asdict(drawn.printed(line))
    runs = [[[float(at) for at in place.split(",")] for place in run.split()] for run in drawing["lines"]]
    return {**_tamed(drawing), "lines": runs}


def _tamed(value: Any) -> Any:
    """Every text of it tame; no number that JSON does not know."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return _tame(value)
    if isinstance(value, dict):
        return {name: _tamed(part) for name, part in value.items()}
    return [_tamed(part) for part in value] if isinstance(value, (list, tuple)) else value


def _tame(text: str) -> str:
    """Clean, and with places to break very long words."""
    return " ".join(_broken(word) for word in _clean(text).split(" "))


def _clean(text: str) -> str:
    """Without what no file of text may hold."""
    known = text.encode("utf-8", "ignore").decode()
    return "".join(" " if unicodedata.category(sign) == "Cc" and sign != "\n" else sign for sign in known)


def _broken(word: str) -> str:
    if len(word) <= LONGEST:
        return word
    parts, since = [word[0]], 0
    for before, sign in pairwise(word):
        since += 1
        if since >= APART and _begins_a_letter(before, sign):
            parts.append(BREAK)
            since = 0
        parts.append(sign)
    return "".join(parts)


def _begins_a_letter(before: str, sign: str) -> bool:
    """Not within what is read as one letter: accents, joined emoji."""
    return unicodedata.category(sign)[0] not in "MC" and unicodedata.category(before) != "Cf"
