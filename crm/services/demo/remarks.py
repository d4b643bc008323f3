"""Lines that belong to no topic: how a meeting began and ended, what stayed in IT, what people wrote."""

from __future__ import annotations

ALL_CAME = (
    "All came.",
    "Everyone was there, and on time.",
    "Full table.",
    "All there; {head} opened.",
    "We met in {unit}'s own room this time.",
    "In Larch, all present.",
    "We began five minutes late, and ended on time.",
    "Everyone there, {it} by video.",
)
ONE_MISSED = (
    "Without {missing}, who sent word before.",
    "{missing} was excused.",
    "{missing} could not come and sent two points by mail.",
    "{missing} excused; I sent the notes on.",
    "A smaller round: {missing} was at a supplier's.",
)
ONE_STAYED_AWAY = (
    "We waited for {missing} and then began.",
    "{missing} had accepted and did not come.",
)
OF_A_CALL = (
    "{head} called.",
    "Quarter of an hour on the phone with {head}.",
    "{a} called between two appointments.",
    "Short call, {a} and I.",
)
OF_A_TALK = (
    "We met at the coffee machine and stayed.",
    "{a} showed me at the desk, which says more than a ticket.",
    "Half an hour beside {a}.",
    "I passed by {unit} on another errand.",
    "{head} had twenty minutes before lunch.",
)
OF_AN_ESCALATION = (
    "{head} asked for this meeting the same day.",
    "Called together within two hours; Margit joined.",
)
#: What a review also touched, in one line.
IN_PASSING = (
    "{b} is away for three weeks from the 10th; {a} answers meanwhile.",
    "{a} thanked {it} for staying late on Tuesday.",
    "The new colleague in {unit} starts on the 1st; accounts are ordered.",
    "Nothing new on the office move.",
    "{head} would like the next review a little shorter.",
    "{head} asked us to bring somebody who does the work, not only me.",
    "Two invoices from us were unclear; I took them along.",
    "We looked at last quarter's tickets: {n} were open for longer than a week, all known.",
    "{b} asks for the slides in advance; they come the day before from now on.",
    "The words on the order form confuse people. {a} marked three of them.",
    "{head} is content with the help desk, and said so without being asked.",
    "The licences for {unit} were counted: {m} paid, two fewer needed.",
    "A trainee sat in, and asked the best question.",
    "We agreed to skip small talk on tickets here; {a} and {it} do that on Mondays.",
    "{unit} will grow by {n} people by summer, says {head}.",
    "{a} reports that the printer is quiet at last.",
    "The maintenance weekend falls on {unit}'s busiest Sunday; {it} asks for another.",
    "{head} wants to hear bad news by phone, good news by mail.",
    "Nobody in {unit} misses the old portal.",
    "{b} found a spelling mistake in our mail to everyone, and was right.",
    "We owe {unit} an answer on the second projector.",
    "{head} asked how other units do this. I said I would ask around.",
    "The quick reference by {a} is now used in two other units.",
    "No complaints on speed this time.",
    "{unit} tests the emergency list next month; our numbers on it are right.",
    "{it} explained what changes with the next update, in four sentences. That is the way.",
    "{b} would rather have a date that holds than an early one.",
    "The team meets in the other building until the floor is done.",
    "{a} has the keys to the cabinet, should we need to get in.",
    "{head} mentioned the reorganisation; nothing is decided.",
    "Password calls from {unit} halved since the summer.",
    "{a} will show our new colleague around.",
    "We looked at the calendar of changes together; nothing collides.",
    "The survey was too long for {b}'s taste. The next has one question.",
    "{n} people in {unit} still use the old address book.",
    "{head} reads these notes, and corrected one figure in the last.",
)
CLOSING = (
    "Next time we begin with what is left from today.",
    "{head} closed by asking what we need from {unit}. An answer on the testers, I said.",
    "Ten minutes left over, given back.",
    "Decided: we try it for a month, then look again.",
    "Decided: no changes for {unit} in its busiest week.",
    "Decided: {a} speaks for {unit} in this.",
    "We stay with this rhythm.",
    "Agreed: bad news by phone, on the day.",
    "We ended early.",
    "{head} took it to the own team the same day.",
)
#: For IT only.
INTERNAL = (
    "{head} was friendly but short. Something else is on the table there.",
    "{a} knows the process better than our own people. Ask before the next change.",
    "Do not promise dates here without {it} in the room.",
    "{b} reads everything. Write carefully.",
    "I talked too much; next time {head} first.",
    "The budget round is coming and {head} is under pressure. Not the time for a price increase.",
    "{head} and {a} do not agree on the order. Let them settle it.",
    "We are liked here because of {it}, not because of our process.",
    "Two tickets were closed too early again. I spoke to the desk.",
    "They compare us with the firm that {head} came from. Find out what was better there.",
    "Good moment to offer something ourselves. Think of one idea before the next review.",
    "{b} may move to another unit in spring. Get to know the stand-in.",
    "I owe {head} a call, not a mail.",
    "Our estimate was off by half. Say so before they notice.",
    "{a} would be a good voice in the steering group.",
    "Nobody from operations has been here since spring. Bring someone.",
    "The relation carries a mistake now and then. It did not a year ago.",
    "{head} asked about outside providers, in passing. Noted.",
)
SKIPPED = (
    "{unit} closes its year this month; agreed to meet in the next period.",
    "{head} is on leave for four weeks and wants to be there.",
    "Reorganisation of the team; agreed with {head} to wait.",
    "Stocktake week, nobody free. The open points were settled by phone.",
    "We met twice outside the rhythm last month; {head} asked to leave this one out.",
    "The whole team was at the fair.",
)
COMMENTS = {
    5: (
        "Nothing to add. Keep it so.",
        "Quick, friendly, and it holds.",
        "You told us before we asked.",
        "The review is the one meeting I do not move.",
        "Thank you to the help desk.",
        "What we agreed was done, all of it.",
    ),
    4: (
        "Good, with small waits.",
        "Well looked after. Tickets could say more.",
        "Things get done; dates sometimes slip by a week.",
        "I know whom to call, and that helps.",
        "Good, and steady.",
        "Solid. Surprise me now and then.",
        "The new laptops were handed over well.",
    ),
    3: (
        "It goes.",
        "Friendly people, slow process.",
        "I hear of changes afterwards.",
        "Depends on who picks up.",
        "Answers come, but I have to ask twice.",
        "No complaint, no praise.",
    ),
    2: (
        "Too many open ends.",
        "I had to call three times for one answer.",
        "The same fault came back twice.",
        "We were promised a date and got a new one.",
    ),
    1: (
        "This cost us days.",
        "Nobody felt responsible.",
        "I had to explain it to my own people, again.",
    ),
}
