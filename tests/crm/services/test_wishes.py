"""A comment that asks for something, told from one that does not; in English and German."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.services.wishes import asks_for_something

WISHES = (
    "Could you send the report on Mondays?",
    "Please fix the printer on the third floor.",
    "Great team. We need more people at month end, though.",
    "We would like a faster VPN",
    "Can we have a second approver?",
    "I’d love a shorter form",
    "The tickets should be answered the same day.",
    "Let us know before you change the ledger",
    "It would be great if someone called back.",
    "When does the new system come?",
    "Fix the VPN.",
    "All fine, but add a button for exports",
    "More training for new colleagues",
    "Faster answers",
    "A second screen is missing",
    "We still miss a contact for weekends",
    "The help desk needs more people",
    "Still waiting for my laptop",
    "Is it possible to get the list earlier?",
    "We were told by Friday. Why has nothing come?",
    "Good work. Keep us informed about the move",
    "Könnten Sie den Bericht montags schicken?",
    "Bitte den Drucker im dritten Stock reparieren.",
    "Wir brauchen mehr Leute zum Monatsende",
    "Wir bräuchten dringend einen zweiten Freigeber.",
    "Ich wünsche mir kürzere Wege",
    "Wir hätten gerne einen festen Ansprechpartner",
    "Es wäre schön, wenn jemand zurückruft",
    "Uns fehlt eine Vertretung am Freitag",
    "Die Antworten sollten schneller kommen",
    "Kann man die Liste früher bekommen?",
    "Wir würden uns über eine Schulung freuen",
    "Schnellere Antworten",
    "Mehr Schulungen, bitte",
    "Insgesamt gut. Möchte aber wissen, wann es weitergeht",
    "Wir würden eine frühere Ankündigung begrüßen",
)
PRAISE = (
    "",
    "Thank you, well done!",
    "Everything works. Keep it up!",
    "Please keep up the good work",
    "It could not be better.",
    "We couldn't ask for more.",
    "They are always there when we need them.",
    "We have everything we need.",
    "What more could we ask for?",
    "Better than last year",
    "Faster than expected, and always friendly",
    "I would like to thank Ines for the quick help.",
    "Please pass on my thanks to the help desk.",
    "We don't need anything else.",
    "The team should be proud of the move.",
    "Great service, isn't it?",
    "The migration went smoothly. Ines explained every step.",
    "Payments stop every month end.",
    "The new ledger saved us two days.",
    "Alles bestens, weiter so!",
    "Bitte weiter so",
    "Vielen Dank, sehr gute Arbeit.",
    "Besser als letztes Jahr",
    "Ich möchte mich bei Ines bedanken.",
    "Wir wünschen Ihnen ein schönes Wochenende.",
    "Es bleibt nichts zu wünschen übrig.",
    "Was will man mehr?",
    "Könnte nicht besser sein.",
    "Wir brauchen nichts weiter, danke.",
    "Der Umzug lief reibungslos.",
)


@pytest.mark.parametrize("comment", WISHES)
def test_this_asks_for_something(comment: str) -> None:
    assert asks_for_something(comment)
    assert asks_for_something(f"Thank you for everything.\n\n{comment.upper()}")


@pytest.mark.parametrize("comment", PRAISE)
def test_this_asks_for_nothing(comment: str) -> None:
    assert not asks_for_something(comment)


@given(st.lists(st.sampled_from(PRAISE), max_size=4), st.sampled_from(WISHES))
def test_praise_around_a_wish_does_not_hide_it(praise: list[str], wish: str) -> None:
    assert asks_for_something("\n".join([*praise, wish]))


@given(st.text(max_size=4000))
def test_any_words_are_read(comment: str) -> None:
    assert asks_for_something(comment) in (True, False)
