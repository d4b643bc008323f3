"""What the application does on its own, on time. Each job may run twice without harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from crm.jobs import (
    ask,
    ask_after_refusals,
    change_hands,
    digest,
    escalate,
    invite,
    look_for_danger,
    plan_reviews,
    raise_late_replies,
    read_mail,
    reckon_requests,
    remind,
    reveal_ratings,
    send_mail,
    take_health,
    tell_outcomes,
    tell_overdue,
    tell_programs,
    tidy_up,
)
from crm.jobs.schedule import MONDAY_TO_FRIDAY, Daily, Every, Schedule
from crm.jobs.work import Work


@dataclass(frozen=True)
class Job:
    """Work done on time. ``run(work)`` returns how many things it did, in transactions of its own."""

    name: str
    schedule: Schedule
    run: Callable[[Work], int]
    #: What it is for.
    purpose: str


JOBS = (
    Job("send-mail", Every(1), send_mail.run, "Sends the mail that is due"),
    Job("read-mail", Every(5), read_mail.run, "Reads answers, bounces and notes in the mailbox"),
    Job("tell-programs", Every(1), tell_programs.run, "Tells chats and other programs what happened"),
    Job(
        "change-hands",
        Daily(time(0, 5)),
        change_hands.run,
        "Hands units over, and lets people go, on their day",
    ),
    Job("reveal-ratings", Every(15), reveal_ratings.run, "Shows what enough people said, once their round closed"),
    Job(
        "late-replies",
        Daily(time(8, 30), MONDAY_TO_FRIDAY),
        raise_late_replies.run,
        "Tells the CIO of ratings without a reply",
    ),
    Job("escalate", Every(5), escalate.run, "Passes complaints up that nobody solves or answers in time"),
    Job(
        "tell-outcomes", Daily(time(9, 10), MONDAY_TO_FRIDAY), tell_outcomes.run, "Tells people what came of a comment"
    ),
    Job("plan-reviews", Daily(time(4, 10)), plan_reviews.run, "Plans the next twelve months of every unit's reviews"),
    Job(
        "reckon-requests", Daily(time(4, 20)), reckon_requests.run, "Keeps limits of requests in line with closed days"
    ),
    Job("digest", Every(15), digest.run, "Writes the mail of the day for reps and of the week for the CIO"),
    Job("remind", Every(15), remind.run, "Reminds people of what is due, at eight on their own clock"),
    Job("ask", Every(15), ask.run, "Asks for ratings after reviews, each quarter and after projects, at eight there"),
    Job(
        "ask-after-refusals",
        Every(15),
        ask_after_refusals.run,
        "Asks, three months after a “no”, how the unit solved it, at eight there",
    ),
    Job("invite", Every(5), invite.run, "Puts reviews into calendars, and tells them what planning changed"),
    Job(
        "look-for-danger",
        Daily(time(5, 20)),
        look_for_danger.run,
        "Looks for behaviour that contradicts a unit's model",
    ),
    Job(
        "take-health",
        Daily(time(5, 40)),
        take_health.run,
        "Takes the health of each unit, with its evidence",
    ),
    Job("tell-overdue", Daily(time(6, 40)), tell_overdue.run, "Tells other programs which actions are overdue"),
    Job(
        "tidy-up",
        Daily(time(4, 40)),
        tidy_up.run,
        "Removes expired sign-ins, old counts, runs and drafts, and stray files",
    ),
)
