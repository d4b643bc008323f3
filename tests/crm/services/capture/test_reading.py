"""Four marks are recognised; whatever else is typed stays prose."""

from __future__ import annotations

import pytest

from crm.services.capture.found import FoundAction, FoundDecision, FoundPraise, FoundRequest, Prose
from tests.crm.services.capture.notes import INES, MARA, OLU, ON, answer, asked, captured, find, labels, line

NOTEBOOK = """Month-end failed again on the 30th.

- [ ] text Amara when a run fails @olu by 13 Nov
- [x] send the logs @mara
! checks before the run -- need: a failed job should
  cost minutes, not a night
> decision: no ledger changes in the last three days
+ Mara: the checklist saves her half a day
A last word.
"""


def test_a_page_of_the_notebook_becomes_what_it_says() -> None:
    read = captured(NOTEBOOK)
    assert [(one.text, one.owner_id, one.due_on, one.done) for one in read.actions] == [
        ("text Amara when a run fails", OLU.id, ON.replace(day=13), False),
        ("send the logs", MARA.id, None, True),
    ]
    assert [(one.title, one.need) for one in read.requests] == [
        ("checks before the run", "a failed job should cost minutes, not a night")
    ]
    assert [one.text for one in read.decisions] == ["no ledger changes in the last three days"]
    assert [(one.person_id, one.text) for one in read.praises] == [(MARA.id, "the checklist saves her half a day")]
    assert read.prose == "Month-end failed again on the 30th.\n\nA last word.\n"
    assert read.text == NOTEBOOK
    assert not read.has_questions
    assert len(read.found) == 5


def test_lines_are_numbered_from_one_and_an_item_may_run_on_over_indented_lines() -> None:
    read = captured(NOTEBOOK)
    assert [one.number for one in read.lines] == [1, 2, 3, 4, 5, 7, 8, 9]
    assert read.requests[0].raw == "! checks before the run -- need: a failed job should\n  cost minutes, not a night"


@pytest.mark.parametrize(
    "text",
    [
        "- item",
        "* item",
        "1. item",
        "> quote",
        "> Decisions are hard: she said",
        "> decision:",
        "+1",
        "+ item",
        "+ 10:30 call",
        "+ 5: five",
        "+ https://example.com",
        "+ Mara:",
        "+ it was a long sentence about much: and so on",
        "! ",
        "!",
        "!important",
        "![picture](a.png)",
        "- [ ]",
        "- [ ] ",
        "- [x](https://example.com)",
        "[ ] no bullet",
        "- [y] no box",
        "a - [ ] in the middle",
        "mail mara@example.com by Friday",
        "",
    ],
)
def test_what_is_no_mark_stays_prose(text: str) -> None:
    assert captured(text).found == []
    assert captured(text).prose == text


def test_blocks_of_code_stay_prose_to_their_fence() -> None:
    read = captured("```sh\n- [ ] code\n``\n! code\n````\n! after")
    assert [one.raw for one in read.found] == ["! after"]


def test_a_block_of_code_that_never_ends_goes_to_the_end() -> None:
    assert captured("```\n- [ ] code\n").found == []


def test_code_within_a_line_opens_no_block() -> None:
    assert len(captured("```code``` and more\n- [ ] text").actions) == 1


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] text",
        "-[ ] text",
        "- [] text",
        "* [ ] text",
        "+ [ ] text",
        "• [ ] text",
        "1. [ ] text",
        "  - [ ] text",
        "\t-\t[ ]\ttext\t",
        "- [ ]   text   ",
        "－ ［　］ text",
        "\u200f- [ ] \u200ftext\u200e",
        "\ufeff- [ ] text",
    ],
)
def test_an_action_however_it_is_set(text: str) -> None:
    found = find(text)
    assert isinstance(found, FoundAction)
    assert (found.text, found.done) == ("text", False)


@pytest.mark.parametrize("box", ["[x]", "[X]", "[ x ]", "［ｘ］", "[✓]"])
def test_a_ticked_box_is_an_action_already_done(box: str) -> None:
    found = find(f"- {box} text")
    assert isinstance(found, FoundAction)
    assert (found.text, found.done) == ("text", True)


@pytest.mark.parametrize(
    "text",
    [
        "! title -- need: why",
        "! title — need: why",
        "! title – Need : why",
        "! title - NEED:why",
        "- ! title --need: why",
        "!   title   --   need:   why",
        "！ title －－ ｎｅｅｄ： why",
        "! title\n  -- need:\n  why",
    ],
)
def test_a_request_however_it_is_set(text: str) -> None:
    found = find(text)
    assert isinstance(found, FoundRequest)
    assert (found.title, found.need, found.questions) == ("title", "why", ())


@pytest.mark.parametrize("text", ["! a new ledger", "! a new ledger -- need:"])
def test_without_its_need_a_request_is_asked_about(text: str) -> None:
    found = find(text)
    assert isinstance(found, FoundRequest)
    assert (found.title, found.need) == ("a new ledger", "")
    assert asked(found) == {"need": "What does the unit need it for?"}


def test_without_its_title_a_request_is_asked_about() -> None:
    assert asked(find("! -- need: minutes, not a night")) == {"title": "What is asked for?"}


@pytest.mark.parametrize(
    "text", ["> decision: text", ">decision:text", "> Decision : text", "- > DECISION:  text", "＞ decision： text"]
)
def test_a_decision_however_it_is_set(text: str) -> None:
    found = find(text)
    assert isinstance(found, FoundDecision)
    assert found.text == "text"


@pytest.mark.parametrize(
    "text",
    [
        "+ Mara: text",
        "+ Mara Klein: text",
        "+ @mara: text",
        "- + m.klein: text",
        "+ MARA KLEIN : text",
        "＋ Ｍａｒａ： text",
    ],
)
def test_praise_however_it_is_set(text: str) -> None:
    found = find(text)
    assert isinstance(found, FoundPraise)
    assert (found.person_id, found.text, found.questions) == (MARA.id, "text", ())


def test_praise_for_everybody_needs_nobody() -> None:
    found = find("+ the team: text")
    assert isinstance(found, FoundPraise)
    assert (found.person_id, found.text, found.questions) == (None, "text", ())


def test_praise_for_whom_is_asked() -> None:
    found = find("+ mar: text")
    assert isinstance(found, FoundPraise)
    assert (found.person_id, found.text) == (None, "mar: text")
    assert asked(found) == {"person": "Who is mar?"}
    assert labels(found, "person") == ["Mara Klein, Controller", "Marek Nowak", "Everybody", "It is no praise"]
    told = answer(found, "person", "Mara Klein, Controller")
    assert isinstance(told, FoundPraise)
    assert told.person_id == MARA.id


def test_what_was_no_praise_becomes_an_item_of_a_list() -> None:
    (question,) = line("+ Pros: quick").questions
    assert question.ask == "Who is Pros? Nobody here is called that."
    assert question.choices[-1].replacement == "- Pros: quick"


def test_an_answered_line_takes_its_place_in_the_notes() -> None:
    read = captured("before\r\n- [ ] call @mar\r\nafter")
    (question,) = read.actions[0].questions
    told = read.answered(2, question.choices[0].replacement)
    assert told == "before\r\n- [ ] call @Mara Klein\r\nafter"
    assert not captured(told).has_questions


def test_an_action_without_words_is_asked_about() -> None:
    found = find("- [ ] @me by Friday")
    assert isinstance(found, FoundAction)
    assert (found.text, found.owner_id, found.due_on) == ("@me by Friday", None, None)
    assert asked(found) == {"text": "What will be done?"}


def test_an_item_ends_where_another_begins() -> None:
    read = captured("- [ ] one\n  - [ ] two\n  - detail\n- [ ] three\n\n  prose\n- [ ] four\n  @me")
    assert [(one.text, one.owner_id) for one in read.actions] == [
        ("one", None),
        ("two", None),
        ("three", None),
        ("four", INES.id),
    ]
    assert [one.raw for one in read.lines if isinstance(one, Prose)] == ["  - detail", "", "  prose"]
