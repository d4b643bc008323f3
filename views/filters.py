"""What templates may say: days, numbers and notes in words, and the errors of a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import nh3
from flask import Flask, request
from jinja2 import StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList, Form, FormField, SelectField, SelectMultipleField
from wtforms.widgets import Select

from crm.numerals import NUMBERS
from crm.services import actions
from crm.stats.told import heard
from views import access

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
TAGS = {"p", "br", "hr", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "h4", "h5", "h6"}


def init_app(app: Flask) -> None:
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    for filter_ in (
        day,
        short_day,
        day_in_words,
        month_word,
        month_and_year,
        moment,
        clock_time,
        city,
        figure,
        signed,
        plural,
        number_word,
        sentence,
        markdown,
        linked,
        field_errors,
        browser_words,
        changes,
    ):
        environment.filters[filter_.__name__] = filter_
    environment.tests.update(several=takes_several, dropdown=is_dropdown, overdue=actions.is_overdue)
    environment.globals.update(address_with=address_with, heard=heard)


# ---- Days


def day(value: date, today: date | None = None) -> str:
    """Thu 12 November; with the year only when it is not this year."""
    text = f"{WEEKDAYS[value.weekday()]} {value.day} {MONTHS[value.month - 1]}"
    return text + _year(value, today)


def short_day(value: date, today: date | None = None) -> str:
    """12 Nov; with the year only when it is not this year."""
    return f"{value.day} {month_word(value)}{_year(value, today)}"


def day_in_words(value: date, today: date | None = None) -> str:
    """yesterday, today, tomorrow, or the short day."""
    today = today or access.today()
    near = {today - timedelta(1): "yesterday", today: "today", today + timedelta(1): "tomorrow"}
    return near.get(value) or short_day(value, today)


def month_word(value: date) -> str:
    """Nov"""
    return MONTHS[value.month - 1][:3]


def month_and_year(value: date) -> str:
    """November 2026"""
    return f"{MONTHS[value.month - 1]} {value.year}"


def moment(instant: datetime, zone: str | None = None, today: date | None = None) -> str:
    """Thu 12 November, 10:00, as the clock shows in that zone; without one, at the organisation's seat."""
    local = instant.astimezone(ZoneInfo(zone or access.organisation().time_zone))
    return f"{day(local.date(), today)}, {local:%H:%M}"


def clock_time(instant: datetime, zone: str) -> str:
    """10:00, as the clock shows in that zone."""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"


def city(zone: str) -> str:
    """Europe/Lisbon is Lisbon's time."""
    return zone.rpartition("/")[2].replace("_", " ")


def _year(value: date, today: date | None) -> str:
    return "" if value.year == (today or access.now()).year else f" {value.year}"


# ---- Numbers


def figure(value: float, n: int | None = None) -> str:
    """3.2; a whole number when one person gave it."""
    return _minus(f"{value:.0f}" if n == 1 and value == round(value) else f"{value:.1f}")


def signed(value: float) -> str:
    """+1, −3, 0: a change."""
    return _minus(f"{value:+g}") if value else "0"


def plural(count: int, one: str, many: str) -> str:
    """1 action, 3 actions."""
    return f"{_minus(str(count))} {one if count == 1 else many}"


def number_word(count: int) -> str:
    """one to twelve in words (and "no"), then digits."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else _minus(str(count))


def sentence(text: str) -> str:
    """As a sentence begins: "3 units wait" becomes "Three units wait"."""
    words = re.sub(r"^\d+(?![\d.,:])", lambda found: number_word(int(found[0])), str(text))
    return words[:1].upper() + words[1:]


def _minus(digits: str) -> str:
    return digits.replace("-", "−")


# ---- Notes


_reader = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).disable("image")


def markdown(text: str | None) -> Markup:
    """Notes as HTML: no HTML of the writer's, no pictures, links to the web and to mail only, headings from h3 down."""
    tokens = _reader.parse(text or "")
    for token in tokens:
        _lower_heading(token)
    html = _reader.renderer.render(tokens, _reader.options, {})
    return Markup(  # noqa: S704 - sanitised in this very call
        nh3.clean(
            html,
            tags=TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener nofollow",
        )
    )


def linked(place: str | None, about: str = "") -> Markup:
    """Where people meet: a room as it is, the address of a call as a link. ``about``: whose call, for those who do not
    see it."""
    parts = re.split(r"(https?://[^\s<>\"']+)", place or "")
    return Markup().join(_call(part, about) if number % 2 else part for number, part in enumerate(parts))


def _call(address: str, about: str) -> Markup:
    hidden = Markup('<span class="visually-hidden">: {}</span>').format(about) if about else ""
    return Markup('<a href="{}" rel="noopener noreferrer">Join the call{}</a>').format(address, hidden)


def _lower_heading(token: Token) -> None:
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"


# ---- The audit trail

LONG = 90  # letters of a value that are shown; the rest is in the database
PRIVATE = "…"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(name, from, to) of each field that changed, in words; "" where there was or is nothing."""
    names = [name for name in {**before, **after} if name != "id"]
    told = [(name, before.get(name), after.get(name)) for name in names]
    return [
        (name.removesuffix("_id").replace("_", " "), _value_in_words(old), _value_in_words(new))
        for name, old, new in told
        if old != new or new == PRIVATE
    ]


def _value_in_words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_value_in_words(one) for one in value)
    text = "not shown" if value == PRIVATE else str(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return day(date.fromisoformat(text))
    if re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*[+Z]", text):
        return moment(datetime.fromisoformat(text))
    return text if len(text) <= LONG else text[:LONG].rstrip() + "…"


# ---- Places signed in

# In this order: every browser claims to be several of those below it.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "a Mac",
    "Linux": "Linux",
}


def browser_words(user_agent: str) -> str:
    """Firefox on Windows: enough to know one's own places again."""
    name = next((words for mark, words in BROWSERS.items() if mark in user_agent), "A browser")
    system = next((words for mark, words in SYSTEMS.items() if mark in user_agent), None)
    return f"{name} on {system}" if system else name


# ---- Forms and addresses


def takes_several(field: Field) -> bool:
    return isinstance(field, SelectMultipleField)


def is_dropdown(field: Field) -> bool:
    return isinstance(field, SelectField) and isinstance(field.widget, Select)


def field_errors(form: Form) -> list[tuple[str, str]]:
    """(id of the control, what is wrong with it), in the order of the form; "" for the form as a whole."""
    return [("", str(message)) for message in form.form_errors] + list(_errors_of(form))


def _errors_of(fields: Form | FieldList[Any]) -> Iterator[tuple[str, str]]:
    for field in fields:
        if isinstance(field, FormField):
            yield from _errors_of(field.form)
            continue
        if isinstance(field, FieldList):
            yield from _errors_of(field)
        own = [error for error in field.errors if isinstance(error, str)]
        if own and field.name != "csrf_token":
            yield field.id, own[0]


def address_with(**changes: object) -> str:
    """This address with other arguments; None takes one away."""
    arguments = MultiDict(request.args)
    for name, value in changes.items():
        arguments.poplist(name)
        if value is not None:
            arguments[name] = str(value)
    return "?" + urlencode(list(arguments.items(multi=True)))
