"""The checks of a page find what they are there to find."""

from __future__ import annotations

import pytest

from tests import page_checks

GOOD = '<!doctype html><html lang="en"><head><title>Units – Fernhill IT</title></head><body>{}</body></html>'
HEADING = "<h1>Units</h1>"


def problems_of(body: str) -> str:
    document = page_checks.parse(GOOD.format(body))
    return "; ".join(problem for check in page_checks.CHECKS for problem in check(document))


def test_a_sound_page_has_no_problems() -> None:
    body = HEADING + (
        '<form method="post"><input type="hidden" name="csrf_token" value="x">'
        '<label for="a">A</label><input id="a" aria-describedby="b"><p id="b">b</p></form><a href="#b">b</a>'
    )
    assert problems_of(body) == ""


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<p>no heading</p>", "0 h1"),
        (HEADING + HEADING, "2 h1"),
        ("<h1>Reviews</h1>", "does not begin the title"),
        (HEADING + '<p id="a">a</p><p id="a">b</p>', "'a' stands 2 times"),
        (HEADING + '<label for="gone">A</label>', "for='gone' leads nowhere"),
        (HEADING + '<p aria-labelledby="gone">A</p>', "aria-labelledby='gone' leads nowhere"),
        (HEADING + '<a href="#gone">A</a>', "'#gone' leads nowhere"),
        (HEADING + '<p style="color:red">A</p>', "is inline"),
        (HEADING + '<p onclick="x()">A</p>', "is inline"),
        (HEADING + '<a href=" JavaScript:x">A</a>', "is inline"),
        (HEADING + "<script>x()</script>", "an inline script"),
        (HEADING + '<form method="post"></form>', "has 0 tokens"),
        (HEADING + '<form method="post"><input type="hidden" name="csrf_token" value=""></form>', "tokens"),
        (HEADING + '<input name="q">', "'q' has no label"),
        (HEADING + '<img src="x.png">', "has no alt"),
        (HEADING + '<svg><use href="/icons.svg#&lt;Macro&gt;"></use></svg>', "no icon is called"),
    ],
)
def test_a_fault_is_found(body: str, problem: str) -> None:
    assert problem in problems_of(body)


def test_markup_a_browser_would_guess_at_is_refused() -> None:
    with pytest.raises(AssertionError, match="invalid HTML"):
        page_checks.parse(GOOD.format(HEADING + "<p><ul><li>x</ul></p>"))
