"""Thanks, or goodbye."""

from flows.engine import Ask, Context, Done, Flow, Move, line

flow = Flow("thanks", version=1, private=False)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    return Done((line("thanks.back" if context.alone else "thanks.brief"),))
