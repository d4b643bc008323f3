"""What templates say about days, numbers and notes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.page_checks import nothing_is_inline, parse
from views import filters

TODAY = date(2026, 11, 22)
NAUGHTY_STRINGS = Path("/work/shared/data/hostile/blns/blns.json")
ALLOWED = {"html", "head", "body", "title", "h1", *filters.TAGS}


def test_a_day_shows_its_year_only_when_it_is_another_year() -> None:
    assert filters.day(date(2026, 11, 12), TODAY) == "Thu 12 November"
    assert filters.day(date(2027, 1, 4), TODAY) == "Mon 4 January 2027"


def test_a_short_day_shows_its_year_only_when_it_is_another_year() -> None:
    assert filters.short_day(date(2026, 11, 12), TODAY) == "12 Nov"
    assert filters.short_day(date(2025, 9, 1), TODAY) == "1 Sep 2025"


def test_days_near_today_are_words() -> None:
    days = [date(2026, 11, 20 + n) for n in range(5)]
    assert [filters.day_in_words(day, TODAY) for day in days] == ["20 Nov", "yesterday", "today", "tomorrow", "24 Nov"]


def test_a_moment_is_told_as_the_clock_shows_in_its_zone() -> None:
    instant = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert filters.moment(instant, "Asia/Tokyo", TODAY) == "Tue 1 December, 08:30"
    assert filters.moment(instant, "UTC", TODAY) == "Mon 30 November, 23:30"


def test_figures_carry_one_decimal_and_a_true_minus() -> None:
    assert [filters.figure(value) for value in (3.25, 4, -0.5)] == ["3.2", "4.0", "−0.5"]


def test_one_persons_whole_mark_is_a_whole_number() -> None:
    assert filters.figure(3.0, 1) == "3"
    assert filters.figure(3.5, 1) == "3.5"


def test_a_change_always_has_its_sign_save_nought() -> None:
    assert [filters.signed(value) for value in (1, -3, 0, 0.5)] == ["+1", "−3", "0", "+0.5"]


def test_plural_and_number_words() -> None:
    assert [filters.plural(n, "action", "actions") for n in (0, 1, 3)] == ["0 actions", "1 action", "3 actions"]
    assert [filters.number_word(n) for n in (0, 1, 12, 13)] == ["no", "one", "twelve", "13"]


def test_a_sentence_begins_with_a_word_not_a_digit() -> None:
    assert filters.sentence("3 units wait") == "Three units wait"
    assert filters.sentence("0 units wait") == "No units wait"
    assert filters.sentence("13 units wait") == "13 units wait"
    assert filters.sentence("3.2 from 5 people") == "3.2 from 5 people"
    assert filters.sentence("finance is slipping") == "Finance is slipping"
    assert filters.sentence("") == ""


def test_notes_keep_their_lines_lists_and_emphasis() -> None:
    assert filters.markdown("one\ntwo") == "<p>one<br>\ntwo</p>\n"
    assert filters.markdown("- **a**\n- *b*") == "<ul>\n<li><strong>a</strong></li>\n<li><em>b</em></li>\n</ul>\n"
    assert filters.markdown(None) == ""


def test_headings_in_notes_never_reach_the_pages_own() -> None:
    html = filters.markdown("# one\n\n## two\n\n##### five\n\nsix\n---")
    assert [tag in html for tag in ("<h1", "<h2", "<h3>one</h3>", "<h4>two</h4>", "<h6>five</h6>", "<h4>six</h4>")] == [
        False,
        False,
        True,
        True,
        True,
        True,
    ]


def test_links_in_notes_are_marked_and_lead_to_the_web_or_to_mail_only() -> None:
    assert 'href="https://example.org" rel="noopener nofollow"' in filters.markdown("[plan](https://example.org)")
    assert "mailto:ines@fernhill.example" in filters.markdown("<mailto:ines@fernhill.example>")
    for address in (
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
    ):
        assert "href" not in filters.markdown(f"[click]({address})")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![pixel](https://evil.example/p.png)",
        "![x](data:image/svg+xml;base64,PHN2Zz4=)",
        "[x](&#106;avascript:alert(1))",
        "[x]: javascript:alert(1)\n[x]",
        "<a href='javascript:alert(1)'>x</a>",
        "<style>*{display:none}</style>",
        "`<b onclick=x>`",
        '[a](https://x.example "title\\" onmouseover=alert(1)")',
        "</p></main><h1>mine</h1>",
    ],
)
def test_hostile_notes_become_harmless_text(hostile: str) -> None:
    assert_harmless(hostile)


def test_the_naughty_strings_become_harmless_text() -> None:
    if not NAUGHTY_STRINGS.exists():
        pytest.skip(f"no {NAUGHTY_STRINGS}")
    for text in json.loads(NAUGHTY_STRINGS.read_text(encoding="utf-8")):
        assert_harmless(text)


@given(st.text(alphabet=st.sampled_from("<>\"'[]()!#*_`&;:/= \nabjavscriptonx"), max_size=60))
def test_no_text_becomes_anything_but_the_allowed_tags(text: str) -> None:
    assert_harmless(text)


def assert_harmless(text: str) -> None:
    page = parse(f"<!doctype html><title>x</title><h1>x</h1>{filters.markdown(text)}", "")
    assert {element.tag for element in page.iter()} <= ALLOWED
    assert not list(nothing_is_inline(page))


def test_a_change_in_the_trail_is_told_in_words_and_what_stayed_is_left_out() -> None:
    before = {"id": 2, "name": "HR", "code": "HR", "parent_id": None, "moved": False, "text": "…"}
    after = {"id": 2, "name": "Human Resources", "code": "HR", "parent_id": 3, "moved": True, "text": "…"}
    assert filters.changes(before, after) == [
        ("name", "HR", "Human Resources"),
        ("parent", "", "3"),
        ("moved", "no", "yes"),
        ("text", "not shown", "not shown"),
    ]


def test_a_long_value_in_the_trail_is_cut() -> None:
    ((_, _, told),) = filters.changes({}, {"minutes": "a" * 200})
    assert told == "a" * filters.LONG + "…"


def test_an_address_keeps_its_other_arguments(app: Flask) -> None:
    with app.test_request_context("/units?rep=2&q=a%26b&page=3&_external=1"):
        assert filters.address_with(page=4) == "?rep=2&q=a%26b&_external=1&page=4"
        assert filters.address_with(q=None, page=None) == "?rep=2&_external=1"


def test_the_address_of_a_call_can_be_followed_and_nothing_else() -> None:
    assert filters.linked("Room 4 & 5") == "Room 4 &amp; 5"
    assert filters.linked("javascript:alert(1)") == "javascript:alert(1)"
    call = filters.linked('Room 4, https://meet.example.com/a"b', "Finance")
    assert call.startswith('Room 4, <a href="https://meet.example.com/a" rel="noopener noreferrer">Join the call')
    assert '<span class="visually-hidden">: Finance</span></a>&#34;b' in call
    assert filters.linked(None) == ""
