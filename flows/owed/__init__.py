"""What is owed and paid: reminders, balances, ways to pay, reported payments, news of the account."""
