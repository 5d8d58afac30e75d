"""Strategies: who is reached out to, when, with what, and what came of it."""
