"""Who may do what: the matrix of roles and actions, and every route tried by everyone on both units."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from crm import policy
from crm.policy import Action, Actor
from models import BusinessUnit, Person
from tests.cast import Cast
from tests.client import Client
from tests.factories.everything import Belongings, furnish
from views.access import PUBLIC

TODAY = date(2026, 11, 22)
FINANCE = BusinessUnit(id=1, code="FIN", name="Finance", time_zone="UTC")
LEGAL = BusinessUnit(id=2, code="LEG", name="Legal", time_zone="UTC")

#: What belongs to several units is for whoever looks after one of them.
OF_SEVERAL_UNITS = {"need_id"}

# Who may, on Finance: R its rep, r another rep, H its head, h another head, C the CIO, A the administrator.
MATRIX = {
    Action.SEE_HOME: "RrHhCA",
    Action.SEE_OWN_ACCOUNT: "RrHhCA",
    Action.SEE_OWN_MAIL: "RrHhCA",
    Action.SEE_UNITS: "RrHCA",
    Action.SEE_UNIT: "RrHCA",
    Action.MANAGE_UNITS: "A",
    Action.ASSIGN_REP: "CA",
    Action.SET_CADENCE: "RA",
    Action.PLAN_REVIEW: "R",
    Action.SEE_REVIEWS: "RrHCA",
    Action.START_MEETING: "Rr",
    Action.LOG_MEETING: "R",
    Action.SEE_MEETINGS: "RrHC",
    Action.SEE_INTERNAL_NOTES: "RrC",
    Action.PREPARE_REVIEW: "R",
    Action.SEE_AGENDA: "RrC",
    Action.SEE_CALENDAR: "RrHCA",
    Action.SEE_LOAD: "RrC",
    Action.KEEP_PROJECT: "R",
    Action.HAND_OVER: "RCA",
    Action.SEE_HANDOVER: "RrCA",
    Action.TAKE_OVER: "",
    Action.RECORD_ABSENCE: "RrCA",
    Action.RECORD_ANY_ABSENCE: "CA",
    Action.SEE_ROSTER: "RrCA",
    Action.LEND_PEOPLE: "RA",
    Action.SEE_PROMISES: "RrHC",
    Action.SETTLE_ACTION: "R",
    Action.ADD_REQUEST: "RH",
    Action.DECIDE_REQUEST: "R",
    Action.CONFIRM_REQUEST: "H",
    Action.EDIT_REQUEST: "RH",
    Action.SHARE_NEED: "RC",
    Action.ESCALATE_COMPLAINT: "RHC",
    Action.SEE_REQUEST_FIGURES: "RrC",
    Action.SET_REQUEST_RULES: "CA",
    Action.SEE_TICKETS: "RrHC",
    Action.IMPORT_TICKETS: "CA",
    Action.SEE_ENGAGEMENT: "RrHC",
    Action.SET_ENGAGEMENT: "RC",
    Action.SEE_DANGER: "RrC",
    Action.ACKNOWLEDGE_DANGER: "RC",
    Action.SEE_ASSESSMENTS: "RrC",
    Action.ASSESS_UNIT: "RC",
    Action.ASK_RATING: "R",
    Action.SEE_RATINGS: "RrC",
    Action.ANSWER_RATING: "RC",
    Action.REBASE_CHART: "C",
    Action.COMPARE_RATINGS: "RrC",
    Action.MANAGE_ASKING: "CA",
    Action.SEE_ASKING: "RrCA",
    Action.SET_SERVICES: "RCA",
    Action.SEE_EVALUATIONS: "RrCA",
    Action.IMPORT_SURVEYS: "CA",
    Action.SEE_PORTFOLIO: "RrC",
    Action.SEE_HEALTH: "RrC",
    Action.SET_HEALTH: "C",
    Action.MAKE_REVIEW_PACK: "RC",
    Action.MAKE_BOARD_PACK: "C",
    Action.SEE_PACKS: "RrC",
    Action.SET_PACK_LOOK: "CA",
    Action.SEE_ALL_MAIL: "A",
    Action.STEER_MAIL: "A",
    Action.SORT_INCOMING_MAIL: "A",
    Action.MANAGE_WEBHOOKS: "A",
    Action.MANAGE_PEOPLE: "A",
    Action.FORGET_PERSON: "A",
    Action.IMPORT_ORGANISATION: "A",
    Action.CHANGE_SETTINGS: "A",
    Action.SEE_AUDIT: "A",
    Action.SEE_JOBS: "A",
}


def actors() -> dict[str, Actor]:
    rep = Person(id=1, name="Ines", is_rep=True)
    other_rep = Person(id=2, name="Tom", is_rep=True)
    head = Person(id=3, name="Amara", is_business=True)
    other_head = Person(id=4, name="Helena", is_business=True)
    return {
        "R": Actor(rep, TODAY, covers=frozenset({1})),
        "r": Actor(other_rep, TODAY, covers=frozenset({2})),
        "H": Actor(head, TODAY, belongs=frozenset({1})),
        "h": Actor(other_head, TODAY, belongs=frozenset({2})),
        "C": Actor(Person(id=5, name="Margit", is_cio=True), TODAY),
        "A": Actor(Person(id=6, name="Pia", is_administrator=True), TODAY),
    }


@pytest.mark.parametrize("action", list(Action), ids=lambda action: action.name.lower())
def test_the_matrix_of_roles_and_actions(action: Action) -> None:
    allowed = "".join(letter for letter, actor in actors().items() if policy.can(actor, action, FINANCE))
    print(f"{action.value:<32} {allowed}")
    assert allowed == MATRIX[action]


@given(st.sampled_from(list(Action)), st.sampled_from("RrHhCA"))
def test_who_has_left_may_nothing(action: Action, letter: str) -> None:
    actor = actors()[letter]
    assert actor.person is not None
    actor.person.left_on = TODAY
    assert not policy.can(actor, action, FINANCE)


@given(st.sampled_from(list(Action)), st.sampled_from("RrHhCA"))
def test_what_is_allowed_on_a_unit_is_allowed_at_the_door(action: Action, letter: str) -> None:
    actor = actors()[letter]
    if policy.can(actor, action, FINANCE) or policy.can(actor, action, LEGAL):
        assert policy.can(actor, action) or action is Action.SETTLE_ACTION


# ---- Every route, tried by everyone

#: What would end the session, and what would go on in a thread of its own after the test.
AT_THE_END = frozenset({"sign_ins.end", "me.sign_out_everywhere"})
IN_A_THREAD = frozenset({"imports.start", "past_surveys.start", "ticket_imports.start"})


def routes(app: Flask) -> list[tuple[Rule, str]]:
    """Every closed route with each of its methods."""
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
        if getattr(app.view_functions[rule.endpoint], "access", PUBLIC) != PUBLIC
    ]


@pytest.fixture
def belongings(session: Session, cast: Cast) -> Belongings:
    return furnish(session, cast, now=datetime.now(UTC) - timedelta(minutes=1))


def address(rule: Rule, things: dict[str, int]) -> str:
    return re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda found: str(things.get(found[1], "units")), rule.rule)


def status(client: Client, method: str, path: str) -> int:
    return (client.get(path) if method == "GET" else client.submit(path)).status_code


def test_a_stranger_gets_behind_no_closed_route(app: Flask, client: Client, belongings: Belongings) -> None:
    for rule, method in routes(app):
        got = status(client, method, address(rule, belongings.of_finance))
        assert got == (303 if method == "GET" else 401), f"{method} {rule}: {got}"


#: Everybody on SQLite; on PostgreSQL those who between them open every page.
WALKS = (
    *(("sqlite", who) for who in ("rep", "colleague", "head", "outsider", "cio", "administrator")),
    *(("postgresql", who) for who in ("rep", "head", "administrator")),
)


@pytest.mark.parametrize(("database_url", "who"), WALKS, indirect=["database_url"], scope="session")
def test_nobody_gets_further_than_the_policy_says(
    app: Flask, client: Client, session: Session, cast: Cast, belongings: Belongings, who: str
) -> None:
    person: Person = getattr(cast, who)
    for rule, method in routes(app):
        if rule.endpoint in AT_THE_END or (rule.endpoint in IN_A_THREAD and who in ("administrator", "cio")):
            continue
        client.sign_in(person)
        right = Action(getattr(app.view_functions[rule.endpoint], "access", ""))
        for unit, things in ((cast.finance, belongings.of_finance), (cast.legal, belongings.of_legal)):
            actor = cast.actor(session, person)
            got = status(client, method, address(rule, things))
            about_unit = any(name in things for name in rule.arguments - OF_SEVERAL_UNITS)
            if not policy.can(actor, right):
                assert got == 403, f"{who} {method} {rule}: {got}, not 403"
            elif about_unit and not policy.can(actor, Action.SEE_UNIT, unit):
                assert got == 404, f"{who} {method} {rule} on {unit.name}: {got}, not 404"
            elif about_unit and not policy.can(actor, right, unit):
                assert got in (403, 404), f"{who} {method} {rule} on {unit.name}: {got}, not refused"
            else:
                assert got not in (401, 500), f"{who} {method} {rule} on {unit.name}: {got}"
            session.expire_all()
