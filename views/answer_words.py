"""What the pages behind a personal link say, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from crm.services import asking, clock, comment_outcomes
from crm.services.answer_page import NEWS_SHOWN, News, Occasion, Readers
from crm.services.languages import Language
from models.follow_up import FollowUp
from models.person import Person
from models.rating import WORDS, Invitation, PartialAnswer, Response
from models.request import DONE, Request, RequestState
from models.unit import BusinessUnit


@dataclass(frozen=True)
class Told:
    """You said, we did."""

    said: str
    done: str


@dataclass(frozen=True)
class Words:
    """Says what concerns one invitation; ``now`` is the moment of the request."""

    say: Language
    invitation: Invitation
    now: datetime

    @property
    def unit(self) -> BusinessUnit:
        return self.invitation.round.unit

    @property
    def person(self) -> Person:
        return self.invitation.person

    @property
    def today(self) -> date:
        """There."""
        return clock.local_date(self.now, self.unit.time_zone)

    @property
    def until(self) -> str:
        """The last day on which answers are taken."""
        return self.say.weekday(asking.last_day(self.invitation.round.closes_at, self.unit.time_zone), self.today)

    @property
    def marks(self) -> dict[int, str]:
        return {mark: self.say.as_written(word) for mark, word in WORDS.items()}

    def day(self, at: datetime) -> str:
        return self.say.day(clock.local_date(at, self.unit.time_zone), self.today)

    # ---- Above the question

    def title(self, occasion: Occasion) -> str:
        given, name, unit = self.person.given_name, self.person.name, self.unit.name
        if occasion.project is None:
            return self.say("{given_name}, how did we do for {unit}?", given_name=given, name=name, unit=unit)
        return self.say(
            "{given_name}, how well does {project} serve {unit}?",
            given_name=given,
            name=name,
            unit=unit,
            project=occasion.project.name,
        )

    def question(self, occasion: Occasion) -> str:
        if occasion.project:
            return self.say(
                "Overall, how well does {project} serve {unit}?", project=occasion.project.name, unit=self.unit.name
            )
        return self.say("Overall, how well has IT served {unit}?", unit=self.unit.name)

    def below_the_title(self, occasion: Occasion, told: Response | None) -> str:
        """When it is about, and who asks."""
        asked_by = self.invitation.round.asked_by
        asks = self.say("{who} asks.", who=asked_by.name) if asked_by else ""
        return " ".join(filter(None, (self._when(occasion, told), asks)))

    def _when(self, occasion: Occasion, told: Response | None) -> str:
        if occasion.project:
            return self._months_after(occasion.months)
        if occasion.reviewed_on:
            day = self.say.weekday(occasion.reviewed_on, self.today)
            return self.say("After the {review} of {day}.", review=self.say.review(self.unit), day=day)
        return self.say("Since {day}.", day=self.day(told.answered_at)) if told else ""

    def _months_after(self, months: int | None) -> str:
        if not months:
            return self.say("It has just been delivered.")
        many = self.say.many("{n} month after it was delivered.", "{n} months after it was delivered.", months)
        return many[:1].upper() + many[1:]

    def before(self, response: Response | None, partial: PartialAnswer | None) -> str:
        """What was sent, or kept, before."""
        if partial:
            day = self.day(partial.saved_at)
            return self.say("What you kept on {day} stands below. It is not sent yet.", day=day)
        if response and not self.invitation.round.bears_names:
            # The day of such an answer is not kept.
            return self.say("You answered “{word}”; what you send now replaces it.", word=self.marks[response.score])
        if response:
            word, day = self.marks[response.score], self.day(response.answered_at)
            return self.say("You answered “{word}” on {day}; what you send now replaces it.", word=word, day=day)
        return ""

    def news(self, news: News) -> Sequence[Told]:
        """Of both kinds in one list, the newest first."""
        decided = [
            (at, Told(one.business_need, self._did(one)))
            for one in news.requests
            if (at := one.delivered_at or one.decided_at)
        ]
        outcomes = [(one.made_at, Told(comment_outcomes.heard(one), one.done)) for one in news.outcomes]
        return [told for _, told in sorted([*decided, *outcomes], key=lambda one: one[0], reverse=True)][:NEWS_SHOWN]

    def _did(self, request: Request) -> str:
        if request.state in DONE:
            if request.delivered_at:
                day = self.day(request.delivered_at)
                return self.say("{title} is there since {day}.", title=request.title, day=day)
            return self.say("{title} is there.", title=request.title)
        is_no = request.state is RequestState.DECLINED
        decided = self.say("We said no to “{title}”" if is_no else "We said yes to “{title}”", title=request.title)
        sentence = f"{decided}: {stopped(request.reason)}" if request.reason else f"{decided}."
        if is_no and request.alternative:
            instead = self.say("We offered instead: {alternative}", alternative=stopped(request.alternative))
            sentence = f"{sentence} {instead}"
        return sentence

    def who_reads(self, readers: Readers) -> str:
        """Everyone who may read the answer: "Ines Carvalho, Margit Lindqvist (CIO) and one other account rep"."""
        names = [person.name for person in readers.covering] + [f"{person.name} (CIO)" for person in readers.cios]
        if readers.other_reps:
            n = readers.other_reps
            names.append(
                self.say.many("{n} other account rep", "{n} other account reps", n)
                if names
                else self.say.many("{n} account rep", "{n} account reps", n)
            )
        return self.say.listed(names) or self.say("Whoever looks after you in IT")

    def wrong(self, mistakes: int) -> str:
        """The head of the list of what needs another look."""
        many = self.say.many("{n} thing needs another look.", "{n} things need another look.", mistakes)
        return many[:1].upper() + many[1:]

    # ---- Afterwards

    def what_next(self, readers: Readers, owed: FollowUp | None) -> Sequence[str]:
        """What happens with an answer that was sent."""
        if owed:
            return self._reply(owed)
        if not self.invitation.round.bears_names:
            return [self.shown_later()]
        lead = readers.covering[0].name if readers.covering else self.say("Whoever looks after you in IT")
        return [
            self.say("{who} reads it.", who=lead),
            self.say("What came of it stands first when you are asked again."),
        ]

    def _reply(self, owed: FollowUp) -> Sequence[str]:
        who, day = owed.owner.name if owed.owner else self.say("Your IT"), self.say.weekday(owed.due_on, self.today)
        return [
            self.say("{who} replies to you by mail, by {day} at the latest: two working days.", who=who, day=day),
            self.say("You then say whether that settles it."),
        ]

    def shown_later(self) -> str:
        """Of a round without names: when, and from how many on."""
        return self.say(
            "When the round has closed, after {day}, scores are shown from {scores} answers and comments from "
            "{comments}, without a name.",
            day=self.until,
            scores=self.say.number(self.invitation.round.scores_from),
            comments=self.say.number(self.invitation.round.comments_from),
        )


def stopped(text: str) -> str:
    """With its full stop."""
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."
