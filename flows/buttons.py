"""Buttons that mean the same wherever they are shown."""

from flows.types.effects import Choice
from flows.types.wording import title

AGENT = Choice("agent", title("menu.agent"))
BALANCE = Choice("balance", title("menu.balance"))
DEBIT = Choice("debit", title("menu.debit"))
LATER = Choice("later", title("menu.later"))
PAID = Choice("paid", title("menu.paid"))
PAY_NOW = Choice("pay_now", title("menu.pay_now"))
STOP = Choice("stop", title("menu.stop"))
