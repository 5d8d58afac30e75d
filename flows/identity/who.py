"""«¿Quién eres? ¿Es fraude?»: who we are, that it is an assistant, how to check it without believing us, what
we never ask for.
"""

from flows.acts.readings.strangers import ASK_SOURCE, asks_what_for
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move, Start
from flows.types.wording import key, line, title

source = Flow("number_source", private=False, discreet=True, acts=(ASK_SOURCE,))
flow = Flow("who", private=False, discreet=True, intents={"ask_identity": title("meaning.ask_identity")})

WE_ARE = key("who.we_are")
CHECK_US = key("who.check_us")
PERSONAL = key("who.personal")
SOURCE = key("who.source")


@flow.state("@identity", ".")
def start(context: Context) -> Ask | Move:
    """To «¿de qué se trata?», where it may not be named yet: that it is personal, and whether it is them."""
    facts, lender = context.facts, context.lender
    alone = facts.borrower is None and facts.registered_phone and len(facts.candidates) == 1
    if alone and context.alone and asks_what_for(context.message):
        return Start("identity", lines=(line(PERSONAL, name=facts.candidates[0].first_name),))
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


@source.state("@identity", ".")
def start_source(context: Context) -> Ask | Move:
    """To «¿quién les dio mi número?», before it is known who asks."""
    words = (line(SOURCE, privacy_url=context.lender.privacy_url),)
    asks = context.alone and context.facts.registered_phone
    return Start("identity", lines=words) if asks else Done(words)
