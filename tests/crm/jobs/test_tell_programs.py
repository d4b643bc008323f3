"""Webhooks are told by a job of their own: without a mail server too, and never in the demonstration."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from crm import scheduler
from crm.jobs import JOBS
from crm.services import clock
from models import OutboxMessage, OutboxState, Webhook, WebhookKind
from tests.cast import Cast


@pytest.fixture
def message(session: Session, cast: Cast) -> OutboxMessage:
    """For a webhook within this house, so that an attempt shows as a refusal."""
    hook = Webhook(
        name="Inside", kind=WebhookKind.SLACK, url="https://127.0.0.1/", wants={"events": []}, made_at=clock.now()
    )
    session.add(hook)
    session.flush()
    body = '{"event": "test", "at": "", "unit": {"code": "", "name": ""}, "facts": {}}'
    found = OutboxMessage(
        key="hook:1", webhook_id=hook.id, to_address="Inside", subject="A test", body=body, queued_at=clock.now()
    )
    session.add(found)
    session.commit()
    return found


def run(app: Flask, session: Session, message: OutboxMessage) -> OutboxState:
    job = next(job for job in JOBS if job.name == "tell-programs")
    assert scheduler.run_job(app, job) == 0
    session.refresh(message)
    return message.state


def test_no_mail_server_is_needed(app: Flask, session: Session, message: OutboxMessage) -> None:
    assert app.extensions["settings"].mail_server is None
    assert run(app, session, message) is OutboxState.FAILED
    assert "not a public address" in message.error


def test_in_the_demonstration_nothing_leaves(
    app: Flask, session: Session, message: OutboxMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], demonstration=True))
    assert run(app, session, message) is OutboxState.QUEUED
