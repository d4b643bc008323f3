"""What there is to talk about with people who keep the buildings running."""

from __future__ import annotations

from crm.services.demo.wording import Skill, Theme, Wish, step, topic

BADGES = topic(
    "Badges and doors",
    Skill.SECURITY,
    step(
        "A lost badge stays valid until somebody thinks of it. {a} found {n} that opened doors months after they "
        "were reported.",
        "it 14: List badges that were reported lost and still work",
        "a 7: Block them, and say which doors they could open",
    ),
    step(
        "Reported badges are now blocked the same night. {head} asks for the other direction too: a badge that was not "
        "used for ninety days.",
        "it 21: Send {a} a monthly list of badges unused for ninety days",
    ),
    step("The first monthly list had {m} names, mostly contractors. {a} cleared it in a morning and keeps doing so."),
)
ROOMS = topic(
    "Meeting rooms",
    Skill.DEVICES,
    step(
        "Larch and Alder are booked all day and stand empty half of it. People book in series and never cancel.",
        "it 21: Count booked and used hours of the ten largest rooms",
        "b 14: Propose a rule for series",
    ),
    step(
        "Booked 81 percent, used 47. The rule of {b}: a room nobody entered for fifteen minutes is free again. "
        "{head} wants to try it on one floor first.",
        "it 21: Set up the release on the second floor",
    ),
    step(
        "On the second floor there is a free room at ten in the morning again. Three complaints, one from the board, "
        "which {head} took well.",
        "it 30: Extend the release to the whole building",
        note="The complaint came from the CFO's office. I spoke to Amara before it became a topic.",
    ),
)
WORK_ORDERS = topic(
    "Work orders on the phone",
    Skill.APPLICATIONS,
    step(
        "Technicians walk back to the office for the next order. {b} measured {n} kilometres on a normal Tuesday.",
        "it 21: Show the three apps our order system supports",
        "b 14: Choose two technicians who like to grumble",
    ),
    step(
        "The two technicians tried two apps and agree for once: the plain one. Photos must go up without Wi-Fi in "
        "the cellar.",
        "it 21: Test uploads from the boiler room",
    ),
    step(
        "All technicians have the app. Orders closed on the same day rose from half to three quarters, and the paper "
        "tray is empty.",
        "head 30: Tell us what the tray saved, for the year's report",
    ),
)
CAMERAS = topic(
    "Cameras at the gates",
    Skill.NETWORK,
    step(
        "The north gate camera freezes at night. The recorder says all is well, which worries {a} more than the "
        "picture.",
        "it 14: Watch the line of the north gate for a week",
    ),
    step(
        "The switch in the gate house restarted whenever the heater came on. It has its own fuse now. {it} also set "
        "an alarm for a frozen picture.",
        "a 14: Check the other gate houses for heaters",
    ),
)
MOVES = topic(
    "Desk moves",
    Skill.HELP_DESK,
    step(
        "Every move of more than five desks costs us a Saturday, since we hear of it on Thursday. {head} agrees to "
        "three weeks' notice.",
        "b 14: Add us to the planning of moves",
        "rep 21: Say in one page what we need for a move",
    ),
    step(
        "{m} desks moved with two weeks' notice and no Saturday. What was missing was labels: four screens ended up "
        "in the wrong wing.",
        "a 10: Print labels with the new desk number",
    ),
    step(
        "Second move with labels, nothing lost. {b} suggests one fixed weekday for small moves, and we gladly take "
        "Wednesday."
    ),
)

THEME = Theme(
    topics=(BADGES, ROOMS, WORK_ORDERS, CAMERAS, MOVES),
    wishes=(
        Wish(
            "Larger screens for dispatch",
            "Dispatchers lean forward to read twelve orders at once, and one has gone to the doctor for it.",
            no="New screens of that size were not in this year's budget.",
            instead="Refurbished 27-inch screens, the same week; dispatch took eight of them.",
        ),
        Wish(
            "Work orders on the phone",
            "Technicians walk back for each order.",
            yes="The order system supports it; we pay per technician and month.",
        ),
        Wish(
            "Room sensors on the second floor",
            "Nobody knows which rooms are free, so people book two.",
            yes="Forty sensors, battery for five years, no camera in them.",
            offered=True,
        ),
        Wish(
            "Visitors sign in by themselves",
            "The desk is staffed until four, deliveries come until six.",
            yes="A tablet from stock and a page in two languages.",
        ),
        Wish(
            "Energy figures per building",
            "The yearly report is put together from meter readings on paper.",
            yes="Nine of twelve meters speak already; we read them each night.",
            offered=True,
        ),
        Wish(
            "Open Wi-Fi in the canteen",
            "Guests ask the cashier for a password.",
            no="An open network is one we would answer for without seeing it.",
            instead="A code on the table card, new each week, for the guest network.",
        ),
    ),
    comments={
        5: ("The app saves my people two kilometres a day. They counted.",),
        4: ("Moves go smoothly since we talk earlier.", "Quick on the floor. The portal could be simpler."),
        3: ("The rooms are better, the cameras are not.", "It works if you know whom to call."),
        2: ("We hear about network work when the gates stop.",),
        1: ("The north gate was blind for a week and nobody noticed but us.",),
    },
    job_titles=("Building services", "Space planning", "Site security", "Dispatch"),
    functions=(
        "Building Services",
        "Site Security",
        "Space Planning",
        "Energy Management",
        "Grounds and Fleet",
        "Canteen Services",
        "Reception Services",
        "Maintenance Planning",
        "Real Estate",
        "Cleaning Services",
    ),
)
