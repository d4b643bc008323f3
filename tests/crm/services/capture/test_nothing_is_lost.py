"""Whatever is typed: nothing is dropped, nothing breaks, what was found reads the same again, and it is quick."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.services.capture.found import Captured, Find, FoundAction, FoundPraise, Line, Named
from crm.services.capture.reading import read
from crm.services.capture.writing import write
from tests.crm.services.capture.notes import ON, PEOPLE, captured

_MARKS = [
    "- [ ] ",
    "- [x] ",
    "! ",
    "! complaint: ",
    "! standard: ",
    "! non-standard:",
    "> decision: ",
    "> ",
    "+ ",
    "- ",
    "  ",
    "```",
    "－［　］",
    "1. [ ] ",
    "* ",
    "+ Mara: ",
    "\u200f",
]
_PARTS = [
    *_MARKS,
    *[
        "@mar",
        "@olu",
        "@Mara Klein",
        "@nobody",
        "@me",
        "@zed",
        "@",
        "Klein",
        "#7",
        "@jo.lindt#6",
        "mara",
        "Olu:",
        "everybody:",
    ],
    *[
        "by Friday",
        "by 12/11",
        "by",
        "by no date",
        "in 2 weeks",
        "by 31 Feb",
        "by 1 Nov",
        "by Fridya",
        "next Friday",
        "in",
    ],
    *[
        "-- need:",
        "— need: ",
        "need:",
        "call",
        "them",
        ",",
        ".",
        ":",
        " ",
        "  ",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "\n  ",
        "\u2028",
    ],
]
TYPED = st.lists(st.sampled_from(_PARTS) | st.text(max_size=4), max_size=25).map("".join) | st.text()
WORDY = st.lists(st.sampled_from(_PARTS), max_size=12).map(" ".join)
NAMES = st.lists(
    st.text(min_size=1, max_size=12) | st.sampled_from(["Mara Klein", "Mara", "Klein Mara", "O’Brien", "by"]),
    max_size=6,
)


def _said(line: Line) -> object:
    """What a line says, wherever it stands and however it is set."""
    plain = replace(line, number=0, raw="", ending="", questions=())
    return plain, [(question.field, question.ask) for question in line.questions]


@given(TYPED)
def test_nothing_typed_is_ever_dropped(text: str) -> None:
    found = captured(text)
    assert "".join(line.raw + line.ending for line in found.lines) == text
    assert found.text == text


@given(TYPED)
def test_reading_twice_says_the_same(text: str) -> None:
    assert captured(text) == captured(captured(text).text)


@given(st.sampled_from(_MARKS), WORDY | TYPED)
def test_what_was_found_reads_the_same_when_written_again(mark: str, text: str) -> None:
    for one in captured(mark + text).found:
        if isinstance(one, FoundPraise) and captured(one.text).found:
            continue  # "+ ! x" is a request in a list: praise that begins with a mark cannot be written alone
        (again,) = captured(write(one, people=PEOPLE, on=ON)).lines
        assert _said(again) == _said(one)


@given(st.sampled_from(_MARKS), WORDY)
def test_each_choice_answers_its_question_and_is_found_in_one_place(mark: str, text: str) -> None:
    for one in captured(mark + text).found:
        for question in one.questions:
            for choice in question.choices:
                (again,) = captured(choice.replacement).lines
                assert question.field not in {other.field for other in again.questions}


@given(NAMES, WORDY, st.dates())
def test_whoever_is_there_and_on_whatever_day(names: list[str], text: str, on: date) -> None:
    people = [Named(at, name) for at, name in enumerate(names)]
    typed = f"- [ ] {text}\n" + "".join(f"- [ ] call @{name}\n+ {name}: thanks\n" for name in names)
    assert read(typed, people=people, on=on, me=0).text == typed


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=6))
def test_everybody_can_be_named_so_that_nobody_is_asked(names: list[str]) -> None:
    people = [Named(at, name) for at, name in enumerate(names)]
    for person in people:
        line = write(FoundAction("call them", person.id), people=people, on=ON)
        (found,) = read(line, people=people, on=ON).actions
        assert (found.owner_id, found.text, found.questions) == (person.id, "call them", ())


HOSTILE = [
    *"- [!>+@`#~|: \t\u200f\u3000＠！a1\n",
    *[
        "- [ ] ",
        "- [",
        "[ ]",
        "! -- need: ",
        "--",
        "- need",
        "> decision: ",
        "+ a:",
        "+ @",
        "@ ",
        "@a ",
        "@@",
        "by ",
        "by by\t",
        "in ",
    ],
    *[
        "by 1/1 ",
        "by friday ",
        "@mara ",
        "```\n",
        "` ",
        "- [ ] a @b by c\n",
        "+ m: x\n",
        "! x\n  y\n",
        "  \n",
        "\r\n",
        "1. ",
        "é́",
    ],
    *["- [ ] x @zq by 12/11\n", "@mara.klein.", "a-", "\U0001f600"],
]


@pytest.mark.parametrize("part", HOSTILE)
@pytest.mark.parametrize("first", ["", "- [ ] ", "! ", "> decision: ", "+ "])
def test_ten_thousand_characters_of_any_sort_cost_little(part: str, first: str) -> None:
    text = (first + part * 10_000)[:10_000]
    started = time.process_time()
    found = captured(text)
    assert time.process_time() - started < 4  # 0.05 on a quiet machine; squared time would be far more
    assert found.text == text


def test_a_long_afternoon_of_notes_is_read_at_once() -> None:
    page = (
        "Month-end failed again on the 30th. Amara heard it from Mara, not from us. That is the real issue.\n\n"
        "- [ ] text Amara when a run fails @olu by Friday\n- [ ] pick a tester @mar by 12/11\n"
        "! checks before the run -- need: minutes, not a night\n> decision: no ledger changes at month-end\n"
        "+ Mara: the checklist saves her half a day\nThen we talked for a while about the new building and the move.\n"
    )
    text = (page * 200)[:40_000]
    people = [*PEOPLE, *(Named(100 + at, f"Somebody{at} Else{at % 37}") for at in range(300))]
    assert (
        min(_seconds(text, people) for _ in range(5)) < 1
    )  # 0.03 on a quiet machine; squared time would be many seconds


def _seconds(text: str, people: list[Named]) -> float:
    started = time.process_time()
    found: Captured = read(text, people=people, on=ON)
    assert found.has_questions
    return time.process_time() - started


def test_what_was_found_is_one_of_four_kinds() -> None:
    found: list[Find] = captured("- [ ] a\n! b\n> decision: c\n+ mara: d").found
    assert [type(one).__name__ for one in found] == ["FoundAction", "FoundRequest", "FoundDecision", "FoundPraise"]
