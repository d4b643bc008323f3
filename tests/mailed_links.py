"""Every public link that the product mails or hands out, in each state in which somebody may open it; and all that the
database holds, to be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import (
    answering,
    confidentiality,
    feeds,
    follow_ups,
    meeting_log,
    minutes,
    partial_answers,
    people,
    stop_links,
)
from crm.services.new_meetings import NewAction, NewMeeting
from crm.services.secrets import hashed, new_token
from models import (
    Base,
    Confidentiality,
    FollowUp,
    Invitation,
    MailKind,
    MeetingKind,
    OutboxMessage,
    Presence,
    Response,
    Round,
)
from models.request_part import Solved
from tests.cast import Cast
from tests.factories.refusals import asked_about, refuse
from views.access import PUBLIC

#: By endpoint, each address once for each state.
Links = Mapping[str, Sequence[str]]

#: What may differ after somebody has looked, and why.
MAY_DIFFER = {
    "attempt": "how often an address tried links that nobody sent: without counting there is no limit",
    "sign_in": "when a session was seen last; of whoever opens a link while signed in",
}
#: The same for single columns, and for what the audit trail says of them.
COLUMNS_MAY_DIFFER = {
    "feed_link": frozenset({"etag", "changed_at", "read_at"}),  # a calendar program came: it says that the feed works
}


def token_endpoints(app: Flask) -> set[str]:
    """The public pages that a personal link leads to: what takes a token and answers GET."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "token" in rule.arguments
        and "GET" in (rule.methods or ())
        and getattr(app.view_functions[rule.endpoint], "access", "") == PUBLIC
    }


def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but what may differ, in an order that does not depend on the database."""
    session.expire_all()
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in MAY_DIFFER:
            left_out = COLUMNS_MAY_DIFFER.get(table.name, frozenset())
            columns = [column for column in table.columns if column.name not in left_out]
            rows = select(*columns)
            if table.name == "audit_entry":
                rows = rows.where(table.c.entity.not_in(COLUMNS_MAY_DIFFER))
            found[table.name] = sorted((tuple(row) for row in session.execute(rows)), key=repr)
    return found


def send_out(session: Session, cast: Cast, *, secret_key: str, now: datetime) -> Links:
    """Mail one of everything to the head of Finance."""
    answers = _rounds(session, cast, now)
    _share_minutes(session, cast, now)
    _reply(session, cast, now)
    feed = feeds.make(session, person=cast.head, name="Phone", now=now)
    people.invite(session, by=cast.actor(session, cast.administrator), person=cast.head, now=now)
    session.commit()
    minutes_link, promises_link = _mailed(session, "/m/"), _mailed(session, "/a/")
    return {
        "after_refusals.show": _after_refusals(session, cast, now),
        "answers.show": answers,
        "answers.kept": [f"{path}/kept" for path in answers],
        "answers.thanks": [f"{path}/thanks" for path in answers],
        "confirmations.show": [minutes_link],
        "confirmations.thanks": [f"{minutes_link}/thanks"],
        "promises.show": [promises_link],
        "closings.show": [_mailed(session, "/f/")],
        "sign_ins.password": [_mailed(session, "/password/")],
        "mail_stops.show": [stop_links.path(secret_key, cast.head.id, MailKind.DIGEST)],
        "feeds.show": [f"/feed/{feed}.ics"],
    }


def _after_refusals(session: Session, cast: Cast, now: datetime) -> list[str]:
    """Asked, answered, still needed, and looked at again."""
    paths = []
    for number, solved in enumerate((None, Solved.ELSEWHERE, Solved.STILL, None)):
        then = now - timedelta(days=100)
        request = refuse(session, unit=cast.finance, rep=cast.rep, requester=cast.head, title=f"{number}", now=then)
        row, token = asked_about(session, request), new_token()
        row.person_id, row.token_hash, row.asked_at = cast.head.id, hashed(token), now
        row.solved, row.answered_at = solved, now if solved else None
        paths.append(f"/n/{token}")
    row.dropped = "It is looked at again."
    session.commit()
    return paths


def _mailed(session: Session, start: str) -> str:
    newest = select(OutboxMessage.path).where(OutboxMessage.path.like(f"{start}%"))
    return session.scalars(newest.order_by(OutboxMessage.id.desc()).limit(1)).one()


def _rounds(session: Session, cast: Cast, now: datetime) -> list[str]:
    """Open, answered, kept, confidential, anonymous, used, withdrawn and closed."""
    named, anonymous = Confidentiality.NAMED, Confidentiality.ANONYMOUS
    tokens = [invite(session, cast, now=now, how=how) for how in (named, named, named, anonymous, anonymous, named)]
    answering.answer(session, token=tokens[1], score=2, comment="Slow", now=now)
    partial_answers.keep(session, token=tokens[2], fields={"score": "9", "comment": "Half"}, now=now)
    answering.answer(session, token=tokens[4], score=2, comment="", now=now)
    withdrawn = session.scalars(select(Invitation).where(Invitation.token_hash == hashed(tokens[5]))).one()
    withdrawn.revoked_at = now
    tokens += [
        invite(session, cast, now=now, how=Confidentiality.CONFIDENTIAL),
        invite(session, cast, now=now - timedelta(days=60)),
    ]
    return [f"/r/{token}" for token in tokens]


def invite(
    session: Session, cast: Cast, *, now: datetime, how: Confidentiality = Confidentiality.NAMED, **given: Any
) -> str:
    """A round of Finance with its head in it, open for two weeks from ``now``; the token of the link."""
    opened = Round(
        unit_id=cast.finance.id,
        opened_at=now,
        closes_at=now + timedelta(days=14),
        asked=1,
        asked_by_id=cast.rep.id,
        **given,
    )
    confidentiality.promise(opened, how)
    session.add(opened)
    session.flush()
    token = new_token()
    session.add(Invitation(round_id=opened.id, person_id=cast.head.id, token_hash=hashed(token)))
    session.flush()
    return token


def _share_minutes(session: Session, cast: Cast, now: datetime) -> None:
    by = cast.actor(session, cast.rep)
    new = NewMeeting(
        kind=MeetingKind.TOUCHPOINT,
        held_on=now.date() - timedelta(days=1),
        attendees={cast.head.id: Presence.PRESENT},
        minutes="The run failed.",
        actions=[NewAction("Pick a tester", cast.head.id, now.date())],
    )
    found = meeting_log.log(session, by=by, unit=cast.finance, new=new, now=now)
    minutes.share(session, by=by, meeting=found, now=now)


def _reply(session: Session, cast: Cast, now: datetime) -> None:
    low = session.scalars(select(FollowUp.id).join(Response, Response.id == FollowUp.response_id)).first() or 0
    by = cast.actor(session, cast.rep)
    owed = follow_ups.read(session, by=by, follow_up_id=low)
    follow_ups.reply(session, by=by, follow_up=owed, text="We look into it.", now=now)
