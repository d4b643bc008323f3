"""Any mail is read as far as it can be: every charset, every wrapping, and what is no mail at all."""

from __future__ import annotations

from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.services.incoming import calendars, reading
from crm.services.incoming.calendars import Unreadable
from crm.services.incoming.reading import Mail
from models.calendar import CalendarAnswer
from tests.crm.services.incoming.mails import bounce, mail, parcel, reply, with_calendar


def read(message: EmailMessage | bytes) -> Mail:
    return reading.read(parcel(message))


def test_who_to_whom_and_what() -> None:
    found = read(
        mail("Tuesday is fine.\r\n\r\n\r\n> Really?   \n", to="Finance <finance@x.example>", Cc="it@x.example")
    )
    assert (found.from_name, found.from_address) == ("Amara Diallo", "amara.diallo@fernhill.example")
    assert found.to == ("finance@x.example", "it@x.example")
    assert (found.subject, found.text) == ("A word", "Tuesday is fine.\n\n> Really?")
    assert not found.is_automatic


@pytest.mark.parametrize(
    ("head", "body", "subject", "text"),
    [
        (b"Subject: =?iso-8859-1?q?M=E4rz?=", b"K\xe4se", "März", "Käse"),
        (b"Subject: =?koi8-r?b?8NLJ18XU?=", "Привет".encode("koi8-r"), "Привет", "Привет"),
        ("Subject: März".encode(), "naïve".encode(), "März", "naïve"),
        (b"Subject: =?x-nobody-knows?q?abc?=", b"plain", "abc", "plain"),
        (b"Subject: =?utf-8?b?####?=", b"a\0b\x1bc", "", "abc"),
        (b"Subject: one\r\n two\x00", b"caf\xe9 \xff", "one two", "caf\ufffd \ufffd"),
    ],
)
def test_every_charset_is_text_in_the_end(head: bytes, body: bytes, subject: str, text: str) -> None:
    charset = {"März": "iso-8859-1", "Привет": "koi8-r"}.get(subject, "x-nobody-knows")
    charset = "utf-8" if text == "naïve" else charset
    found = read(head + f"\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode() + body)
    assert found.text == text
    assert subject in found.subject


def test_html_alone_is_read_as_text_and_attachments_are_left_out() -> None:
    message = mail()
    message.set_content(
        "<html><head><title>T</title><style>p{}</style></head><body><p>Month&nbsp;end <b>took</b> five</p>"
        "<ul><li>One<li>Two</ul><script>alert(1)</script></body></html>",
        subtype="html",
    )
    message.add_attachment("not said", filename="notes.txt")
    assert read(message).text == "Month end took five\n\nOne\nTwo"


@pytest.mark.parametrize(
    "head",
    [
        {"Auto-Submitted": "auto-replied; owner=x"},
        {"Precedence": "bulk"},
        {"X-Autoreply": "yes"},
        {"List-Id": "<all.fernhill.example>"},
        {"Return-Path": "<>"},
    ],
)
def test_what_no_person_wrote_is_known(head: dict[str, str]) -> None:
    assert read(mail(**head)).is_automatic
    assert not read(mail(**{"Auto-Submitted": "no"})).is_automatic


def test_the_same_mail_has_the_same_key_whatever_servers_wrote_on_its_way() -> None:
    message = mail("One")
    first = read(b"Received: by one\r\nDelivered-To: a@x\r\n" + message.as_bytes()).key
    assert read(b"Received: by two\r\nDelivered-To: b@x\r\n" + message.as_bytes()).key == first
    assert read(message.as_bytes().replace(b"One", b"Two")).key != first


def test_a_bounce_says_of_which_mail_and_why() -> None:
    report = read(bounce("<a@rapport>")).report
    assert report is not None
    assert (report.of, report.action, report.why) == (("<a@rapport>",), "failed", "550 5.1.1 No such person here")


# ---- Answers to invitations


@pytest.mark.parametrize("params", [{"method": "REPLY"}, {"METHOD": "reply", "component": "VEVENT"}, {}])
def test_an_answer_is_found_whatever_the_case_of_its_method(params: dict[str, str]) -> None:
    found = read(with_calendar(reply(uid="u-1", sequence=2), params=params))
    assert found.calendar is not None
    answer = calendars.read(found.calendar, found.calendar_method)
    assert answer.people == (("amara.diallo@fernhill.example", CalendarAnswer.ACCEPTED),)
    assert (answer.uid, answer.sequence, answer.said) == ("u-1", 2, "Five minutes late, sorry")


def test_the_method_may_stand_in_the_head_only() -> None:
    calendar = reply(uid="u-1", method="reply").replace("METHOD:reply\n", "")
    found = read(with_calendar(calendar, params={"method": "Reply"}))
    assert calendars.read(found.calendar or "", found.calendar_method).uid == "u-1"
    with pytest.raises(Unreadable, match="no answer"):
        calendars.read(found.calendar or "", "")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("tentative", CalendarAnswer.TENTATIVE),
        ("DECLINED", CalendarAnswer.DECLINED),
        ("DELEGATED", CalendarAnswer.DECLINED),
        ("NEEDS-ACTION", CalendarAnswer.NONE),
    ],
)
def test_each_answer_in_our_words(said: str, answer: CalendarAnswer) -> None:
    ((_, found),) = calendars.read(reply(uid="u", partstat=said), "").people
    assert found is answer


def test_people_are_named_with_quotes_blanks_and_large_letters() -> None:
    told = reply(uid="u", address="Amara.Diallo@FERNHILL.example").replace(":mailto:Amara", ":MAILTO:Amara")
    assert calendars.read(told, "").people[0][0] == "amara.diallo@fernhill.example"


@pytest.mark.parametrize(
    ("calendar", "why"),
    [
        ("", "is none"),
        ("Yes, I come", "is none"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR", "no answer"),
        ("BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR", "no single invitation"),
        (reply(uid="u", method="REQUEST"), r"\(request\)"),
        (reply(uid="u", method="COUNTER"), "another time"),
        (reply(uid="u").replace("UID:u\n", ""), "which invitation"),
        (reply(uid="u" * 300), "which invitation"),
        (reply(uid="u").replace("SEQUENCE:0", "SEQUENCE:-1"), "which version"),
        (reply(uid="u").replace("SEQUENCE:0", "SEQUENCE:٣"), "which version"),
        (reply(uid="u", partstat="PERHAPS"), "PERHAPS"),
        (reply(uid="u").replace("ATTENDEE", "X-NOBODY"), "who answers"),
        (reply(uid="u").replace("SEQUENCE:0", "RECURRENCE-ID:20261124T100000Z\nSEQUENCE:0"), "series"),
        (reply(uid="u").replace("ATTENDEE;CUTYPE", "ATTENDEE;=;"), "cannot be read"),
        ("BEGIN:VCALENDAR\nMETHOD:REPLY\n" + "X:y\n" * 60_000, "too large"),
        ("BEGIN:VEVENT\nEND:VEVENT\nEND:VEVENT\nEND:X\nUID:1\nBEGIN:VCALENDAR\nMETHOD:REPLY", "which invitation"),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(calendar: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why) as refused:
        calendars.read(calendar, "")
    assert str(refused.value).endswith(".")


# ---- Whatever comes

HEADS = st.sampled_from([b"From", b"To", b"Subject", b"Content-Type", b"Content-Transfer-Encoding", b"Message-ID"])
VALUES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"multipart/mixed; boundary=b",
            b"multipart/report; report-type=delivery-status; boundary=b",
            b"message/delivery-status",
            b"message/rfc822",
            b"text/calendar; method=REPLY; charset=utf-16",
            b"text/html; charset*=utf-8''%ff",
            b"base64",
            b"x-uuencode",
            b'=?utf-8?b?!?= <a@b>, "',
        ]
    ),
)
LINES = st.tuples(HEADS, VALUES).map(b": ".join)
BODIES = st.lists(st.one_of(LINES, st.binary(max_size=40), st.sampled_from([b"", b"--b", b"--b--"])), max_size=25)


@given(content=st.one_of(st.binary(max_size=400), BODIES.map(b"\r\n".join)))
def test_no_mail_is_too_strange_to_be_read(content: bytes) -> None:
    found = read(content)
    assert not found.is_broken
    assert found.key
    for text in (found.key, found.subject, found.text, found.from_address, found.from_name, found.calendar or ""):
        assert "\0" not in text
        text.encode()


@given(text=st.text(max_size=300), method=st.text(max_size=8))
def test_no_calendar_is_too_strange_to_be_read_or_refused(text: str, method: str) -> None:
    for calendar in (text, f"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:{text}\nATTENDEE{text}\nEND:VEVENT"):
        with suppress(Unreadable):
            calendars.read(calendar, method)


def test_a_thousand_mails_within_each_other_are_no_trouble() -> None:
    nested = b"".join(
        f'Content-Type: multipart/mixed; boundary="b{at}"\r\n\r\n--b{at}\r\n'.encode() for at in range(2000)
    )
    assert read(b"From: a@b.example\r\n" + nested).key
    assert read(b"From: " + b"(" * 50_000 + b"\r\nSubject: " + b"=?utf-8?q?a?=" * 10_000 + b"\r\n\r\nx").text == "x"
