"""«¿Quién eres? ¿Es fraude?»: who we are, that it is an assistant, how to check it without believing us, what
we never ask for.
"""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.wording import key, line, title

flow = Flow("who", private=False, discreet=True, intents={"ask_identity": title("meaning.ask_identity")})

WE_ARE = key("who.we_are")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    lender = context.lender
    return Done(
        (
            line(
                WE_ARE,
                lender=lender.trade_name,
                legal_name=lender.legal_name,
                phone=lender.phone,
                hours=lender.hours,
            ),
        )
    )
