"""The step alone, without a database: a conversation of ten turns, its state dumped and read again between
any two.
"""

import json
import time
from dataclasses import replace
from datetime import date
from statistics import median

import flows
from flows import Conversation
from flows.types.effects import ConfirmIdentity
from flows.types.event import Message
from tests.facts import facts
from values import Money

TURNS = (
    Message("hola, cuánto debo?", "ask_balance"),
    Message("sí", "affirm"),
    Message("15 de marzo", "other"),
    Message("por qué subió", "ask_breakdown"),
    Message("cómo pago", "ask_payment_methods"),
    Message("el viernes pago", "promise_to_pay", date=date(2026, 11, 27)),
    Message("300", "promise_to_pay", amount=Money(30_000)),
    Message("no, el lunes", "promise_to_pay", date=date(2026, 11, 30)),
    Message("sí", "affirm"),
    Message("gracias", "thank"),
)


def talk() -> None:
    known, conversation = facts(), Conversation()
    for message in TURNS:
        taken = flows.step(
            Conversation.from_json(json.loads(json.dumps(conversation.to_json()))), message, known
        )
        conversation = taken.conversation
        if any(isinstance(effect, ConfirmIdentity) for effect in taken.effects):
            known = replace(known, borrower=known.candidates[0])


def main() -> None:
    talk()
    rounds = []
    for _ in range(30):
        start = time.process_time()
        for _ in range(20):
            talk()
        rounds.append((time.process_time() - start) / 20 / len(TURNS) * 1e6)
    print(f"step: {median(rounds):.0f} µs CPU a turn, dump and read included (goal ≤ 100)")


if __name__ == "__main__":
    main()
