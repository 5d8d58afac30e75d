"""A robot borrower: it sees what a borrower sees, and talks with the bot until one of them is done."""
