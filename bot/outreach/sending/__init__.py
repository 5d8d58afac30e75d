"""The outbox: what leaves, how fast, and what became of it."""
