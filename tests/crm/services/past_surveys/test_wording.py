"""The same question in other years: its number moves, and so does what stands in brackets behind it."""

from __future__ import annotations

import pytest

from crm.services.past_surveys import wording


@pytest.mark.parametrize(
    "text",
    [
        "B34. I have the tools I need (% strongly agree or agree)",
        "B32 I have the tools I need (% selecting 'Strongly agree' or 'Agree')",
        "Q12) I HAVE the tools I need",
        "12. I have the tools, I need [note 9]",
        "i have the tools i need",
        "I_have_the_tools_I_need (B30-B36 average)",
    ],
)
def test_only_the_words_count(text: str) -> None:
    assert wording.key_of(text) == "i have the tools i need"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 months after the project", "6 months after the project"),
        ("Satisfaction (HR)", "Satisfaction (IT)"),
        ("Service 1", "Service 2"),
        ("B34", "B32"),
    ],
)
def test_other_questions_stay_apart(one: str, other: str) -> None:
    assert wording.key_of(one) != wording.key_of(other)


@pytest.mark.parametrize(
    ("text", "is_bare"),
    [("B34", True), ("Q 12", True), ("question_7", True), ("7.", True), ("EES", False), ("B34. Tools", False)],
)
def test_a_mere_number_is_told(text: str, is_bare: bool) -> None:
    assert wording.is_only_a_number(text) is is_bare


def test_a_columns_name_is_made_readable_and_no_longer_than_is_kept() -> None:
    assert wording.readable("response_rate") == "Response rate"
    assert wording.readable("EES") == "EES"
    assert len(wording.tidy("x" * 900)) == wording.LONGEST
