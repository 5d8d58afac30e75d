"""A message read against what is going on: which act on which object it is."""

from flows.acts.interpret import interpret

__all__ = ["interpret"]
