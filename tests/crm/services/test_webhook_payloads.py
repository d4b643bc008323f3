"""What leaves: valid JSON for each kind, and nothing that people wrote becomes a link, a mention or markup."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.services import webhook_payloads
from crm.services.languages import Language
from crm.services.webhook_events import CHOICES, FACTS, TITLES, Event
from crm.services.webhook_payloads import News, body
from models.webhook import WebhookKind

ENGLISH = Language("en")
LINK = "https://rapport.example/reviews/7?a=1&b=2"
MOVED = News(
    Event.REVIEW_MOVED,
    "2026-11-22T09:30:00+00:00",
    "FIN",
    "Finance",
    {"planned_on": "2026-12-03", "was_planned_on": "2026-11-26"},
)
TEXTS = st.text(max_size=40) | st.sampled_from(
    [
        "<!channel> <!here|x> @here @everyone @Channel",
        "<https://evil.example|Open in Rapport>",
        "[Open](https://evil.example) **bold** <at>Ines</at>",
        '"}],"text":"injected',
        "\ud800 lone surrogate \0 nul \u2028 line \u202e turned",
        "x" * 5000,
    ]
)
WORDY = [name for name in FACTS if not name.endswith("_on")]


def read(kind: WebhookKind, news: News, say: Language = ENGLISH) -> Any:
    return json.loads(body(kind, news, say=say, delivery="abc@rapport", link=LINK))


def texts(found: Any) -> list[str]:
    """Every string in it."""
    if isinstance(found, dict):
        return [text for value in found.values() for text in texts(value)]
    if isinstance(found, list):
        return [text for value in found for text in texts(value)]
    return [found] if isinstance(found, str) else []


def test_a_program_gets_a_versioned_envelope() -> None:
    assert read(WebhookKind.JSON, MOVED) == {
        "version": 1,
        "id": "abc@rapport",
        "event": "review.moved",
        "title": "A review was moved",
        "at": "2026-11-22T09:30:00+00:00",
        "unit": {"code": "FIN", "name": "Finance"},
        "facts": {"planned_on": "2026-12-03", "was_planned_on": "2026-11-26"},
        "link": LINK,
    }


def test_teams_gets_an_adaptive_card_in_a_message() -> None:
    found = read(WebhookKind.TEAMS, MOVED)
    (attachment,) = found["attachments"]
    card = attachment["content"]
    assert (found["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    written = ["".join(run["text"] for run in block["inlines"]) for block in card["body"]]
    assert written == [
        "A review was moved: Finance",
        "Planned on: Thursday 3 December 2026",
        "Before: Thursday 26 November 2026",
    ]
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Open in Rapport", "url": LINK}]


def test_slack_gets_blocks_and_a_text_for_the_notification() -> None:
    found = read(WebhookKind.SLACK, MOVED)
    assert found["text"] == "A review was moved: Finance"
    assert [block["text"]["text"] for block in found["blocks"]] == [
        "*A review was moved: Finance*",
        "*Planned on:* Thursday 3 December 2026",
        "*Before:* Thursday 26 November 2026",
        "<https://rapport.example/reviews/7?a=1&amp;b=2|Open in Rapport>",
    ]


FOUND = st.dictionaries(st.sampled_from(WORDY), TEXTS, max_size=len(WORDY))


def test_a_chat_reads_the_language_of_the_house_and_a_program_the_same_keys() -> None:
    news = News(Event.REQUEST_DECIDED, MOVED.at, "FIN", "Finance", {"decision": "declined", "planned_on": "2026-12-03"})
    written = texts(read(WebhookKind.SLACK, news, Language("de")))
    assert "*Entscheidung:* Abgelehnt" in written
    assert "*Geplant am:* Donnerstag, 3. Dezember 2026" in written
    assert read(WebhookKind.JSON, news, Language("de"))["facts"] == news.facts


@given(TEXTS, FOUND, st.sampled_from(list(WebhookKind)))
def test_whatever_people_write_is_valid_and_small_enough(name: str, facts: dict[str, str], kind: WebhookKind) -> None:
    kept = News.read(News(Event.REQUEST_LOGGED, MOVED.at, "FIN", name, facts).kept())
    sent = body(kind, kept, say=ENGLISH, delivery="abc@rapport", link=LINK)
    assert isinstance(json.loads(sent), dict)
    if kind is not WebhookKind.JSON:
        assert len(sent) < 60_000


@given(st.dictionaries(st.sampled_from(WORDY), TEXTS, max_size=4), TEXTS)
def test_nothing_people_write_calls_anybody_or_leads_anywhere_in_slack(facts: dict[str, str], name: str) -> None:
    found = read(WebhookKind.SLACK, News(Event.REQUEST_LOGGED, MOVED.at, "FIN", name, facts))
    ours = f"<{webhook_payloads.escaped(LINK)}|Open in Rapport>"
    for text in texts(found):
        rest = text.replace(ours, "")
        assert "<" not in rest
        assert ">" not in rest
        for call in ("@channel", "@here", "@everyone"):
            assert call not in rest.lower()


@given(st.dictionaries(st.sampled_from(WORDY), TEXTS, max_size=4), TEXTS)
def test_in_teams_all_words_are_runs_that_know_no_markdown(facts: dict[str, str], name: str) -> None:
    found = read(WebhookKind.TEAMS, News(Event.REQUEST_LOGGED, MOVED.at, "FIN", name, facts))
    card = found["attachments"][0]["content"]
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert {run["type"] for block in card["body"] for run in block["inlines"]} == {"TextRun"}
    assert [action["url"] for action in card["actions"]] == [LINK]


def test_a_long_fact_is_cut_in_a_chat_and_whole_for_a_program() -> None:
    news = News(Event.REQUEST_DECIDED, MOVED.at, "FIN", "Finance", {"reason": "x" * 3000})
    assert "x" * 499 + "…" in texts(read(WebhookKind.TEAMS, news))
    assert read(WebhookKind.JSON, news)["facts"]["reason"] == "x" * 3000


@pytest.mark.parametrize("event", list(Event))
def test_every_event_has_a_title(event: Event) -> None:
    assert TITLES[event]
    assert (event in CHOICES) is (event is not Event.TEST)
