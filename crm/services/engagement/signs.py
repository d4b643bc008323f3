"""The four danger signs: behaviour that contradicts what a unit and IT say they are to each other. Pure rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from crm.services import words
from crm.services.cadence_rules import Period, period_in_words
from crm.services.engagement.behaviour import Behaviour, Fact
from crm.services.engagement.thresholds import Thresholds
from crm.services.working_days import DAY
from models.engagement import DangerRule, Model


@dataclass(frozen=True)
class Sign:
    """What is seen, oldest first, and what would clear it."""

    facts: tuple[Fact, ...]
    clears: str


def neither(of: Behaviour, limits: Thresholds) -> Sign | None:
    """Refused without an alternative: the unit gets neither what it asked for nor another way."""
    return _often(
        of.refusals,
        limits.danger_refusals,
        limits.danger_refusal_days,
        of.today,
        "Look at it again and offer something, however small. Otherwise this sign goes on {}, if no further one comes.",
    )


def both(of: Behaviour, limits: Thresholds) -> Sign | None:
    """Its own choice was granted, and IT's usual way bent to it: the unit has both."""
    return _often(
        of.bendings,
        limits.danger_bendings,
        limits.danger_bending_days,
        of.today,
        "Agree which way holds for both from now on, and grant nothing beside it. This sign goes on {}, "
        "if no further one comes.",
    )


def switching(of: Behaviour, limits: Thresholds) -> Sign | None:
    """The model changed so often that nobody can rely on it."""
    return _often(
        of.switches,
        limits.danger_switches,
        limits.danger_switch_days,
        of.today,
        "Stay with what it is now. This sign goes on {}, if the model is not changed again.",
    )


def _often(facts: tuple[Fact, ...], times: int, days: int, today: date, clears: str) -> Sign | None:
    """So many of them within so many days; ``clears`` gets the day on which too few of them will be left."""
    recent = sorted(fact for fact in facts if today - timedelta(days) < fact.on)
    if len(recent) < times:
        return None
    gone = recent[len(recent) - times].on + timedelta(days)
    return Sign(tuple(recent), clears.format(f"{gone.day} {gone:%B %Y}"))


def label(of: Behaviour, limits: Thresholds) -> Sign | None:
    """The unit is called one thing and met like the other."""
    if of.model is Model.PARTNER:
        return _partner_on_paper(of, limits)
    return _partner_in_all_but_name(of, limits) if of.model is Model.CUSTOMER else None


def _partner_on_paper(of: Behaviour, limits: Thresholds) -> Sign | None:
    """A partner who only sends requests: nobody asked for a talk, nothing was offered."""
    periods = of.periods(limits.danger_silent_periods)
    begins = periods[0].since
    was_partner = of.model_since is not None and of.model_since <= begins
    approached = of.approached_on is not None and of.approached_on >= begins
    asked = sum(of.asked_in(period).requests + of.asked_in(period).tickets for period in periods)
    if not was_partner or approached or not asked:
        return None
    facts = tuple(_silence(of, period) for period in periods)
    return Sign(facts, f"A talk that {of.name} asks for, a meeting of its own that we join, or an offer from us.")


def _silence(of: Behaviour, period: Period) -> Fact:
    asked = of.asked_in(period)
    counted = ((asked.requests, "request"), (asked.tickets, "ticket"))
    sent = words.listed([words.counted(count, one) for count, one in counted if count]) or "nothing asked"
    when = words.capital(period_in_words(period.key, period.since))
    says = f"{when}: {sent}, no talk that {of.name} asked for, and no offer from us."
    return Fact(period.until - DAY, f"silence:{period.key}", says, asked.newest_request)


def _partner_in_all_but_name(of: Behaviour, limits: Thresholds) -> Sign | None:
    """A customer whose people sit in IT's own meetings, or do a part of IT's work."""
    begins = of.periods(limits.danger_silent_periods)[0].since
    since = max(begins, of.model_since or begins)
    met = [fact for fact in of.our_meetings if fact.on >= since]
    if len(met) < limits.danger_our_meetings and not of.deputised:
        return None
    clears = f"Agree with {of.name} that it is a partner; or let IT’s own meetings be IT’s again."
    return Sign(tuple(sorted([*met, *of.deputised])), clears)


Rule = Callable[[Behaviour, Thresholds], Sign | None]
RULES: Mapping[DangerRule, Rule] = {
    DangerRule.NEITHER: neither,
    DangerRule.BOTH: both,
    DangerRule.LABEL: label,
    DangerRule.SWITCHING: switching,
}
#: As a colleague would call them.
NAMES: Mapping[DangerRule, str] = {
    DangerRule.NEITHER: "Refused without an alternative",
    DangerRule.BOTH: "Own choice, and our way bent to it",
    DangerRule.LABEL: "Called one thing, met like another",
    DangerRule.SWITCHING: "The model changed too often",
}
