"""What stays in IT stays there: every page of the product, read as a head, holds no word that was not shared."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from crm.services import minutes
from models import Decision, Meeting, MeetingKind, OutboxMessage, Praise
from tests.cast import Cast
from tests.client import Client
from tests.factories.everything import Belongings, furnish

#: Words that stand in what only IT may read, and nowhere else.
HIDDEN = {
    "internal": "quartz-internal-notes",
    "unshared": "basalt-unshared-minutes",
    "draft": "granite-since-shared",
    "decision": "feldspar-decision",
    "praise": "obsidian-praise",
}
SHARED = "limestone-shared-minutes"
#: Leaving ends the walk, so it is not part of it.
LEAVING = frozenset({"sign_ins.end"})


@pytest.fixture
def belongings(session: Session, cast: Cast) -> Belongings:
    """One of everything, with the words in it: a meeting that was shared and changed since, one never shared."""
    now = datetime.now(UTC)
    found = furnish(session, cast, now=now - timedelta(minutes=1))
    meeting = session.get_one(Meeting, found.of_finance["meeting_id"])
    meeting.minutes, meeting.internal_notes = SHARED, HIDDEN["internal"]
    session.flush()
    minutes.share(session, by=cast.actor(session, cast.rep), meeting=meeting, now=now)
    meeting.minutes = f"{SHARED} {HIDDEN['draft']}"
    unshared = Meeting(
        unit_id=cast.finance.id,
        kind=MeetingKind.TOUCHPOINT,
        held_on=now.date(),
        minutes=HIDDEN["unshared"],
        internal_notes=HIDDEN["internal"],
        logged_at=now,
        logged_by_id=cast.rep.id,
    )
    session.add(unshared)
    session.flush()
    of_unshared = {"unit_id": cast.finance.id, "meeting_id": unshared.id}
    session.add(Decision(**of_unshared, text=HIDDEN["decision"], decided_on=now.date()))
    session.add(Praise(**of_unshared, text=HIDDEN["praise"], said_on=now.date()))
    session.commit()
    found.of_legal["meeting_id"] = unshared.id  # the second walk of those that are about a meeting
    return found


def address(rule: Rule, things: dict[str, int]) -> str:
    return re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda found: str(things.get(found[1], "units")), rule.rule)


def pages(app: Flask, belongings: Belongings) -> list[str]:
    """Every address that answers to GET."""
    rules = [
        rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint not in LEAVING
    ]
    return sorted({address(rule, things) for rule in rules for things in (belongings.of_finance, belongings.of_legal)})


def variants(path: str) -> list[str]:
    """The page as a file, and a list with a search for every hidden word."""
    words = () if path[-1].isdigit() else HIDDEN.values()
    return [f"{path}?as=csv", f"{path}?as=xlsx", *(f"{path}?text={word}&q={word}" for word in words)]


def told(answer: TestResponse) -> str:
    """All that an answer says: a page, a text, or everything within a spreadsheet."""
    if not answer.data.startswith(b"PK"):
        return answer.get_data(as_text=True)
    with ZipFile(BytesIO(answer.data)) as book:
        words = [name for name in book.namelist() if name.endswith((".xml", ".rels"))]
        return "\n".join(book.read(name).decode() for name in words)


@pytest.mark.parametrize(
    ("database_url", "who"),
    [("sqlite", "head"), ("sqlite", "key_user"), ("postgresql", "head")],
    indirect=["database_url"],
    scope="session",
)
def test_no_page_shows_the_business_a_word_that_was_not_shared(
    app: Flask, client: Client, session: Session, cast: Cast, belongings: Belongings, who: str
) -> None:
    client.sign_in(getattr(cast, who))
    reached, read_shared = 0, False
    waiting = pages(app, belongings)
    while waiting:
        path = waiting.pop()
        answer = client.get(path)
        text = told(answer)
        # A search is told back.
        body = re.sub(r'(?:value|href|action|data-back)="[^"]*"', "", text) if "?" in path else text
        for kind, word in HIDDEN.items():
            assert word not in body, f"{path} shows {who} {kind}"
        if answer.status_code == 200:  # what is refused is refused whatever is searched for
            reached += 1
            waiting += [] if "?" in path else variants(path)
        read_shared = read_shared or SHARED in text
        session.expire_all()
    assert reached > 20
    assert read_shared, "what was shared is there to read"


def test_a_search_for_a_hidden_word_finds_the_meeting_for_it_and_not_for_the_unit(
    client: Client, session: Session, cast: Cast, belongings: Belongings
) -> None:
    for word in (HIDDEN["internal"], HIDDEN["unshared"], HIDDEN["draft"]):
        assert 'href="/meetings/' in rows(client.sign_in(cast.rep).get(f"/meetings?text={word}").text)
        assert 'href="/meetings/' not in rows(client.sign_in(cast.head).get(f"/meetings?text={word}").text)
    assert 'href="/meetings/' in rows(client.get(f"/meetings?text={SHARED}").text)


def rows(page: str) -> str:
    found = re.search(r'<ul class="rows sheet">.*?</ul>', page, re.DOTALL)
    return found[0] if found else ""


def test_before_it_is_shared_the_unit_knows_that_they_met_and_no_more(
    client: Client, cast: Cast, belongings: Belongings
) -> None:
    page = client.sign_in(cast.head).get(f"/meetings/{belongings.of_legal['meeting_id']}").text
    assert "IT has not shared minutes of this meeting yet." in page
    assert "Logged by Ines Carvalho." in page
    assert "minutes not shared yet" in client.get("/meetings").text


def test_no_mail_holds_a_word_that_was_not_shared(session: Session, cast: Cast, belongings: Belongings) -> None:
    for message in session.query(OutboxMessage):
        for word in HIDDEN.values():
            assert word not in message.subject + message.body


def test_an_administrator_reads_no_minutes_in_the_audit_trail(
    client: Client, cast: Cast, belongings: Belongings
) -> None:
    client.sign_in(cast.administrator)
    for entity in ("meeting", "minutes_version", "decision", "praise", "action_step", ""):
        page = client.get(f"/audit?entity={entity}").text
        for word in (*HIDDEN.values(), SHARED):
            assert word not in page, f"{entity} tells {word}"
