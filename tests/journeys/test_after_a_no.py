"""Three months after a "no": declined with an alternative; asked by a real mail, and answered on a phone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from crm.db import Database
from crm.jobs import ask_after_refusals
from crm.jobs.work import Work
from crm.mail import SmtpPost
from crm.services import sending
from models import Request, RequestState
from models.request_part import AfterRefusal, Solved
from tests.browser import PHONE, axe, does_not_scroll_sideways, watched_page
from tests.cast import Cast
from tests.crm.test_mail import Mailbox
from tests.crm.test_mail import mailbox as mailbox
from tests.factories.refusals import refuse
from tests.journeys.conftest import House
from tests.processes import SECRET_KEY, server_at, transaction


def refused_in_august(house: House, cast: Cast) -> int:
    """Its question has been due for a while today."""
    then = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)
    with house.session() as session, session.begin():
        return refuse(session, unit=cast.finance, rep=cast.rep, requester=cast.head, now=then).id


def ask(house: House, mailbox: Mailbox, now: datetime) -> EmailMessage:
    """The morning comes, and the mail leaves: what the mail server took."""
    database: Database = house.app.extensions["database"]
    begin = partial(transaction, database)
    ask_after_refusals.run(Work(begin, now))
    with SmtpPost(server_at(mailbox.port), base_url=house.address, secret_key=SECRET_KEY) as post:
        sending.send_due(begin, post=post, clock=lambda: now)
    (mail,) = mailbox.taken
    return mail


def link_in(mail: EmailMessage) -> str:
    text = mail.get_body(("plain",))
    assert text is not None
    found = re.search(r"https?://\S+/n/\S+", text.get_content())
    assert found is not None
    return found[0]


def choose(phone: Page, words: str) -> None:
    phone.locator("label.choice", has_text=words).click()


def test_a_head_says_on_a_phone_that_it_is_still_needed_and_it_is_looked_at_again(
    chromium: Browser, inhabited: tuple[House, Cast], mailbox: Mailbox
) -> None:
    house, cast = inhabited
    request_id = refused_in_august(house, cast)
    mail = ask(house, mailbox, datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    assert str(mail["Subject"]) == "How did you solve it: A dashboard of spend"
    with watched_page(chromium, width=PHONE) as phone:
        phone.goto(link_in(mail))
        expect(phone.get_by_role("main")).to_contain_text("A report on Fridays")
        axe(phone)
        does_not_scroll_sideways(phone)
        choose(phone, "Not yet: we still need it")
        phone.get_by_label("A few words about it").fill("The report comes too late")
        phone.get_by_role("button", name="Send my answer").click()
        expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you, Amara")
        axe(phone)
        phone.get_by_label("What is different now").fill("The auditor asks for it every month")
        phone.get_by_role("button", name="Look at it again").click()
        expect(phone.get_by_role("main")).to_contain_text("IT looks at it again.")
    with house.session() as session:
        assert session.scalars(select(Request.state).where(Request.id == request_id)).one() is RequestState.LOOKING
        assert session.scalars(select(AfterRefusal.solved)).one() is Solved.STILL
    with watched_page(chromium) as page:
        house.sign_in(page, cast.cio)
        page.goto(f"{house.address}/no-register")
        expect(page.get_by_role("main")).to_contain_text("Still needed")
        expect(page.get_by_role("main")).to_contain_text("The report comes too late")
        axe(page)
