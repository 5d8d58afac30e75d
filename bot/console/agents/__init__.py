"""The pages of those who talk with borrowers: the queues, the thread, what stands next to it."""
