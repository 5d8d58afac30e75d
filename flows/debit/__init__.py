"""The automatic charge: giving an account, consenting, changing, ending it."""
