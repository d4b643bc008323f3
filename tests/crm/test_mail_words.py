"""Each mail in each language: one thing to do, the same in text and HTML, nothing left untranslated, heads unbroken."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm import mail
from crm.services import account_mail, handover_mail, languages, mail_text, minutes_mail, promise_mail, rating_mail
from crm.services.languages import Language
from crm.services.mail_kinds import KINDS
from crm.services.sending import Letter, Refused
from crm.services.wording import Wording
from models.action import Action
from models.handover import Handover
from models.mail import MailKind
from models.meeting import Meeting, MeetingKind
from models.person import Person
from models.unit import BusinessUnit
from tests.processes import SECRET_KEY, server_at

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
BASE_URL = "https://rapport.example"
SENDER = "Fernhill IT <rapport@fernhill.example>"
CODES = [language.code for language in languages.known()]

AMARA = Person(id=3, name="Amara Diallo", email="amara@fernhill.example", time_zone="Europe/Berlin")
INES = Person(id=1, name="Ines Carvalho", email="ines@fernhill.example", is_rep=True)
FINANCE = BusinessUnit(id=1, name="Finanzen", time_zone="Europe/Lisbon", calls_review="Runder Tisch")
HANDOVER = Handover(id=1, unit_id=1, on=date(2026, 12, 1), unit=FINANCE, incoming=AMARA, outgoing=INES)
REVIEW = Meeting(held_on=date(2026, 11, 20), kind=MeetingKind.REVIEW)
TALK = Meeting(held_on=date(2026, 11, 20), kind=MeetingKind.TOUCHPOINT)
ACTIONS = [Action(text="Zugang öffnen", due_on=date(2027, 1, 4)), Action(text="Liste senden")]


def worded(say: Language) -> dict[str, tuple[MailKind, Wording]]:
    """Everything that is written to one person about one thing."""
    day = say.day(HANDOVER.on, NOW.date())

    def minutes(meeting: Meeting, corrected: str) -> Wording:
        return minutes_mail.write(say, unit=FINANCE, to=AMARA, by=INES, meeting=meeting, corrected=corrected, now=NOW)

    def promises(actions: list[Action], by: Person | None = INES) -> Wording:
        return promise_mail.write(say, unit=FINANCE, to=AMARA, by=by, actions=actions, now=NOW)

    rating = rating_mail.write(say, unit=FINANCE, to=AMARA, asked_by=None, closes_at=NOW, now=NOW)
    return {
        "welcome": (MailKind.ACCOUNT, account_mail.welcome(say, to=AMARA, organisation="Fernhill", hours=72)),
        "forgotten": (MailKind.ACCOUNT, account_mail.forgotten(say, to=AMARA, hours=72)),
        "rating": (MailKind.RATING, rating),
        "promise": (MailKind.PROMISE, promises(ACTIONS[:1])),
        "promises": (MailKind.PROMISE, promises(ACTIONS, None)),
        "minutes": (MailKind.MINUTES, minutes(REVIEW, "")),
        "minutes of a talk": (MailKind.MINUTES, minutes(TALK, "")),
        "corrected": (MailKind.MINUTES, minutes(REVIEW, "Das Datum")),
        "takes": (MailKind.HANDOVER, handover_mail.to_who_takes(say, HANDOVER, day)),
        "gives": (MailKind.HANDOVER, handover_mail.to_who_gives(say, HANDOVER, day)),
        "off": (MailKind.HANDOVER, handover_mail.off(say, HANDOVER, AMARA)),
    }


def letter_of(told: Wording, kind: MailKind, code: str) -> Letter:
    return Letter(
        id=1,
        message_id="<1@rapport>",
        to_name=AMARA.name,
        to_address=AMARA.email or "",
        subject=told.subject,
        body=told.body,
        path="/r/the-token",
        button=told.button,
        kind=kind,
        to_person_id=AMARA.id,
        language=code,
    )


def composed(letter: Letter) -> EmailMessage:
    """As it is read on the other side."""
    made = mail.compose(letter, sender=SENDER, base_url=BASE_URL, secret_key=SECRET_KEY)
    read = message_from_bytes(made.as_bytes(policy=made.policy.clone(linesep="\r\n")), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert isinstance(found, MIMEPart)
    return str(found.get_content())


def spoken(text: str) -> list[str]:
    """The words, without addresses, marks of a list and the line before the foot."""
    return [word for word in re.sub(r"https?://\S+", "", text).split() if re.search(r"\w", word)]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", list(worded(Language("en"))))
def test_a_mail_has_one_thing_to_do_and_says_the_same_in_text_and_html(code: str, name: str) -> None:
    kind, told = worded(Language(code))[name]
    message = composed(letter_of(told, kind, code))
    text, html = part(message, "plain"), part(message, "html")
    assert re.findall(r'href="([^"]*)"', html) == [f"{BASE_URL}/r/the-token"]
    assert re.findall(r"https://\S+", text) == [f"{BASE_URL}/r/the-token"]
    body = unescape(re.sub(r"<[^>]+>", " ", html.split("<body", 1)[1].split(">", 1)[1]))
    assert [word.rstrip(":") for word in spoken(body)] == [word.rstrip(":") for word in spoken(text)]
    assert "\n" not in message["Subject"]
    assert f'<html lang="{code}">' in html
    assert message["Content-Language"] == code
    assert len(told.subject) < 80
    assert "List-Unsubscribe" not in message, "none of these is optional"


@pytest.mark.parametrize("code", [code for code in CODES if code != "en"])
@pytest.mark.parametrize("name", list(worded(Language("en"))))
def test_nothing_of_it_is_left_in_english(code: str, name: str) -> None:
    kind, told = worded(Language(code))[name]
    message = composed(letter_of(told, kind, code))
    words = {word.strip(".,:()?").lower() for word in spoken(f"{message['Subject']} {part(message, 'plain')}")}
    assert words & {"the", "and", "you", "your", "this", "is", "of", "to", "with", "by", "from", "review"} == set()


def test_a_mail_uses_the_units_own_word_and_the_readers_clock() -> None:
    said = worded(Language("de"))
    assert said["minutes"][1].subject == "Protokoll: Runder Tisch vom 20. November, Finanzen"
    assert said["minutes of a talk"][1].subject == "Protokoll: Gespräch vom 20. November, Finanzen"
    assert "Sonntag, 22. November, 10:30 Uhr (Berlin)" in said["rating"][1].body
    assert "- Zugang öffnen, bis 4. Januar 2027\n- Liste senden" in said["promises"][1].body


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("code", CODES)
def test_every_kind_says_why_it_came_and_what_is_optional_how_to_end_it(kind: MailKind, code: str) -> None:
    message = composed(letter_of(Wording("S", "B.", "Go"), kind, code))
    text, html = part(message, "plain"), part(message, "html")
    why = Language(code)(KINDS[kind].why) if KINDS[kind].why else ""
    assert why in text
    assert why in unescape(html)
    if KINDS[kind].is_optional:
        url = str(message["List-Unsubscribe"]).strip("<>")
        assert re.fullmatch(BASE_URL + r"/stop/[\w.-]+", url)
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert url in text
        assert f'href="{url}"' in html
    else:
        assert message["List-Unsubscribe"] is None
        assert "/stop/" not in text + html


def test_the_signed_address_stands_in_its_header_whole_and_plain() -> None:
    letter = letter_of(Wording("S", "B.", "Go"), MailKind.DIGEST, "en")
    made = mail.compose(letter, sender=SENDER, base_url="https://" + "long." * 30 + "example", secret_key=SECRET_KEY)
    (line,) = [line for line in made.as_bytes().splitlines() if line.startswith(b"List-Unsubscribe:")]
    assert line.endswith(b">"), "one line: mail programs do not join what was folded within a word"
    assert b"=?" not in line


def test_lists_are_lists_and_signs_are_no_markup() -> None:
    html = mail_text.preview(
        letter_of(Wording("S", "For <b>you</b>:\n- one & two\n- three\nEnd.", "Go"), MailKind.OTHER, "en")
    )
    assert "For &lt;b&gt;you&lt;/b&gt;:</p>" in html
    assert re.findall(r"<li[^>]*>(.*?)</li>", html) == ["one &amp; two", "three"]
    assert ">End.</p>" in html


def test_a_calendar_is_the_third_alternative() -> None:
    letter = replace(
        letter_of(Wording("S", "B.", ""), MailKind.INVITATION, "de"),
        path="",
        calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        calendar_method="REQUEST",
    )
    message = composed(letter)
    assert message.get_content_type() == "multipart/alternative"
    parts = list(message.iter_parts())
    assert [found.get_content_type() for found in parts] == ["text/plain", "text/html", "text/calendar"]
    assert parts[2].get_param("method") == "REQUEST"
    assert "<a " not in part(message, "html"), "nothing to press: the calendar asks"


# ---- Heads

HOSTILE = ["Eve\r\nBcc: all@example.org", 'Q "q" \\ <x@y>, z', "🦊 " * 40, "A\0\x0b\x85\u2028B", "=?utf-8?q?x?=", "مها"]


@given(st.text(max_size=120), st.text(max_size=200))
@example(HOSTILE[0], HOSTILE[0])
@example(HOSTILE[1], HOSTILE[2])
@example(HOSTILE[2], HOSTILE[1])
@example(HOSTILE[3], HOSTILE[3])
@example(HOSTILE[5], HOSTILE[5])
def test_no_name_and_no_subject_begins_a_header_or_adds_a_reader(name: str, subject: str) -> None:
    letter = replace(letter_of(Wording(subject, "B.", "Go"), MailKind.DIGEST, "en"), to_name=name)
    message = composed(letter)
    assert sorted(message.keys()) == sorted(
        {
            "Subject",
            "From",
            "To",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "Content-Language",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "MIME-Version",
            "Content-Type",
        }
    )
    assert [address.addr_spec for address in message["To"].addresses] == [AMARA.email]
    assert [address.addr_spec for address in message["From"].addresses] == ["rapport@fernhill.example"]


@pytest.mark.parametrize("name", [HOSTILE[1], HOSTILE[2].strip(), "Müller, Jörg", "O’Neill (IT); Ops", "مها"])
def test_a_name_with_signs_arrives_whole(name: str) -> None:
    message = composed(replace(letter_of(Wording("S", "B.", "Go"), MailKind.OTHER, "en"), to_name=name))
    assert message["To"].addresses[0].display_name == name


def test_letters_before_the_at_that_servers_do_not_take_are_named() -> None:
    letter = replace(letter_of(Wording("S", "B.", "Go"), MailKind.OTHER, "en"), to_address="jörg@müller.example")
    with pytest.raises(Refused, match="letters before the @"):
        mail.SmtpPost(server_at(1), base_url=BASE_URL, secret_key=SECRET_KEY).send(letter)


@pytest.mark.parametrize(
    "address",
    [
        "eve@example.org\r\nBcc: all@example.org",
        "eve@example.org, all@example.org",
        "no-at-sign",
        "",
        "a@b@c",
        "x@ü..de",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    letter = replace(letter_of(Wording("S", "B.", "Go"), MailKind.OTHER, "en"), to_address=address)
    with pytest.raises(Refused, match="not an address"):
        mail.SmtpPost(server_at(1), base_url=BASE_URL, secret_key=SECRET_KEY).send(letter)


def test_an_address_is_written_as_stored_and_a_domain_in_another_script_as_servers_know_it() -> None:
    for stored, written in {
        "Amara.Diallo@Fernhill.Example": "Amara.Diallo@Fernhill.Example",
        "joerg@müller.example": "joerg@xn--mller-kva.example",
    }.items():
        letter = replace(letter_of(Wording("S", "B.", "Go"), MailKind.OTHER, "en"), to_address=stored)
        made = mail.compose(letter, sender=SENDER, base_url=BASE_URL, secret_key=SECRET_KEY)
        assert made["To"].addresses[0].addr_spec == written
