"""Hostile strings, and what a page must not have grown out of them."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

STRINGS = Path("/work/shared/data/hostile/blns/blns.json")


def hostile() -> list[str]:
    strings: list[str] = json.loads(STRINGS.read_text()) if STRINGS.exists() else []
    return [
        text for text in [*strings, "<script>alert(1)</script>", "a\0b", "' OR 1=1 --", "{{ 7*7 }}"] if text.strip()
    ]


class Dangers(HTMLParser):
    """What a page must not have grown out of words: foreign elements, handlers, addresses that run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("iframe", "object", "embed", "style", "img", "base") or (tag == "script" and "src" not in given):
            self.found.append(tag)
        self.found += [name for name in given if name.startswith("on") or name == "style"]
        scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", (given.get("href") or "").lower())
        if scheme and scheme[1] not in ("http", "https", "mailto"):
            self.found.append(scheme[0])


def dangers(page: str) -> list[str]:
    parser = Dangers()
    parser.feed(page)
    return parser.found
