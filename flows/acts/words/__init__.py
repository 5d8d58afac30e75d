"""What a text says in plain words, and nothing but the text: pure functions on words."""
