"""`python -m bot.cli`: the same as `acuerdo`."""

from bot.cli import main

main()
