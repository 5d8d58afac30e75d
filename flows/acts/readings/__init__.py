"""Each file reads one kind of message in its conversation: a better reading of it, or the act that it is."""
