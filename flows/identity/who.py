"""«¿Quién eres? ¿Es fraude?»: who we are, that it is an assistant, how to check it without believing us, what
we never ask for.
"""

from flows.engine import Ask, Context, Done, Flow, Move, line

flow = Flow("who", version=1, private=False)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    lender = context.facts.lender
    return Done(
        (
            line(
                "who.we_are",
                lender=lender.trade_name,
                legal_name=lender.legal_name,
                phone=lender.phone,
                hours=lender.hours,
            ),
        )
    )
