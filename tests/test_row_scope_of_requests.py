"""No business user sees, searches, guesses, exports or is shown as similar what another unit asked for: on every route
there is, and those added later are walked with them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from crm.policy import Actor
from crm.services import after_refusal_asking, after_refusals, deciding, digests, feeds, reminders, requests
from models import (
    Attachment,
    Escalation,
    Membership,
    OutboxMessage,
    Part,
    Person,
    Request,
    RequestState,
    RequestStep,
    RequestVerdict,
    SharedNeed,
    Verdict,
)
from tests.cast import Cast
from tests.client import Client
from tests.factories.everything import Belongings, furnish
from tests.test_visibility import LEAVING, address, told

#: Begins every word of Legal's requests that is nobody else's.
WORD = "quagga"
#: Stands in both units' requests, so that they are alike.
COMMON = "Signed contracts ledger"
UNKNOWN = 999_999
#: Arguments that stand for something of a unit.
OF_A_UNIT = ("unit_id", "request_id", "need_id", "file_id")
WHO = ("head", "key_user", "lent")


@pytest.fixture
def belongings(session: Session, cast: Cast) -> Belongings:
    """Both units ask for the same; each text of Legal's holds a word of its own. One more of Legal's came the usual way
    and was refused, so that mail left."""
    now = datetime.now(UTC) - timedelta(minutes=2)
    found = furnish(session, cast, now=now)
    own = session.get_one(Request, found.of_finance["request_id"])
    own.title, own.business_need = COMMON, "Nobody finds contracts"
    _fill(session, session.get_one(Request, found.of_legal["request_id"]), now)
    _refuse(session, cast, cast.actor(session, cast.colleague), now)
    session.add(Membership(unit_id=cast.finance.id, person_id=cast.specialist.id, part=Part.EMBEDDED, since=now.date()))
    session.commit()
    return found


def _fill(session: Session, request: Request, now: datetime) -> None:
    """Words in every text of a request, and of all that hangs on it."""
    texts = ("business_need", "reason", "alternative", "value_wanted", "did", "root_cause", "ticket")
    for name in texts:
        setattr(request, name, f"{WORD}-{name}")
    request.title, request.link = f"{COMMON} {WORD}-title", f"https://{WORD}.example/1"
    request.state, request.decided_at = RequestState.LOOKING, now
    of_it = {"request_id": request.id, "at": now}
    to_id = session.scalars(select(Person.id).where(Person.is_cio)).one()
    session.add_all(
        [
            RequestStep(**of_it, state=RequestState.LOOKING, why=f"{WORD}-why"),
            RequestVerdict(**of_it, verdict=Verdict.DECLINE, reason=f"{WORD}-no", alternative=f"{WORD}-other"),
            Escalation(**of_it, to_id=to_id, level=3, why=f"{WORD}-up"),
        ]
    )
    for file in session.scalars(select(Attachment).where(Attachment.request_id == request.id)):
        file.name = f"{WORD}.pdf"
    session.get_one(SharedNeed, request.shared_need_id).title = f"{WORD}-title of IT"


def _refuse(session: Session, cast: Cast, by: Actor, now: datetime) -> None:
    request = requests.add(
        session,
        by=by,
        unit=cast.legal,
        title=f"{WORD}-second",
        business_need=f"{WORD}-second need",
        requester_id=cast.outsider.id,
        now=now,
    )
    deciding.decide(
        session,
        by=by,
        request=request,
        verdict=Verdict.DECLINE,
        reason=f"{WORD}-no",
        alternative=f"{WORD}-other",
        did=f"{WORD}-did",
        now=now,
    )


def person(cast: Cast, who: str) -> Person:
    found: Person = getattr(cast, "specialist" if who == "lent" else who)
    return found


def searches(path: str, legal: int) -> list[str]:
    """A page as a file; and a list narrowed to the other unit, to all there is, and to its words."""
    wanted = [f"{path}?as={kind}&show=all&unit={legal}" for kind in ("csv", "xlsx")]
    words = () if path[-1].isdigit() else (WORD, f"{WORD}-title", "contracts ledger")
    return [*wanted, f"{path}?show=all&unit={legal}", *(f"{path}?show=all&text={word}&q={word}" for word in words)]


@pytest.mark.parametrize(
    ("database_url", "who"), [("sqlite", who) for who in WHO] + [("postgresql", "head")], indirect=["database_url"]
)
def test_no_address_tells_what_another_unit_asked_for(
    app: Flask, client: Client, session: Session, cast: Cast, belongings: Belongings, who: str
) -> None:
    client.sign_in(person(cast, who))
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    both = (belongings.of_finance, belongings.of_legal)
    waiting = sorted({address(rule, things) for rule in rules for things in both if rule.endpoint not in LEAVING})
    reached, own = 0, False
    while waiting:
        path = waiting.pop()
        answer = client.get(path)
        text = told(answer)
        shown = without_the_search(text) if "?" in path else text
        assert WORD not in shown, f"{path} tells {who}"
        if answer.status_code == 200:  # what is refused is refused whatever is searched for
            reached += 1
            waiting += [] if "?" in path else searches(path, cast.legal.id)
        own = own or COMMON in text
        session.expire_all()
    assert reached > 20
    assert own, "what the own unit asked for is there to read"


def without_the_search(text: str) -> str:
    """A search is told back: in its field, in addresses of the page itself, and in those other parts carry."""
    return re.sub(r'(?:value|href|action)="[^"]*"|(?:text|q)=[\w-]+', "", text)


def same(text: str) -> str:
    """Without what differs from answer to answer: numbers, and the token of the form."""
    return re.sub(r"\d+", "n", re.sub(r'(name="csrf_token"[^>]* value=")[^"]+', r"\1", text))


def of_a_unit(rule: Rule) -> bool:
    return bool(rule.arguments & {*OF_A_UNIT}) and rule.endpoint not in LEAVING


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_anothers_answers_like_what_is_not_there(
    app: Flask, client: Client, session: Session, cast: Cast, belongings: Belongings
) -> None:
    client.sign_in(cast.head)
    token, tried = client.csrf_token(), 0
    for rule in filter(of_a_unit, app.url_map.iter_rules()):
        nothing = {**belongings.of_legal, **dict.fromkeys(OF_A_UNIT, UNKNOWN)}
        for method in {"GET", "POST"} & (rule.methods or set()):
            sent = {"method": method, "data": {"csrf_token": token} if method == "POST" else None}
            theirs, unknown = (client.open(address(rule, things), **sent) for things in (belongings.of_legal, nothing))
            said = (theirs.status_code, same(theirs.text)), (unknown.status_code, same(unknown.text))
            assert said[0] == said[1], f"{method} {rule.rule}"
            assert theirs.status_code in (403, 404), f"{method} {rule.rule}"
            tried += 1
            session.expire_all()
    assert tried > 20


@pytest.mark.parametrize("who", WHO)
def test_nothing_of_another_unit_is_shown_as_similar(
    client: Client, cast: Cast, belongings: Belongings, who: str
) -> None:
    client.sign_in(person(cast, who))
    live = {"headers": {"HX-Request": "true"}}
    for unit in (cast.finance, cast.legal):
        for typed in (COMMON, f"{COMMON} {WORD}-title", f"{WORD}-business_need"):
            words = {"title": typed, "business_need": typed}
            answers = [
                client.submit(f"/units/{unit.id}/requests/similar", words, **live),
                client.submit(f"/units/{unit.id}/requests/new", {**words, "look": "1"}),
            ]
            for answer in answers:
                assert WORD not in answer.text.replace(typed, "")
                assert "Legal" not in answer.text


def test_no_mail_to_another_unit_holds_a_word(session: Session, cast: Cast, belongings: Belongings) -> None:
    ours = {cast.head.id, cast.key_user.id, cast.specialist.id}
    start = datetime.now(UTC).replace(hour=9, minute=30)
    for days in (*range(1, 8), *range(90, 100)):  # each day of a week, and those on which a unit is asked about a "no"
        now = start + timedelta(days=days)
        reminders.due(session, now=now)
        digests.send_daily(session, now=now)
        after_refusals.catch_up(session, now=now)
        after_refusal_asking.ask(session, now=now)
    sent = session.scalars(select(OutboxMessage)).all()
    assert any(WORD in message.subject + message.body for message in sent), "mail about it left"
    assert [message for message in sent if message.to_person_id in ours], "the other unit had mail too"
    for message in sent:
        if message.to_person_id in ours:
            assert WORD not in message.subject + message.body


def test_no_feed_of_another_unit_holds_a_word(
    client: Client, session: Session, cast: Cast, belongings: Belongings
) -> None:
    now = datetime.now(UTC)
    for who in (cast.head, cast.key_user):
        token = feeds.make(session, person=who, name="Phone", now=now)
        link = feeds.find(session, token=token).found
        assert link is not None
        served = feeds.serve(session, link=link, base_url="https://crm.example", now=now)
        assert WORD not in str(served)


def test_the_trail_and_webhooks_are_no_business_of_a_unit(client: Client, cast: Cast, belongings: Belongings) -> None:
    client.sign_in(cast.head)
    for path in ("/audit", f"/audit?text={WORD}", "/audit?entity=request", "/webhooks", "/needs"):
        answer = client.get(path)
        assert (answer.status_code, WORD in answer.text) == (403, False), path


def test_the_unit_itself_reads_every_word(client: Client, cast: Cast, belongings: Belongings) -> None:
    page = client.sign_in(cast.outsider).get(f"/requests/{belongings.of_legal['request_id']}").text
    for name in ("title", "business_need", "why"):
        assert f"{WORD}-{name}" in page
