"""Which question a wording is: question numbers move between years, so only the words count."""

from __future__ import annotations

import re

from crm.services.organisation_import.cells import folded

LONGEST = 500
#: "B34. ", "Q12 - ", "12) ", "B59B ", "rw_ts. ": what stands before the words.
_NUMBER = re.compile(
    r"(?:(?:question|q|item)?\s*[a-z]{0,2}\d+[a-z]?\s*[.):–-]\s*|[a-z]{1,2}\d+[a-z]?\s+|[a-z_]{2,6}[.:)]\s+)"
    r"(?=\S*[^\W\d_])"
)
#: Nothing but a number: "B34", "Q 12", "question_7".
_ONLY_A_NUMBER = re.compile(r"(?:question|item|q)?[\s_.-]*[a-z]{0,2}[\s_.-]*\d+[a-z]?[.):]?")
#: "(% strongly agree or agree)", "(B30-B36 average)", "[note 9]": how it was counted, and not what was asked.
_COUNTED = re.compile(
    r"\s*[(\[](?:[^()\[\]]*%[^()\[\]]*|note \d+|[a-z]{0,2}\d+\s*(?:to|[-–])\s*[a-z]{0,2}\d+[^()\[\]]*)[)\]]$"
)


def key_of(text: str) -> str:
    """What two wordings of one question share: no number, no case, no punctuation, not how it was counted."""
    words = folded(text)
    while (shorter := _COUNTED.sub("", words)) != words and shorter:
        words = shorter
    words = _NUMBER.sub("", words, count=1) if _NUMBER.match(words) else words
    plain = " ".join(re.sub(r"[\W_]+", " ", words.replace("&", " and ")).split())
    return plain or folded(text)


def is_only_a_number(text: str) -> bool:
    """Whether it says which question it is by a number alone, which another year may have given to another one."""
    return bool(_ONLY_A_NUMBER.fullmatch(folded(text)))


def readable(text: str) -> str:
    """A column's name as people would write it: "response_rate" is "Response rate"."""
    line = tidy(text)
    if " " in line or "_" not in line:
        return line
    spaced = " ".join(line.replace("_", " ").split())
    return spaced[:1].upper() + spaced[1:]


def tidy(text: str) -> str:
    """On one line, and no longer than is kept."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
