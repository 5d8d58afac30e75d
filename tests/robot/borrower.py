"""The robot: it knows its own name, birthday and account, and what stands on its phone. Pure but for its
seeded dice.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.channels import Outgoing
from flows.types.event import MediaKind
from tests.robot import utterances as words
from tests.robot.moods import Mood
from tests.robot.questions import asked

_PRESSED = {
    "yes": "yes",
    "no": "no",
    "accept": "accept",
    "nobody": "another",
    "not_me": "another",
    "meaning.third_party": "another",
    "meaning.wrong_person": "another",
}
"""What a button means that does not name a wish."""
Group = tuple[Sequence[str], str, int]
"""Texts, what they mean, and how often they are chosen."""
_BINDING: Mapping[str, tuple[Group, ...]] = {
    "consent": ((words.ACCEPT, "accept", 6), (words.NO, "no", 2), (words.YES, "yes", 2)),
    "agreement": ((words.YES, "yes", 5), (words.NO, "no", 2), (words.COUNTERS, "counter", 3)),
    "read_back": ((words.YES, "yes", 6), (words.NO, "no", 2), (words.CORRECTIONS, "correction", 2)),
}
_OPEN: Mapping[str, tuple[Group, ...]] = {
    "notice": (
        (words.MOVE_CHARGE, "move_charge", 5),
        (words.STOP_CHARGE, "stop_charge", 2),
        (words.NO_FUNDS, "no_funds", 2),
        (words.WISHES["paid"], "paid", 1),
    ),
    "options": ((words.OPTIONS, "option", 5), (words.COUNTERS, "counter", 5)),
    "which_loan": ((words.WHICH_LOAN, "which_loan", 1),),
}
_LATER: Group = (words.NO_CLABE, "later", 1)
_NO_RECEIPT: Group = (words.NO_RECEIPT, "no_receipt", 1)
"""What the robot answers to which question (`questions`)."""


@dataclass(frozen=True, slots=True)
class Written:
    """One message of the robot's. `meaning` is its own, and `also` that of a second wish, for the judge; the
    bot never sees them. `kind`: of a picture or a voice note. `exact`: typed without a slip. `under`: the
    message whose button it is.
    """

    text: str
    meaning: str
    payload: str | None = None
    kind: MediaKind = "text"
    exact: bool = True
    also: str = ""
    under: Outgoing | None = None


@dataclass(slots=True)
class RobotBorrower:
    dice: random.Random
    name: str
    birthday: date
    clabe: str
    mood: Mood
    honest: bool = True
    """Whether it is the borrower who has the phone."""
    lends: bool = True
    """Whether somebody else may take the phone."""
    history: list[Written] = field(default_factory=list)
    offered: list[Outgoing] = field(default_factory=list)
    """What has buttons, as far as its phone shows."""
    patience: int = 0
    """Messages until it puts the phone away."""

    def __post_init__(self) -> None:
        self.patience = self.dice.randint(*self.mood.patience)

    def write(self, shown: Sequence[Outgoing]) -> list[Written]:
        """What it writes after what arrived; sometimes several messages at once, sometimes nothing."""
        self.offered += [each for each in shown if each.choices and each not in self.offered[-2:]]
        if len(self.history) >= self.patience or self.dice.random() < 0.03:
            return []
        answers = shown and self.dice.random() < self.mood.answers
        written = [self._answer(shown[-1]) if answers else self._wish()]
        if written[0].meaning in words.WISHES and self.dice.random() < self.mood.joined:
            written = [self._joined(written[0])]
        if self.dice.random() < self.mood.several:
            changes = written[0].meaning == "yes" and self.dice.random() < 0.5
            written.append(
                self._one_of((words.SECOND_THOUGHTS, "correction", 1)) if changes else self._wish()
            )
        self.history += written
        return written

    def _answer(self, last: Outgoing) -> Written:
        question = asked(last.text)
        if question in _BINDING:
            return self._binding(question, last)
        if question == "birthday":
            return self._birthday()
        if question == "who":
            return self._who_i_am(last)
        return self._open(question, last) or self._wish()

    def _binding(self, question: str, last: Outgoing) -> Written:
        if self.lends and self.honest and self.dice.random() < 0.03:
            return self._hand_over()
        if question != "consent" and last.choices and self.dice.random() < 0.3:
            return self._press(last)
        return self._one_of(*_BINDING[question])

    def _open(self, question: str, last: Outgoing) -> Written | None:
        dice = self.dice
        if question in _OPEN and dice.random() < 0.7:
            return self._one_of(*_OPEN[question])
        if question == "account":
            return Written(self.clabe, "clabe") if dice.random() < 0.7 else self._one_of(_LATER)
        if question == "day" and dice.random() < 0.7:
            return Written(dice.choice(words.DAYS_ENGLISH if self.mood.english else words.DAYS), "day")
        if question == "amount" and dice.random() < 0.7:
            return Written(dice.choice(words.AMOUNTS), "amount")
        if question == "receipt" and dice.random() < 0.6:
            return Written("", "image", kind="image") if dice.random() < 0.6 else self._one_of(_NO_RECEIPT)
        if question == "code" and not last.choices and dice.random() < 0.5:
            return Written("XAXX010101000", "code")
        return self._press(last) if last.choices and dice.random() < 0.45 else None

    def _press(self, last: Outgoing) -> Written:
        """A button, or its number or title as somebody types it."""
        place, choice = self._button(last)
        payload, title = choice["payload"], choice["title"]
        meaning = _PRESSED.get(payload, "button")
        how = self.dice.random()
        if how < 0.6:
            return Written(title, meaning, payload, under=last)
        return Written(str(place + 1) if how < 0.8 else title.lower(), meaning)

    def _press_an_old_one(self) -> Written:
        """A button further up: what bound there binds no more."""
        last = self.dice.choice(self.offered[:-1])
        _, choice = self._button(last)
        payload = choice["payload"]
        meaning = "old_button" if payload in ("yes", "no", "accept") else _PRESSED.get(payload, "button")
        return Written(choice["title"], meaning, payload, under=last)

    def _button(self, last: Outgoing) -> tuple[int, Mapping[str, str]]:
        """One of its buttons and the place of it; of people's names its own alone."""
        mine = [place for place, choice in enumerate(last.choices) if not self._names_another(choice)]
        place = self.dice.choice(mine)
        return place, last.choices[place]

    def _joined(self, first: Written) -> Written:
        """Two wishes in one message."""
        second = self._plain_wish()
        joint = self.dice.choice((" and ", ", ", ". ") if self.mood.english else (" y ", ", ", ". ", " "))
        text = f"{first.text}{joint}{second.text}"
        return Written(text, first.meaning, exact=first.exact and second.exact, also=second.meaning)

    def _names_another(self, choice: Mapping[str, str]) -> bool:
        return choice["payload"].startswith("person.") and not self.name.startswith(choice["title"])

    def _birthday(self) -> Written:
        spanish, english = words.MONTHS[self.birthday.month - 1]
        day = self.birthday.day
        if not self.honest:
            return self._one_of((words.ANOTHER, "another", 2), (("4 de julio", "no sé"), "wrong", 2))
        forms = (f"{day} de {spanish}", f"{day:02}/{self.birthday.month:02}", f"el {day} de {spanish}")
        if self.mood.english:
            forms = (f"{day} {english}", f"{english} {day}", f"it's {english} {day}")
        if self.dice.random() < 0.1:
            return self._one_of((words.WHY, "why", 1), (("4 de julio",), "wrong", 1))
        return Written(self.dice.choice(forms), "birthday")

    def _who_i_am(self, last: Outgoing) -> Written:
        if not self.honest:
            return self._one_of((words.ANOTHER, "another", 3), (words.WRONG_NUMBER, "wrong_number", 2))
        if last.choices and self.dice.random() < 0.4:
            mine = [choice for choice in last.choices if self.name.split()[0] in choice["title"]]
            choice = mine[0] if mine else last.choices[0]
            return Written(choice["title"], "me", choice["payload"], under=last)
        return self._one_of((words.IT_IS_ME, "me", 8), (words.WISHES["who"], "who", 1))

    def _wish(self) -> Written:
        if self.honest and self.lends and self.history and self.dice.random() < 0.02:
            return self._hand_over()
        if not self.honest and self.history and self.dice.random() < 0.15:
            self.honest = True
            return self._one_of((words.BACK_AGAIN, "back", 1))
        if len(self.offered) > 1 and self.dice.random() < 0.04:
            return self._press_an_old_one()
        if self.dice.random() < 0.02:
            kind: MediaKind = self.dice.choice(("image", "audio", "sticker"))
            return Written("", kind, kind=kind)
        return self._plain_wish()

    def _hand_over(self) -> Written:
        """Somebody else takes the phone, and says so."""
        self.honest = False
        return self._one_of((words.ANOTHER, "another", 1))

    def _plain_wish(self) -> Written:
        weights = words.WEIGHTS | self.mood.wishes
        (name,) = self.dice.choices(tuple(weights), tuple(weights.values()))
        return self._one_of((words.WISHES[name], name, 1))

    def _one_of(self, *groups: Group) -> Written:
        (group,) = self.dice.choices(groups, [weight for _, _, weight in groups])
        english = self.mood.english
        day, other = self.dice.sample(words.DAYS_ENGLISH if english else words.DAYS, 2)
        texts = words.ENGLISH.get(group[1], group[0]) if english else group[0]
        text = self.dice.choice(texts).format(amount=self.dice.choice(words.AMOUNTS), day=day, other=other)
        typed = self._typed(text)
        return Written(typed, group[1], exact=typed.lower() == text.lower())

    def _typed(self, text: str) -> str:
        """As thumbs type: in capitals, with a letter too few."""
        how = self.dice.random()
        if how < self.mood.slips and len(text) > 12:
            place = self.dice.randrange(2, len(text) - 2)
            return text if text[place].isdigit() else text[:place] + text[place + 1 :]
        return text.upper() if how > 0.95 else text
