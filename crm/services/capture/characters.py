"""How characters are compared: wide and invisible ones, accents and case do not matter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = (0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
#: What stands for every invisible character after :func:`fold`.
HIDDEN = "\u200e"
#: One blank, for regular expressions over folded text.
BLANK = rf"[\s{HIDDEN}]"
_FOLDED = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20} | dict.fromkeys(_INVISIBLE, 0x200E)
#: Blanks and what is invisible.
EDGES = "".join(map(chr, _INVISIBLE)) + " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u3000"

#: Letters that Unicode does not take apart.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
_APOSTROPHES = re.compile("['’ʼ`´]")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Wide characters as their plain twins, invisible ones as one; every character stays in its place."""
    return text if text.isascii() else text.translate(_FOLDED)


def tidy(text: str) -> str:
    """On one line, one space between words, nothing invisible at the ends. The characters stay as they were typed."""
    return " ".join(text.split()).strip(EDGES)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """ "Zoë O’Brien-Łuk" as ("zoe", "obrien", "luk")."""
    return tuple(_WORD.findall(_plain(_APOSTROPHES.sub("", text))))


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    visible = (char for char in apart if unicodedata.category(char) not in ("Mn", "Cf"))
    return "".join(visible).translate(_LETTERS)
