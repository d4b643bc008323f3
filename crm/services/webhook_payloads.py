"""What leaves for each kind of webhook, made of the same facts: an Adaptive Card, Slack blocks, or plain JSON.

Facts come from people, so nothing in them may become a link, a mention or markup: cards take them as text runs, which
know no Markdown; in Slack ``&``, ``<`` and ``>`` are escaped and "@channel" is taken apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.services.languages import Language
from crm.services.webhook_events import FACTS, FIXED, TITLES, WORDS, Event
from models.webhook import WebhookKind

VERSION = 1
#: Teams takes 28 KB a message, Slack 2,000 letters a field and ten fields a section.
LONGEST_FACT = 500
MOST_FACTS = 8
EVERYBODY = re.compile(r"@(?=channel|here|everyone)", re.IGNORECASE)
WORD_JOINER = "\u2060"

Payload = dict[str, Any]


@dataclass(frozen=True)
class News:
    """One thing that happened. Kept as JSON in the outbox; the link is added when it leaves."""

    event: Event
    #: When it happened, ISO 8601.
    at: str
    unit_code: str
    unit_name: str
    facts: Mapping[str, str]

    def kept(self) -> str:
        """As it is kept in the outbox."""
        unit = {"code": self.unit_code, "name": self.unit_name}
        return json.dumps({"event": self.event, "at": self.at, "unit": unit, "facts": dict(self.facts)})

    @classmethod
    def read(cls, kept: str) -> News:
        """The reverse of :meth:`kept`."""
        found = json.loads(kept)
        unit = found["unit"]
        return cls(Event(found["event"]), found["at"], unit["code"], unit["name"], found["facts"])

    def title(self, say: Language) -> str:
        """ "A review was moved: Finance"; a test is of no unit."""
        title = say(TITLES[self.event])
        return f"{title}: {self.unit_name}" if self.unit_name else title

    def lines(self, say: Language) -> list[tuple[str, str]]:
        """The facts that a chat shows, with their names."""
        told = [(say(FACTS[name]), _in_words(say, name, value)) for name, value in self.facts.items() if name in FACTS]
        return [(label, shortened(value)) for label, value in told if value][:MOST_FACTS]


def _in_words(say: Language, name: str, value: str) -> str:
    if name in FIXED and value in WORDS:
        return say(WORDS[value])
    if not name.endswith("_on") or not value:
        return value
    day = date.fromisoformat(value)
    return f"{say.weekday(day, day)} {day.year}"


def shortened(text: str, most: int = LONGEST_FACT) -> str:
    """With "…" for what goes beyond."""
    return text if len(text) <= most else text[: most - 1] + "…"


def body(kind: WebhookKind, news: News, *, say: Language, delivery: str, link: str) -> bytes:
    """The request's body. ``delivery`` is the same at every try of one message."""
    if kind is WebhookKind.TEAMS:
        return _as_json(teams(news, say, link))
    if kind is WebhookKind.SLACK:
        return _as_json(slack(news, say, link))
    return _as_json(plain(news, say, delivery, link))


def _as_json(payload: Payload) -> bytes:
    return json.dumps(payload).encode("ascii")


def plain(news: News, say: Language, delivery: str, link: str) -> Payload:
    """For programs. New keys may come; what is here stays as long as the version does."""
    return {
        "version": VERSION,
        "id": delivery,
        "event": news.event,
        "title": say(TITLES[news.event]),
        "at": news.at,
        "unit": {"code": news.unit_code, "name": news.unit_name} if news.unit_code else None,
        "facts": dict(news.facts),
        "link": link,
    }


def teams(news: News, say: Language, link: str) -> Payload:
    """An Adaptive Card in the message that the Teams workflow "When a webhook request is received" posts."""
    head = {"type": "TextRun", "text": news.title(say), "weight": "Bolder", "size": "Medium"}
    lines = [_card_line(label, value) for label, value in news.lines(say)]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": news.title(say),
        "body": [{"type": "RichTextBlock", "inlines": [head]}, *lines],
        "actions": [{"type": "Action.OpenUrl", "title": say("Open in Rapport"), "url": link}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _card_line(label: str, value: str) -> Payload:
    name = {"type": "TextRun", "text": f"{label}: ", "weight": "Bolder"}
    return {"type": "RichTextBlock", "spacing": "Small", "inlines": [name, {"type": "TextRun", "text": value}]}


def slack(news: News, say: Language, link: str) -> Payload:
    """Blocks, and ``text`` for notifications. The link is text: a button asks for an app that listens."""
    lines = [f"*{label}:* {escaped(value)}" for label, value in news.lines(say)]
    texts = [f"*{escaped(news.title(say))}*", *lines, f"<{escaped(link)}|{escaped(say('Open in Rapport'))}>"]
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}} for text in texts]
    return {"text": escaped(news.title(say)), "blocks": blocks, "unfurl_links": False}


def escaped(text: str) -> str:
    """Text that Slack shows as it is, and that calls nobody."""
    tame = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return EVERYBODY.sub("@" + WORD_JOINER, tame)
