"""Who is writing: the proof of identity, who we are, strangers, and others than the borrower."""
