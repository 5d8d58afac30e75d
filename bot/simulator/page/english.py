"""English under the bubbles, for who reads the page in English: our words made anew from what they were made
of; of a borrower's, the button that was pressed, or what the message was read as.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from bot.web import services
from bot.wording import MissingWords, decode
from models import delivery_attempt_table, message_table

LOCALE = "en"
Shown = dict[str, Any]


def with_english(connection: Connection, shown: Sequence[Shown]) -> list[Shown]:
    """The messages of a phone, oldest first, and their choices, each with its `english` where that differs;
    what a borrower typed has `meaning` instead.
    """
    wordings, readings = _wordings(connection, shown), _readings(connection, shown)
    titles = dict[str, str]()
    found = list[Shown]()
    for each in shown:
        if each["side"] == "out":
            english = {"english": titles.get(each["text"])}
            found.append(each | (english if english["english"] else {"meaning": readings.get(each["id"])}))
        elif (wording := wordings.get(each["id"])) is None:  # an agent's own words
            found.append(each)
        else:
            made = services().wording.render(decode(wording), LOCALE)
            titles |= {
                here["title"]: there["title"]
                for here, there in zip(each["choices"], made.choices, strict=False)
                if here["title"] != there["title"]
            }
            choices = [choice | {"english": titles.get(choice["title"])} for choice in each["choices"]]
            english = {"english": made.text if made.text != each["text"] else None}
            found.append(each | english | {"choices": choices})
    return found


def _wordings(connection: Connection, shown: Sequence[Shown]) -> dict[str, Any]:
    attempt = delivery_attempt_table.c
    query = (
        select(attempt.provider_sid, message_table.c.wording)
        .join(message_table, message_table.c.id == attempt.message_id)
        .where(attempt.provider_sid.in_(_ids(shown, "in")), message_table.c.wording.is_not(None))
    )
    return dict(connection.execute(query).tuples().all())


def _readings(connection: Connection, shown: Sequence[Shown]) -> dict[str, str]:
    """What the assistant is certain of."""
    row = message_table.c
    query = select(row.provider_sid, row.understood).where(row.provider_sid.in_(_ids(shown, "out")))
    return {
        sid: meaning
        for sid, read in connection.execute(query)
        if read and read.get("certain") and (meaning := _meaning(read.get("intent", "")))
    }


def _meaning(intent: str) -> str | None:
    try:
        return services().wording.text(f"meaning.{intent}", {}, LOCALE)
    except MissingWords:  # a label that no button asks back
        return None


def _ids(shown: Sequence[Shown], side: str) -> list[str]:
    return [each["id"] for each in shown if each["side"] == side]
