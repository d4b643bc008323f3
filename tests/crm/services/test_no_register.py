"""The "No" register: what was refused, sorted and narrowed; what it comes to; unmet demand by theme."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid
from crm.services import after_refusals, no_register, no_register_words, request_themes, stretches, unmet_demand
from crm.services import requests as wishes
from crm.services.no_register import Order, Outcome, Refusal, Wanted
from crm.services.unmet_demand import Worth
from crm.stats.wilson import share_of
from models import AuditEntry, Person, Request, RequestState
from models.request_part import RequestTheme, Solved
from tests.cast import Cast
from tests.factories.refusals import asked_about, refuse
from tests.november import NOW, TODAY, acting

EVER = Wanted()


@pytest.fixture
def reporting(session: Session) -> RequestTheme:
    theme = RequestTheme(name="Reporting")
    session.add(theme)
    session.flush()
    return theme


@pytest.fixture
def refused(session: Session, cast: Cast, reporting: RequestTheme) -> dict[str, Request]:
    """Two of Finance, one of them solved outside; one of Legal, without an alternative and a year old."""
    told = {
        "till": refuse(session, unit=cast.finance, rep=cast.rep, title="A second till", now=NOW - timedelta(days=30)),
        "board": refuse(session, unit=cast.finance, rep=cast.rep, requester=cast.head, title="A board", now=NOW),
        "seal": refuse(
            session,
            unit=cast.legal,
            rep=cast.colleague,
            title="A seal",
            alternative="",
            now=NOW - timedelta(days=400),
        ),
    }
    told["board"].theme_id = reporting.id
    told["till"].theme_id = reporting.id
    say(session, cast.rep, told["board"], Solved.ELSEWHERE)
    return told


def say(session: Session, rep: Person, request: Request, solved: Solved) -> None:
    by, row = acting(session, rep), asked_about(session, request)
    after_refusals.answer(session, by=by, request=request, found=row, solved=solved, words="", now=NOW)


def rows(session: Session, by: Person, wanted: Wanted = EVER) -> list[Refusal]:
    return list(no_register.listed(session, by=acting(session, by), wanted=wanted).rows)


def titles(session: Session, by: Person, wanted: Wanted = EVER) -> list[str]:
    return [one.request.title for one in rows(session, by, wanted)]


@pytest.mark.usefixtures("refused")
def test_a_head_sees_only_what_was_refused_to_the_own_units(session: Session, cast: Cast) -> None:
    assert titles(session, cast.head) == ["A board", "A second till"]
    assert titles(session, cast.outsider) == ["A seal"]
    assert titles(session, cast.cio) == ["A board", "A second till", "A seal"]
    assert titles(session, cast.head, Wanted(unit_id=cast.legal.id)) == []
    with pytest.raises(Forbidden):
        titles(session, cast.specialist)


@pytest.mark.usefixtures("refused")
def test_it_is_narrowed_by_unit_theme_outcome_alternative_time_and_words(
    session: Session, cast: Cast, reporting: RequestTheme
) -> None:
    assert titles(session, cast.cio, Wanted(unit_id=cast.finance.id)) == ["A board", "A second till"]
    assert titles(session, cast.rep, Wanted(covered=True)) == ["A board", "A second till"]
    assert titles(session, cast.cio, Wanted(theme_id=reporting.id)) == ["A board", "A second till"]
    assert titles(session, cast.cio, Wanted(theme_id=no_register.NOT_SORTED)) == ["A seal"]
    assert titles(session, cast.cio, Wanted(has_alternative=False)) == ["A seal"]
    assert titles(session, cast.cio, Wanted(has_alternative=True)) == ["A board", "A second till"]
    assert titles(session, cast.cio, Wanted(stretch=stretches.last_year(TODAY))) == ["A board", "A second till"]
    assert titles(session, cast.cio, Wanted(text="SEAL")) == ["A seal"]


def test_every_refusal_has_one_outcome_and_is_found_by_it(
    session: Session, cast: Cast, refused: dict[str, Request]
) -> None:
    by = acting(session, cast.colleague)
    wishes.move(session, by=by, request=refused["seal"], to=RequestState.LOOKING, why="Asked anew", now=NOW)
    found = {one.request.title: one.outcome for one in rows(session, cast.cio)}
    assert found == {"A board": Outcome.ELSEWHERE, "A second till": Outcome.AHEAD, "A seal": Outcome.AGAIN}
    for title, outcome in found.items():
        assert titles(session, cast.cio, Wanted(outcome=outcome)) == [title]
    asked_about(session, refused["till"]).asked_at = NOW
    session.flush()
    assert titles(session, cast.cio, Wanted(outcome=Outcome.SILENT)) == ["A second till"]
    assert titles(session, cast.cio, Wanted(outcome=Outcome.OUTSIDE)) == ["A board"]
    assert titles(session, cast.cio, Wanted(stands=True)) == ["A board", "A second till"]


@pytest.mark.usefixtures("refused")
@pytest.mark.parametrize(
    ("order", "first"),
    [(Order.NEWEST, "A board"), (Order.OLDEST, "A seal"), (Order.UNIT, "A board"), (Order.THEME, "A board")],
)
def test_it_is_ordered_as_wanted(session: Session, cast: Cast, order: Order, first: str) -> None:
    assert titles(session, cast.cio, Wanted(order=order))[0] == first


def test_what_is_still_needed_comes_first_when_ordered_by_outcome(
    session: Session, cast: Cast, refused: dict[str, Request]
) -> None:
    say(session, cast.rep, refused["till"], Solved.STILL)
    assert titles(session, cast.cio, Wanted(order=Order.OUTCOME)) == ["A second till", "A board", "A seal"]


@pytest.mark.usefixtures("refused")
def test_the_share_without_an_alternative_is_of_all_that_are_shown(session: Session, cast: Cast) -> None:
    share = no_register.without_alternative(session, by=acting(session, cast.cio), wanted=Wanted(has_alternative=False))
    assert (share.hits, share.n) == (1, 3)
    theirs = no_register.without_alternative(session, by=acting(session, cast.head), wanted=EVER)
    assert (theirs.hits, theirs.n) == (0, 2)


@pytest.mark.parametrize(
    ("hits", "n", "told"),
    [
        (4, 23, "Of 23 refusals in 2026 4 left without an alternative (17 %, between 7 and 37 %)."),
        (0, 23, "Each of 23 refusals in 2026 left with an alternative (without: 0 %, between 0 and 14 %)."),
        (1, 1, "The one refusal in 2026 left without an alternative."),
        (0, 0, "Nothing was refused in 2026."),
    ],
)
def test_the_register_says_in_a_sentence_what_it_comes_to(hits: int, n: int, told: str) -> None:
    assert no_register_words.finding(share_of(hits, n), stretches.year(2026)) == told


# ---- Unmet demand


def test_unmet_demand_counts_by_theme_what_still_stands(
    session: Session, cast: Cast, refused: dict[str, Request], reporting: RequestTheme
) -> None:
    refused["board"].value_low, refused["board"].value_high = Decimal(20_000), Decimal(35_000)
    refused["till"].value_low = Decimal(1_000)
    refused["board"].currency = refused["till"].currency = "EUR"
    say(session, cast.rep, refused["till"], Solved.STILL)
    sorted_, other = unmet_demand.by_theme(session, by=acting(session, cast.cio))
    assert (sorted_.theme_id, sorted_.name) == (reporting.id, "Reporting")
    assert (sorted_.refusals, sorted_.units, sorted_.still, sorted_.outside) == (2, 1, 1, 1)
    assert list(sorted_.worth) == [Worth("EUR", Decimal(21_000), Decimal(36_000), 2)]
    assert (other.theme_id, other.refusals, other.units, list(other.worth)) == (no_register.NOT_SORTED, 1, 1, [])


def test_each_figure_of_unmet_demand_is_as_many_rows_of_the_register(
    session: Session, cast: Cast, refused: dict[str, Request]
) -> None:
    say(session, cast.rep, refused["till"], Solved.STILL)
    for one in unmet_demand.by_theme(session, by=acting(session, cast.cio)):
        wanted = Wanted(theme_id=one.theme_id, stands=True)
        assert len(titles(session, cast.cio, wanted)) == one.refusals
        assert len(titles(session, cast.cio, replace(wanted, outcome=Outcome.STILL))) == one.still
        assert len(titles(session, cast.cio, replace(wanted, outcome=Outcome.OUTSIDE))) == one.outside


def test_what_is_looked_at_again_is_not_unmet_meanwhile(
    session: Session, cast: Cast, refused: dict[str, Request]
) -> None:
    by = acting(session, cast.rep)
    wishes.move(session, by=by, request=refused["till"], to=RequestState.LOOKING, why="Asked anew", now=NOW)
    assert [one.refusals for one in unmet_demand.by_theme(session, by=by)] == [1, 1]


def test_unmet_demand_is_for_it(session: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        unmet_demand.by_theme(session, by=acting(session, cast.head))


# ---- Themes


def test_themes_are_kept_by_who_says_how_requests_are_handled(session: Session, cast: Cast) -> None:
    by = acting(session, cast.cio)
    theme = request_themes.add(session, by=by, name="Devices")
    request_themes.rename(session, by=by, theme=theme, name="Laptops")
    request_themes.retire(session, by=by, theme=theme)
    assert request_themes.to_choose(session) == []
    request_themes.take_up(session, by=by, theme=theme)
    assert [one.name for one in request_themes.to_choose(session)] == ["Laptops"]
    told = select(AuditEntry.change).where(AuditEntry.entity == "request_theme")
    assert len(session.scalars(told).all()) == 4
    for name in ("rep", "head", "specialist"):
        with pytest.raises(Forbidden):
            request_themes.add(session, by=acting(session, getattr(cast, name)), name="X")


@pytest.mark.parametrize("name", ["", "x" * 81, "reporting"])
def test_a_theme_has_a_name_of_its_own(session: Session, cast: Cast, reporting: RequestTheme, name: str) -> None:
    with pytest.raises(Invalid):
        request_themes.add(session, by=acting(session, cast.cio), name=name)
    request_themes.rename(session, by=acting(session, cast.cio), theme=reporting, name="REPORTING")


def test_merging_moves_the_requests_and_is_written_down(
    session: Session, cast: Cast, refused: dict[str, Request], reporting: RequestTheme
) -> None:
    by = acting(session, cast.cio)
    figures = request_themes.add(session, by=by, name="Figures")
    with pytest.raises(Invalid):
        request_themes.merge(session, by=by, theme=reporting, into_id=reporting.id)
    assert request_themes.merge(session, by=by, theme=reporting, into_id=figures.id) == 2
    session.expire_all()
    assert {refused["till"].theme_id, refused["board"].theme_id} == {figures.id}
    assert session.scalars(select(RequestTheme.name)).all() == ["Figures"]
    newest = select(AuditEntry.after).where(
        AuditEntry.entity == "request_theme", AuditEntry.entity_id == str(figures.id)
    )
    assert {"merged": "Reporting", "requests": 2} in session.scalars(newest).all()


def test_a_request_is_sorted_by_its_rep_and_the_cio_under_a_theme_in_use(
    session: Session, cast: Cast, refused: dict[str, Request], reporting: RequestTheme
) -> None:
    seal = refused["seal"]
    for name in ("colleague", "cio"):
        request_themes.sort(session, by=acting(session, getattr(cast, name)), request=seal, theme_id=reporting.id)
    for name in ("rep", "outsider", "administrator"):
        with pytest.raises(Forbidden):
            request_themes.sort(session, by=acting(session, getattr(cast, name)), request=seal, theme_id=None)
    by = acting(session, cast.cio)
    request_themes.sort(session, by=by, request=seal, theme_id=None)
    request_themes.retire(session, by=by, theme=reporting)
    with pytest.raises(Invalid):
        request_themes.sort(session, by=by, request=seal, theme_id=reporting.id)


def test_two_who_add_the_same_theme_have_one(session: Session, cast: Cast, reporting: RequestTheme) -> None:
    with pytest.raises(Conflict):
        request_themes.add(session, by=acting(session, cast.cio), name=reporting.name.upper())
