"""Webhooks are told once: a real HTTPS server that takes, refuses, puts off, leads elsewhere, dawdles and vanishes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import paths, schema
from crm.db import Database
from crm.hooks import HookPost, signature
from crm.services import outbox, sending, webhooks
from crm.services.sending import Hook, Letter, NotNow, Refused, To, Unclear
from crm.services.webhook_addresses import Addresses
from crm.services.webhook_events import CHOICES, FACTS, Event
from models import BusinessUnit, OutboxMessage, OutboxState, Person, Webhook, WebhookKind
from tests.crm.hook_server import NAME, Program, make_certificate, serving
from tests.processes import transaction

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
BASE_URL = "https://rapport.example"
KEPT = '{"event": "test", "at": "2026-11-22T09:30:00+00:00", "unit": {"code": "FIN", "name": "Finance"}, "facts": {}}'


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def program(certificate: Path) -> Iterator[Program]:
    with serving(certificate) as found:
        yield found


def post_to(program: Program, patience: float = 10) -> HookPost:
    return HookPost(
        base_url=BASE_URL, addresses=program.addresses, context=program.context, now=lambda: NOW, patience=patience
    )


def letter_to(url: str, kind: WebhookKind = WebhookKind.JSON, *, has_ended: bool = False) -> Letter:
    hook = Hook(1, kind, url, "shared secret", has_ended)
    return Letter(1, "<abc@rapport>", "", "Chat", "A test", KEPT, "/webhooks", "", hook=hook)


def test_a_program_is_told_with_a_signature_it_can_check(program: Program) -> None:
    post_to(program).send(letter_to(program.url))
    (got,) = program.got
    assert got.path == "/in?sig=secret"
    assert got.headers["Host"] == f"{NAME}:{program.port}"
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["Rapport-Timestamp"] == str(int(NOW.timestamp()))
    assert got.headers["Rapport-Delivery"] == json.loads(got.body)["id"] == "abc@rapport"
    assert got.headers["Rapport-Signature"] == signature("shared secret", got.headers["Rapport-Timestamp"], got.body)
    assert json.loads(got.body)["link"] == f"{BASE_URL}/webhooks"


@pytest.mark.parametrize("kind", [WebhookKind.TEAMS, WebhookKind.SLACK])
def test_a_chat_gets_no_signature(program: Program, kind: WebhookKind) -> None:
    post_to(program).send(letter_to(program.url, kind))
    assert not [name for name in program.got[0].headers if name.startswith("Rapport-")]


@pytest.mark.parametrize("answer", ["200", "201", "202", "204"])
def test_taken_is_taken(program: Program, answer: str) -> None:
    program.answers = [answer]
    post_to(program).send(letter_to(program.url))


@pytest.mark.parametrize("answer", ["400", "401", "403", "404", "410", "413", "422"])
def test_a_refusal_is_final_and_says_why_in_few_letters(program: Program, answer: str) -> None:
    program.answers = [answer]
    with pytest.raises(Refused, match=f"{NAME} said: {answer} invalid_payload") as refused:
        post_to(program).send(letter_to(program.url))
    assert len(str(refused.value)) < 300
    assert str(refused.value).isprintable()
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("answer", ["408", "425", "429", "500", "502", "503"])
def test_what_may_pass_is_tried_again(program: Program, answer: str) -> None:
    program.answers = [answer]
    with pytest.raises(NotNow) as trouble:
        post_to(program).send(letter_to(program.url))
    assert not isinstance(trouble.value, Unclear)
    assert trouble.value.pause == timedelta(0)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        *(("120", 120), ("86400", 3600), ("-5", 0), ("soon", 0)),
        *(("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Fri, 01 Jan 2100 00:00:00 GMT", 3600)),
    ],
)
def test_a_pause_asked_for_is_kept_up_to_an_hour(program: Program, said: str, seconds: int) -> None:
    program.answers = [f"429 {said}"]
    with pytest.raises(NotNow) as trouble:
        post_to(program).send(letter_to(program.url))
    assert trouble.value.pause == timedelta(seconds=seconds)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(program: Program, status: int) -> None:
    program.answers = [f"{status} https://127.0.0.1:{program.port}/elsewhere"]
    with pytest.raises(Refused, match="leads elsewhere"):
        post_to(program).send(letter_to(program.url))
    assert [got.path for got in program.got] == ["/in?sig=secret"]


def test_who_is_gone_after_reading_may_have_it(program: Program) -> None:
    program.answers = ["vanish"]
    with pytest.raises(Unclear, match="gone before it answered"):
        post_to(program).send(letter_to(program.url))
    assert len(program.got) == 1


def test_a_gateway_that_heard_nothing_does_not_know_either(program: Program) -> None:
    program.answers = ["504"]
    with pytest.raises(Unclear):
        post_to(program).send(letter_to(program.url))


def test_an_answer_that_drips_for_ever_is_cut_off(program: Program) -> None:
    program.answers = ["drip"]
    with pytest.raises(Unclear):
        post_to(program, patience=0.5).send(letter_to(program.url))


def test_who_cannot_be_reached_has_not_got_it(program: Program) -> None:
    with pytest.raises(NotNow, match="cannot be reached") as trouble:
        post_to(program).send(letter_to(f"https://{NAME}:1025/"))
    assert not isinstance(trouble.value, Unclear)


def test_a_certificate_of_another_name_or_of_nobody_known_is_told_nothing(program: Program) -> None:
    with pytest.raises(NotNow, match="certificate"):
        post_to(program).send(letter_to(f"https://other.example:{program.port}/"))
    with pytest.raises(NotNow, match="certificate"):
        HookPost(base_url=BASE_URL, addresses=program.addresses).send(letter_to(program.url))
    assert program.got == []


def test_the_address_that_was_checked_is_the_one_connected_to(program: Program) -> None:
    """DNS rebinding: a name that is public when asked first, and this machine when asked again."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    addresses = Addresses(resolve=lambda _host, _port: answers.pop(0), is_allowed=lambda ip: ip == "127.0.0.1")
    post = HookPost(base_url=BASE_URL, addresses=addresses, context=program.context)
    post.send(letter_to(program.url))
    assert len(program.got) == 1
    assert answers == [["10.0.0.1"]], "asked once"
    with pytest.raises(Refused, match="not a public address"):
        post.send(letter_to(program.url))
    assert len(program.got) == 1


def test_without_an_allowance_this_machine_is_never_told(program: Program) -> None:
    with pytest.raises(Refused, match="not a public address"):
        HookPost(base_url=BASE_URL).send(letter_to(f"https://127.0.0.1:{program.port}/"))
    assert program.got == []


def test_no_proxy_of_the_environment_is_used(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    post_to(program).send(letter_to(program.url))
    assert len(program.got) == 1


def test_what_was_ended_or_cannot_be_read_is_not_told(program: Program) -> None:
    with pytest.raises(Refused, match="ended"):
        post_to(program).send(letter_to(program.url, has_ended=True))
    hook = Hook(1, WebhookKind.JSON, program.url, "")
    with pytest.raises(Refused, match="cannot be read"):
        post_to(program).send(Letter(1, "<1@rapport>", "", "Chat", "x", "{}", "/", "", hook=hook))
    assert program.got == []


def test_neither_address_nor_secret_stands_in_a_traceback(program: Program) -> None:
    assert "secret" not in repr(letter_to(program.url))


# ---- Through the outbox


@pytest.fixture
def database(fresh_database_url: str) -> Iterator[Database]:
    found = Database(fresh_database_url)
    schema.upgrade(found.engine)
    yield found
    found.engine.dispose()


@dataclass
class Office:
    """An outbox, programs that listen, and a clock that tests turn."""

    database: Database
    program: Program
    now: datetime = NOW

    def begin(self) -> AbstractContextManager[Session]:
        return transaction(self.database)

    def listen(self, name: str, url: str = "", kind: WebhookKind = WebhookKind.JSON) -> None:
        with self.begin() as session:
            wants = {"events": [event.value for event in CHOICES]}
            session.add(
                Webhook(name=name, kind=kind, url=url or self.program.url, secret="s", wants=wants, made_at=NOW)
            )

    def happen(self, *titles: str) -> None:
        with self.begin() as session:
            unit = session.scalars(select(BusinessUnit)).first()
            if unit is None:
                unit = BusinessUnit(code="FIN", name="Finance", time_zone="UTC")
                session.add(unit)
                session.flush()
            for title in titles:
                webhooks.tell(
                    session,
                    event=Event.REQUEST_LOGGED,
                    unit_id=unit.id,
                    facts={"title": title},
                    path=f"/requests/{title}",
                    now=self.now,
                )

    def send(self, within: timedelta | None = None) -> int:
        return sending.send_due(
            self.begin, post=post_to(self.program), clock=lambda: self.now, to=To.WEBHOOKS, within=within
        )

    def messages(self) -> dict[tuple[str, str], OutboxMessage]:
        with self.begin() as session:
            found = session.scalars(select(OutboxMessage).where(OutboxMessage.webhook_id.is_not(None)))
            return {(row.to_address, row.path.removeprefix("/requests/")): row for row in found}

    @property
    def told(self) -> list[str]:
        return [json.loads(got.body)["facts"]["title"] for got in self.program.got]


@pytest.fixture
def office(database: Database, program: Program) -> Office:
    return Office(database, program)


def test_what_happens_is_told_once_in_its_order(office: Office) -> None:
    office.listen("one")
    office.happen("a", "b")
    office.happen("a")
    assert [office.send(), office.send()] == [2, 0]
    assert office.told == ["a", "b"]
    assert {row.state for row in office.messages().values()} == {OutboxState.SENT}


def test_a_second_try_has_the_same_delivery_and_a_new_signature_would_not_hide_it(office: Office) -> None:
    office.listen("one")
    office.happen("a")
    office.program.answers = ["vanish"]
    assert office.send() == 0
    office.now += timedelta(minutes=1)
    assert office.send() == 1
    assert len({got.headers["Rapport-Delivery"] for got in office.program.got}) == 1


def test_a_dead_webhook_holds_up_neither_others_nor_itself_for_good(office: Office) -> None:
    office.listen("dead", f"https://{NAME}:1025/")
    office.listen("well")
    office.happen("a", "b", "c")
    assert office.send() == 3
    assert office.told == ["a", "b", "c"]
    tries = [office.messages()["dead", title].tries for title in "abc"]
    assert tries == [1, 0, 0], "one try in a run"


def test_a_pause_asked_for_holds_for_all_that_goes_there_and_for_nobody_else(office: Office) -> None:
    office.listen("busy")
    office.happen("a", "b")
    office.program.answers = ["429 1800"]
    assert office.send() == 0
    office.listen("other")
    office.happen("c")
    with office.begin() as session:
        third = session.scalars(select(OutboxMessage).where(OutboxMessage.path == "/requests/c")).all()
        assert len(third) == 2
    office.now += timedelta(minutes=29)
    office.send()
    assert office.told.count("b") == 0
    office.now += timedelta(minutes=2)
    office.send()
    assert {row.state for row in office.messages().values()} == {OutboxState.SENT}


def test_a_refusal_is_shown_and_the_next_goes_on(office: Office) -> None:
    office.listen("one")
    office.happen("a", "b")
    office.program.answers = ["400"]
    assert office.send() == 1
    failed = office.messages()["one", "a"]
    assert failed.state is OutboxState.FAILED
    assert "said: 400" in failed.error


def test_in_the_end_it_has_failed_or_nobody_knows(office: Office) -> None:
    office.listen("one")
    for title, answer, end in (("a", "500", OutboxState.FAILED), ("b", "vanish", OutboxState.UNCERTAIN)):
        office.happen(title)
        office.program.answers = [answer] * 8
        for pause in (timedelta(0), *sending.PAUSES):
            office.now += pause
            office.send()
        assert office.messages()["one", title].state is end


@pytest.mark.parametrize("kind", [WebhookKind.TEAMS, WebhookKind.SLACK])
def test_what_a_chat_may_have_shown_is_not_told_again_by_itself(office: Office, kind: WebhookKind) -> None:
    office.listen("chat", kind=kind)
    office.happen("vanished", "killed", "well")
    office.program.answers = ["vanish"]
    office.send()
    with office.begin() as session:
        sending._claim_next(session, office.now, To.WEBHOOKS)  # and the process dies
    office.now += sending.LEASE + timedelta(seconds=1)
    office.send()
    states = {title: row.state for (_, title), row in office.messages().items()}
    assert states == {
        "vanished": OutboxState.UNCERTAIN,
        "killed": OutboxState.UNCERTAIN,
        "well": OutboxState.SENT,
    }
    assert len(office.program.got) == 2


def test_a_program_is_told_again_what_a_dead_process_held(office: Office) -> None:
    office.listen("one")
    office.happen("a")
    with office.begin() as session:
        letter = sending._claim_next(session, office.now, To.WEBHOOKS)
    office.now += sending.LEASE + timedelta(seconds=1)
    assert letter is not None
    assert office.send() == 1
    assert f"<{office.program.got[0].headers['Rapport-Delivery']}>" == letter.message_id


def test_a_run_ends_in_time(office: Office) -> None:
    office.listen("one")
    office.happen("a")
    assert office.send(within=timedelta(0)) == 0
    assert office.send(within=timedelta(seconds=20)) == 1


def test_mail_and_webhooks_leave_in_runs_of_their_own(office: Office) -> None:
    class Pile:
        def __init__(self) -> None:
            self.taken: list[str] = []

        def send(self, letter: Letter) -> None:
            self.taken.append(letter.to_address)

    office.listen("one")
    office.happen("a")
    with office.begin() as session:
        amara = Person(name="Amara", email="amara@fernhill.example")
        session.add(amara)
        session.flush()
        outbox.queue(session, key="amara", to=amara, subject="Hi", body="A line.", path="/me", now=NOW)
    mail, hooks = Pile(), Pile()
    assert sending.send_due(office.begin, post=mail, clock=lambda: NOW) == 1
    assert sending.send_due(office.begin, post=hooks, clock=lambda: NOW, to=To.WEBHOOKS) == 1
    assert (mail.taken, hooks.taken) == (["amara@fernhill.example"], ["one"])


def test_the_lines_in_the_manual_tell_ours_from_others(program: Program) -> None:
    manual = (paths.ROOT / "docs" / "webhooks.md").read_text()
    code = manual.partition("```python\n")[2].partition("```")[0]
    found: dict[str, Callable[[str, dict[str, str], bytes], bool]] = {}
    exec(code, found)
    post = HookPost(base_url=BASE_URL, addresses=program.addresses, context=program.context)
    post.send(letter_to(program.url))
    (got,) = program.got
    headers = dict(got.headers.items())
    is_ours = found["is_ours"]
    assert is_ours("shared secret", headers, got.body)
    assert not is_ours("another secret", headers, got.body)
    assert not is_ours("shared secret", headers, got.body + b" ")
    assert not is_ours("shared secret", headers | {"Rapport-Timestamp": "1"}, got.body)


def test_every_event_and_fact_stands_in_the_manual() -> None:
    manual = (paths.ROOT / "docs" / "webhooks.md").read_text()
    assert [event for event in Event if f"| `{event}` |" not in manual] == []
    assert [name for name in FACTS if f"`{name}`" not in manual] == []
