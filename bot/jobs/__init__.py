"""Who runs due work, and when: a scheduler that records ticks, and a worker that takes them.

The sweeps load every room there is: who asks for the ticks alone does not load them.
"""

__all__ = ["sweeps", "ticks"]
