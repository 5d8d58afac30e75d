"""AttachPaper: which paper the message carries is noted with it; the paper is made when it is fetched."""

from sqlalchemy import bindparam, update

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from bot.documents import paper_asked
from flows.types.effects import AttachPaper
from models import message_table

_NOTED = (
    update(message_table).where(message_table.c.id == bindparam("message")).values(media=bindparam("media"))
)


@applies(AttachPaper)
def apply(turn: Turn, effect: AttachPaper) -> None:
    kind, of = paper_asked(turn.connection, effect.loan_id, effect.kind)
    file = {"url": "", "content_type": "application/pdf", "paper": kind, "loan": effect.loan_id, "of": of}

    def note() -> None:
        if turn.queued:
            turn.connection.execute(_NOTED, {"message": turn.queued[-1], "media": [file]})

    turn.at_end.append(note)
