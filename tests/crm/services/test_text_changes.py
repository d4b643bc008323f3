"""Two texts compared, and two changes to one text put together: nothing of either is lost."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from crm.services.text_changes import Kind, Marks, Merged, Piece, difference, merge

MARKS = Marks("▼ theirs", "▼ mine", "▲")
BASE = "One\n\nTwo\n\nThree"
lines = st.lists(st.sampled_from(["", "a", "b", "c d", "c e", "c d "]), max_size=9)
texts = lines.map("\n".join) | st.text(max_size=60)


def together(theirs: str, mine: str, base: str = BASE) -> Merged:
    return merge(base, theirs, mine, MARKS)


def test_a_difference_is_told_word_by_word() -> None:
    assert difference("We met on Monday.", "We met on Tuesday.") == [
        Piece(Kind.SAME, "We met on "),
        Piece(Kind.REMOVED, "Monday"),
        Piece(Kind.ADDED, "Tuesday"),
        Piece(Kind.SAME, "."),
    ]


def test_changes_in_different_lines_are_put_together() -> None:
    assert together(BASE.replace("One", "1"), BASE.replace("Three", "3")) == Merged("1\n\nTwo\n\n3", 0)


def test_changes_of_the_same_line_both_stand_between_marks() -> None:
    both = together(BASE.replace("Two", "2"), BASE.replace("Two", "II"))
    assert both == Merged("One\n\n▼ theirs\n2\n▼ mine\nII\n▲\n\nThree", 1)


def test_what_both_added_at_the_end_both_stands() -> None:
    assert together(f"{BASE}\nFour", f"{BASE}\nFive") == Merged(f"{BASE}\nFour\nFive", 0)


def test_what_one_took_away_and_the_other_left_is_gone() -> None:
    assert together(BASE, "One\n\nThree") == Merged("One\n\nThree", 0)


def test_what_one_took_away_and_the_other_changed_is_asked_about() -> None:
    both = together("One\n\nThree", BASE.replace("Two", "2"))
    assert both.conflicts == 1
    assert "2" in both.text


@given(texts, texts)
def test_the_pieces_of_a_difference_are_both_texts(old: str, new: str) -> None:
    pieces = difference(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.REMOVED) == new
    assert all(piece.text for piece in pieces)


@given(texts, texts, texts)
def test_no_new_line_of_either_is_lost(base: str, theirs: str, mine: str) -> None:
    lines = set(together(theirs, mine, base).text.split("\n"))
    for changed in (theirs, mine):
        assert set(changed.split("\n")) - set(base.split("\n")) <= lines


@given(texts, texts)
def test_who_changed_nothing_changes_nothing(base: str, changed: str) -> None:
    assert together(changed, base, base) == together(base, changed, base) == together(changed, changed, base)
    assert together(changed, base, base) == Merged(changed, 0)


def test_long_texts_take_no_time() -> None:
    began = time.perf_counter()
    base = "\n".join(f"{number % 7} words of line {number}" for number in range(2500))
    merge(base, base.replace("words", "many"), base[: len(base) // 2], MARKS)
    difference(base, base.replace("words", "many"))
    assert time.perf_counter() - began < 30  # well under one on a quiet machine
