"""What a language says of days, figures and facts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crm import paths
from crm.services import languages
from crm.services.languages import Language
from models.person import Person
from models.unit import BusinessUnit

ENGLISH, GERMAN = Language("en"), Language("de")
TODAY = date(2026, 11, 22)


def test_a_language_is_found_by_its_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fr.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "today"\nmsgstr "aujourd’hui"\n'
    )
    monkeypatch.setattr(paths, "LANGUAGES", tmp_path)
    languages.known.cache_clear()
    try:
        assert [language.own_name for language in languages.known()] == ["English", "Français"]
        french = languages.of(Person(name="Zoé", language="fr"), "en")
        assert french("today") == "aujourd’hui"
        assert french("tomorrow") == "tomorrow", "what a catalogue lacks is said in English"
    finally:
        languages.known.cache_clear()


def test_the_own_language_goes_before_the_organisations_and_unknown_ones_are_passed_over() -> None:
    assert languages.of(Person(name="A", language="de"), "en") == GERMAN
    assert languages.of(Person(name="A", language=""), "de") == GERMAN
    assert languages.of(Person(name="A", language="../de"), "xx") == ENGLISH
    assert languages.of(None, "de") == GERMAN


def test_braces_in_a_fact_do_no_harm() -> None:
    hostile = "{0} {what.__class__} %s {"
    assert ENGLISH("on {weekday}", weekday=hostile) == f"on {hostile}"
    assert GERMAN("on {weekday}", weekday=hostile) == f"am {hostile}"


def test_days_are_written_as_people_there_write_them() -> None:
    on = date(2026, 11, 24)
    assert (ENGLISH.day(on, TODAY), GERMAN.day(on, TODAY)) == ("24 November", "24. November")
    assert (ENGLISH.weekday(on, TODAY), GERMAN.weekday(on, TODAY)) == ("Tuesday 24 November", "Dienstag, 24. November")
    later = date(2027, 1, 2)
    assert (ENGLISH.day(later, TODAY), GERMAN.day(later, TODAY)) == ("2 January 2027", "2. Januar 2027")
    assert [ENGLISH.soon(day, TODAY) for day in (TODAY, date(2026, 11, 23), on)] == [
        "today",
        "tomorrow",
        "on Tuesday 24 November",
    ]


def test_a_moment_is_told_on_the_clock_of_the_reader_with_its_place() -> None:
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert ENGLISH.moment(at, ZoneInfo("Europe/Berlin")) == "Tuesday 24 November, 10:00 (Berlin)"
    assert GERMAN.moment(at, ZoneInfo("Europe/Lisbon")) == "Dienstag, 24. November, 09:00 Uhr (Lissabon)"
    assert ENGLISH.moment(at, ZoneInfo("Asia/Tokyo"), date(2025, 12, 31)) == "Tuesday 24 November 2026, 18:00 (Tokyo)"


def test_lists_figures_and_the_units_own_words() -> None:
    assert GERMAN.listed(["Finanzen", "Recht", "Forschung"]) == "Finanzen, Recht und Forschung"
    assert (GERMAN.number(3), GERMAN.number(13)) == ("drei", "13")
    assert GERMAN.greeting(Person(name="Amara Diallo")) == "Guten Tag Amara Diallo,"
    assert GERMAN.review(BusinessUnit(calls_review="")) == "Besprechung"
    assert GERMAN.review(BusinessUnit(calls_review="Jour fixe")) == "Jour fixe"


def test_an_unknown_time_zone_falls_back() -> None:
    assert languages.zone_of(Person(name="A", time_zone="Asia/Tokyo"), "UTC") == ZoneInfo("Asia/Tokyo")
    for wrong in (None, "", "Moon/Tranquility", "../etc/passwd"):
        assert languages.zone_of(Person(name="A", time_zone=wrong), "Europe/Lisbon") == ZoneInfo("Europe/Lisbon")
