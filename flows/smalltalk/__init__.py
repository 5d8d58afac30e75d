"""What is no business: greetings, thanks, pictures, doubt, and what we do not do."""
