"""Work on time, as the administrator reads it: every job, when it runs, and how each run ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import job_runs
from crm.services.job_runs import Shown
from models.job_run import JobRun
from views import access
from views.access import allow
from views.paging import page_number

bp = Blueprint("jobs", __name__)


@dataclass(frozen=True)
class Line:
    """One job of the table, with its newest run."""

    name: str
    purpose: str
    schedule: str
    last: JobRun | None
    due_at: datetime

    @property
    def is_given_up(self) -> bool:
        return bool(self.last and self.last.error and self.last.attempt >= job_runs.TRIES)

    @property
    def waits(self) -> bool:
        """It was due, and nobody ran it: no scheduler is running."""
        return self.last is None or self.last.began_at < self.due_at


@bp.get("/jobs")
@allow(Action.SEE_JOBS)
def index() -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    name, show = request.args.get("job", ""), request.args.get("show", "")
    shown = Shown(show) if show in set(Shown) else Shown.TELLING
    lines = _lines(job_runs.newest(session, by=by))
    return render_template(
        "jobs/index.html",
        lines=lines,
        page=job_runs.listed(session, by=by, job=name, shown=shown, number=page_number()),
        job=name,
        job_choices=[("", "Every job"), *((line.name, line.name) for line in lines)],
        show=show,
        troubled=[line for line in lines if line.is_given_up],
        asleep=all(line.waits for line in lines),
    )


def _lines(newest: dict[str, JobRun]) -> list[Line]:
    zone = ZoneInfo(access.organisation().time_zone)
    return [
        Line(job.name, job.purpose, str(job.schedule), newest.get(job.name), job.schedule.last(access.now(), zone).at)
        for job in current_app.extensions["jobs"]
    ]
