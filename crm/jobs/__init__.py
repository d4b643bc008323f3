"""What the application does on its own, on time. Each job may run twice without harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from crm.jobs import change_hands, plan_reviews, tidy_up


@dataclass(frozen=True)
class Job:
    """Work done on time. ``run(session, now)`` returns how many things it did; the caller commits."""

    name: str
    #: Minute, hour, day, month, day of the week, in UTC. Once a day: the scheduler runs each job once per UTC day.
    cron: str
    run: Callable[[Session, datetime], int]
    #: What it is for.
    purpose: str


JOBS = (
    Job("change-hands", "5 0 * * *", change_hands.run, "Hands units over and lets people go on the day that was said"),
    Job("plan-reviews", "10 4 * * *", plan_reviews.run, "Plans the next twelve months of every unit's reviews"),
    Job("tidy-up", "40 4 * * *", tidy_up.run, "Removes expired sign-ins and old counts of attempts"),
)
