"""Days that a message names in a way which only the calendar, or what was done, makes clear."""
