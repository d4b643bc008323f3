"""What holds on every page, whoever asks for it: call ``check_page`` on each HTML answer a test fetches."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.test import TestResponse

XHTML, SVG = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2000/svg}"
#: The end of an address within the sprite.
ICON = re.compile(r"#[a-z0-9-]+$")
#: Attributes that name other elements by id.
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "list")


def check_page(response: TestResponse, path: str = "") -> Element:
    """Asserts the invariants of a page, and returns the parsed document (without namespaces)."""
    assert response.mimetype == "text/html", f"{path}: {response.mimetype}"
    document = parse(response.get_data(as_text=True), path)
    problems = [problem for check in CHECKS for problem in check(document)]
    assert not problems, f"{path}: " + "; ".join(problems)
    return document


def parse(html: str, path: str = "") -> Element:
    """The document; raises AssertionError for markup that a browser would have to guess at."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=True)
    document: Element = parser.parse(html)
    # What people type may hold any character; only the markup is ours to answer for.
    errors = [f"line {line}: {code} {data}" for (line, _), code, data in parser.errors if code != "invalid-codepoint"]
    assert not errors, f"{path}: invalid HTML: " + "; ".join(errors[:5])
    for element in document.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.removeprefix(XHTML)
    return document


def text_of(element: Element) -> str:
    """What one reads, in one line."""
    return " ".join("".join(element.itertext()).split())


def one_heading_begins_the_title(document: Element) -> Iterator[str]:
    headings = list(document.iter("h1"))
    title = document.find("head/title")
    if len(headings) != 1:
        yield f"{len(headings)} h1"
    elif title is None or not text_of(headings[0]) or not text_of(title).startswith(text_of(headings[0])):
        yield f"the h1 {text_of(headings[0])!r} does not begin the title {title is not None and text_of(title)!r}"


def ids_are_unique(document: Element) -> Iterator[str]:
    counted = Counter(element.get("id") for element in document.iter() if element.get("id"))
    yield from (f"the id {id_!r} stands {count} times" for id_, count in counted.items() if count > 1)


def icons_have_names(document: Element) -> Iterator[str]:
    for element in document.iter(f"{SVG}use"):
        place = element.get("href", "")
        if not ICON.search(place):
            yield f"no icon is called {place.partition('#')[2]!r}"


def references_resolve(document: Element) -> Iterator[str]:
    ids = {element.get("id") for element in document.iter()}
    for element in document.iter():
        for name in REFERENCES:
            for target in element.get(name, "").split():
                if target not in ids:
                    yield f"{name}={target!r} leads nowhere"


def links_into_the_page_resolve(document: Element) -> Iterator[str]:
    ids = {element.get("id") for element in document.iter()}
    for link in document.iter("a"):
        target = link.get("href", "")
        if target.startswith("#") and target[1:] not in ids:
            yield f"the link {target!r} leads nowhere"


def nothing_is_inline(document: Element) -> Iterator[str]:
    for element in document.iter():
        if element.tag == "style":
            yield "an inline style sheet"
        if element.tag == "script" and not element.get("src"):
            yield "an inline script"
        for name, value in element.attrib.items():
            if name == "style" or name.startswith("on") or value.strip().lower().startswith("javascript:"):
                yield f"<{element.tag} {name}={value!r}> is inline"


def posts_carry_a_token(document: Element) -> Iterator[str]:
    for form in document.iter("form"):
        tokens = [field.get("value") for field in form.iter("input") if field.get("name") == "csrf_token"]
        if form.get("method", "get").lower() == "post" and len([token for token in tokens if token]) != 1:
            yield f"a form to {form.get('action')!r} has {len(tokens)} tokens"


def controls_have_a_name(document: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in document.iter("label")}
    inside = {control for label in document.iter("label") for control in label.iter()}
    for control in (element for element in document.iter() if element.tag in ("input", "select", "textarea")):
        if control.get("type") in ("hidden", "submit") or control in inside or control.get("id") in labelled:
            continue
        if not (control.get("aria-label") or control.get("aria-labelledby")):
            yield f"the control {control.get('name')!r} has no label"


def pictures_say_what_they_show(document: Element) -> Iterator[str]:
    yield from (
        f"the image {image.get('src')!r} has no alt" for image in document.iter("img") if image.get("alt") is None
    )


CHECKS = (
    one_heading_begins_the_title,
    ids_are_unique,
    icons_have_names,
    references_resolve,
    links_into_the_page_resolve,
    nothing_is_inline,
    posts_carry_a_token,
    controls_have_a_name,
    pictures_say_what_they_show,
)
